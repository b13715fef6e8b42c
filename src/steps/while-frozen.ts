// While the script runs, production is looked at: that it is still frozen, and that our session there (which holds
// the lock, and is the one that unfreezes) is alive. Gateways cut connections that are silent for half an hour.
import { ensureProductionOurs } from '../application/still-alone.ts';
import { forEachDatabase, sqlTarget, type UpgradeContext } from '../application/upgrade-context.ts';
import type { StepRun } from '../engine/step.ts';
import { messageOf } from '../message-of.ts';
import { type ReasonCode, UpgradeError } from '../reasons.ts';
import { assertFrozen } from './drain.ts';

const EVERY_MS = 20_000;
/** How long a look that is under way may keep production's connection from whoever unfreezes. Milliseconds. */
const LAST_LOOK_MS = 1_000;

/** Does the work; aborts it as soon as production takes writes again or was failed over, which somebody else has done. */
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
    await endOf(context, watching);
  }
}

async function watch(context: UpgradeContext, over: AbortSignal): Promise<void> {
  for (;;) {
    await context.clock.sleep(EVERY_MS, over).catch(() => {});
    if (over.aborted) return;
    // Each by itself: one that does not answer must not hide that another one is writable.
    const pass = passUnlessThawed(context);
    await forEachDatabase(context, (pair) => assertFrozen(context, pair).catch(pass));
    if (over.aborted) return; // the connection belongs to whoever comes next
    // A session that was lost and opened again has lost it; the dead one may keep it for a while.
    await ensureProductionOurs(context, 0).catch(pass);
  }
}

/** It takes writes again, is another server, or was another run's meanwhile: what the script works on is not what users go on from. */
const THAWED: readonly ReasonCode[] = ['drain-failed', 'region-mismatch', 'overtaken-by-another-run'];

/**
 * Production that cannot be looked at for a moment (a lost session, a token that is not to be had) is not thawed by
 * that; the switch asks again before it moves anybody.
 */
function passUnlessThawed(context: UpgradeContext): (error: unknown) => void {
  return (error) => {
    if (error instanceof UpgradeError && THAWED.includes(error.reason)) throw error;
    const why = messageOf(error);
    context.log.warning(`Production could not be looked at while the script runs: ${why}`);
  };
}

/** Production's connection is ready for the next one, who may have to unfreeze: where it hangs it is given up. */
async function endOf(context: UpgradeContext, watching: Promise<void>): Promise<void> {
  const ended = new AbortController();
  const patience = context.clock.sleep(LAST_LOOK_MS, ended.signal).then(
    () => 'hangs' as const,
    () => 'ended' as const,
  );
  const outcome = await Promise.race([watching, patience]);
  ended.abort();
  if (outcome !== 'hangs') return;
  await forEachDatabase(context, (pair) =>
    context.sessions.drop(sqlTarget(context, 'production', pair.name)),
  );
}
