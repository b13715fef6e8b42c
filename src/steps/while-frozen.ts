// While the script runs, production is looked at: that it is still frozen, and that our session there (which holds
// the lock, and is the one that unfreezes) is alive. Gateways cut connections that are silent for half an hour.
import { ensureRunLock } from '../application/run-lock.ts';
import { forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import { SqlError } from '../azure/errors.ts';
import type { StepRun } from '../engine/step.ts';
import { assertFrozen } from './drain.ts';

const EVERY_MS = 20_000;

/** Does the work; aborts it as soon as production takes writes again, which somebody else must have done. */
export async function whileFrozen<T>(
  context: UpgradeContext,
  run: StepRun,
  work: (guarded: StepRun) => Promise<T>,
): Promise<T> {
  const broken = new AbortController();
  const over = new AbortController();
  const watching = watch(context, over.signal).catch((error: unknown) => broken.abort(error));
  try {
    return await work({ ...run, signal: AbortSignal.any([run.signal, broken.signal]) });
  } finally {
    over.abort();
    await watching;
  }
}

async function watch(context: UpgradeContext, over: AbortSignal): Promise<void> {
  for (;;) {
    await context.clock.sleep(EVERY_MS, over).catch(() => {});
    if (over.aborted) return;
    try {
      await forEachDatabase(context, (pair) => assertFrozen(context, pair));
      await ensureRunLock(context, 'production'); // a session that was lost and opened again has lost it
    } catch (error) {
      // Production not answering for a moment does not thaw it; the switch asks again before it moves anybody.
      if (!(error instanceof SqlError)) throw error;
      context.log.warning(`Production could not be looked at while the script runs: ${error.message}`);
    }
  }
}
