// Doing something in Azure that fails for reasons that pass: somebody else was faster, Azure is busy with it, or nobody
// knows what became of it.
import { AzureError } from '../azure/errors.ts';
import type { Clock } from '../clock.ts';
import { formatDuration } from '../engine/humane.ts';
import { UpgradeError } from '../reasons.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

export interface Persistence {
  /** For sentences: "the model of scale set contoso-web". */
  readonly what: string;
  /** How long it is tried again. Milliseconds. */
  readonly withinMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Tries something again as long as it fails for a reason that passes; each attempt has to look first. Throws
 * 'service-busy' where it never passed; else what the attempt throws.
 */
export async function persist<Result>(
  { clock }: { readonly clock: Clock },
  { what, withinMs, signal }: Persistence,
  attempt: () => Promise<Result>,
): Promise<Result> {
  const until = clock.now() + withinMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      signal?.throwIfAborted();
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (!passes(error)) throw error;
      if (clock.now() + pause > until) throw stillBusy(what, withinMs, error);
    }
    await clock.sleep(pause, signal);
  }
}

/** Refused for now, changed by somebody else since it was read, or nobody knows. */
function passes(error: unknown): error is AzureError {
  if (!(error instanceof AzureError)) return false;
  return error.status === 412 || error.outcomeUnknown || isBusy(error);
}

/** Refused for now. Azure says 409 also for what will never be possible (quota, a property that cannot be changed). */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof AzureError)) return false;
  const { status, code, message } = error;
  if (status !== 409 && code !== 'OperationPreempted') return false;
  return code !== 'OperationNotAllowed' || /in progress|is being/i.test(message);
}

function stillBusy(what: string, withinMs: number, cause: AzureError): UpgradeError {
  return new UpgradeError(
    'service-busy',
    `For ${formatDuration(withinMs)} it was not possible to write ${what}: ${cause.message}`,
    {
      advice: ['See in its activity log what else is done to it; start again when that has ended.'],
      cause,
    },
  );
}

/** Waits for all, then throws the first failure: nothing is under way any more when it is dealt with. */
export async function endOf(works: readonly Promise<unknown>[]): Promise<void> {
  for (const settled of await Promise.allSettled(works))
    if (settled.status === 'rejected') throw settled.reason;
}
