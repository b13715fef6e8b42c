// Geo-secondaries of the application's databases, on another server under the same name. The creation lasts as long
// as the seeding; meanwhile the link tells how far it is.
import type { GeoLink } from '../application/regions.ts';
import { ensureStillAlone } from '../application/still-alone.ts';
import { creationTags, forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import { AzureError } from '../azure/errors.ts';
import type { DatabaseInfo } from '../azure/ports.ts';
import { orAbort } from '../engine/or-abort.ts';
import { pauseAfter } from '../engine/pace.ts';
import type { StepRun } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { type LinkedDatabase, linkOf, readGeoLink } from './geo-link.ts';
import { missingOnBothSides, SEEDING_PACE } from './seeding.ts';
import { seedingProgress } from './seeding-progress.ts';
import { serverNow } from './server-now.ts';
import { tryAgain } from './try-again.ts';

/**
 * Creates those that are missing; the others are left as they are. Returns evidence. Throws AzureError, UpgradeError. A
 * run that is stopped does not wait for an answer: it may have users who cannot write.
 */
export async function createGeoSecondaries(
  context: UpgradeContext,
  geoLink: GeoLink,
  run: StepRun,
): Promise<string[]> {
  await ensureStillAlone(context);
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
  geoLink: GeoLink,
  database: LinkedDatabase,
  source: DatabaseInfo,
  run: StepRun,
): Promise<string> {
  const { to } = geoLink;
  const { elasticPool } = to.config;
  const server = await serverNow(context, to, run);
  try {
    await seededOr(context, geoLink, database, run, (signal) =>
      context.azure.sql.createGeoSecondary(
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
        signal,
      ),
    );
  } catch (error) {
    // After an unknown outcome, or where somebody else was faster, the link itself tells whether there is one.
    if (!(error instanceof AzureError) || !(await linkOf(context, database))) throw error;
  }
  return `${database.name} created on ${database.to.server} (${source.sku?.name ?? 'same sku'})`;
}

/**
 * Until Azure says that the creation has ended, which it wants to be asked every 15 seconds at most, or until link and
 * database say so themselves.
 */
async function seededOr(
  context: UpgradeContext,
  geoLink: GeoLink,
  database: LinkedDatabase,
  run: StepRun,
  create: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const ended = new AbortController();
  const creation = orAbort(create(AbortSignal.any([run.signal, ended.signal])), run.signal);
  const seen = lookUntilSeeded(context, geoLink, database, run, ended.signal);
  try {
    await Promise.race([creation, seen]);
  } finally {
    ended.abort();
    creation.catch(() => {}); // no longer waited for
    await seen;
  }
}

/** Until it is, or the signal is aborted. Never throws: the creation goes on where the link cannot be read. */
async function lookUntilSeeded(
  context: UpgradeContext,
  geoLink: GeoLink,
  database: LinkedDatabase,
  run: StepRun,
  ended: AbortSignal,
): Promise<void> {
  const { clock } = context;
  const startedAt = clock.now();
  const progress = seedingProgress(context, database.name, run);
  while (!ended.aborted) {
    try {
      await clock.sleep(pauseAfter(clock.now() - startedAt, SEEDING_PACE), ended);
      const link = await orAbort(linkOf(context, database), ended);
      progress.update(link?.percentComplete ?? null, link?.state ?? 'the link is not there yet');
      if (link?.state === 'CATCH_UP' && (await orAbort(isReady(context, geoLink, database), ended))) return;
    } catch {
      // Ended, or this look has failed; the next one may not.
    }
  }
}

/** Caught up on both sides, and the database is done with being made. */
async function isReady(
  context: UpgradeContext,
  geoLink: GeoLink,
  { name, to }: LinkedDatabase,
): Promise<boolean> {
  const [missing, copy] = await Promise.all([
    missingOnBothSides(context, geoLink, name),
    context.azure.sql.getDatabase(to),
  ]);
  return missing === null && copy?.status === 'Online';
}
