// The same application seen from its two regions, and the geo-replication links between them. Topology
// geo-redundant has four of every thing: two slots, each in the primary and in the backup region.
import type { DatabaseRef, SqlTarget } from '../azure/ports.ts';
import type { SlotConfig } from '../config/config.ts';
import { UpgradeError } from '../reasons.ts';
import { sameName } from './production-slot.ts';
import type { DatabasePair, Deployment, Role, Slot, UpgradeContext } from './upgrade-context.ts';

/** The slot's part in the backup region. Throws 'internal-error' in a topology that has none. */
export function standbyOf(context: Pick<UpgradeContext, Role>, role: Role): Deployment {
  const { standby, config } = context[role];
  if (!standby) throw new UpgradeError('internal-error', `slot ${config.name} has no backup region`);
  return standby;
}

/**
 * The application in the backup region: production and stage are the two standbys. For steps and guards that do in one
 * region what they do in the other.
 */
export function inBackupRegion(context: UpgradeContext): UpgradeContext {
  const [first, second] = context.config.slots;
  const production = standbySlot(context, 'production');
  const stage = standbySlot(context, 'stage');
  return {
    ...context,
    config: { ...context.config, slots: [backupConfig(first), backupConfig(second)] },
    production,
    stage,
    databases: context.databases.map(({ name }) => ({
      name,
      production: databaseOn(production, name),
      stage: databaseOn(stage, name),
    })),
  };
}

function standbySlot(context: UpgradeContext, role: Role): Slot {
  return { ...standbyOf(context, role), config: backupConfig(context[role].config), standby: null };
}

function backupConfig(slot: SlotConfig): SlotConfig {
  if (!slot.backup) throw new UpgradeError('internal-error', `slot ${slot.name} has no backup region`);
  return { ...slot.backup, name: slot.name, backup: null, failoverGroup: null };
}

/** A database of the application on a deployment's server. */
export function databaseOn({ config }: Pick<Deployment, 'config'>, name: string): DatabaseRef {
  return { resourceGroup: config.sqlResourceGroup, server: config.sqlServer, database: name };
}

/** Whether production is in the other region than the configuration file has it: all of it was failed over. */
export function isFailedOver({ config, production }: UpgradeContext): boolean {
  const { name, sqlServer: now } = production.config;
  const configured = config.slots.find((slot) => slot.name === name) ?? production.config;
  return !sameName(configured.sqlServer, now);
}

/** Production's databases that were failed over one by one, the others not; none where all are in one region. */
export function failedOverAlone({
  production,
  databases,
}: Pick<UpgradeContext, 'production' | 'databases'>): readonly DatabasePair[] {
  const there = production.standby?.config.sqlServer;
  return there === undefined ? [] : databases.filter((pair) => sameName(pair.production.server, there));
}

/** The application with all of production's databases on its slot's server, for what is seen from its site. */
export function besideItsSite(context: UpgradeContext): UpgradeContext {
  const { production, databases } = context;
  return {
    ...context,
    databases: databases.map((pair) => ({ ...pair, production: databaseOn(production, pair.name) })),
  };
}

/** How that database is reached. */
export function targetOn({ server }: Deployment, name: string, purpose: string): SqlTarget {
  return { host: server.fullyQualifiedDomainName, database: name, purpose: `${purpose} ${name}` };
}

/** A geo-replication link of every database, from one deployment to another. */
export interface GeoLink {
  readonly from: Deployment;
  readonly to: Deployment;
}

/** (1) The link that brings the stage database up to date, and that the upgrade cuts. */
export function productionToStage({ production, stage }: Pick<UpgradeContext, Role>): GeoLink {
  return { from: production, to: stage };
}

/** The chained link: the stage database's own geo-secondary. Throws 'internal-error' in single-region. */
export function stageToStandby(context: Pick<UpgradeContext, Role>): GeoLink {
  return { from: context.stage, to: standbyOf(context, 'stage') };
}

/** Production's own disaster recovery, which no upgrade touches. Throws 'internal-error' in single-region. */
export function productionToStandby(context: Pick<UpgradeContext, Role>): GeoLink {
  return { from: context.production, to: standbyOf(context, 'production') };
}
