// Microsoft.Sql/servers/failoverGroups, as far as an upgrade meets them: they are listed, and they forbid the
// removal of a link of theirs. A group is seen from both of its servers, with its own side's ids.
import type { ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import { ArmError } from '../core/errors.ts';
import { locationDisplayName, parseId, sameName } from '../core/ids.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { asList, asNumber, asObject, asText } from '../core/json.ts';
import type { FailoverGroup, Server } from './model.ts';
import { SERVER } from './model.ts';
import { accepted } from './operation-answers.ts';
import type { SqlRegistry } from './registry.ts';

export function failoverGroupRoutes(registry: SqlRegistry): Route[] {
  const { context, failoverGroups } = registry;
  const item = `${SERVER}/failoverGroups/{failoverGroup}`;
  const action = (verb: string) => `Microsoft.Sql/servers/failoverGroups/${verb}`;
  const of = (server: Server) =>
    failoverGroups.filter(
      (group) => sameName(group.primary, server.name) || sameName(group.partner, server.name),
    );
  const find = (call: ArmCall) =>
    of(registry.server(call)).find((group) => sameName(group.name, call.param('failoverGroup'))) ?? null;

  const put = (call: ArmCall) => {
    const server = registry.server(call);
    const existing = find(call);
    const group = requested(registry, call, server);
    const name = existing === null ? 'CreateFailoverGroup' : 'UpdateFailoverGroup';
    const operation = context.operations.start(call, name, call.path, async (signal) => {
      await context.clock.sleep(context.latency.of('drop-database'), signal);
      if (existing === null) failoverGroups.push(group);
      else Object.assign(existing, group);
    });
    return accepted(context, call, operation, 'failoverGroup', server.location);
  };

  const remove = (call: ArmCall) => {
    const server = registry.server(call);
    const group = find(call);
    if (group === null) return { status: 204 };
    const operation = context.operations.start(call, 'DropFailoverGroup', call.path, async (signal) => {
      await context.clock.sleep(context.latency.of('drop-database'), signal);
      failoverGroups.splice(failoverGroups.indexOf(group), 1);
    });
    return accepted(context, call, operation, 'failoverGroup', server.location);
  };

  return [
    {
      method: 'GET',
      template: `${SERVER}/failoverGroups`,
      action: action('read'),
      handle: (call) => {
        const server = registry.server(call);
        return ok({ value: of(server).map((group) => failoverGroupBody(registry, server, group)) });
      },
    },
    {
      method: 'GET',
      template: item,
      action: action('read'),
      handle: (call) => {
        const group = find(call);
        if (group !== null) return ok(failoverGroupBody(registry, registry.server(call), group));
        throw new ArmError(
          404,
          'ResourceNotFound',
          `The requested resource of type 'Microsoft.Sql/servers/failoverGroups' with name '${call.param('failoverGroup')}' was not found.`,
        );
      },
    },
    { method: 'PUT', template: item, action: action('write'), handle: put },
    { method: 'DELETE', template: item, action: action('delete'), handle: remove },
  ];
}

function requested(registry: SqlRegistry, call: ArmCall, server: Server): FailoverGroup {
  const properties = asObject(call.body.properties);
  const partners = asList(properties.partnerServers);
  const partner = registry.servers.get(lastName(asObject(partners[0]).id));
  if (partners.length !== 1)
    throw new ArmError(
      400,
      'FailoverGroupCreateOrUpdateRequestUnsupportedPartnerCount',
      'The failover group must have exactly one partner server.',
    );
  if (partner === undefined)
    throw new ArmError(400, 'InvalidPartnerServer', 'The partner server does not exist.');
  if (partner.location === server.location)
    throw new ArmError(
      400,
      'FailoverGroupPartnerServerFromSameRegion',
      `Server '${partner.name}' in the same region as the primary server '${server.name}' cannot be used as a failover group partner.`,
    );
  const readWrite = asObject(properties.readWriteEndpoint);
  return {
    name: call.param('failoverGroup'),
    primary: server.name,
    partner: partner.name,
    databases: asList(properties.databases).map(lastName),
    readWritePolicy: asText(readWrite.failoverPolicy) === 'Automatic' ? 'Automatic' : 'Manual',
    gracePeriodMinutes: asNumber(readWrite.failoverWithDataLossGracePeriodMinutes),
  };
}

function lastName(id: JsonValue): string {
  return parseId(asText(id) ?? '')?.names.at(-1) ?? '';
}

function failoverGroupBody(registry: SqlRegistry, server: Server, group: FailoverGroup): JsonObject {
  const isPrimary = sameName(group.primary, server.name);
  const partner = registry.servers.get(isPrimary ? group.partner : group.primary) ?? server;
  return {
    location: locationDisplayName(server.location),
    properties: {
      readWriteEndpoint: {
        failoverPolicy: group.readWritePolicy,
        ...(group.gracePeriodMinutes === null
          ? {}
          : { failoverWithDataLossGracePeriodMinutes: group.gracePeriodMinutes }),
      },
      readOnlyEndpoint: { failoverPolicy: 'Disabled' },
      replicationRole: isPrimary ? 'Primary' : 'Secondary',
      replicationState: 'CATCH_UP',
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
