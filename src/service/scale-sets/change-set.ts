// A write of a scale set that somebody else may write too: with the ETag of what was read, read again where it has
// changed meanwhile, waited where Azure is busy with it, read back where nobody knows what became of it.
import { AzureError } from '../../azure/errors.ts';
import type { ComputeRef, ScaleSet, ScaleSetChange } from '../../azure/ports/compute.ts';
import { formatDuration } from '../../engine/humane.ts';
import { UpgradeError } from '../../reasons.ts';
import { readSet, type ScaleSetParts } from './parts.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

export interface SetWrite {
  readonly ref: ComputeRef;
  /** For sentences: "the model of contoso-web". */
  readonly what: string;
  /** What is to be written, by what is there; null where nothing is. May throw. */
  change(set: ScaleSet): ScaleSetChange | null;
  /** How long it is tried again. Milliseconds. */
  readonly withinMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Returns the set as it is then. Throws 'service-busy' where Azure, or somebody else, was at it all the time; else
 * AzureError.
 */
export async function changeSet(parts: ScaleSetParts, write: SetWrite): Promise<ScaleSet> {
  return persist(parts, write, async () => {
    const set = await readSet(parts, write.ref);
    const change = write.change(set);
    return change === null ? set : parts.compute.scaleSets.changeModel(set, change);
  });
}

/** Does something again as long as it fails for a reason that passes. */
export async function persist<Result>(
  { clock }: Pick<ScaleSetParts, 'clock'>,
  { what, withinMs, signal }: Pick<SetWrite, 'what' | 'withinMs' | 'signal'>,
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

/** Azure says 409 also for what will never be possible (quota, a property that cannot be changed). */
function isBusy({ status, code, message }: AzureError): boolean {
  if (status !== 409 && code !== 'OperationPreempted') return false;
  return code !== 'OperationNotAllowed' || /in progress|is being/i.test(message);
}

function stillBusy(what: string, withinMs: number, cause: AzureError): UpgradeError {
  return new UpgradeError(
    'service-busy',
    `For ${formatDuration(withinMs)} it was not possible to write ${what}: ${cause.message}`,
    {
      advice: [
        'See in the activity log of the scale set what else is done to it; start again when that has ended.',
      ],
      cause,
    },
  );
}

/** Waits for all, then throws the first failure: nothing is under way any more when it is dealt with. */
export async function endOf(works: readonly Promise<unknown>[]): Promise<void> {
  for (const settled of await Promise.allSettled(works))
    if (settled.status === 'rejected') throw settled.reason;
}
