// Everything that can be done before the freeze is done before the freeze: connections opened, rights and
// links read, the script read and split. What fails here costs users nothing.
import { observe } from '../application/observe.ts';
import { ensureStillAlone } from '../application/still-alone.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { describeWork, upgradeWork } from '../application/upgrade-work.ts';
import { readRights } from '../azure/tsql/database-rights.ts';
import { linkTo, readLinks } from '../azure/tsql/geo-replication.ts';
import { quoteName } from '../azure/tsql/identifiers.ts';
import { done, type Step, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { assertCaughtUp, protectionLinks } from './protection.ts';
import { nothingRead, readStandbyHost } from './read-ahead.ts';

/** @param ahead is told what was seen, for the steps that come after the freeze. */
export function makeReady(context: UpgradeContext, ahead = nothingRead()): Step {
  return {
    id: 'make-ready',
    title: 'Make ready: script read, connections open, copy caught up',
    article: null,
    phase: 'upgrade',
    changes: '',
    pivot: false,
    assess: async () => {
      const observed = await observe(context);
      const { state } = observed;
      ahead.observed = observed;
      return state === 'upgraded' ? done('the stage database is upgraded already') : toDo(`state: ${state}`);
    },
    apply: async () => {
      await ensureStillAlone(context); // once: all of them would ask on one connection, one after the other
      const perDatabase = await forEachDatabase(context, (pair) => makeDatabaseReady(context, pair));
      ahead.standbyHost = await readStandbyHost(context);
      return perDatabase.flat();
    },
    undo: null,
  };
}

async function makeDatabaseReady(context: UpgradeContext, pair: DatabasePair): Promise<string[]> {
  const work = describeWork(await upgradeWork(context, pair.name));
  const link = await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
    const rights = await readRights(connection);
    if (!rights.isOwner) throw notOwner(context, pair, rights.user);
    return linkTo(await readLinks(connection), context.stage.server.name);
  });
  await context.sessions.on(sqlTarget(context, 'stage', pair.name), async (connection) => {
    const rights = await readRights(connection);
    if (!rights.isOwner) throw notOwner(context, pair, rights.user);
  });
  const replication = link
    ? `link ${link.state}, lag ${link.lagSeconds ?? 'not known'} s`
    : 'link already removed';
  const ready = `${pair.name}: ${work}; ${replication}; connected to both servers as db_owner`;
  return [ready, ...(await protectionReady(context, pair))];
}

/** Each slot that may have to serve has a geo-secondary that answers and has caught up; empty in single-region. */
async function protectionReady(context: UpgradeContext, { name }: DatabasePair): Promise<string[]> {
  const links = protectionLinks(context);
  const caughtUp = await Promise.all(links.map((link) => assertCaughtUp(context, link, name)));
  return caughtUp.map((evidence) => `${name}: ${evidence}`);
}

function notOwner(context: UpgradeContext, pair: DatabasePair, user: string): UpgradeError {
  return new UpgradeError('sql-permission-missing', `${user} is not db_owner of ${pair.name}`, {
    advice: [
      `On ${context.production.server.name}, in ${pair.name}: ALTER ROLE db_owner ADD MEMBER ${quoteName(user)}; (it replicates to the copy)`,
    ],
  });
}
