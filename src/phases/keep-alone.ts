// The lock while a seeding of hours is waited for. It is held by a connection, and Azure's gateway ends one on which nobody has
// spoken for half an hour: another run would get it without anybody's knowing.
import { ensureStillAlone } from '../application/still-alone.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { messageOf } from '../message-of.ts';
import { OF_ANOTHER_RUN, UpgradeError } from '../reasons.ts';

const EVERY_MS = 5 * 60_000;

/** Does the work, and aborts it with 'locked-by-another-run' or 'overtaken-by-another-run' where the lock was lost to another run. */
export async function keepAlone<T>(
  context: UpgradeContext,
  signal: AbortSignal,
  work: (guarded: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const over = new AbortController();
  const keeping = keep(context, over.signal).catch((error: unknown) => lost.abort(error));
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    over.abort();
    await keeping;
  }
}

async function keep(context: UpgradeContext, over: AbortSignal): Promise<void> {
  for (;;) {
    await context.clock.sleep(EVERY_MS, over).catch(() => {});
    if (over.aborted) return;
    try {
      // Waited for as always: a session that was lost may keep this run's own lock for a while.
      await ensureStillAlone(context);
    } catch (error) {
      if (error instanceof UpgradeError && OF_ANOTHER_RUN.includes(error.reason)) throw error;
      context.log.warning(
        `The lock could not be asked for: ${messageOf(error)}; it is asked for before the next write`,
      );
    }
  }
}
