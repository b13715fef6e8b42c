// What the SDKs and this Azure say to each other in an upgrade, written down as it passes.
import type { JsonObject, JsonValue } from '../../../../local-azure/arm/core/json.ts';
import type { TestArm } from '../support/test-arm.ts';
import { BLUE_SQL } from '../support/test-arm.ts';

export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly requestBody: JsonValue;
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: JsonValue;
}

interface Headers {
  toJSON(): Record<string, string>;
}

/** As much of an SDK's pipeline as is needed to listen in. */
interface Listenable {
  readonly pipeline: {
    addPolicy(policy: {
      readonly name: string;
      sendRequest(
        request: { readonly method: string; readonly url: string; readonly body?: unknown },
        next: (request: never) => Promise<{ status: number; headers: Headers; bodyAsText?: string | null }>,
      ): Promise<never>;
    }): void;
  };
}

export function listen(client: Listenable, exchanges: Exchange[]): void {
  client.pipeline.addPolicy({
    name: 'listen',
    sendRequest: async (request, next) => {
      const answer = await next(request as never);
      exchanges.push({
        method: request.method,
        url: request.url,
        requestBody: parse(request.body),
        status: answer.status,
        responseHeaders: answer.headers.toJSON(),
        responseBody: parse(answer.bodyAsText),
      });
      return answer as never;
    },
  });
}

function parse(body: unknown): JsonValue {
  return typeof body === 'string' && body !== '' ? (JSON.parse(body) as JsonObject) : {};
}

/** Everything an upgrade asks of resource manager, through the SDKs. */
export async function upgradeExchanges(azure: TestArm): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  for (const client of [azure.sql, azure.trafficManager, azure.appService])
    listen(client as unknown as Listenable, exchanges);
  await sqlCalls(azure);
  await trafficManagerCalls(azure);
  await webCalls(azure);
  return exchanges;
}

async function sqlCalls(azure: TestArm): Promise<void> {
  const { sql } = azure;
  const [group, server, database] = ['contoso-green', 'contoso-sql-green', 'contoso'] as const;
  await sql.servers.get(group, server, { expand: 'administrators/activedirectory' });
  await sql.firewallRules.createOrUpdate(group, server, 'all', {
    startIpAddress: '0.0.0.0',
    endIpAddress: '255.255.255.255',
  });
  await drain(sql.firewallRules.listByServer(group, server));
  await drain(sql.failoverGroups.listByServer(group, server));
  await sql.encryptionProtectors.get(group, server, 'current');
  await sql.databases.beginCreateOrUpdateAndWait(group, server, database, {
    location: 'northeurope',
    sku: { name: 'Standard', tier: 'Standard', capacity: 20 },
    createMode: 'Secondary',
    secondaryType: 'Geo',
    sourceDatabaseId: `${BLUE_SQL}/databases/contoso`,
    tags: { 'rolling-upgrade': 'contoso' },
  });
  await sql.databases.get(group, server, database);
  await drain(sql.databases.listByServer(group, server));
  await drain(sql.databaseOperations.listByDatabase(group, server, database));
  const links = await drain(sql.replicationLinks.listByDatabase(group, server, database));
  await drain(sql.replicationLinks.listByServer(group, server));
  await sql.replicationLinks.get(group, server, database, links[0]?.name ?? '');
  await failoverCalls(azure, links[0]?.name ?? '');
  await sql.replicationLinks.beginDeleteAndWait(group, server, database, links[0]?.name ?? '');
  await sql.databases.beginDeleteAndWait(group, server, database);
}

