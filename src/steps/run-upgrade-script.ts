// The upgrade script, on the stage database and nowhere else. Database names are equal on both sides, so the
// connection that runs it is asked who it is: server, no link, and the entry of this very freeze.
import { COMPLETE, isOfFreeze } from '../application/copy-of-freeze.ts';
import { journalOf, writeJournal } from '../application/journal.ts';
import { assertKnown } from '../application/known-entries.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { describeUpgrade, describeWork, type UpgradeWork, upgradeWork } from '../application/upgrade-work.ts';
import { writeAgain } from '../application/write-again.ts';
import type { SqlConnection } from '../azure/ports.ts';
import { LINKS, type LinkStatus } from '../azure/tsql/geo-replication.ts';
import { lookAtAll } from '../azure/tsql/looks.ts';
import { SERVER_NAME } from '../azure/tsql/server-name.ts';
import type { JournalEntry } from '../engine/journal.ts';
import { type Assessment, blocked, done, later, type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import type { UpgradeScript } from '../sqlcmd/script.ts';
import { freezeKey } from './freeze-key.ts';
import { productionEntry } from './production-entry.ts';
import { runBatches } from './run-batches.ts';
import { runUpgradeCommand } from './run-upgrade-command.ts';
import { severalAtOnce } from './several-at-once.ts';
import { whileFrozen } from './while-frozen.ts';

export function runUpgradeScript(context: UpgradeContext): Step {
  const server = context.stage.server.name;
  const what = describeUpgrade(context);
  return {
    id: 'upgrade-script',
    title: 'Run the upgrade script on the stage database',
    article: null,
    phase: 'upgrade',
    changes: `the ${what} upgrades the copy on ${server}; this is what the read-only window lasts for`,
    pivot: false,
    wayBack: `the stage database is ${context.config.rollback.stage === 'keep' ? 'kept for root cause analysis' : 'removed'}`,
    assess: async () => {
      const assessments = await forEachDatabase(context, (pair) => assess(context, pair));
      return (
        assessments.find((one) => one.kind === 'blocked') ??
        assessments.find((one) => one.kind !== 'done') ??
        done(`the ${what} has run on ${server}`)
      );
    },
    apply: async (run) => {
      const evidence = await whileFrozen(context, run, (guarded) =>
        severalAtOnce(context, guarded, (pair, each) => upgradeDatabase(context, pair, each)),
      );
      context.window.spend(context.stage.standby ? 'backup region' : 'after the script');
      return evidence;
    },
    undo: null,
  };
}

async function assess(context: UpgradeContext, pair: DatabasePair): Promise<Assessment> {
  const [production, stage] = await Promise.all([
    productionEntry(context, pair),
    context.sessions.on(sqlTarget(context, 'stage', pair.name), (connection) =>
      lookAtAll(connection, { links: LINKS, journal: journalOf(context) }),
    ),
  ]);
  if (isSecondary(stage.links) || !production) return later('the stage database is not independent yet');
  return assessEntry(context, pair, production, stage.journal);
}

function assessEntry(
  context: UpgradeContext,
  pair: DatabasePair,
  production: JournalEntry,
  stage: JournalEntry | null,
): Assessment {
  const where = `${pair.name} on ${context.stage.server.name}`;
  if (!stage || !isOfFreeze(context.production.server.name, production, stage)) {
    return blocked('stage-compromised', `${where} is not a copy of this freeze (${production.upgradeId})`);
  }
  if (stage.status === 'scripted' || COMPLETE.includes(stage.status))
    return done(`${where}: digest ${stage.scriptDigest ?? 'none'}`);
  if (stage.status === 'freezing') return toDo();
  const { reason, message, advice } = outcomeUnknown(context, pair);
  return blocked(reason, message, ...advice);
}

function outcomeUnknown(context: UpgradeContext, pair: DatabasePair): UpgradeError {
  const where = `${pair.name} on ${context.stage.server.name}`;
  return new UpgradeError(
    'script-outcome-unknown',
    `The upgrade script was begun on ${where} and its end was not seen; it is not run twice`,
    {
      advice: [
        'Let the rollback give production back, remove the stage database, then prepare and upgrade again.',
      ],
    },
  );
}

function notAnnounced(context: UpgradeContext, pair: DatabasePair, status: string): UpgradeError {
  const where = `${pair.name} on ${context.stage.server.name}`;
  return new UpgradeError(
    'stage-compromised',
    `${where} says "${status}" although the upgrade script was announced there: somebody else writes to it`,
  );
}

async function upgradeDatabase(context: UpgradeContext, pair: DatabasePair, run: StepRun): Promise<string> {
  const production = await productionEntry(context, pair);
  const target = sqlTarget(context, 'stage', pair.name);
  const startedAt = context.clock.now();
  const since = {
    frozenAt: context.window.report()?.from ?? null,
    closedAt: context.window.confirmedAt(freezeKey(pair.production))?.toISOString(),
  };
  const work = await upgradeWork(context, pair.name);

  const upgradeId = await announceScript(context, pair, production, since);
  if (upgradeId === null) return `${pair.name}: run before`;
  const ran = await doWork(context, pair, work, production, run);
  await writeAgain(context, 'production', () =>
    context.sessions.on(target, async (connection) => {
      await assertStageUnchanged(context, pair, connection);
      await writeJournal(context, 'stage', connection, {
        upgradeId,
        // Where there is a backup region the stage slot counts as upgraded once that has it all too (drain-standby.ts).
        status: context.stage.standby ? 'scripted' : 'upgraded',
        ...since,
        scriptDigest: work.kind === 'script' ? work.script.digest : null,
      });
    }),
  );
  const seconds = ((context.clock.now() - startedAt) / 1000).toFixed(1);
  if (ran === null) return `${pair.name}: ${describeWork(work)}`;
  return `${pair.name}: ${ran} in ${seconds} s on ${context.stage.server.name}`;
}

/** Null where there was nothing to be done. */
async function doWork(
  context: UpgradeContext,
  pair: DatabasePair,
  work: UpgradeWork,
  production: JournalEntry | null,
  run: StepRun,
): Promise<string | null> {
  if (work.kind === 'none') return null;
  if (work.kind === 'command') return runUpgradeCommand(context, pair, work.command, run);
  return onItsOwn(context, pair, work.script, async (connection) => {
    // It is asked who it is on the connection that runs the script.
    const { status } = await assertStageConnection(context, pair, connection, production);
    if (status !== 'upgrading') throw notAnnounced(context, pair, status);
    return runBatches(context, pair, connection, work.script, run);
  });
}

/**
 * What a script has set on its connection (IMPLICIT_TRANSACTIONS, ROWCOUNT) must not go for what this tool writes too, and what an
 * abandoned batch is doing there is of no more interest. The next connection is opened meanwhile, unless the script
 * may have to be alone in the database: ALTER DATABASE SET READ_COMMITTED_SNAPSHOT waits until it is.
 */
async function onItsOwn<T>(
  context: UpgradeContext,
  pair: DatabasePair,
  { batches }: UpgradeScript,
  use: (connection: SqlConnection) => Promise<T>,
): Promise<T> {
  const { sessions } = context;
  const target = sqlTarget(context, 'stage', pair.name);
  if (!batches.some(({ text }) => /\bALTER\s+DATABASE\b/i.test(text))) return sessions.lastOn(target, use);
  try {
    return await sessions.on(target, use);
  } finally {
    await sessions.drop(target);
  }
}

/**
 * Says on the stage database that the script has begun, before anything of it is sent. Returns the upgrade's id; null where
 * it has been run.
 */
async function announceScript(
  context: UpgradeContext,
  pair: DatabasePair,
  production: JournalEntry | null,
  since: Pick<JournalEntry, 'frozenAt' | 'closedAt'>,
): Promise<string | null> {
  let isAnnounced = false;
  return writeAgain(context, 'production', () =>
    context.sessions.on(sqlTarget(context, 'stage', pair.name), async (connection) => {
      const { upgradeId, status, runUrl } = await assertStageConnection(
        context,
        pair,
        connection,
        production,
      );
      // Seen after an answer was lost, it is what this run has written; the lock may have been another run's meanwhile.
      if (status === 'upgrading' && isAnnounced && runUrl === context.runUrl) return upgradeId;
      if (status === 'upgrading') throw outcomeUnknown(context, pair);
      if (status !== 'freezing') return null;
      isAnnounced = true;
      await writeJournal(context, 'stage', connection, { upgradeId, status: 'upgrading', ...since });
      return upgradeId;
    }),
  );
}

/** Throws unless this connection is to the stage copy of this freeze. The last gate before the script. */
async function assertStageConnection(
  context: UpgradeContext,
  pair: DatabasePair,
  connection: SqlConnection,
  production: JournalEntry | null,
): Promise<JournalEntry> {
  const entry = await assertStageUnchanged(context, pair, connection);
  if (!entry || !isOfFreeze(context.production.server.name, production, entry)) {
    const where = `${pair.name} on ${context.stage.server.name}`;
    throw new UpgradeError('stage-compromised', `${where} is not a copy of this freeze`);
  }
  return entry;
}

/** The entry of the stage database, which no other run has written since this one looked. */
async function assertStageUnchanged(
  context: UpgradeContext,
  pair: DatabasePair,
  connection: SqlConnection,
): Promise<JournalEntry | null> {
  const looks = { server: SERVER_NAME, links: LINKS, journal: journalOf(context) };
  const { journal, ...seen } = await lookAtAll(connection, looks);
  assertStageServer(context, pair, seen);
  assertKnown(context.known, connection, journal);
  return journal;
}

function assertStageServer(
  context: UpgradeContext,
  pair: DatabasePair,
  { server, links }: { readonly server: string; readonly links: readonly LinkStatus[] },
): void {
  const expected = context.stage.server.name;
  if (server.toLowerCase() !== expected.toLowerCase()) {
    throw new UpgradeError(
      'internal-error',
      `The script's connection is to ${server}, not to the stage server ${expected}`,
    );
  }
  if (isSecondary(links)) {
    throw new UpgradeError('link-termination-failed', `${pair.name} on ${expected} is still a geo-secondary`);
  }
}

function isSecondary(links: readonly LinkStatus[]): boolean {
  return links.some(({ role }) => role === 'secondary');
}
