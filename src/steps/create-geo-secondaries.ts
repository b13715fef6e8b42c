// Geo-secondaries of the application's databases, on another server under the same name. The creation lasts as long
// as the seeding; meanwhile the link tells how far it is.
import type { GeoLink } from '../application/regions.ts';
import { ensureRunLock } from '../application/run-lock.ts';
import { creationTags, forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import { AzureError } from '../azure/errors.ts';
import type { DatabaseInfo } from '../azure/ports.ts';
import { orAbort } from '../engine/or-abort.ts';
import type { StepRun } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { type LinkedDatabase, linkOf, readGeoLink } from './geo-link.ts';
import { seedingProgress } from './seeding-progress.ts';
import { serverNow } from './server-now.ts';
import { tryAgain } from './try-again.ts';

const LOOK_EVERY_MS = 5_000;

/**
 * Creates those that are missing; the others are left as they are. Returns evidence. Throws AzureError, UpgradeError. A
 * run that is stopped does not wait for an answer: it may have users who cannot write.
 */
export async function createGeoSecondaries(
  context: UpgradeContext,
  geoLink: GeoLink,
  run: StepRun,
): Promise<string[]> {
  await ensureRunLock(context, 'production');
  return forEachDatabase(context, async ({ name }) =>
    tryAgain(context, run, async () => {
      const database = await orAbort(readGeoLink(context, geoLink, name), run.signal);
      if (database.link) return `${name}: there already`;
      if (!database.source) throw noSource(geoLink, name);
      return create(context, geoLink, database, database.source, run);
    }),
  );
}

function noSource({ from }: GeoLink, name: string): UpgradeError {
  return new UpgradeError('resource-not-found', `The database ${name} does not exist on ${from.server.name}`);
}

async function create(
  context: UpgradeContext,
  { to }: GeoLink,
  database: LinkedDatabase,
  source: DatabaseInfo,
  run: StepRun,
): Promise<string> {
  const { elasticPool } = to.config;
  const server = await serverNow(context, to, run);
  try {
    const creation = context.azure.sql.createGeoSecondary(
      {
        source,
        target: database.to,
        location: server.location,
        // A pool of that server, so it is beside the server's own id.
        elasticPoolId: elasticPool ? `${server.id}/elasticPools/${elasticPool}` : null,
        tags: creationTags(context),
      },
      // The operation says no more than "running" for hours; the link says how far it is.
      () => {},
      run.signal,
    );
    await whileTellingSeeding(context, database, run, orAbort(creation, run.signal));
  } catch (error) {
    // After an unknown outcome, or where somebody else was faster, the link itself tells whether there is one.
    if (!(error instanceof AzureError) || !(await linkOf(context, database))) throw error;
  }
  return `${database.name} created on ${database.to.server} (${source.sku?.name ?? 'same sku'})`;
}

/** What the creation comes to. Meanwhile the link, once there is one, tells how far the seeding is. */
async function whileTellingSeeding(
  context: UpgradeContext,
  database: LinkedDatabase,
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
  database: LinkedDatabase,
  run: StepRun,
  ended: AbortSignal,
): Promise<void> {
  const progress = seedingProgress(context, database.name, run);
  while (!ended.aborted) {
    try {
      await context.clock.sleep(LOOK_EVERY_MS, ended);
      const link = await orAbort(linkOf(context, database), ended);
      progress.update(link?.percentComplete ?? null, link?.state ?? 'the link is not there yet');
    } catch {
      // Ended, or this look has failed; the next one may not.
    }
  }
}
