// (8) Production read-write again: the first thing that any rollback does, and the one that must work.
import { readJournal } from '../application/journal.ts';
import { ensureRunLock } from '../application/run-lock.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { recordWritable } from '../application/way-back.ts';
import { readAccessMode, setReadWrite } from '../azure/tsql/access-mode.ts';
import { FREEZE_STATUSES, type JournalEntry } from '../engine/journal.ts';
import type { StepRun, Undo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';

/** How long it is tried, again and again, before a person has to. Milliseconds. */
const BUDGET_MS = 180_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

type Unfrozen = 'unfrozen' | 'writable-already';

export function unfreeze(context: UpgradeContext): Undo {
  return {
    order: 'restore-service',
    what: '(8) Set production read-write',
    apply: async (run) => {
      context.window.spend('unfreeze');
      const outcomes = await forEachDatabase(context, (pair) => unfreezeDatabase(context, pair, run));
      context.window.close();
      const names = context.databases.map((pair) => pair.name).join(', ');
      const evidence = [`${names} on ${context.production.server.name} is READ_WRITE, read back`];
      return { kind: outcomes.includes('unfrozen') ? 'undone' : 'nothing-to-undo', evidence };
    },
  };
}

/** The statement for a person, where the tool could not. */
export function unfreezeCommand(context: UpgradeContext, database: string): string {
  const host = context.production.server.fullyQualifiedDomainName;
  return `sqlcmd -S ${host} -d ${database} -G -Q "ALTER DATABASE [${database}] SET READ_WRITE WITH ROLLBACK IMMEDIATE;"`;
}

async function unfreezeDatabase(
  context: UpgradeContext,
  pair: DatabasePair,
  run: StepRun,
): Promise<Unfrozen> {
  const until = context.clock.now() + BUDGET_MS;
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    try {
      return await tryOnce(context, pair);
    } catch (error) {
      const final = error instanceof UpgradeError;
      if (final || context.clock.now() + pause > until || run.signal.aborted)
        throw unfreezeFailed(context, pair, error);
      run.progress(`${pair.name} is not writable yet (${String(error)}); trying again`);
      await context.clock.sleep(pause, run.signal);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }
}

async function tryOnce(context: UpgradeContext, pair: DatabasePair): Promise<Unfrozen> {
  const target = sqlTarget(context, 'production', pair.name);
  const before = await context.sessions.on(target, async (connection) => ({
    mode: await readAccessMode(connection),
    journal: await readJournal(context, connection),
  }));
  if (before.mode === 'read-write') return 'writable-already';
  assertOurs(context, pair, before.journal);
  await ensureRunLock(context, 'production');
  return context.sessions.on(target, async (connection) => {
    await setReadWrite(connection);
    if ((await readAccessMode(connection)) !== 'read-write')
      throw new Error('still READ_ONLY after SET READ_WRITE');
    // Users can write from here on; that the journal says so too is worth a try, not a failure.
    await recordWritable(context, connection, before.journal).catch((error: unknown) =>
      context.log.warning(`journal not written: ${String(error)}`),
    );
    return 'unfrozen' as const;
  });
}

/** A database that somebody else set read-only is left as it is. */
function assertOurs(context: UpgradeContext, pair: DatabasePair, journal: JournalEntry | null): void {
  if (journal && FREEZE_STATUSES.includes(journal.status)) return;
  throw new UpgradeError(
    'production-frozen-elsewhere',
    `${pair.name} on ${context.production.server.name} is read-only, but not by this tool`,
    { advice: ['Find out who set it read-only; this tool does not undo what it has not done.'] },
  );
}

function unfreezeFailed(context: UpgradeContext, pair: DatabasePair, cause: unknown): UpgradeError {
  const inner = cause instanceof UpgradeError ? cause : null;
  return new UpgradeError(
    inner?.reason ?? 'unfreeze-failed',
    inner?.message ?? `${pair.name} on ${context.production.server.name} could not be set read-write`,
    { cause, advice: inner?.advice ?? [unfreezeCommand(context, pair.name)] },
  );
}
