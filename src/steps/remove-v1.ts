// (7) V1 is removed: the database that was production before the switch, and the site where the tool had created
// it. Never what users are on; the proof is the journal of both databases.

import { type DatabaseObservation, observe, observeDatabase } from '../application/observe.ts';
import {
  createdByTool,
  type DatabasePair,
  forEachDatabase,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { isRetiredV1 } from '../application/upgrade-state.ts';
import { blocked, done, type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';

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
      const { databases } = await observe(context);
      const left = databases.filter((one) => one.stage.info);
      if (left.length === 0) return done(`${names} is not on ${server} any more`);
      const unproven = left.find((one) => !isProvenV1(one));
      if (!unproven) return toDo(`left: ${left.map((one) => one.name).join(', ')}`);
      return blocked(
        'database-in-the-way',
        `Nothing proves that ${unproven.name} on ${server} is the V1 of the upgrade that is in production`,
        `If you know that nobody needs it: az sql db delete -g ${unproven.stage.ref.resourceGroup} -s ${server} -n ${unproven.name}`,
      );
    },
    apply: (run) => forEachDatabase(context, (pair) => removeDatabase(context, pair, run)),
    undo: null,
  };
}

/** V1 of the upgrade that is in production, and V2 was seen to serve: not while the switch is only tried. */
function isProvenV1(seen: DatabaseObservation): boolean {
  return isRetiredV1(seen) && seen.production.journal?.status === 'serving';
}

async function removeDatabase(context: UpgradeContext, pair: DatabasePair, run: StepRun): Promise<string> {
  const seen = await observeDatabase(context, pair);
  const where = `${pair.name} on ${pair.stage.server}`;
  if (!seen.stage.info) return `${where} is gone`;
  if (!isProvenV1(seen))
    throw new UpgradeError('database-in-the-way', `${where} is not V1 of this upgrade any more`);
  await context.azure.sql.deleteDatabase(pair.stage, run.progress);
  if (await context.azure.sql.getDatabase(pair.stage)) {
    throw new UpgradeError('azure-error', `${where} still exists after it was deleted`);
  }
  return `${where} is deleted`;
}

export function removeV1Site(context: UpgradeContext): Step {
  const { site } = context.stage.site;
  return {
    id: 'remove-v1-site',
    title: `Remove V1's site ${site}, where the tool created it`,
    article: null,
    phase: 'cleanup',
    changes: `${site} is deleted if this tool created it; a site of yours is kept for the next upgrade, its endpoint stays disabled`,
    pivot: false,
    assess: async () => {
      const existing = await context.azure.appService.getSite(context.stage.site);
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
      await context.azure.appService.deleteSite(context.stage.site);
      return [`${site} is deleted, its plan is kept`];
    },
    undo: null,
  };
}

async function serves(context: UpgradeContext): Promise<boolean> {
  const seen = await forEachDatabase(context, (pair) => observeDatabase(context, pair));
  return seen.every(({ production }) => production.journal?.status === 'serving');
}
