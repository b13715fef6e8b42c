// A run has the service for itself while it works, and gives it back whatever happens.

import { isRightMissing } from '../../application/missing-right.ts';
import type { AzureError } from '../../azure/errors.ts';
import { messageOf } from '../../message-of.ts';
import { leaseOf } from '../../service/lease.ts';
import { observeService, type ServiceObservation } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';

/** Told what is needed to know what a killed run has left behind. */
export interface LeaseListener {
  /** It is about to be taken. */
  taking(): void;
  /** It is known that this run has it no more. */
  given(): void;
}

export interface LeaseHolder {
  readonly context: ServiceContext;
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal;
  readonly lease: LeaseListener;
}

/**
 * Takes the lease, looks again, since much may have happened before it was there, and works. Throws what `claim` throws
 * ('locked-by-another-run'), what the look throws, and what the work throws.
 */
export async function withLease<T>(
  holder: LeaseHolder,
  work: (now: ServiceObservation) => Promise<T>,
): Promise<T> {
  const { context, lease } = holder;
  lease.taking();
  try {
    await context.target.claim(leaseOf(context));
    return await work(await observeService(context));
  } finally {
    await giveBack(holder);
  }
}

async function giveBack(holder: LeaseHolder): Promise<void> {
  const failure = await tryToGiveBack(holder);
  if (failure !== null)
    warnNotGivenBack(holder, failure, "This job's post step tries again; without it other");
}

/** Of the ten seconds that a runner leaves to a cancelled job. While instances are updated Azure takes no tags. */
const CANCELLED_PATIENCE_MS = 4_000;

export interface NotGivenBack {
  readonly why: string;
  /** Azure's refusal for want of a right, which is the same after any wait; null where it was something else. */
  readonly refusal: AzureError | null;
}

/** Null once this run has the service no more; else why it still may. Never throws. */
export async function tryToGiveBack({ context, signal, lease }: LeaseHolder): Promise<NotGivenBack | null> {
  const release = context.target.release(leaseOf(context)).then(
    () => null,
    (error: unknown): NotGivenBack => ({
      why: messageOf(error),
      refusal: isRightMissing(error) ? error : null,
    }),
  );
  const patience = new AbortController();
  const tooLong = () =>
    context.clock.sleep(CANCELLED_PATIENCE_MS, patience.signal).then(
      (): NotGivenBack => ({ why: 'Azure has not answered in time', refusal: null }),
      () => null,
    );
  const failure = await (signal.aborted ? Promise.race([release, tooLong()]) : release);
  patience.abort();
  if (failure === null) lease.given();
  return failure;
}

/** @param others begins the sentence on what becomes of other runs: "Other" */
export function warnNotGivenBack({ context }: LeaseHolder, { why }: NotGivenBack, others = 'Other'): void {
  const { until } = leaseOf(context);
  context.log.warning(
    `The service could not be given free for other runs (${why}). ${others} runs are refused until ${until} at the latest.`,
  );
}
