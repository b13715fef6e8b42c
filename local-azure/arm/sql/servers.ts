// Microsoft.Sql/servers, and the two small resources that say how a server is protected.
import type { ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import { ArmError, resourceNotFound } from '../core/errors.ts';
import { locationDisplayName, NameMap, sameName } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { asObject, asText, asTexts } from '../core/json.ts';
import { requireLocation } from '../core/location.ts';
import type { Server } from './model.ts';
import { SERVER } from './model.ts';
import { accepted } from './operation-answers.ts';
import type { SqlRegistry } from './registry.ts';

const PROVIDER = '/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Sql';
const SUBSCRIPTION = '/subscriptions/{subscription}/providers/Microsoft.Sql';
/** From this version on a server tells its Entra administrator, where $expand asks for it. */
const EXPAND_SINCE = '2020-11-01';

export interface NewServer {
  readonly name: string;
  readonly group: string;
  readonly location: string;
  readonly administratorLogin: string;
  readonly administratorPassword: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Registers a server here and in the fabric. */
export function addServer(registry: SqlRegistry, server: NewServer): Server {
  const added: Server = {
    name: server.name,
    group: server.group,
    location: server.location,
    administratorLogin: server.administratorLogin,
    publicNetworkAccess: 'Enabled',
    entraAdministrator: null,
    keyUri: null,
    tags: server.tags ?? {},
    databases: new NameMap(),
    firewallRules: new NameMap(),
    elasticPools: new NameMap(),
  };
  const administrator = { login: server.administratorLogin, password: server.administratorPassword };
  registry.context.fabric.addServer(server.name, administrator, server.location);
  registry.servers.set(server.name, added);
  return added;
}

export function removeServer(registry: SqlRegistry, server: Server): void {
  for (const group of [...registry.failoverGroups])
    if ([group.primary, group.partner].some((each) => sameName(each, server.name))) {
      registry.failoverGroups.splice(registry.failoverGroups.indexOf(group), 1);
      registry.context.fabric.setListeners(group.name, null);
    }
  registry.context.fabric.removeServer(server.name);
  registry.servers.delete(server.name);
}

export function serverRoutes(registry: SqlRegistry): Route[] {
  const { context } = registry;
  const action = (verb: string) => `Microsoft.Sql/servers/${verb}`;
  const bodies = (call: ArmCall, servers: readonly Server[]) =>
    ok({ value: servers.map((server) => serverBody(registry, server, call)) });

  const put = (call: ArmCall) => {
    const name = call.param('server');
    const existing = registry.servers.get(name) ?? null;
    if (existing !== null && !sameName(existing.group, call.param('group')))
      throw new ArmError(
        409,
        'NameAlreadyExists',
        `The name '${name}' already exists. Choose a different name.`,
      );
    const group = call.param('group');
    const location = requireLocation(call.body, { name, group, location: existing?.location ?? null });
    const properties = asObject(call.body.properties);
    const login = asText(properties.administratorLogin);
    const password = asText(properties.administratorLoginPassword);
    const id = call.path;
    if (existing === null && (login === null || password === null))
      throw new ArmError(
        400,
        'InvalidParameterValue',
        "Invalid value given for parameter 'administratorLogin'. Specify a valid parameter value.",
      );
    const operation = context.operations.start(call, 'UpsertLogicalServer', id, async (signal) => {
      await context.clock.sleep(context.latency.of('create-database'), signal);
      const server =
        existing ??
        addServer(registry, {
          name,
          group,
          location,
          administratorLogin: login ?? '',
          administratorPassword: password ?? '',
        });
      if (call.body.tags !== undefined) server.tags = asTexts(call.body.tags);
      if (properties.publicNetworkAccess !== undefined)
        server.publicNetworkAccess = properties.publicNetworkAccess === 'Disabled' ? 'Disabled' : 'Enabled';
    });
    return accepted(context, call, operation, 'server', location);
  };

  const remove = (call: ArmCall) => {
    const server = registry.servers.get(call.param('server'));
    if (server === undefined) return { status: 204 };
    const operation = context.operations.start(
      call,
      'DropLogicalServer',
      registry.serverId(server),
      async (signal) => {
        await context.clock.sleep(context.latency.of('drop-database'), signal);
        removeServer(registry, server);
      },
    );
    return accepted(context, call, operation, 'server', server.location);
  };

  return [
    {
      method: 'GET',
      template: `${SUBSCRIPTION}/servers`,
      action: action('read'),
      handle: (call) => bodies(call, registry.servers.values()),
    },
    {
      method: 'GET',
      template: `${PROVIDER}/servers`,
      action: action('read'),
      handle: (call) =>
        bodies(
          call,
          registry.servers.values().filter((server) => sameName(server.group, call.param('group'))),
        ),
    },
    {
      method: 'GET',
      template: SERVER,
      action: action('read'),
      handle: (call) => ok(serverBody(registry, registry.server(call), call)),
    },
    { method: 'PUT', template: SERVER, action: action('write'), handle: put },
    { method: 'DELETE', template: SERVER, action: action('delete'), handle: remove },
    {
      method: 'GET',
      template: `${SERVER}/encryptionProtector/current`,
      action: action('encryptionProtector/read'),
      handle: (call) => ok(encryptionProtector(registry, registry.server(call))),
    },
    {
      method: 'GET',
      template: `${SERVER}/elasticPools`,
      action: action('elasticPools/read'),
      handle: (call) => {
        const server = registry.server(call);
        return ok({ value: server.elasticPools.values().map((pool) => poolBody(registry, server, pool)) });
      },
    },
    {
      method: 'GET',
      template: `${SERVER}/elasticPools/{pool}`,
      action: action('elasticPools/read'),
      handle: (call) => {
        const server = registry.server(call);
        const pool = server.elasticPools.get(call.param('pool'));
        if (pool === undefined)
          throw resourceNotFound(
            `Microsoft.Sql/servers/${server.name}/elasticPools/${call.param('pool')}`,
            server.group,
          );
        return ok(poolBody(registry, server, pool));
      },
    },
  ];
}

function serverBody(registry: SqlRegistry, server: Server, call: ArmCall): JsonObject {
  const modern = call.apiVersion >= EXPAND_SINCE;
  const expanded = (call.query.get('$expand') ?? '').toLowerCase().startsWith('administrators');
  return {
    ...(Object.keys(server.tags).length === 0 ? {} : { tags: server.tags }),
    kind: 'v12.0',
    properties: {
      administratorLogin: server.administratorLogin,
      version: '12.0',
      state: 'Ready',
      fullyQualifiedDomainName: `${server.name}.database.windows.net`,
      privateEndpointConnections: [],
      ...(modern ? { minimalTlsVersion: '1.2' } : {}),
      publicNetworkAccess: server.publicNetworkAccess,
      ...(modern ? { restrictOutboundNetworkAccess: 'Disabled' } : {}),
      ...(server.keyUri === null ? {} : { keyId: server.keyUri }),
      ...(modern && expanded && server.entraAdministrator !== null
        ? {
            administrators: {
              administratorType: 'ActiveDirectory',
              principalType: server.entraAdministrator.principalType,
              login: server.entraAdministrator.login,
              sid: server.entraAdministrator.objectId,
              tenantId: registry.context.tenantId,
              azureADOnlyAuthentication: false,
            },
          }
        : {}),
    },
    location: server.location,
    id: registry.serverId(server),
    name: server.name,
    type: 'Microsoft.Sql/servers',
  };
}

function encryptionProtector(registry: SqlRegistry, server: Server): JsonObject {
  const managed = server.keyUri === null;
  return {
    kind: managed ? 'servicemanaged' : 'azurekeyvault',
    location: locationDisplayName(server.location),
    properties: {
      serverKeyName: managed ? 'ServiceManaged' : keyName(server.keyUri ?? ''),
      serverKeyType: managed ? 'ServiceManaged' : 'AzureKeyVault',
      ...(managed ? {} : { uri: server.keyUri }),
      autoRotationEnabled: false,
    },
    id: `${registry.serverId(server)}/encryptionProtector/current`,
    name: 'current',
    type: 'Microsoft.Sql/servers/encryptionProtector',
  };
}

/** vault_key_version, as Microsoft.Sql names a key of a vault. */
function keyName(uri: string): string {
  const [, vault = '', key = '', version = ''] =
    /^https:\/\/([^.]+)\.[^/]+\/keys\/([^/]+)\/([^/]+)/.exec(uri) ?? [];
  return `${vault}_${key}_${version}`;
}

function poolBody(registry: SqlRegistry, server: Server, pool: { name: string; tier: string }): JsonObject {
  return {
    sku: { name: `${pool.tier}Pool`, tier: pool.tier, capacity: 50 },
    kind: 'v12.0,pool',
    properties: { state: 'Ready', zoneRedundant: false },
    location: server.location,
    id: `${registry.serverId(server)}/elasticPools/${pool.name}`,
    name: pool.name,
    type: 'Microsoft.Sql/servers/elasticPools',
  };
}
