// Production that was moved to its standby, by a failover of the database or of the profile, and not back.

import { setPrimary } from '../application/geo-replication-commands.ts';
import type { Observation } from '../application/observe.ts';
import { findEndpoint, sameName, servedSlot } from '../application/production-slot.ts';
import { databaseOn, failedOverAlone, standbyOf } from '../application/regions.ts';
import { updateEndpoint } from '../application/traffic-manager-commands.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import type { ReplicationLink } from '../azure/ports.ts';
import type { Verdict } from './guard.ts';
import { fail } from './verdict.ts';

/** The link by which production's own standby is the primary of production's database; null where it is not. */
export function linkFromStandby(
  context: UpgradeContext,
  links: readonly ReplicationLink[],
): ReplicationLink | null {
  const standby = standbyOf(context, 'production').config.sqlServer;
  const isFrom = (link: ReplicationLink) =>
    (link.role === 'Secondary' || link.role === 'NonReadableSecondary') &&
    sameName(link.partnerServer, standby);
  return links.find(isFrom) ?? null;
}

/**
 * 'region-mismatch' where production's database in the primary region is a geo-secondary of its standby. A run that
 * has seen so already takes the standby for production.
 */
export function failedOverDatabases(context: UpgradeContext, { databases }: Observation): Verdict | null {
  const { name: slot, sqlServer: now } = context.production.config;
  const primary = context.config.slots.find(({ name }) => name === slot) ?? context.production.config;
  const exchanged = !sameName(primary.sqlServer, now);
  const alone = failedOverAlone(context).map(({ name }) => name);
  const moved = databases.filter(
    ({ name, production }) => exchanged || alone.includes(name) || linkFromStandby(context, production.links),
  );
  if (moved.length === 0) return null;
  const names = moved.map(({ name }) => name).join(', ');
  const standby = exchanged ? now : standbyOf(context, 'production').config.sqlServer;
  return fail(
    'region-mismatch',
    `${names} was failed over: ${standby} in the backup region is the primary, ${primary.sqlServer} its geo-secondary`,
    'Fail back before an upgrade is begun (planned: nothing is lost; both regions have to answer):',
    ...moved.map(({ name }) => setPrimary(databaseOn({ config: primary }, name), 'planned')),
    exchangeKeys(context),
  );
}

/** 'region-mismatch' where the profile sends users to a standby first. */
export function failedOverEndpoint(context: UpgradeContext, { profile }: Observation): Verdict | null {
  const served = profile && servedSlot(context.config, profile);
  if (!profile || !served?.standby) return null;
  const { slot, endpoint } = served;
  const primary = findEndpoint(profile, slot);
  return fail(
    'region-mismatch',
    `${profile.name} sends users to ${endpoint.name} first, slot ${slot.name}'s endpoint in the backup region`,
    `Fail back before an upgrade is begun: ${slot.endpoint.name} enabled, with a smaller priority number than ${endpoint.name}:`,
    ...(primary
      ? [updateEndpoint(context, primary, '--endpoint-status', 'Enabled', '--priority', 'NUMBER')]
      : []),
    exchangeKeys(context),
  );
}

function exchangeKeys({ production }: UpgradeContext): string {
  const slot = `slots.${production.config.name}`;
  return `Or, where users stay in that region for good, exchange the keys of ${slot} with those of ${slot}.backup in the configuration file, and so for the other slot.`;
}
