// (4) Planned termination, first half: production is read-only, so no commit follows; wait until every one
// there is has been hardened on the stage database, and prove it on both sides. Azure's own DELETE of
// a link would not wait.
import { isOfFreeze } from '../application/copy-of-freeze.ts';
import { readJournal } from '../application/journal.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { SqlError } from '../azure/errors.ts';
import { readAccessMode } from '../azure/tsql/access-mode.ts';
import { type LinkStatus, linkTo, readLinks, waitForCopySync } from '../azure/tsql/geo-replication.ts';
import { blocked, done, type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { productionEntry } from './production-entry.ts';

const POLL_MS = 250;

export function drain(context: UpgradeContext): Step {
  return {
    id: 'drain',
    title: 'Drain: every committed transaction is on the stage database',
    article: null,
    phase: 'upgrade',
    changes: '',
    pivot: false,
    assess: async () => {
      const seen = await forEachDatabase(context, async (pair) => ({
        pair,
        link: await linkOrProof(context, pair),
      }));
      const unproven = seen.find(({ link }) => link === 'unproven');
      if (unproven) {
        const { reason, message, advice } = neverDrained(context, unproven.pair);
        return blocked(reason, message, ...advice);
      }
      if (seen.every(({ link }) => link === 'drained'))
        return done('drained before: the upgrade of the copy was begun since');
      return toDo();
    },
    apply: async (run) => {
      const evidence = await forEachDatabase(context, (pair) => drainDatabase(context, pair, run));
      context.window.spend('planned termination');
      return evidence;
    },
    undo: null,
  };
}

/** The link from production to stage as production's own view has it; null where there is none. */
export function productionLink(context: UpgradeContext, pair: DatabasePair): Promise<LinkStatus | null> {
  return context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) =>
    linkTo(await readLinks(connection), context.stage.server.name),
  );
}

/**
 * An absent link proves no drain: somebody may have removed it by force, and a run that was killed between drain and
 * termination leaves the same picture. What proves it is an entry that is written on the copy only after both.
 */
async function linkOrProof(
  context: UpgradeContext,
  pair: DatabasePair,
): Promise<'linked' | 'drained' | 'unproven'> {
  if ((await productionLink(context, pair)) !== null) return 'linked';
  const production = await productionEntry(context, pair);
  const stage = await context.sessions.on(sqlTarget(context, 'stage', pair.name), (connection) =>
    readJournal(context, connection),
  );
  const begun = stage?.status !== 'freezing' && isOfFreeze(context.production.server.name, production, stage);
  return begun ? 'drained' : 'unproven';
}

function neverDrained(context: UpgradeContext, pair: DatabasePair): UpgradeError {
  const { production, stage } = context;
  return new UpgradeError(
    'drain-failed',
    `${pair.name}: the link from ${production.server.name} to ${stage.server.name} is gone, and nothing proves that every transaction had arrived before it went`,
    { advice: ['Production has them all. Remove the stage database, then prepare and upgrade again.'] },
  );
}

async function drainDatabase(context: UpgradeContext, pair: DatabasePair, run: StepRun): Promise<string> {
  const link = await linkOrProof(context, pair);
  if (link === 'drained') return `${pair.name}: drained before`;
  if (link === 'unproven') throw neverDrained(context, pair);
  const until = context.clock.now() + context.config.drainTimeoutMs;
  await assertFrozen(context, pair);
  for (;;) {
    run.signal.throwIfAborted();
    const verdict = await compareSides(context, pair);
    if (verdict.kind === 'drained') {
      await confirmHardened(context, pair, run);
      return `${pair.name}: ${verdict.evidence}`;
    }
    if (context.clock.now() > until) throw notDrained(context, pair, verdict.missing);
    run.progress(`${pair.name}: ${verdict.missing}`);
    await context.clock.sleep(POLL_MS, run.signal);
  }
}

/** Nothing is drained from a database that still takes writes. */
export async function assertFrozen(context: UpgradeContext, pair: DatabasePair): Promise<void> {
  const mode = await context.sessions.on(sqlTarget(context, 'production', pair.name), readAccessMode);
  if (mode === 'read-only') return;
  throw new UpgradeError(
    'drain-failed',
    `${pair.name} on ${context.production.server.name} takes writes again although it was frozen: somebody set it read-write`,
    {
      advice: [
        'Find out who did it (sys.event_log, audit), make sure nobody does, and run the upgrade again.',
      ],
    },
  );
}

