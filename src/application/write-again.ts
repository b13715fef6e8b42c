// What this tool writes down is the same text each time, so a write whose answer was lost is written again. The lock may
// have gone with the connection: it is asked for first.
import { SqlError } from '../azure/errors.ts';
import { messageOf } from '../message-of.ts';
import { ensureRunLock } from './run-lock.ts';
import { ensureProductionOurs } from './still-alone.ts';
import type { Role, UpgradeContext } from './upgrade-context.ts';

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 500;

/**
 * Does a write that may be done twice, again where the connection was lost, or for what else is given. Throws what the last try has thrown, and
 * what `ensureProductionOurs` throws.
 * @param locked whose lock stands for this write, beside production's
 */
export async function writeAgain<T>(
  context: UpgradeContext,
  locked: Role,
  write: () => Promise<T>,
  passes: (error: unknown) => boolean = isLost,
): Promise<T> {
  let pause = FIRST_PAUSE_MS;
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (attempt === ATTEMPTS || !passes(error)) throw error;
      const why = messageOf(error);
      context.log.warning(`${why}. Asking for the lock, then writing again`);
      await context.clock.sleep(pause);
      pause *= 2;
      if (locked === 'stage') await ensureRunLock(context, locked);
      await ensureProductionOurs(context);
    }
  }
}

function isLost(error: unknown): boolean {
  return error instanceof SqlError && error.kind === 'lost';
}
