// Production read-only, so that nothing is written to V1's database that the copy would not have.

import { readJournal, writeJournal } from '../application/journal.ts';
import { observeDatabase } from '../application/observe.ts';
import { ensureRunLock } from '../application/run-lock.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { recordWritable } from '../application/way-back.ts';
import { SqlError } from '../azure/errors.ts';
import { type Access, readAccess, readAccessMode, setReadOnly } from '../azure/tsql/access-mode.ts';
import { linkTo, readLinks } from '../azure/tsql/geo-replication.ts';
import { type Assessment, blocked, done, type Step, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { freezeLastsMs, isAnnounced, settleFreeze } from './late-freeze.ts';
import { assertStillPrimary, whyNotPrimary } from './still-primary.ts';
import { unfreeze } from './unfreeze.ts';

export function freezeProduction(context: UpgradeContext): Step {
  const names = context.databases.map((pair) => pair.name).join(', ');
  const server = context.production.server.name;
  return {
    id: 'freeze',
    title: 'Set production read-only',
    article: null,
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
  const { mode, journal, link, elsewhere } = await context.sessions.on(
    sqlTarget(context, 'production', pair.name),
    async (connection) => ({
      mode: await readAccessMode(connection),
      journal: await readJournal(context, connection),
      link: linkTo(await readLinks(connection), context.stage.server.name),
      elsewhere: await whyNotPrimary(context, pair, connection),
    }),
  );
  if (elsewhere) return blocked(elsewhere.reason, elsewhere.message, ...elsewhere.advice);
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

/**
 * The intention is written before the freeze: a frozen database says who froze it, and so does its copy. Throws
 * 'region-mismatch' where the database was failed over: it is read-only because of its role then.
 */
export async function announce(
  context: UpgradeContext,
  pair: DatabasePair,
  upgradeId: string,
): Promise<void> {
  await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
    await assertStillPrimary(context, pair, connection);
    if ((await readAccessMode(connection)) === 'read-only') return;
    await writeJournal(context, 'production', connection, { upgradeId, status: 'freezing' });
  });
}

/**
 * Sets one database read-only and returns the evidence. Whatever the statement answered, and also when it answered
 * nothing, the database is asked. Throws 'freeze-failed' and 'freeze-not-possible' where it takes writes, and
 * 'region-mismatch' where it was failed over meanwhile.
 */
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
  const access = await outcomeOf(context, pair, failure, startedAt, signal);
  if (access.mode === 'read-write') {
    await withdraw(context, pair);
    signal.throwIfAborted();
    throw freezeFailed(context, pair, failure);
  }
  context.window.open(context.clock.now());
  await context.sessions.on(target, (connection) => assertStillPrimary(context, pair, connection));
  if (access.at) context.window.confirm(freezeKey(pair), access.at);
  const seconds = ((context.clock.now() - startedAt) / 1000).toFixed(1);
  return `${pair.name} on ${context.production.server.name} is READ_ONLY, read back after ${seconds} s`;
}

/** What the window calls a frozen database: roles change within a run, servers do not. */
export function freezeKey({ production }: DatabasePair): string {
  return `${production.server}/${production.database}`.toLowerCase();
}

async function outcomeOf(
  context: UpgradeContext,
  pair: DatabasePair,
  failure: unknown,
  sentAt: number,
  signal: AbortSignal,
): Promise<Access> {
  const isLost = failure instanceof SqlError && failure.kind === 'lost';
  if (!isLost) return context.sessions.on(sqlTarget(context, 'production', pair.name), readAccess);
  const seconds = freezeLastsMs(context) / 1000;
  context.log.warning(
    `${failure.message}. SQL Server may still carry it out: looking for up to ${seconds} s before it is believed that it did not`,
  );
  return settleFreeze(context, pair, sentAt, signal);
}

/** The freeze is known to have come to nothing, and production says so: nobody has to wait for it any more. */
async function withdraw(context: UpgradeContext, pair: DatabasePair): Promise<void> {
  try {
    await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
      const journal = await readJournal(context, connection);
      if (isAnnounced(context, journal)) await recordWritable(context, connection, journal);
    });
  } catch (error) {
    context.log.warning(`${pair.name}: journal not written: ${String(error)}`);
  }
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
