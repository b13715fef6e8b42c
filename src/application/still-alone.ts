// A run whose lock was another run's for a while (its machine stood still, its connection was cut) goes on only where nobody has
// acted meanwhile: it would freeze, or move users, by what it read before.
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import { databasesNow } from './databases-now.ts';
import { readJournal } from './journal.ts';
import { assertKnown, bothSides, whyOvertaken } from './known-entries.ts';
import type { DatabaseSide } from './observe.ts';
import { ensureRunLock, lockTakings, noteLookedAt, wasLookedAt } from './run-lock.ts';
import { type DatabasePair, forEachDatabase, sqlTarget, type UpgradeContext } from './upgrade-context.ts';

/**
 * The same by production alone, for whoever would wait for a script on the copy's connection: what is written there asks on that
 * connection itself (known-entries.ts).
 */
export async function ensureProductionOurs(context: UpgradeContext, waitMs?: number): Promise<void> {
  await ensureRunLock(context, 'production', waitMs);
  if (wasLookedAt(context)) return;
  await forEachDatabase(context, (pair) =>
    context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) =>
      assertKnown(context.known, connection, await readJournal(context, connection)),
    ),
  );
}

/**
 * What production says now is what this run goes by: whoever is to give it back has no time for the copies. Never throws: of what does
 * not answer nothing is known, so that its own entry does not keep it closed.
 */
export async function goByProduction(context: UpgradeContext): Promise<void> {
  const note = (pair: DatabasePair) =>
    context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) =>
      context.known.note(connection, await readJournal(context, connection)),
    );
  await forEachDatabase(context, (pair) =>
    note(pair).catch((error: unknown) => {
      context.known.forget(pair.production);
      context.log.warning(`${pair.name} cannot be read yet: ${messageOf(error)}`);
    }),
  );
}

/** How often it is looked, where the lock is lost again meanwhile. */
const ATTEMPTS = 4;

/**
 * Resolves with production's lock held, and the application as this run goes by. Asked before every write that goes forward; costs one
 * round trip as long as the lock was not lost. Throws what `ensureRunLock` throws, 'overtaken-by-another-run', and 'azure-error' where
 * it cannot be told.
 */
export async function ensureStillAlone(context: UpgradeContext, waitMs?: number): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    await ensureRunLock(context, 'production', waitMs);
    if (wasLookedAt(context)) return;
    const takings = lockTakings(context);
    const why = whyNotAlone(context, bothSides(await databasesNow(context)));
    if (why) throw why;
    noteLookedAt(context, takings);
  }
  throw lostAgain(context, ATTEMPTS);
}

/** The lock is had by nobody for long. */
export function lostAgain({ config }: UpgradeContext, times: number): UpgradeError {
  return new UpgradeError(
    'locked-by-another-run',
    `The lock of "${config.application}" was lost again each time that it was taken (${times} times)`,
  );
}

/** A database that this run goes by, and that does not answer, may say by now that another run has acted. */
function whyNotAlone({ known }: UpgradeContext, sides: readonly DatabaseSide[]): UpgradeError | null {
  const why = whyOvertaken(known, sides);
  if (why) return why;
  const silent = sides.find(({ ref, access }) => access === 'unreachable' && known.wasRead(ref));
  if (!silent) return null;
  const { ref } = silent;
  return new UpgradeError(
    'azure-error',
    `This run had lost its lock for a while, and ${ref.database} on ${ref.server} does not answer (${silent.why}): it cannot be told whether another run has acted meanwhile`,
  );
}
