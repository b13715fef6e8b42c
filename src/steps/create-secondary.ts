// The stage database: a geo-secondary of production on the stage slot's server, in the same region, under the same
// name. And, where there is a backup region, its own geo-secondary there: chained geo-replication.
import { type GeoLink, productionToStage, stageToStandby } from '../application/regions.ts';
import { forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import { AzureError } from '../azure/errors.ts';
import { orAbort } from '../engine/or-abort.ts';
import { type Assessment, done, later, type Step, type StepRun, toDo } from '../engine/step.ts';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import { createGeoSecondaries } from './create-geo-secondaries.ts';
import { inTheWay, readGeoLink } from './geo-link.ts';
import { removeStage } from './remove-stage.ts';
import { seedingOf } from './seeding.ts';

export function createSecondary(context: UpgradeContext): Step {
  const { production, stage } = context;
  const geoLink = productionToStage(context);
  return {
    id: 'create-secondary',
    title: 'Create the stage database as a geo-secondary',
    article: null,
    phase: 'prepare',
    changes: `${namesOf(context)} is created on ${stage.server.name} as a secondary of ${production.server.name}; production stays fully writable`,
    pivot: false,
    assess: () => assessCopies(context, geoLink, 'production'),
    apply: (run) => createOfProduction(context, geoLink, run),
    undo: removeStage(context),
  };
}

/**
 * The stage database's geo-secondary in the backup region. Chained: only once the stage database has caught up. In mode
 * after-termination, for databases that Azure does not chain: once the link to production is cut.
 */
export function createStandbySecondary(context: UpgradeContext): Step {
  const geoLink = stageToStandby(context);
  const { from, to } = geoLink;
  const chained = context.config.standbyMode === 'chained';
  const meanwhile = chained
    ? 'production and its own geo-secondary are not touched'
    : 'users stay read-only until it has caught up';
  return {
    id: 'create-standby-secondary',
    title: "Create the stage database's own geo-secondary in the backup region",
    article: null,
    phase: chained ? 'prepare' : 'upgrade',
    changes: `${namesOf(context)} is created on ${to.server.name} as a secondary of the stage database on ${from.server.name}; ${meanwhile}`,
    pivot: false,
    wayBack: `${context.config.rollback.stage === 'keep' ? 'kept' : 'removed'} with the stage database`,
    assess: (run) => orAbort(assessStandby(context, geoLink), run.signal),
    apply: (run) => createChained(context, geoLink, run),
    // The stage slot is removed in both regions at once, by what takes its primary database back.
    undo: null,
  };
}

async function assessStandby(context: UpgradeContext, geoLink: GeoLink): Promise<Assessment> {
  const primary = `the stage database on ${geoLink.from.server.name}`;
  const copies = await assessCopies(context, geoLink, primary);
  return copies.kind === 'to-do' ? whetherItMayBegin(context, copies) : copies;
}

async function assessCopies(context: UpgradeContext, geoLink: GeoLink, primary: string): Promise<Assessment> {
  const databases = await forEachDatabase(context, ({ name }) => readGeoLink(context, geoLink, name));
  const other = databases.find((one) => one.copy && !one.link);
  if (other) return inTheWay(other, primary);
  const missing = databases.filter((one) => !one.link).map((one) => one.name);
  return missing.length === 0
    ? done(`${namesOf(context)} on ${geoLink.to.server.name} is linked to ${primary}`)
    : toDo(`missing: ${missing.join(', ')}`);
}

/** A stage database that is still being seeded itself has nothing to pass on. */
async function whetherItMayBegin(context: UpgradeContext, toBeDone: Assessment): Promise<Assessment> {
  const link = productionToStage(context);
  const chained = context.config.standbyMode === 'chained';
  const seen = await forEachDatabase(context, ({ name }) =>
    chained ? whetherCaughtUp(context, link, name) : whetherCut(context, link, name),
  );
  const waiting = seen.filter((evidence) => evidence !== null);
  return waiting.length === 0 ? toBeDone : later(...waiting);
}

/** What is waited for; null where the stage database has caught up with production. */
async function whetherCaughtUp(context: UpgradeContext, link: GeoLink, name: string): Promise<string | null> {
  const { kind, evidence } = await seedingOf(context, link, name);
  return kind === 'caught-up' ? null : evidence;
}

/** What is waited for; null where the stage database is there and no copy of production any more. */
async function whetherCut(context: UpgradeContext, geoLink: GeoLink, name: string): Promise<string | null> {
  const { copy, link } = await readGeoLink(context, geoLink, name);
  return copy && !link ? null : `${name}: only once the link to production is cut`;
}

async function createOfProduction(
  context: UpgradeContext,
  geoLink: GeoLink,
  run: StepRun,
): Promise<string[]> {
  try {
    return await createGeoSecondaries(context, geoLink, run);
  } catch (error) {
    const noRoom = error instanceof AzureError && error.code === 'GeoReplicaLimitReached';
    throw noRoom ? limitReached(geoLink, error) : error;
  }
}

/** Four, and of a Hyperscale database one (documented in 2021; Azure may allow more by now). */
function limitReached({ from }: GeoLink, cause: AzureError): UpgradeError {
  return new UpgradeError(
    'geo-secondary-limit',
    `Azure allows the database on ${from.server.name} no further geo-secondary: ${cause.message}`,
    {
      cause,
      advice: [
        'Remove a geo-secondary that is not needed, then run prepare again. The one in the backup region has to stay: a Hyperscale database that may have no other cannot be upgraded beside it, in neither standby.mode.',
      ],
    },
  );
}

async function createChained(context: UpgradeContext, geoLink: GeoLink, run: StepRun): Promise<string[]> {
  try {
    return await createGeoSecondaries(context, geoLink, run);
  } catch (error) {
    throw isChainRefused(error) ? notChained(geoLink, error) : error;
  }
}

/** Azure's codes for databases it does not chain: a customer-managed key; ledger digests, switched on meanwhile. */
const CHAIN_REFUSED: readonly string[] = ['SecurityAzureKeyVaultGeoChainError', 'UnableToCreateGeoChain'];

function isChainRefused(error: unknown): boolean {
  return error instanceof AzureError && CHAIN_REFUSED.includes(error.code ?? '');
}

function notChained({ from, to }: GeoLink, cause: unknown): UpgradeError {
  return new UpgradeError(
    'chaining-not-possible',
    `Azure does not chain ${to.server.name} to ${from.server.name}: ${messageOf(cause)}`,
    {
      cause,
      advice: [
        "Set standby: {mode: after-termination} in the configuration: the stage slot's geo-secondary is then made once the link to production is cut, and users are read-only for its seeding too.",
        'Or remove what stands in the way (a customer-managed key, uploads of ledger digests) and run prepare again.',
      ],
    },
  );
}

function namesOf(context: UpgradeContext): string {
  return context.databases.map((pair) => pair.name).join(', ');
}
