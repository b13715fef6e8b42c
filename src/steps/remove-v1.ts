// V1 is removed: the database that was production before the switch, and the site where the tool had created it. Never
// what users are on; the proof is the journal of both databases.
import { type DatabaseObservation, observeDatabase } from '../application/observe.ts';
import { isProvenV1 } from '../application/retired-v1.ts';
import { seenUnderLock } from '../application/run-lock.ts';
import {
  createdByTool,
  type DatabasePair,
  type Deployment,
  forEachDatabase,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { done, type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { assertProtected, lastOtherCopy } from './last-other-copy.ts';
import { whatIsLeft } from './left-behind.ts';
import { blockedBy, notProven } from './not-proven.ts';
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
      if (unproven) return blockedBy(notProven(unproven.stage.ref, [unproven.stage]));
      return (await lastOtherCopy(context, left)) ?? toDo(`left: ${left.map((one) => one.name).join(', ')}`);
    },
    apply: (run) => forEachDatabase(context, (pair) => removeDatabase(context, pair, run)),
    undo: null,
  };
}

async function removeDatabase(context: UpgradeContext, pair: DatabasePair, run: StepRun): Promise<string> {
  const look = () => provenV1(context, pair);
  const { seen, isStillSo } = await seenUnderLock(context, look, ({ stage }) => stage.info !== null);
  if (!seen.stage.info) return `${pair.name} on ${pair.stage.server} is gone`;
  const deleted = await deleteDatabase(context, pair.stage, run, isStillSo);
  return deleted ?? removeDatabase(context, pair, run);
}

/** Throws where it is there and may not go. */
async function provenV1(context: UpgradeContext, pair: DatabasePair): Promise<DatabaseObservation> {
  const seen = await observeDatabase(context, pair);
  if (!seen.stage.info) return seen;
  if (!isProvenV1(seen)) throw notProven(pair.stage, [seen.stage]);
  const left = await whatIsLeft(context, pair, seen);
  if (left) throw left;
  await assertProtected(context, seen);
  return seen;
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
      return (await serves(context)) ? toDo(`${site} was created by this tool`) : done(noV1(context));
    },
    apply: async () => {
      const { seen, isStillSo } = await seenUnderLock(context, () => serves(context), Boolean);
      if (!seen) return [`${site} is kept: ${noV1(context)}`];
      await context.azure.appService.deleteSite(deployment.site, async () => {
        if (!(await isStillSo()) && !(await isLeftOfV1(context)))
          throw new UpgradeError(
            'overtaken-by-another-run',
            `${site} is kept: another run may have prepared it for the next upgrade meanwhile`,
          );
      });
      return [`${site} is deleted, its plan is kept`];
    },
    undo: null,
  };
}

const noV1 = ({ production }: UpgradeContext) =>
  `there is no V1: ${production.server.name} does not say that it is V2 and serves`;

async function serves(context: UpgradeContext): Promise<boolean> {
  return (await seenServing(context)) !== null;
}

/** The next upgrade, which another run may have prepared meanwhile, begins with a copy there, which is no V1. */
async function isLeftOfV1(context: UpgradeContext): Promise<boolean> {
  const seen = await seenServing(context);
  return seen?.every((one) => one.stage.info === null || isProvenV1(one)) ?? false;
}

/** Null where not every database of production says that it is V2 and serves. */
async function seenServing(context: UpgradeContext): Promise<DatabaseObservation[] | null> {
  const seen = await forEachDatabase(context, (pair) => observeDatabase(context, pair));
  return seen.every(({ production }) => production.journal?.status === 'serving') ? seen : null;
}
