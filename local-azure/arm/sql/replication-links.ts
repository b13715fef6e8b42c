// Microsoft.Sql/servers/databases/replicationLinks. One link, one id, seen from both sides. DELETE is forced: it
// answers 200 at once, and what had not been shipped is lost to the secondary.
import type { FabricLink } from '../../sql/fabric.ts';
import type { ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import { ArmError } from '../core/errors.ts';
import { locationDisplayName, sameName } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { requireDatabase } from './databases.ts';
import { refuseInFailoverGroup } from './failover-group-members.ts';
import type { Database, Server } from './model.ts';
import { DATABASE, SERVER } from './model.ts';
import type { SqlRegistry } from './registry.ts';

/** From this version on a link tells its type, and no longer its location. */
const LINK_TYPE_SINCE = '2021-02-01';

export function replicationLinkRoutes(registry: SqlRegistry): Route[] {
  const { fabric } = registry.context;
  const action = (verb: string) => `Microsoft.Sql/servers/databases/replicationLinks/${verb}`;
  const bodyOf = (server: Server, database: string, link: FabricLink, apiVersion: string) =>
    linkBody(registry, server, database, link, apiVersion);

  const find = (call: ArmCall) => requireLink(registry, call);

  const listByDatabase = (call: ArmCall) => {
    const { server, database } = requireDatabase(registry, call);
    const links = fabric.links(server.name, database.name);
    return ok({ value: links.map((link) => bodyOf(server, database.name, link, call.apiVersion)) });
  };

  const listByServer = (call: ArmCall) => {
    const server = registry.server(call);
    const value = registry
      .databases(server)
      .flatMap(({ name }) =>
        fabric.links(server.name, name).map((link) => bodyOf(server, name, link, call.apiVersion)),
      );
    return ok({ value });
  };

  const remove = (call: ArmCall) => {
    const { server, database, link } = find(call);
    refuseInFailoverGroup(registry, server, database.name, link);
    refuseWithLedger(registry, link);
    fabric.removeLink(link.id);
    return { status: 200, contentType: 'application/json' };
  };

  return [
    {
      method: 'GET',
      template: `${DATABASE}/replicationLinks`,
      action: action('read'),
      handle: listByDatabase,
    },
    {
      method: 'GET',
      template: `${SERVER}/replicationLinks`,
      action: 'Microsoft.Sql/servers/replicationLinks/read',
      handle: listByServer,
    },
    {
      method: 'GET',
      template: `${DATABASE}/replicationLinks/{link}`,
      action: action('read'),
      handle: (call) => {
        const { server, database, link } = find(call);
        return ok(bodyOf(server, database.name, link, call.apiVersion));
      },
    },
    {
      method: 'DELETE',
      template: `${DATABASE}/replicationLinks/{link}`,
      action: action('delete'),
      handle: remove,
    },
  ];
}

/** The link a call names, and the side it was asked of; throws 404. */
export function requireLink(
  registry: SqlRegistry,
  call: ArmCall,
): { server: Server; database: Database; link: FabricLink } {
  const { server, database } = requireDatabase(registry, call);
  const link = registry.context.fabric
    .links(server.name, database.name)
    .find((each) => sameName(each.id, call.param('link')));
  if (link !== undefined) return { server, database, link };
  throw new ArmError(
    404,
    'ResourceNotFound',
    `The requested resource of type 'Microsoft.Sql/servers/databases/replicationLinks' with name '${call.param('link')}' was not found.`,
  );
}

function linkBody(
  registry: SqlRegistry,
  server: Server,
  database: string,
  link: FabricLink,
  apiVersion: string,
): JsonObject {
  const isPrimary = sameName(link.primary.server, server.name) && sameName(link.primary.database, database);
  const partner = isPrimary ? link.secondary : link.primary;
  const location = locationDisplayName(server.location);
  const modern = apiVersion >= LINK_TYPE_SINCE;
  const startTime = link.startedAt.toISOString();
  return {
    id: `${registry.databaseId(server, database)}/replicationLinks/${link.id}`,
    name: link.id,
    ...(modern ? {} : { type: 'Microsoft.Sql/servers/databases/replicationLinks', location }),
    properties: {
      partnerServer: partner.server,
      partnerDatabase: partner.database,
      partnerLocation: locationDisplayName(registry.servers.get(partner.server)?.location ?? server.location),
      role: isPrimary ? 'Primary' : 'Secondary',
      partnerRole: isPrimary ? 'Secondary' : 'Primary',
      replicationMode: 'ASYNC',
      // 2014-04-01 writes no zone: clients in other zones read another time.
      startTime: modern ? startTime : startTime.replace('Z', ''),
      percentComplete: link.percentComplete,
      replicationState: link.state,
      isTerminationAllowed: true,
      ...(modern ? { linkType: 'GEO' } : {}),
    },
  };
}

/** Either end's digests would go on as if the other end were still there. */
function refuseWithLedger(registry: SqlRegistry, { primary, secondary }: FabricLink): void {
  const uploads = [primary, secondary].some(
    (end) =>
      (registry.servers.get(end.server)?.databases.get(end.database)?.ledgerDigestEndpoint ?? null) !== null,
  );
  if (!uploads) return;
  throw new ArmError(
    400,
    'LedgerNoDropLink',
    'The replication link cannot be dropped while automatic ledger digest upload is enabled. Disable ledger digest uploads and retry.',
  );
}
