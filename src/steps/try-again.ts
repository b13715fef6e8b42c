// Making something in Azure that a moment's trouble must not keep from being made. Each try looks first at what is there:
// one before may have been carried out although its answer was lost.
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { AzureError } from '../azure/errors.ts';
import type { StepRun } from '../engine/step.ts';
import { messageOf } from '../message-of.ts';

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 1_000;

/** Codes of what ends by itself, as the answer or as the end of an operation. Source: REST reference of databases and links. */
const PASSING = [
  'ConflictingSystemOperationInProgress',
  'GeoReplicationCannotBecomePrimaryDuringUndo',
  'ManagementServiceDatabaseBusy',
  'OperationCancelled',
  'OperationInterrupted',
  'OperationTimedOut',
  'UpdateSloInProgress',
];

/**
 * Tries it again where Azure is busy, fails or does not answer, or for what else is given. Throws the last error, any
 * other one at once.
 */
export async function tryAgain<T>(
  context: Pick<UpgradeContext, 'clock'>,
  run: StepRun,
  attempt: () => Promise<T>,
  mayPass: (error: unknown) => boolean = passes,
): Promise<T> {
  let pause = FIRST_PAUSE_MS;
  for (let left = ATTEMPTS - 1; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0 || run.signal.aborted || !mayPass(error)) throw error;
      run.progress(`${messageOf(error)}; looking, then trying again`);
      await context.clock.sleep(pause, run.signal);
      pause *= 2;
    }
  }
}

/** Whether Azure was busy, failed or did not answer: the same request may succeed in a moment. */
export function passes(error: unknown): boolean {
  if (!(error instanceof AzureError)) return false;
  const { status, outcomeUnknown } = error;
  return outcomeUnknown || status === 429 || (status ?? 0) >= 500 || endsByItself(error);
}

function endsByItself({ code }: AzureError): boolean {
  return PASSING.includes(code ?? '');
}