/**
 * The documented proof that every commit is hardened on the other side, asked when both sides look equal, so that
 * it answers at once. Whether it may run in a read-only database is not documented: where exactly that is refused, the
 * last commit has to be known to both sides and to be the same one. Any other error is no proof of anything.
 */
async function confirmHardened(context: UpgradeContext, pair: DatabasePair, run: StepRun): Promise<void> {
  const server = context.stage.server.name;
  try {
    const code = await context.sessions.on(sqlTarget(context, 'production', pair.name), (connection) =>
      waitForCopySync(connection, server, context.config.drainTimeoutMs, run.signal),
    );
    if (code === 0) return;
    throw notDrained(context, pair, `sp_wait_for_database_copy_sync answered ${code}`);
  } catch (error) {
    if (!(error instanceof SqlError) || error.kind !== 'server') throw error;
    if (!isReadOnlyRefusal(error)) {
      throw notDrained(context, pair, `sp_wait_for_database_copy_sync failed: ${error.message}`, error);
    }
    await confirmEqual(context, pair);
    run.progress(
      `${pair.name}: sp_wait_for_database_copy_sync refused (${error.message}); both sides have the same last commit`,
    );
  }
}

/** 3906: the database is read-only. Other statements word the same refusal in numbers of their own. */
function isReadOnlyRefusal(error: SqlError): boolean {
  return error.has(3906) || error.messages.some((message) => /read[- ]?only/i.test(message.text));
}

async function confirmEqual(context: UpgradeContext, pair: DatabasePair): Promise<void> {
  const { production, stage } = await readSides(context, pair);
  const [here, there] = [production.link?.lastCommit, stage.link?.lastCommit];
  if (here && there && here.getTime() === there.getTime()) return;
  const told = (commit: Date | null | undefined) => commit?.toISOString() ?? 'not told';
  throw notDrained(
    context,
    pair,
    `sp_wait_for_database_copy_sync cannot run here, and the last commit is ${told(here)} on production, ${told(there)} on stage`,
  );
}

type Verdict =
  | { readonly kind: 'drained'; readonly evidence: string }
  | { readonly kind: 'not-yet'; readonly missing: string };

const notYet = (missing: string): Verdict => ({ kind: 'not-yet', missing });

async function readSides(context: UpgradeContext, pair: DatabasePair) {
  const [production, stage] = await Promise.all([
    context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => ({
      link: linkTo(await readLinks(connection), context.stage.server.name),
      journal: await readJournal(context, connection),
    })),
    context.sessions.on(sqlTarget(context, 'stage', pair.name), async (connection) => ({
      link: linkTo(await readLinks(connection), context.production.server.name),
      journal: await readJournal(context, connection),
    })),
  ]);
  return { production, stage };
}

async function compareSides(context: UpgradeContext, pair: DatabasePair): Promise<Verdict> {
  const { production, stage } = await readSides(context, pair);
  if (!production.link) return notYet('production does not see its link');
  if (production.link.state !== 'CATCH_UP') return notYet(`replication is ${production.link.state}`);
  if (production.link.lagSeconds === null) return notYet('replication lag is not known to the primary');
  if (production.link.lagSeconds > 0) return notYet(`replication lag is ${production.link.lagSeconds} s`);
  if (behind(production.link, stage.link))
    return notYet('the stage database has not applied the last commit');
  // The entry written just before the freeze is the last thing this tool committed on production.
  const { journal } = production;
  if (!journal || stage.journal?.upgradeId !== journal.upgradeId || stage.journal.at !== journal.at) {
    return notYet('the stage database does not show the entry written before the freeze');
  }
  const last = production.link.lastCommit?.toISOString() ?? 'not told';
  return { kind: 'drained', evidence: `CATCH_UP, lag 0 s, last commit ${last} on both sides` };
}

function behind(production: LinkStatus, stage: LinkStatus | null): boolean {
  if (!production.lastCommit || !stage?.lastCommit) return false;
  return stage.lastCommit.getTime() < production.lastCommit.getTime();
}

function notDrained(
  context: UpgradeContext,
  pair: DatabasePair,
  missing: string,
  cause: unknown = undefined,
): UpgradeError {
  return new UpgradeError('drain-failed', `${pair.name} was not drained: ${missing}`, {
    cause,
    advice: [
      `On ${context.production.server.name}: SELECT * FROM sys.dm_geo_replication_link_status;`,
      'A stage database of a smaller size throttles replication: give both the same service objective.',
    ],
  });
}
