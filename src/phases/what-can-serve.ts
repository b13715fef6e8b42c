// After a disaster: what is left, and what a person can let it do. The tool decides no failover by itself, because
// whatever had not arrived in the backup region is lost by it.
import { COMPLETE } from '../application/copy-of-freeze.ts';
import { swapSlots } from '../application/moving-users-commands.ts';
import type { DatabaseSide, Observation } from '../application/observe.ts';
import { findEndpoint, readSlotRoles, sameName } from '../application/production-slot.ts';
import { inBackupRegion, standbyOf } from '../application/regions.ts';
import { updateEndpoint } from '../application/traffic-manager-commands.ts';
import type { Role, UpgradeContext } from '../application/upgrade-context.ts';
import { failoverCommands } from './failover-commands.ts';

/**
 * Sentences, each with its commands in the lines after it; none where production answers, and none in a topology
 * without a backup region.
 * Never throws.
 * @param backup what the backup region shows.
 */
export async function whatCanServe(
  context: UpgradeContext,
  observed: Observation,
  backup: Observation | null,
): Promise<readonly string[]> {
  if (!backup || !isLost(observed)) return [];
  const production = await takeOver(context, observed, backup, 'production');
  const stage = isComplete(context, backup) ? await takeOver(context, observed, backup, 'stage') : [];
  const both = backup.databases.every((one) => isReadable(one.production)) && stage.length > 0;
  return [
    ...(both
      ? [
          'Decide first: EITHER V1 OR V2 serves, as told below, never both: nothing would bring their writes together again.',
        ]
      : []),
    ...production,
    ...stage,
  ];
}

/** Whether the database that serves users gives no answer. */
function isLost({ databases }: Observation): boolean {
  return databases.some(({ production }) => production.access === 'unreachable');
}

/** Whether the stage's copy in the backup region has the whole upgrade, and all that users have written. */
function isComplete(context: UpgradeContext, { databases }: Observation): boolean {
  return databases.every(
    ({ production, stage }) =>
      isReadable(stage) &&
      COMPLETE.includes(stage.journal?.status ?? 'unfrozen') &&
      isOwn(context, stage) &&
      (!isReadable(production) || isFrozenBy(production, stage)),
  );
}

/** Of the next upgrade's copy the entry came with V2's data, and its script has not run. */
function isOwn({ production }: UpgradeContext, { journal }: DatabaseSide): boolean {
  const ofV1 = [production.config.sqlServer, production.standby?.config.sqlServer ?? ''];
  return !ofV1.some((server) => sameName(server, journal?.server ?? ''));
}

/** Once V1 was given back its users have written what V2's copy will never get. */
function isFrozenBy(production: DatabaseSide, stage: DatabaseSide): boolean {
  const { status, upgradeId } = production.journal ?? {};
  return status === 'freezing' && upgradeId === stage.journal?.upgradeId;
}

function isReadable({ access }: DatabaseSide): boolean {
  return access === 'read-only' || access === 'read-write';
}

async function takeOver(
  context: UpgradeContext,
  observed: Observation,
  backup: Observation,
  role: Role,
): Promise<string[]> {
  const standby = standbyOf(context, role);
  const where = `${standby.server.name} (slot ${context[role].config.name}, ${standby.server.location ?? 'its region'})`;
  const unreadable = backup.databases.filter((database) => !isReadable(database[role]));
  if (unreadable.length > 0) {
    if (role === 'stage') return [];
    return [
      `${where} cannot be read either: ${unreadable.map((one) => `${one.name} is ${one[role].access}`).join(', ')}.`,
    ];
  }
  const which = role === 'production' ? 'the data of production' : 'the upgraded data (V2)';
  const frozen = backup.databases.some((one) => one[role].journal?.status === 'freezing');
  return [
    [
      `${where} has ${which}, except what had not arrived there. To let it serve, losing that:`,
      ...(await failoverCommands(context, role)),
      ...(await swapCommands(context, role)),
      ...endpointCommands(context, observed, role),
    ].join('\n'),
    ...(frozen
      ? [
          `Then run phase rollback: it makes ${standby.server.name} writable where the freeze had arrived there.`,
        ]
      : []),
  ];
}

/** With slot swaps users get the site that the backup region's web app has in production; a swap brings the other. */
async function swapCommands(context: UpgradeContext, role: Role): Promise<string[]> {
  const { config, azure } = context;
  if (config.switchMethod !== 'slot-swap') return [];
  try {
    const there = await readSlotRoles(inBackupRegion(context).config, azure);
    if (sameName(there.production.name, context[role].config.name)) return [];
  } catch {
    // As it is without a swap that was left half-way: production's site is there.
    if (role === 'production') return [];
  }
  return [swapSlots(standbyOf(context, role).site, config.deploymentSlot)];
}

/**
 * Users are sent there, and stay there: when the lost region comes back, its database can only be read, and Traffic
 * Manager would send them back to it.
 */
function endpointCommands(context: UpgradeContext, { profile }: Observation, role: Role): string[] {
  if (!profile) return [];
  const standby = findEndpoint(profile, standbyOf(context, role).config);
  // The other slot's standby too: both answer, and only one of them is to serve.
  const other = standbyOf(context, role === 'production' ? 'stage' : 'production');
  const others = [context.production.config, context.stage.config, other.config]
    .map((config) => findEndpoint(profile, config))
    // With slot swaps both slots are one site, and one endpoint.
    .filter((endpoint) => endpoint?.status === 'Enabled' && endpoint.name !== standby?.name);
  const changes = [
    ...(standby?.status === 'Disabled' ? [{ endpoint: standby, status: 'Enabled' }] : []),
    ...others.flatMap((endpoint) => (endpoint ? [{ endpoint, status: 'Disabled' }] : [])),
  ];
  return changes.map(({ endpoint, status }) =>
    updateEndpoint(context, endpoint, '--endpoint-status', status),
  );
}
