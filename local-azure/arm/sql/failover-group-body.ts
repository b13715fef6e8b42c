// A failover group as Azure shows it: from both of its servers, with the asked side's ids.
import { locationDisplayName, sameName } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { isLinkOf } from './failover-group-members.ts';
import type { FailoverGroup, Server } from './model.ts';
import type { SqlRegistry } from './registry.ts';

export function failoverGroupBody(registry: SqlRegistry, server: Server, group: FailoverGroup): JsonObject {
  const isPrimary = sameName(group.primary, server.name);
  const partner = registry.servers.get(isPrimary ? group.partner : group.primary) ?? server;
  return {
    location: locationDisplayName(server.location),
    ...(group.tags === undefined ? {} : { tags: group.tags }),
    properties: {
      readWriteEndpoint: {
        failoverPolicy: group.readWritePolicy,
        ...(group.gracePeriodMinutes === null
          ? {}
          : { failoverWithDataLossGracePeriodMinutes: group.gracePeriodMinutes }),
      },
      readOnlyEndpoint: { failoverPolicy: group.readOnlyPolicy ?? 'Disabled' },
      replicationRole: isPrimary ? 'Primary' : 'Secondary',
      replicationState: stateOf(registry, server, group),
      partnerServers: [
        {
          id: registry.serverId(partner),
          location: locationDisplayName(partner.location),
          replicationRole: isPrimary ? 'Secondary' : 'Primary',
        },
      ],
      databases: group.databases.map((name) => registry.databaseId(server, name)),
    },
    id: `${registry.serverId(server)}/failoverGroups/${group.name}`,
    name: group.name,
    type: 'Microsoft.Sql/servers/failoverGroups',
  };
}

/** That of the first link that has not caught up. */
function stateOf({ context }: SqlRegistry, server: Server, group: FailoverGroup): string {
  const links = group.databases
    .filter((name) => context.fabric.hasDatabase(server.name, name))
    .flatMap((name) => context.fabric.links(server.name, name))
    .filter((link) => isLinkOf(group, link));
  return links.find((link) => link.state !== 'CATCH_UP')?.state ?? 'CATCH_UP';
}
