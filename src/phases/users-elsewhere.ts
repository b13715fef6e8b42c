// After a failover of the database alone (by a person, or by a failover group): Traffic Manager knows nothing of it and
// goes on sending users to the site beside the database that can only be read now.
import type { DatabaseObservation, Observation } from '../application/observe.ts';
import { findEndpoint, servedSlot } from '../application/production-slot.ts';
import { updateEndpoint } from '../application/traffic-manager-commands.ts';
import type { Role, UpgradeContext } from '../application/upgrade-context.ts';

/**
 * A sentence with its commands; none where users are sent to the site beside the database that takes writes.
 * @param backup what production's other region shows.
 */
export function usersElsewhere(
  context: UpgradeContext,
  { profile, databases }: Observation,
  backup: Observation | null,
): readonly string[] {
  const { production, config } = context;
  if (!profile || !backup || !production.standby) return [];
  const served = servedSlot(config, profile);
  const other = findEndpoint(profile, production.standby.config);
  if (!served || served.endpoint !== other || other.monitorStatus !== 'Online') return [];
  const elsewhere = databases.some((one) => is(one, 'production', 'read-write'));
  const onlyRead = backup.databases.some((one) => is(one, 'production', 'read-only'));
  if (!elsewhere || !onlyRead) return [];
  const here = findEndpoint(profile, production.config);
  return [
    [
      `Traffic Manager sends users to ${other.name} first, and ${production.standby.server.name} beside it can only be read: ${production.server.name} takes writes. Where that site is connected by its server's name (not by the listener of a failover group) users cannot write until they are sent to ${production.config.endpoint.name}:`,
      ...(here && here.status !== 'Enabled'
        ? [updateEndpoint(context, here, '--endpoint-status', 'Enabled')]
        : []),
      updateEndpoint(context, other, '--endpoint-status', 'Disabled'),
    ].join('\n'),
  ];
}

function is(database: DatabaseObservation, role: Role, access: 'read-write' | 'read-only'): boolean {
  return database[role].access === access;
}
