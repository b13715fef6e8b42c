// V1 is removed: the database that was production before the switch, and the site where the tool had created it. Never
// what users are on; the proof is the journal of both databases.
import { observeDatabase } from '../application/observe.ts';
import { isProvenV1 } from '../application/retired-v1.ts';
import { ensureRunLock } from '../application/run-lock.ts';
import {
  createdByTool,
  type DatabasePair,
  type Deployment,
  forEachDatabase,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import type { DatabaseRef } from '../azure/ports.ts';
import { shell } from '../engine/command-line.ts';
import { type Assessment, blocked, done, type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { assertProtected, lastOtherCopy } from './last-other-copy.ts';
import { deleteDatabase } from './remove-until-gone.ts';

export function removeV1Database(context: UpgradeContext): Step {
  const names = context.databases.map((pair) => pair.name).join(', ');
  const server = context.stage.server.name;
  return {
    id: 'remove-v1-database',
    title: `Remove V1's database on ${server}`,
    article: null,
    phase: 'cleanup',
    changes: `${names} on ${server} is deleted; after this there is no quick way to look at V1's data (Azure keeps its backups)`,
    pivot: false,
    assess: async () => {
      const databases = await forEachDatabase(context, (pair) => observeDatabase(context, pair));
      const left = databases.filter((one) => one.stage.info);
      if (left.length === 0) return done(`${names} is not on ${server} any more`);
      const unproven = left.find((one) => !isProvenV1(one));
      if (unproven) return notProven(unproven.stage.ref);
      return (await lastOtherCopy(context, left)) ?? toDo(`left: ${left.map((one) => one.name).join(', ')}`);
    },
    apply: (run) => forEachDatabase(context, (pair) => removeDatabase(context, pair, run)),
    undo: null,
  };
}

async function removeDatabase(context: UpgradeContext, pair: DatabasePair, run: StepRun): Promise<string> {
  const seen = await observeDatabase(context, pair);
  const where = `${pair.name} on ${pair.stage.server}`;
  if (!seen.stage.info) return `${where} is gone`;
  if (!isProvenV1(seen))
    throw new UpgradeError('database-in-the-way', `${where} is not V1 of this upgrade any more`);
  await assertProtected(context, seen);
  await ensureRunLock(context, 'production');
  return deleteDatabase(context, pair.stage, run);
}

/** A database that nothing proves to be V1's is left to a person. */
export function notProven({ resourceGroup, server, database }: DatabaseRef): Assessment {
  return blocked(
    'database-in-the-way',
    `Nothing proves that ${database} on ${server} is the V1 of the upgrade that is in production`,
    `If you know that nobody needs it: ${shell`az sql db delete -g ${resourceGroup} -s ${server} -n ${database}`}`,
  );
}

export function removeV1Site(context: UpgradeContext): Step {
  return removeSiteOfV1(context, context.stage, 'remove-v1-site', "V1's site");
}

/** The site that V1 has in one region, where this tool created it. */
export function removeSiteOfV1(
  context: UpgradeContext,
  deployment: Deployment,
  id: string,
  what: string,
): Step {
  const { site } = deployment.site;
  return {
    id,
    title: `Remove ${what} ${site}, where the tool created it`,
    article: null,
    phase: 'cleanup',
    changes: `${site} is deleted if this tool created it; a site of yours is kept for the next upgrade, its endpoint stays disabled`,
    pivot: false,
    assess: async () => {
      const existing = await context.azure.appService.getSite(deployment.site);
      if (!existing) return done(`${site} does not exist`);
      if (!createdByTool(context, existing)) return done(`${site} is yours and is kept`);
      // The next upgrade's site, as long as nobody was moved away from the one that serves: there is no V1.
      if (!(await serves(context)))
        return done(
          `there is no V1: ${context.production.server.name} does not say that it is V2 and serves`,
        );
      return toDo(`${site} was created by this tool`);
    },
    apply: async () => {
      await ensureRunLock(context, 'production');
      await context.azure.appService.deleteSite(deployment.site);
      return [`${site} is deleted, its plan is kept`];
    },
    undo: null,
  };
}

async function serves(context: UpgradeContext): Promise<boolean> {
  const seen = await forEachDatabase(context, (pair) => observeDatabase(context, pair));
  return seen.every(({ production }) => production.journal?.status === 'serving');
}
