// Who gets at a server: firewall rules and the Entra administrator. Both take effect in the fabric at once.
import type { ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import { ArmError } from '../core/errors.ts';
import { locationDisplayName, sameName } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { asObject, asText } from '../core/json.ts';
import type { EntraAdministrator, FirewallRule, Server } from './model.ts';
import { SERVER } from './model.ts';
import type { SqlRegistry } from './registry.ts';

const IPV4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

export function setFirewallRule(registry: SqlRegistry, server: Server, rule: FirewallRule): void {
  server.firewallRules.set(rule.name, rule);
  publishFirewall(registry, server);
}

function publishFirewall(registry: SqlRegistry, server: Server): void {
  registry.context.fabric.setFirewall(
    server.name,
    server.firewallRules
      .values()
      .map((rule) => ({ name: rule.name, start: rule.startIpAddress, end: rule.endIpAddress })),
  );
}

export function setEntraAdministrator(
  registry: SqlRegistry,
  server: Server,
  administrator: EntraAdministrator | null,
): void {
  server.entraAdministrator = administrator;
  registry.context.fabric.setEntraAdministrator(
    server.name,
    administrator === null
      ? null
      : { name: administrator.login, objectId: administrator.objectId, appId: administrator.appId },
  );
}

export function firewallRoutes(registry: SqlRegistry): Route[] {
  const item = `${SERVER}/firewallRules/{rule}`;
  const action = (verb: string) => `Microsoft.Sql/servers/firewallRules/${verb}`;
  const body = (server: Server, rule: FirewallRule, call: ArmCall): JsonObject => ({
    id: `${registry.serverId(server)}/firewallRules/${rule.name}`,
    name: rule.name,
    type: 'Microsoft.Sql/servers/firewallRules',
    ...(call.apiVersion.startsWith('2014')
      ? { location: locationDisplayName(server.location), kind: 'v12.0' }
      : {}),
    properties: { startIpAddress: rule.startIpAddress, endIpAddress: rule.endIpAddress },
  });

  const put = (call: ArmCall) => {
    const server = registry.server(call);
    const properties = asObject(call.body.properties);
    const rule = {
      name: call.param('rule'),
      startIpAddress: address(properties.startIpAddress, 'startIpAddress'),
      endIpAddress: address(properties.endIpAddress, 'endIpAddress'),
    };
    const known = server.firewallRules.has(rule.name);
    setFirewallRule(registry, server, rule);
    return { status: known ? 200 : 201, body: body(server, rule, call) };
  };

  const get = (call: ArmCall) => {
    const server = registry.server(call);
    const rule = server.firewallRules.get(call.param('rule'));
    if (rule !== undefined) return ok(body(server, rule, call));
    if (call.apiVersion.startsWith('2014'))
      throw new ArmError(404, 'NotFound', "Resource not found for the segment 'firewallRules'.", {
        envelope: 'bare',
      });
    throw new ArmError(
      404,
      'ResourceNotFound',
      `The requested resource of type 'Microsoft.Sql/servers/firewallRules' with name '${call.param('rule')}' was not found.`,
    );
  };

  const remove = (call: ArmCall) => {
    const server = registry.server(call);
    if (!server.firewallRules.delete(call.param('rule'))) return { status: 204 };
    publishFirewall(registry, server);
    return { status: 200, contentType: 'application/json' };
  };

  return [
    {
      method: 'GET',
      template: `${SERVER}/firewallRules`,
      action: action('read'),
      handle: (call) => {
        const server = registry.server(call);
        return ok({ value: server.firewallRules.values().map((rule) => body(server, rule, call)) });
      },
    },
    { method: 'GET', template: item, action: action('read'), handle: get },
    { method: 'PUT', template: item, action: action('write'), handle: put },
    { method: 'DELETE', template: item, action: action('delete'), handle: remove },
  ];
}

export function administratorRoutes(registry: SqlRegistry): Route[] {
  const action = 'Microsoft.Sql/servers/administrators/read';
  const body = (server: Server, administrator: EntraAdministrator): JsonObject => ({
    id: `${registry.serverId(server)}/administrators/ActiveDirectory`,
    name: 'ActiveDirectory',
    type: 'Microsoft.Sql/servers/administrators',
    properties: {
      administratorType: 'ActiveDirectory',
      login: administrator.login,
      sid: administrator.objectId,
      tenantId: registry.context.tenantId,
      azureADOnlyAuthentication: false,
    },
  });
  return [
    {
      method: 'GET',
      template: `${SERVER}/administrators`,
      action,
      handle: (call) => {
        const server = registry.server(call);
        const administrator = server.entraAdministrator;
        return ok({ value: administrator === null ? [] : [body(server, administrator)] });
      },
    },
    {
      method: 'GET',
      template: `${SERVER}/administrators/{administrator}`,
      action,
      handle: (call) => {
        const server = registry.server(call);
        if (server.entraAdministrator !== null && sameName(call.param('administrator'), 'ActiveDirectory'))
          return ok(body(server, server.entraAdministrator));
        throw new ArmError(
          404,
          'ResourceNotFound',
          `The requested resource of type 'Microsoft.Sql/servers/administrators' with name '${call.param('administrator')}' was not found.`,
        );
      },
    },
  ];
}

function address(value: JsonObject[string], member: string): string {
  const text = asText(value);
  if (text !== null && IPV4.test(text)) return text;
  throw new ArmError(
    400,
    'InvalidParameterValue',
    `Invalid value given for parameter '${member}'. Specify a valid parameter value.`,
  );
}
