// (3) Production read-only, so that nothing is written to V1's database that the copy would not have.

import { readJournal, writeJournal } from '../application/journal.ts';
import { observeDatabase } from '../application/observe.ts';
import { ensureRunLock } from '../application/run-lock.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { SqlError } from '../azure/errors.ts';
import { type AccessMode, readAccessMode, setReadOnly } from '../azure/tsql/access-mode.ts';
import { linkTo, readLinks } from '../azure/tsql/geo-replication.ts';
import { type Assessment, blocked, done, type Step, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { unfreeze } from './unfreeze.ts';

export function freezeProduction(context: UpgradeContext): Step {
  const names = context.databases.map((pair) => pair.name).join(', ');
  const server = context.production.server.name;
  return {
    id: 'freeze',
    title: 'Set production read-only',
    article: '(3)',
    phase: 'upgrade',
    changes: `users can only read: ${names} on ${server} is set READ_ONLY, open transactions get ${context.config.freezeGraceSeconds} s`,
    pivot: false,
    assess: async () => {
      const assessments = await forEachDatabase(context, (pair) => assess(context, pair));
      const first =
        assessments.find((one) => one.kind === 'blocked') ?? assessments.find((one) => one.kind === 'to-do');
      return first ?? done(`${names} on ${server} is read-only already`);
    },
    apply: async (run) => {
      const upgradeId = await currentUpgradeId(context);
      await ensureRunLock(context, 'production');
      await forEachDatabase(context, (pair) => announce(context, pair, upgradeId));
      const frozen = await forEachDatabase(context, (pair) => freeze(context, pair, run.signal));
      context.window.spend('drain');
      return [...frozen, `upgrade ${upgradeId}`];
    },
    undo: unfreeze(context),
  };
}

async function assess(context: UpgradeContext, pair: DatabasePair): Promise<Assessment> {
  const { mode, journal, link } = await context.sessions.on(
    sqlTarget(context, 'production', pair.name),
    async (connection) => ({
      mode: await readAccessMode(connection),
      journal: await readJournal(context, connection),
      link: linkTo(await readLinks(connection), context.stage.server.name),
    }),
  );
  if (mode === 'read-only') {
    if (journal?.status !== 'freezing') return frozenElsewhere(context, pair);
    context.window.open(Date.parse(journal.at));
    return done();
  }
  if (!link) {
    return blocked(
      'stage-compromised',
      `${pair.name} on ${context.stage.server.name} is not linked to production any more, so it cannot be brought up to date`,
      'Remove the stage database (phase rollback with rollback.stage: remove), then run prepare again.',
    );
  }
  return toDo(`${pair.name} is read-write`);
}

function frozenElsewhere(context: UpgradeContext, pair: DatabasePair): Assessment {
  return blocked(
    'production-frozen-elsewhere',
    `${pair.name} on ${context.production.server.name} is read-only, but not by this tool`,
    'Find out who set it read-only; this tool does not undo what it has not done.',
    `ALTER DATABASE [${pair.name}] SET READ_WRITE WITH ROLLBACK IMMEDIATE;`,
  );
}

/** A resumed upgrade keeps its id: the databases that were frozen already carry it. */
async function currentUpgradeId(context: UpgradeContext): Promise<string> {
  const entries = await forEachDatabase(context, async (pair) => {
    const { production } = await observeDatabase(context, pair);
    return production.access === 'read-only' ? production.journal : null;
  });
  return entries.find((entry) => entry !== null)?.upgradeId ?? context.newUpgradeId;
}

/** The intention is written before the freeze: a frozen database says who froze it, and so does its copy. */
export async function announce(
  context: UpgradeContext,
  pair: DatabasePair,
  upgradeId: string,
): Promise<void> {
  await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
    if ((await readAccessMode(connection)) === 'read-only') return;
    await writeJournal(context, 'production', connection, { upgradeId, status: 'freezing' });
  });
}

export async function freeze(
  context: UpgradeContext,
  pair: DatabasePair,
  signal: AbortSignal,
): Promise<string> {
  const target = sqlTarget(context, 'production', pair.name);
  const startedAt = context.clock.now();
  let failure: unknown = null;
  try {
    await context.sessions.on(target, (connection) =>
      setReadOnly(connection, context.config.freezeGraceSeconds, signal),
    );
  } catch (error) {
    failure = error;
  }
  // Whatever the statement answered, and also when it answered nothing, the database is asked.
  const mode: AccessMode = await context.sessions.on(target, readAccessMode);
  if (mode === 'read-write') signal.throwIfAborted();
  if (mode === 'read-write') throw freezeFailed(context, pair, failure);
  context.window.open(context.clock.now());
  const seconds = ((context.clock.now() - startedAt) / 1000).toFixed(1);
  return `${pair.name} on ${context.production.server.name} is READ_ONLY, read back after ${seconds} s`;
}

function freezeFailed(context: UpgradeContext, pair: DatabasePair, cause: unknown): UpgradeError {
  const where = `${pair.name} on ${context.production.server.name}`;
  if (cause instanceof SqlError && cause.has(1468)) {
    return new UpgradeError(
      'freeze-not-possible',
      `SQL Server does not let ${where} be set read-only while it is replicated`,
      {
        cause,
        advice: ['Stop writes in the application instead, and report this: the article says that it works.'],
      },
    );
  }
  return new UpgradeError('freeze-failed', `${where} could not be set read-only; it is read-write`, {
    cause,
    advice: [
      'Look for long transactions (sys.dm_tran_active_transactions), or raise freeze.grace, and run again.',
    ],
  });
}
