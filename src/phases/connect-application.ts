// From configuration to the application as it stands: who is production, who is stage, which servers and sites.
import { readSlotRoles } from '../application/production-slot.ts';
import { readRolesFromFreeze } from '../application/roles-from-freeze.ts';
import type { Role, Slot, UpgradeContext } from '../application/upgrade-context.ts';
import type { Azure, SiteRef } from '../azure/ports.ts';
import type { Config, SlotConfig } from '../config/config.ts';
import { UpgradeError } from '../reasons.ts';

/** Everything of the context that does not depend on who is production. */
export type RunParts = Omit<UpgradeContext, 'production' | 'stage' | 'databases'>;

/**
 * Reads the roles and the two servers. Throws 'production-slot-unclear', 'resource-not-found' and what the ports
 * throw. After a switch it is called again: the roles have changed.
 */
export async function connectApplication(parts: RunParts): Promise<UpgradeContext> {
  const roles = await readSlotRoles(parts.config, parts.azure);
  const [production, stage] = await Promise.all([
    connectSlot(parts.config, parts.azure, roles.production, 'production'),
    connectSlot(parts.config, parts.azure, roles.stage, 'stage'),
  ]);
  return withRoles(parts, production, stage);
}

/**
 * The application for giving production back, which needs production alone. Where Traffic Manager or the stage slot
 * do not answer, production is the slot whose database this tool has frozen; throws what stood in the way where
 * that does not tell either.
 */
export async function connectForRollback(parts: RunParts): Promise<UpgradeContext> {
  try {
    return await connectApplication(parts);
  } catch (error) {
    const roles = await readRolesFromFreeze(parts);
    if (!roles) throw error;
    parts.log.warning(`Not everything answers (${String(error)}): ${roles.evidence}`);
    const production = await connectSlot(parts.config, parts.azure, roles.production, 'production');
    const stage = await connectSlot(parts.config, parts.azure, roles.stage, 'stage').catch(() =>
      absentSlot(parts.config, roles.stage, production),
    );
    return withRoles(parts, production, stage);
  }
}

/** A slot whose server is gone or does not answer: nothing is asked of it, it only has a name. */
function absentSlot(config: Config, slot: SlotConfig, like: Slot): Slot {
  const { fullyQualifiedDomainName: host } = like.server;
  const server = {
    ...like.server,
    name: slot.sqlServer,
    fullyQualifiedDomainName: `${slot.sqlServer}${host.slice(host.indexOf('.'))}`,
  };
  return { config: slot, server, site: siteOf(config, slot, 'stage') };
}

/** The same application with the roles exchanged: how it will be after the switch. */
export function afterSwitch(context: UpgradeContext): UpgradeContext {
  const site = (slot: Slot, role: Role): Slot => ({
    ...slot,
    site: siteOf(context.config, slot.config, role),
  });
  return withRoles(context, site(context.stage, 'production'), site(context.production, 'stage'));
}

function withRoles(parts: RunParts, production: Slot, stage: Slot): UpgradeContext {
  const databases = parts.config.databases.map((name) => ({
    name,
    production: { ...sqlServerRef(production.config), database: name },
    stage: { ...sqlServerRef(stage.config), database: name },
  }));
  return { ...parts, production, stage, databases };
}

async function connectSlot(config: Config, azure: Azure, slot: SlotConfig, role: Role): Promise<Slot> {
  const server = await azure.sql.getServer(sqlServerRef(slot));
  if (!server) {
    throw new UpgradeError(
      'resource-not-found',
      `The SQL server ${slot.sqlServer} of slot ${slot.name} does not exist in ${slot.sqlResourceGroup}`,
      { advice: [`az sql server list -g ${slot.sqlResourceGroup} -o table`] },
    );
  }
  return { config: slot, server, site: siteOf(config, slot, role) };
}

/** With slot swaps both slots are one site: its production slot, and the deployment slot beside it. */
function siteOf(config: Config, slot: SlotConfig, role: Role): SiteRef {
  const staged = config.switchMethod === 'slot-swap' && role === 'stage';
  return {
    resourceGroup: slot.webAppResourceGroup,
    site: slot.webApp,
    deploymentSlot: staged ? config.deploymentSlot : null,
  };
}

function sqlServerRef(slot: SlotConfig) {
  return { resourceGroup: slot.sqlResourceGroup, server: slot.sqlServer };
}