/** There and back again, of the link by itself and of a failover group. */
async function failoverCalls({ arm, sql }: TestArm, link: string): Promise<void> {
  const [blue, green] = [
    ['contoso-blue', 'contoso-sql-blue'],
    ['contoso-green', 'contoso-sql-green'],
  ] as const;
  await sql.ledgerDigestUploadsOperations.get(...blue, 'contoso', 'current');
  await drain(sql.ledgerDigestUploadsOperations.listByDatabase(...blue, 'contoso'));
  await sql.replicationLinks.beginFailoverAndWait(...green, 'contoso', link);
  await sql.replicationLinks.beginFailoverAllowDataLossAndWait(...blue, 'contoso', link);
  arm.createGroup({ name: 'contoso-far', location: 'westeurope', tags: {} });
  arm.sql.createServer({
    name: 'contoso-sql-far',
    group: 'contoso-far',
    location: 'westeurope',
    administratorLogin: 'contoso-admin',
    administratorPassword: 'Aa1-not-a-secret',
  });
  const far = ['contoso-far', 'contoso-sql-far'] as const;
  await sql.failoverGroups.beginCreateOrUpdateAndWait(...blue, 'contoso-fog', {
    partnerServers: [
      { id: BLUE_SQL.replaceAll('contoso-blue', 'contoso-far').replace('sql-blue', 'sql-far') },
    ],
    readWriteEndpoint: { failoverPolicy: 'Automatic', failoverWithDataLossGracePeriodMinutes: 60 },
    readOnlyEndpoint: { failoverPolicy: 'Disabled' },
    databases: [`${BLUE_SQL}/databases/contoso`],
  });
  await sql.failoverGroups.get(...far, 'contoso-fog');
  await sql.failoverGroups.beginUpdateAndWait(...blue, 'contoso-fog', {
    readWriteEndpoint: { failoverPolicy: 'Manual' },
  });
  await drain(sql.failoverGroups.listByServer(...blue));
  await sql.failoverGroups.beginFailoverAndWait(...far, 'contoso-fog');
  await sql.failoverGroups.beginForceFailoverAllowDataLossAndWait(...blue, 'contoso-fog');
  await sql.failoverGroups.beginDeleteAndWait(...blue, 'contoso-fog');
}

async function trafficManagerCalls({ trafficManager }: TestArm): Promise<void> {
  const [group, name] = ['contoso-traffic', 'contoso'] as const;
  await trafficManager.endpoints.createOrUpdate(group, name, 'ExternalEndpoints', 'green', {
    target: 'contoso-green.azurewebsites.net',
    endpointStatus: 'Disabled',
    priority: 2,
  });
  const profile = await trafficManager.profiles.get(group, name);
  await trafficManager.profiles.createOrUpdate(group, name, profile);
  await trafficManager.profiles.update(group, name, { tags: { a: 'b' } });
  await trafficManager.endpoints.get(group, name, 'ExternalEndpoints', 'green');
  await drain(trafficManager.profiles.listByResourceGroup(group));
  await trafficManager.endpoints.delete(group, name, 'ExternalEndpoints', 'green');
}

async function webCalls({ appService }: TestArm): Promise<void> {
  const [group, site] = ['contoso-blue', 'contoso-blue'] as const;
  const { webApps } = appService;
  const production = await webApps.get(group, site);
  await appService.appServicePlans.get(group, 'contoso-blue-plan');
  await webApps.createOrUpdateSlot(group, site, 'staging', {
    location: 'North Europe',
    serverFarmId: production.serverFarmId ?? '',
    siteConfig: { linuxFxVersion: 'NODE|24-lts' },
  });
  await webApps.getConfiguration(group, site);
  await webApps.listApplicationSettings(group, site);
  await webApps.updateApplicationSettingsSlot(group, site, 'staging', { properties: { A: '1' } });
  await webApps.listConnectionStrings(group, site);
  await webApps.updateConnectionStringsSlot(group, site, 'staging', {
    properties: { contoso: { value: 'Server=x', type: 'SQLAzure' } },
  });
  await webApps.listSlotConfigurationNames(group, site);
  await drain(webApps.listSlots(group, site));
  await drain(webApps.listHostNameBindings(group, site));
  await webApps.swapSlotWithProduction(group, site, { targetSlot: 'staging', preserveVnet: true });
  await webApps.deleteSlot(group, site, 'staging', { deleteEmptyServerFarm: false });
}

async function drain<Item>(pages: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of pages) items.push(item);
  return items;
}
