// What this tool writes down is the same text each time, so a write whose answer was lost is written again. The lock may
// have gone with the connection: it is asked for first.
import { SqlError } from '../azure/errors.ts';
import { ensureRunLock } from './run-lock.ts';
import type { Role, UpgradeContext } from './upgrade-context.ts';

const ATTEMPTS = 3;
const PAUSE_MS = 500;

/**
 * Does a write that may be done twice, again where the connection was lost. Throws what the last try has thrown, and
 * what `ensureRunLock` throws.
 * @param locked whose lock stands for this write
 */
export async function writeAgain<T>(
  context: UpgradeContext,
  locked: Role,
  write: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      const isLost = error instanceof SqlError && error.kind === 'lost';
      if (!isLost || attempt === ATTEMPTS) throw error;
      context.log.warning(`${error.message}. Asking for the lock, then writing again`);
      await context.clock.sleep(PAUSE_MS);
      await ensureRunLock(context, locked);
    }
  }
}
