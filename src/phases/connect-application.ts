// From configuration to the application as it stands: who is production, who is stage, which servers and sites, in
// one region or in two.
import { whereServerIs } from '../application/missing-server.ts';
import { readSlotRoles, type SlotRoles } from '../application/production-slot.ts';
import { databaseOn } from '../application/regions.ts';
import { readRolesFromFreeze } from '../application/roles-from-freeze.ts';
import type { Deployment, Role, Server, Slot, UpgradeContext } from '../application/upgrade-context.ts';
import type { SiteRef, SqlServerInfo } from '../azure/ports.ts';
import { partOf, resourceGroupPath } from '../azure/resource-id.ts';
import type { Clock } from '../clock.ts';
import type { Config, DeploymentConfig, SlotConfig } from '../config/config.ts';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import { failedOver } from './failed-over.ts';

/** Everything of the context that does not depend on who is production. */
export type RunParts = Omit<UpgradeContext, 'production' | 'stage' | 'databases'>;

/**
 * Reads the roles and the servers. Throws 'production-slot-unclear', 'resource-not-found' and what the ports throw; a
 * backup region that does not answer is left to the guards. After a switch it is called again: the roles have changed.
 * Where production's database was failed over to its standby, that one is production (and guards refuse an upgrade).
 */
export async function connectApplication(parts: RunParts): Promise<UpgradeContext> {
  const roles = await readSlotRoles(parts.config, parts.azure);
  const read = { production: existing, stage: existing, backup: answering };
  return failedOver(await connectSlots(parts, roles, read));
}

/** How long production waits for what is said of another server. Milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * The application for giving production back, which needs production alone, and for telling how things stand after a
 * disaster. Where Traffic Manager or the stage slot do not answer, production is the slot whose database this tool has
 * frozen; where that does not tell either, throws what stood in the way.
 */
export async function connectWhatAnswers(parts: RunParts): Promise<UpgradeContext> {
  const roles = await readSlotRoles(parts.config, parts.azure).catch(async (error: unknown) => {
    const frozen = await readRolesFromFreeze(parts);
    if (!frozen) throw error;
    parts.log.warning(`Not everything answers (${messageOf(error)}): ${frozen.evidence}`);
    return frozen;
  });
  const read = { production: existingOrSilent, stage: soonAnswering, backup: soonAnswering };
  const context = await connectSlots(parts, roles, read);
  return within(parts.clock, failedOver(context), context);
}

/** The same application with the roles exchanged: how it will be after the switch. */
export function afterSwitch(context: UpgradeContext): UpgradeContext {
  const { config, production, stage } = context;
  return withRoles(context, inRole(config, stage, 'production'), inRole(config, production, 'stage'));
}

function inRole(config: Config, slot: Slot, role: Role): Slot {
  const at = <D extends Deployment>(one: D): D => ({ ...one, site: siteOf(config, one.config, role) });
  return { ...at(slot), standby: slot.standby && at(slot.standby) };
}

function withRoles(parts: RunParts, production: Slot, stage: Slot): UpgradeContext {
  const databases = parts.config.databases.map((name) => ({
    name,
    production: databaseOn(production, name),
    stage: databaseOn(stage, name),
  }));
  return { ...parts, production, stage, databases };
}

/** How a server is read; null where it does not answer and that is to be borne. */
type ReadServer = (
  parts: RunParts,
  deployment: DeploymentConfig,
  where: string,
) => Promise<SqlServerInfo | null>;

async function existing(
  { azure }: RunParts,
  deployment: DeploymentConfig,
  where: string,
): Promise<SqlServerInfo> {
  const { sqlServer: server, sqlResourceGroup: resourceGroup } = deployment;
  const info = await azure.sql.getServer({ resourceGroup, server });
  if (info) return info;
  throw new UpgradeError(
    'resource-not-found',
    `The SQL server ${server} of ${where} does not exist in ${resourceGroup}`,
    { advice: [whereServerIs(server, 'resource-group or sql-server of the slot').join('\n')] },
  );
}

