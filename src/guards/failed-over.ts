// Production that was moved to its standby, by a failover of the database or of the profile, and not back.
import type { Observation } from '../application/observe.ts';
import { findEndpoint, sameName, servedSlot } from '../application/production-slot.ts';
import { standbyOf } from '../application/regions.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import type { ReplicationLink } from '../azure/ports.ts';
import { command } from './command-line.ts';
import type { Verdict } from './guard.ts';
import { updateEndpoint } from './traffic-manager-commands.ts';
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

/** 'region-mismatch' where production's database in the primary region is a geo-secondary of its standby. */
export function failedOverDatabases(context: UpgradeContext, { databases }: Observation): Verdict | null {
  const { config, server } = context.production;
  const standby = standbyOf(context, 'production').config.sqlServer;
  const moved = databases.filter(({ production }) => linkFromStandby(context, production.links));
  if (moved.length === 0) return null;
  const names = moved.map(({ name }) => name).join(', ');
  const setPrimary = (name: string) =>
    command(
      'az',
      'sql',
      'db',
      'replica',
      'set-primary',
      '-g',
      config.sqlResourceGroup,
      '-s',
      server.name,
      '-n',
      name,
    );
  return fail(
    'region-mismatch',
    `${names} was failed over: ${standby} is the primary, ${server.name} its geo-secondary`,
    'Fail back before an upgrade is begun (planned, nothing is lost):',
    ...moved.map(({ name }) => setPrimary(name)),
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
