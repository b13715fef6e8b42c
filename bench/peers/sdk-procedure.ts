// The article's procedure (single region) by the SDKs with their default pollers: straight-line code in a process of its own, as
// an engineer writes it for this one application. Arguments: prepare or upgrade. The environment says where everything is
// (places.ts). Ends with status 1 and an error where users are not on the new version at the end.
import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { SqlManagementClient } from '@azure/arm-sql';
import { TrafficManagerManagementClient } from '@azure/arm-trafficmanager';
import { ClientSecretCredential } from '@azure/identity';
import { healthOf } from './sdk-health.ts';
import { openSql, type Sql } from './sdk-sql.ts';

const LONGEST_WAIT_MS = 300_000;
const PAUSE_MS = 1_000;

const env = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

const credential = new ClientSecretCredential(
  env('AZURE_TENANT_ID'),
  env('AZURE_CLIENT_ID'),
  env('AZURE_CLIENT_SECRET'),
  { authorityHost: env('AUTHORITY'), disableInstanceDiscovery: true },
);
const armOptions = {
  endpoint: env('ARM'),
  credentialScopes: 'https://management.core.windows.net//.default',
};
const sqlClient = new SqlManagementClient(credential, env('AZURE_SUBSCRIPTION_ID'), armOptions);
const trafficClient = new TrafficManagerManagementClient(
  credential,
  env('AZURE_SUBSCRIPTION_ID'),
  armOptions,
);
const database = env('DATABASE');
const production = { group: env('PRODUCTION_GROUP'), server: env('PRODUCTION_SERVER') };
const stage = { group: env('STAGE_GROUP'), server: env('STAGE_SERVER') };
const traffic = { group: env('TRAFFIC_GROUP'), profile: env('TRAFFIC_PROFILE') };

if (process.argv[2] === 'prepare') await prepare();
else if (process.argv[2] === 'upgrade') await upgrade();
else throw new Error('prepare or upgrade');

async function prepare(): Promise<void> {
  const source = await sqlClient.databases.get(production.group, production.server, database);
  await sqlClient.databases.beginCreateOrUpdateAndWait(stage.group, stage.server, database, {
    location: source.location,
    createMode: 'Secondary',
    sourceDatabaseId: source.id ?? '',
  });
  await until('the copy is seeded', async () => (await linkToStage())?.replicationState === 'CATCH_UP');
  const profile = await trafficClient.profiles.get(traffic.group, traffic.profile);
  await trafficClient.profiles.createOrUpdate(traffic.group, traffic.profile, {
    ...profile,
    endpoints: [
      ...(profile.endpoints ?? []).filter(({ name }) => name !== env('STAGE_ENDPOINT')),
      {
        name: env('STAGE_ENDPOINT'),
        type: 'Microsoft.Network/trafficManagerProfiles/externalEndpoints',
        target: env('STAGE_SITE'),
        endpointStatus: 'Disabled',
        priority: 2,
      },
    ],
  });
}

async function upgrade(): Promise<void> {
  const batches = (await readFile(env('SCRIPT'), 'utf8')).split(/^GO\s*$/im).filter((batch) => batch.trim());
  const profile = await trafficClient.profiles.get(traffic.group, traffic.profile);
  const link = await linkToStage();
  if (!link?.name) throw new Error('There is no copy: prepare first.');
  const onProduction = await openSql(env('PRODUCTION_SQL'), production.server, database);
  const onStage = await openSql(env('STAGE_SQL'), stage.server, database);
  const closeAll = () => {
    onProduction.close();
    onStage.close();
  };
  try {
    if (!(await isCaughtUp(onProduction))) throw new Error('The copy is not caught up: prepare first.');
    await onProduction(`ALTER DATABASE [${database}] SET READ_ONLY WITH ROLLBACK AFTER 2 SECONDS`);
    if ((await accessOf(onProduction)) !== 'READ_ONLY') throw new Error('Production was not set read-only.');
    await until('every transaction is on the copy', () => isDrained(onProduction, onStage));
    await sqlClient.replicationLinks.beginDeleteAndWait(
      production.group,
      production.server,
      database,
      link.name,
    );
    await until('the link is gone on both sides', async () => {
      const links = [await lastCommit(onProduction), await lastCommit(onStage)];
      return links.every((commit) => commit === null);
    });
    await onStage(`ALTER DATABASE [${database}] SET READ_WRITE WITH ROLLBACK IMMEDIATE`);
    if ((await accessOf(onStage)) !== 'READ_WRITE') throw new Error('The copy is not writable.');
    for (const batch of batches) await onStage(batch);
    if (!(await serves(env('STAGE_SITE')))) throw new Error('The stage site does not serve.');
  } catch (error) {
    await onProduction(`ALTER DATABASE [${database}] SET READ_WRITE WITH ROLLBACK IMMEDIATE`);
    closeAll();
    throw error;
  }
  await trafficClient.profiles.createOrUpdate(traffic.group, traffic.profile, {
    ...profile,
    endpoints: (profile.endpoints ?? []).map((endpoint) => {
      if (endpoint.name === env('STAGE_ENDPOINT'))
        return { ...endpoint, endpointStatus: 'Enabled', priority: 1 };
      if (endpoint.name !== env('PRODUCTION_ENDPOINT')) return endpoint;
      return { ...endpoint, endpointStatus: 'Disabled', priority: 2 };
    }),
  });
  await until('the public name leads to the new version', async () => {
    return (await siteOf(env('PUBLIC_NAME'))) === env('STAGE_SITE') && (await serves(env('PUBLIC_NAME')));
  });
  closeAll();
}

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + LONGEST_WAIT_MS;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`Not within ${LONGEST_WAIT_MS / 1000} s: ${what}.`);
    await sleep(PAUSE_MS);
  }
}

async function linkToStage() {
  const links = sqlClient.replicationLinks.listByDatabase(production.group, production.server, database);
  for await (const link of links) if (link.partnerServer === stage.server) return link;
  return null;
}

async function accessOf(sql: Sql): Promise<unknown> {
  return (
    await sql("SELECT CONVERT(varchar(20), DATABASEPROPERTYEX(DB_NAME(), N'Updateability')) AS [access]")
  )[0]?.access;
}

async function isCaughtUp(onProduction: Sql): Promise<boolean> {
  const [row] = await onProduction(
    `SELECT replication_state, replication_lag_sec FROM sys.dm_geo_replication_link_status WHERE partner_server = N'${stage.server}'`,
  );
  return row?.replication_state === 2 && row.replication_lag_sec === 0;
}

async function lastCommit(sql: Sql): Promise<unknown> {
  const rows = await sql(
    'SELECT CONVERT(varchar(40), MAX(last_commit), 126) AS [commit] FROM sys.dm_geo_replication_link_status',
  );
  return rows[0]?.commit ?? null;
}

async function isDrained(onProduction: Sql, onStage: Sql): Promise<boolean> {
  return (await isCaughtUp(onProduction)) && (await lastCommit(onProduction)) === (await lastCommit(onStage));
}

async function siteOf(publicName: string): Promise<string> {
  const resolver = new Resolver();
  resolver.setServers([env('DNS')]);
  const [profile = ''] = await resolver.resolveCname(publicName);
  return (await resolver.resolveCname(profile))[0] ?? '';
}

async function serves(hostName: string): Promise<boolean> {
  const health = await healthOf(hostName, env('STAGE_SITE_AT'));
  return health?.version === env('VERSION') && health.writable;
}
