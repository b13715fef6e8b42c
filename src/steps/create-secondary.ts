// (1) The stage database: a geo-secondary of production on the stage slot's server, in the same region, under the
// same name.

import { type DatabaseObservation, observe, stageLink } from '../application/observe.ts';
import { creationTags, forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import { AzureError } from '../azure/errors.ts';
import { orAbort } from '../engine/or-abort.ts';
import { blocked, done, type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { removeStage } from './remove-stage.ts';
import { seedingProgress } from './wait-for-seeding.ts';

const LOOK_EVERY_MS = 5_000;

export function createSecondary(context: UpgradeContext): Step {
  const { production, stage } = context;
  const names = context.databases.map((pair) => pair.name).join(', ');
  return {
    id: 'create-secondary',
    title: 'Create the stage database as a geo-secondary',
    article: null,
    phase: 'prepare',
    changes: `${names} is created on ${stage.server.name} as a secondary of ${production.server.name}; production stays fully writable`,
    pivot: false,
    assess: async () => {
      const { databases } = await observe(context);
      const inTheWay = databases.find((one) => one.stage.info && !one.link);
      if (inTheWay) return databaseInTheWay(inTheWay);
      const missing = databases.filter((one) => !one.link).map((one) => one.name);
      return missing.length === 0
        ? done(`${names} on ${stage.server.name} is linked to production`)
        : toDo(`missing: ${missing.join(', ')}`);
    },
    apply: async (run) => {
      const { databases } = await observe(context);
      const missing = new Set(databases.filter((one) => !one.link).map((one) => one.name));
      const evidence = await forEachDatabase(context, (pair) =>
        missing.has(pair.name)
          ? create(
              context,
              databases.find((one) => one.name === pair.name),
              run,
            )
          : Promise.resolve(`${pair.name}: there already`),
      );
      return evidence;
    },
    undo: removeStage(context),
  };
}

function databaseInTheWay(database: DatabaseObservation) {
  const { server, resourceGroup } = database.stage.ref;
  return blocked(
    'database-in-the-way',
    `${database.name} exists on ${server} and is not linked to production: it may be what an earlier upgrade left, and it is not deleted on a guess`,
    'If an earlier upgrade was rolled back: run phase rollback with rollback.stage: remove.',
    'If an earlier upgrade was switched: run phase cleanup.',
    `If you know that nobody needs it: az sql db delete -g ${resourceGroup} -s ${server} -n ${database.name}`,
  );
}

async function create(
  context: UpgradeContext,
  database: DatabaseObservation | undefined,
  run: StepRun,
): Promise<string> {
  const source = database?.production.info;
  if (!database || !source)
    throw new UpgradeError('resource-not-found', 'The production database does not exist');
  try {
    const creation = context.azure.sql.createGeoSecondary(
      {
        source,
        target: database.stage.ref,
        location: context.stage.server.location,
        elasticPoolId: elasticPoolId(context),
        tags: creationTags(context),
      },
      // The operation says no more than "running" for hours; the link says how far it is.
      () => {},
      run.signal,
    );
    await whileTellingSeeding(context, database, run, creation);
  } catch (error) {
    // After an unknown outcome, or where somebody else was faster, the link itself tells whether there is one.
    if (!(error instanceof AzureError) || !(await hasLink(context, database))) throw error;
  }
  return `${database.name} created on ${database.stage.ref.server} (${source.sku?.name ?? 'same sku'})`;
}

/** What the creation comes to. Meanwhile the link, once there is one, tells how far the seeding is. */
async function whileTellingSeeding(
  context: UpgradeContext,
  database: DatabaseObservation,
  run: StepRun,
  creation: Promise<void>,
): Promise<void> {
  const ended = new AbortController();
  const telling = tellSeeding(context, database, run, ended.signal);
  try {
    await creation;
  } finally {
    ended.abort();
    await telling;
  }
}

/** Until the signal is aborted. Never throws: the creation goes on where the link cannot be read. */
async function tellSeeding(
  context: UpgradeContext,
  database: DatabaseObservation,
  run: StepRun,
  ended: AbortSignal,
): Promise<void> {
  const progress = seedingProgress(context, database.name, run);
  while (!ended.aborted) {
    try {
      await context.clock.sleep(LOOK_EVERY_MS, ended);
      const links = await orAbort(context.azure.sql.listLinks(database.production.ref), ended);
      const link = stageLink(links, database.stage.ref);
      progress.update(link?.percentComplete ?? null, link?.state ?? 'the link is not there yet');
    } catch {
      // Ended, or this look has failed; the next one may not.
    }
  }
}

async function hasLink(context: UpgradeContext, database: DatabaseObservation): Promise<boolean> {
  return stageLink(await context.azure.sql.listLinks(database.production.ref), database.stage.ref) !== null;
}

/** The configured pool on the stage server, as a resource id beside that server's own. */
function elasticPoolId(context: UpgradeContext): string | null {
  const { elasticPool } = context.stage.config;
  return elasticPool ? `${context.stage.server.id}/elasticPools/${elasticPool}` : null;
}
