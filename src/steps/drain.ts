// Planned termination, first half: production is read-only, so no commit follows; wait until every one
// there is has been hardened on the stage database, and prove it on both sides. Azure's own DELETE of
// a link would not wait.
import { isOfFreeze } from '../application/copy-of-freeze.ts';
import { readJournal } from '../application/journal.ts';
import { productionToStage } from '../application/regions.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import type { SqlConnection } from '../azure/ports.ts';
import { ACCESS, type Access } from '../azure/tsql/access-mode.ts';
import { LINKS, type LinkStatus, linkTo, readLinks } from '../azure/tsql/geo-replication.ts';
import { lookAtAll } from '../azure/tsql/looks.ts';
import { blocked, done, type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { compareEnds, readEnds, waitUntilDrained } from './drained-link.ts';
import { freezeKey } from './freeze-key.ts';
import { productionEntry } from './production-entry.ts';
import { whyNotClosed } from './still-closed.ts';
import { assertStillPrimary } from './still-primary.ts';

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
  return (await isProvenDrained(context, pair)) ? 'drained' : 'unproven';
}

async function isProvenDrained(context: UpgradeContext, pair: DatabasePair): Promise<boolean> {
  const production = await productionEntry(context, pair);
  const stage = await context.sessions.on(sqlTarget(context, 'stage', pair.name), (connection) =>
    readJournal(context, connection),
  );
  return stage?.status !== 'freezing' && isOfFreeze(context.production.server.name, production, stage);
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
  if (!(await isLinkedAndFrozen(context, pair))) {
    if (await isProvenDrained(context, pair)) return `${pair.name}: drained before`;
    throw neverDrained(context, pair);
  }
  const toStage = productionToStage(context);
  const evidence = await waitUntilDrained(
    context,
    {
      link: toStage,
      name: pair.name,
      look: async () => compareEnds(toStage, await readEnds(context, toStage, pair.name)),
      failed: (missing, cause) => notDrained(context, pair, missing, cause),
    },
    run,
  );
  return `${pair.name}: ${evidence}`;
}

/** False where there is no link. Throws what assertFrozen throws where there is one; the links are read once for both. */
function isLinkedAndFrozen(context: UpgradeContext, pair: DatabasePair): Promise<boolean> {
  return context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
    const seen = await lookAtAll(connection, { access: ACCESS, links: LINKS });
    if (linkTo(seen.links, context.stage.server.name) === null) return false;
    await assertFrozenPrimary(context, pair, connection, seen);
    return true;
  });
}

/** Nothing is drained from a database that still takes writes, nor from one that is production no longer. */
export function assertFrozen(context: UpgradeContext, pair: DatabasePair): Promise<void> {
  return context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) =>
    assertFrozenPrimary(
      context,
      pair,
      connection,
      await lookAtAll(connection, { access: ACCESS, links: LINKS }),
    ),
  );
}

/**
 * The same by what was just read on this connection. Of a fenced database it is asked for more.
 */
export async function assertFrozenPrimary(
  context: UpgradeContext,
  pair: DatabasePair,
  connection: SqlConnection,
  seen: { readonly access: Access; readonly links: readonly LinkStatus[] },
): Promise<void> {
  assertStillPrimary(context, pair, seen.links);
  const why = await whyNotClosed(
    connection,
    seen.access,
    context.window.confirmedAt(freezeKey(pair.production)),
  );
  if (why === null) return;
  throw new UpgradeError(
    'drain-failed',
    `${pair.name} on ${context.production.server.name} takes writes again although it was frozen: ${why}`,
    {
      advice: [
        'Find out who did it (sys.event_log, audit), make sure nobody does, and run the upgrade again.',
      ],
    },
  );
}

function notDrained(
  context: UpgradeContext,
  pair: DatabasePair,
  missing: string,
  cause: unknown,
): UpgradeError {
  return new UpgradeError('drain-failed', `${pair.name} was not drained: ${missing}`, {
    cause,
    advice: [
      `On ${context.production.server.name}: SELECT * FROM sys.dm_geo_replication_link_status;`,
      'A stage database of a smaller size throttles replication: give both the same service objective.',
    ],
  });
}
