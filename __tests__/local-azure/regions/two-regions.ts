// The geo-redundant example company with a way to reach every part of it by a client that does not try again.
import tls from 'node:tls';
import { SqlManagementClient } from '@azure/arm-sql';
import { ClientSecretCredential } from '@azure/identity';
import { afterEach } from '@jest/globals';
import { type LocalAzure, startLocalAzure } from '../../../local-azure/start.ts';
import { IDS, PRINCIPAL, sqlHost } from '../../../local-azure/topologies/contoso.ts';
import { AUDIENCES } from '../../../local-azure/topologies/environment.ts';
import { DEFAULTS, type LocalAzureOptions } from '../../../local-azure/topologies/options.ts';
import { createRoutes } from '../../../local-azure/web/routes.ts';
import { type DatabaseConnection, openConnection } from '../../../local-azure/web/sql-connection.ts';
import { parseAzureEnvironment } from '../../../src/azure/environment.ts';
import { createSqlConnector } from '../../../src/azure/sql-connection.ts';
import { systemClock } from '../../../src/clock.ts';

export const NORTH = 'northeurope';
export const WEST = 'westeurope';
export const DATABASE = 'contoso';
/** Production's server in the primary region, its standby's in the backup region, the stage slot's two. */
export const [FIRST, STANDBY, STAGE, STAGE_STANDBY] = [
  'contoso-sql-1',
  'contoso-sql-dr',
  'contoso-sql-2',
  'contoso-sql-3',
] as const;

export const GROUPS: Readonly<Record<string, string>> = {
  [FIRST]: 'contoso-blue',
  [STANDBY]: 'contoso-blue-dr',
  [STAGE]: 'contoso-green',
  [STAGE_STANDBY]: 'contoso-green-dr',
};

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Closed after the test. */
export async function startTwoRegions(change: Partial<LocalAzureOptions> = {}): Promise<LocalAzure> {
  const local = await startLocalAzure({ ...DEFAULTS, topology: 'geo-redundant', orders: 5, ...change });
  closers.push(() => local.close());
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), local.ca]);
  const grant = { scope: `/subscriptions/${IDS.subscription}`, actions: ['*'], notActions: [] };
  local.arm.setGrants(PRINCIPAL.objectId, [grant]);
  return local;
}

/** Takes the region down in the moment in which the first call of this name arrives, before it is carried out. */
export function loseAtCall(local: LocalAzure, region: string, call: RegExp): void {
  let isDone = false;
  local.faults.onCall((name) => {
    if (isDone || !call.test(name)) return;
    isDone = true;
    local.setRegionDown(region, true);
  });
}

/** A connection of the SQL administrator, by tedious. Rejects with DatabaseError. */
export async function connectTo(
  local: LocalAzure,
  server: string,
  database = DATABASE,
): Promise<DatabaseConnection> {
  const [host = '', port = ''] = (local.description.sql[server] ?? '').split(':');
  const routes = createRoutes();
  routes.set(sqlHost(server), 1433, { host, port: Number(port) });
  const { user, password } = local.description.sqlLogin;
  const endpoint = { host: sqlHost(server), port: 1433, database, user, password };
  const access = { routes, ca: local.ca, requestTimeoutMs: 20_000 };
  const connection = await openConnection(endpoint, access, 'test');
  closers.push(() => connection.close());
  return connection;
}

/** The same, by the product's own connector: batches travel as such. */
export async function connectAsProduct(local: LocalAzure, server: string, database = DATABASE) {
  const connector = createSqlConnector({
    credential: credential(local),
    environment: parseAzureEnvironment(local.description.environment.INPUT_AZURE_ENVIRONMENT ?? ''),
    sqlLogin: local.description.sqlLogin,
    mask: () => undefined,
    clock: systemClock,
    log: () => undefined,
  });
  const connection = await connector.connect({ host: sqlHost(server), database, purpose: 'test' });
  closers.push(() => connection.close());
  return connection;
}

function credential(local: LocalAzure): ClientSecretCredential {
  const secret = local.description.environment.AZURE_CLIENT_SECRET ?? '';
  return new ClientSecretCredential(IDS.tenant, PRINCIPAL.appId, secret, {
    authorityHost: local.description.authority,
    disableInstanceDiscovery: true,
  });
}

/** Microsoft's client; it does not try again. */
export function sqlClient(local: LocalAzure): SqlManagementClient {
  return new SqlManagementClient(credential(local), IDS.subscription, {
    endpoint: local.description.arm,
    credentialScopes: `${AUDIENCES.resourceManager}/.default`,
    retryOptions: { maxRetries: 0 },
  });
}

export interface ArmAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** One request to resource manager. @param path Below the subscription; `api-version` is added. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<ArmAnswer>;

export async function resourceManager(local: LocalAzure): Promise<Ask> {
  const token = await credential(local).getToken(`${AUDIENCES.resourceManager}/.default`);
  return async (method, path, body) => {
    const version = apiVersion(path);
    const answer = await fetch(
      `${local.description.arm}/subscriptions/${IDS.subscription}${path}?api-version=${version}`,
      {
        method,
        headers: { authorization: `Bearer ${token.token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
    );
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? null : JSON.parse(text) };
  };
}

function apiVersion(path: string): string {
  const namespace = path.split('/providers/').at(-1) ?? '';
  if (namespace.startsWith('Microsoft.Sql')) return '2023-08-01';
  if (namespace.startsWith('Microsoft.Web')) return '2024-11-01';
  if (namespace.startsWith('Microsoft.Network')) return '2022-04-01';
  if (namespace.startsWith('Microsoft.Authorization')) return '2022-04-01';
  return '2021-04-01';
}

/** Resource id below the subscription. */
export function serverPath(server: string): string {
  return `/resourceGroups/${GROUPS[server]}/providers/Microsoft.Sql/servers/${server}`;
}