async function answering(
  { azure, log }: RunParts,
  deployment: DeploymentConfig,
  where: string,
): Promise<SqlServerInfo | null> {
  const { sqlServer: server, sqlResourceGroup: resourceGroup } = deployment;
  try {
    return await azure.sql.getServer({ resourceGroup, server });
  } catch (error) {
    log.warning(`Resource Manager does not tell about ${server} of ${where}: ${messageOf(error)}`);
    return null;
  }
}

/** Silence may be a disaster; that there is no such server is a mistake in the file, or somebody has deleted it. */
const existingOrSilent: ReadServer = async (parts, deployment, where) => {
  try {
    return await existing(parts, deployment, where);
  } catch (error) {
    if (error instanceof UpgradeError) throw error;
    parts.log.warning(
      `Resource Manager does not tell about ${deployment.sqlServer} of ${where}: ${messageOf(error)}`,
    );
    return null;
  }
};

/** One that is silent for long is taken for one that does not answer. */
const soonAnswering: ReadServer = (parts, deployment, where) =>
  within(parts.clock, answering(parts, deployment, where), null);

/** What the work comes to; `otherwise` where that takes too long. The work itself goes on. */
export async function within<T>(clock: Clock, work: Promise<T>, otherwise: T): Promise<T> {
  const ended = new AbortController();
  const patience = clock.sleep(PATIENCE_MS, ended.signal).then(
    () => otherwise,
    () => otherwise,
  );
  try {
    return await Promise.race([work, patience]);
  } finally {
    ended.abort();
  }
}

async function connectSlots(
  parts: RunParts,
  roles: SlotRoles,
  read: Readonly<Record<Role | 'backup', ReadServer>>,
): Promise<UpgradeContext> {
  const connect = async (role: Role) => {
    const slot = roles[role];
    const [server, backup] = await Promise.all([
      read[role](parts, slot, `slot ${slot.name}`),
      slot.backup ? read.backup(parts, slot.backup, `slot ${slot.name}, backup region`) : null,
    ]);
    return { slot, server, backup };
  };
  const [production, stage] = await Promise.all([connect('production'), connect('stage')]);
  const like = [production, stage]
    .flatMap((one) => [one.server, one.backup])
    .find((server) => server !== null);
  if (!like) {
    const { sqlServer } = roles.production;
    throw new UpgradeError(
      'resource-not-found',
      `Neither ${sqlServer} nor any other server of the application answers`,
    );
  }
  const slotOf = (role: Role, { slot, server, backup }: typeof production): Slot => ({
    ...deploymentOf(parts.config, slot, server, like, role),
    config: slot,
    standby: slot.backup && deploymentOf(parts.config, slot.backup, backup, like, role),
  });
  return withRoles(parts, slotOf('production', production), slotOf('stage', stage));
}

function deploymentOf(
  config: Config,
  deployment: DeploymentConfig | SlotConfig,
  server: SqlServerInfo | null,
  like: SqlServerInfo,
  role: Role,
): Deployment {
  return {
    config: deployment,
    server: server ?? silentServer(deployment, like),
    site: siteOf(config, deployment, role),
  };
}

/** A server that is gone or does not answer: it only has a name, and an address that follows from it. */
function silentServer({ sqlServer: name, sqlResourceGroup }: DeploymentConfig, like: SqlServerInfo): Server {
  const host = like.fullyQualifiedDomainName;
  const group = resourceGroupPath(partOf(like.id, 'subscriptions') ?? '', sqlResourceGroup);
  return {
    ...like,
    id: `${group}/providers/Microsoft.Sql/servers/${name}`,
    name,
    location: null,
    fullyQualifiedDomainName: `${name}${host.slice(host.indexOf('.'))}`,
    keyId: null,
  };
}

/** With slot swaps both slots are one site in each region: its production slot, and the deployment slot beside it. */
function siteOf(config: Config, deployment: DeploymentConfig, role: Role): SiteRef {
  const staged = config.switchMethod === 'slot-swap' && role === 'stage';
  return {
    resourceGroup: deployment.webAppResourceGroup,
    site: deployment.webApp,
    deploymentSlot: staged ? config.deploymentSlot : null,
  };
}
