// V1 is removed: the database that was production before the switch, and the site where the tool had created it. Never
// what users are on; the proof is the journal of both databases.
import { type DatabaseObservation, observeDatabase } from '../application/observe.ts';
import { isProvenV1, whyUnprotected } from '../application/retired-v1.ts';
import { ensureRunLock } from '../application/run-lock.ts';
import {
  createdByTool,
  type DatabasePair,
  type Deployment,
  forEachDatabase,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import type { DatabaseRef } from '../azure/ports.ts';
import { type Assessment, blocked, done, type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
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
  await assertProtected(context, pair, seen);
  await ensureRunLock(context, 'production');
  return deleteDatabase(context, pair.stage, run);
}

/** A database that nothing proves to be V1's is left to a person. */
export function notProven({ resourceGroup, server, database }: DatabaseRef): Assessment {
  return blocked(
    'database-in-the-way',
    `Nothing proves that ${database} on ${server} is the V1 of the upgrade that is in production`,
    `If you know that nobody needs it: az sql db delete -g ${resourceGroup} -s ${server} -n ${database}`,
  );
}

/** As long as V2 has no geo-secondary that has caught up, what is left of V1 is the last other copy. */
export async function lastOtherCopy(
  context: UpgradeContext,
  left: readonly DatabaseObservation[],
): Promise<Assessment | null> {
  for (const seen of left) {
    const pair = context.databases.find((one) => one.name === seen.name);
    const why = pair ? await whyUnprotected(context, pair, seen) : null;
    if (why) return blocked('standby-not-caught-up', unprotected(why), ...ADVICE);
  }
  return null;
}

/** Asked once more just before something of V1 goes. Throws 'standby-not-caught-up'. */
export async function assertProtected(
  context: UpgradeContext,
  pair: DatabasePair,
  seen: DatabaseObservation,
): Promise<void> {
  const why = await whyUnprotected(context, pair, seen);
  if (why) throw new UpgradeError('standby-not-caught-up', unprotected(why), { advice: ADVICE });
}

const unprotected = (why: string) =>
  `V1 is kept: V2 has no geo-secondary that has caught up (${why}), so V1's databases are the last other copy`;
const ADVICE = ['Wait until V2 has its geo-secondary again (phase status tells), then run cleanup again.'];

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
