// For tests of a run in the middle: it has the lock, and goes by what it has read of the application then.
import { goBy } from '../../src/application/known-entries.ts';
import { observeDatabases } from '../../src/application/observe.ts';
import { ensureRunLock, lockTakings, noteLookedAt } from '../../src/application/run-lock.ts';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';

export async function beganAlone(context: UpgradeContext): Promise<void> {
  await ensureRunLock(context, 'production');
  goBy(context.known, (await observeDatabases(context)).databases);
  noteLookedAt(context, lockTakings(context));
}
