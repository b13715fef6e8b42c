import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Certificates, createCertificates } from '../../../local-azure/certificates.ts';
import { systemClock } from '../../../local-azure/clock.ts';
import { type DnsServer, startDnsServer } from '../../../local-azure/dns/server.ts';
import { createFaults } from '../../../local-azure/faults.ts';
import { createLatency } from '../../../local-azure/latency.ts';
import { createRandom } from '../../../local-azure/random.ts';
import { startTdsServer, type TdsServer } from '../../../local-azure/sql/tds/server.ts';
import { startUsers, type Users } from '../../../local-azure/users/users.ts';
import { packageUrl } from '../../../local-azure/web/packages.ts';
import { createRoutes } from '../../../local-azure/web/routes.ts';
import { type Sites, startSites } from '../../../local-azure/web/sites.ts';
import { createOrdersDatabase, type OrdersDatabase } from '../web/orders-database.ts';

const BLUE = 'contoso-blue.azurewebsites.net';
const GREEN = 'contoso-green.azurewebsites.net';
const faults = createFaults();
const clock = systemClock();
let certificates: Certificates;
let database: OrdersDatabase;
let tds: TdsServer;
let sites: Sites;
let dns: DnsServer;
let target: { name: string; ttl: number } | null;
let users: Users | null = null;
let connectTo: Readonly<Record<string, string>>;

beforeAll(async () => {
  certificates = await createCertificates();
});

beforeEach(async () => {
  database = createOrdersDatabase();
  tds = await startTdsServer({
    host: database.host,
    certificate: certificates,
    verifySqlToken: () => {
      throw new Error('no tokens here');
    },
    fedAuth: { stsUrl: 'https://localhost', servicePrincipalName: 'https://database.windows.net/' },
    faults,
    latency: createLatency('off', 1),
    clock,
  });
  const routes = createRoutes();
  routes.set('contoso-sql-blue.database.windows.net', 1433, { host: '127.0.0.1', port: tds.port });
  sites = await startSites({
    tls: certificates,
    ca: certificates.ca,
    routes,
    faults,
    clock,
    connectionString: 'contoso',
    stamps: [
      { name: 'one', resourceGroups: [] },
      { name: 'two', resourceGroups: [] },
    ],
  });
  deploy('contoso-blue', '1.0.0', 'one');
  deploy('contoso-green', '1.0.0', 'two');
  routes.set(BLUE, 443, sites.addresses('one').https);
  routes.set(GREEN, 443, sites.addresses('two').https);
  connectTo = routes.connectTo();
  target = { name: BLUE, ttl: 0 };
  dns = await startDnsServer({ faults, clock, answer: publicName });
});

afterEach(async () => {
  await users?.stop();
  users = null;
  faults.clear();
  await dns.close();
  await sites.close();
  await tds.close();
});

function publicName(name: string) {
  if (!target || name !== 'www.contoso.example') return { exists: false, records: [] };
  const alias = { type: 'CNAME', name, ttl: target.ttl, data: target.name } as const;
  const address = { type: 'A', name: target.name, ttl: 30, data: '127.0.0.1' } as const;
  return { exists: true, records: [alias, address] };
}

function deploy(name: string, version: string, stamp: string): void {
  const value =
    'Server=tcp:contoso-sql-blue.database.windows.net,1433;Database=contoso;User ID=contoso-app;Password=right';
  sites.siteChanged({
    name,
    slot: null,
    hostNames: [`${name}.azurewebsites.net`, 'www.contoso.example'],
    appSettings: { WEBSITE_RUN_FROM_PACKAGE: packageUrl(version) },
    connectionStrings: { contoso: { value, type: 'SQLAzure' } },
    state: 'Running',
    stamp,
  });
}

function open(change: Partial<Parameters<typeof startUsers>[0]> = {}): Users {
  users = startUsers({
    publicName: 'www.contoso.example',
    dnsServer: `127.0.0.1:${dns.port}`,
    connectTo,
    ca: certificates.ca,
    clock,
    random: createRandom(1),
    readsPerSecond: 100,
    writesPerSecond: 50,
    ...change,
  });
  return users;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

const readBack = (id: string) => Promise.resolve(database.orders.has(id));

describe('users', () => {
  test('read and write through the public name; every acknowledged write is there', async () => {
    const here = open();
    await until(() => here.report().writes.acknowledged > 5 && here.report().reads.answered > 5);
    await here.stop();
    const report = here.report();
    expect(report.answeredBy).toEqual({
      'contoso-blue 1.0.0': report.reads.answered + report.writes.acknowledged,
    });
    expect(report.reads.failed).toEqual({});
    expect(report.writes).toMatchObject({ refusedReadOnly: 0, failed: {} });
    expect(here.acknowledged().length).toBe(database.orders.size);
    expect(await here.verify(readBack)).toEqual([]);
  });

  test('a lost write is found out', async () => {
    const here = open();
    await until(() => here.report().writes.acknowledged > 2);
    await here.stop();
    const [lost = ''] = here.acknowledged();
    database.orders.delete(lost);
    expect(await here.verify(readBack)).toEqual([lost]);
  });

  test('in a freeze writes are refused and reads answered', async () => {
    const here = open();
    await until(() => here.report().writes.acknowledged > 2);
    database.readOnly = true;
    database.killAll();
    await until(() => here.report().writes.refusedReadOnly > 2);
    // A read that was under way when the sessions ended is lost with its own; none is after that.
    const ended = { ...here.report().reads.failed };
    expect(Object.keys(ended).filter((why) => why !== '500 database-lost')).toEqual([]);
    const during = here.report().reads.answered;
    await until(() => here.report().reads.answered > during + 5);
    database.readOnly = false;
    const frozen = here.report().writes.acknowledged;
    await until(() => here.report().writes.acknowledged > frozen + 2);
    await here.stop();
    expect(here.report().reads.failed).toEqual(ended);
    expect(here.report().longestWriteGapMs).toBeGreaterThan(0);
    expect(await here.verify(readBack)).toEqual([]);
  });

  test('a write whose outcome nobody told is sent again and counted once', async () => {
    const here = open({ readsPerSecond: 0 });
    await until(() => here.report().writes.acknowledged > 2);
    faults.add({ at: 'site contoso-blue POST /orders', fault: { kind: 'drop-after' }, times: 3 });
    const before = here.report().writes.acknowledged;
    await until(() => here.report().writes.acknowledged > before + 10);
    await here.stop();
    expect(here.report().writes.failed).toEqual({});
    expect(new Set(here.acknowledged()).size).toBe(database.orders.size);
  });

  test('follow DNS when the TTL lets them', async () => {
    const here = open();
    await until(() => here.report().lastAnsweredBy === 'contoso-blue 1.0.0');
    target = { name: GREEN, ttl: 0 };
    await until(() => here.report().lastAnsweredBy === 'contoso-green 1.0.0');
    expect(here.report().reads.failed).toEqual({});
  });

  test('stay where the cached answer sent them while the TTL lasts', async () => {
    target = { name: BLUE, ttl: 3600 };
    const here = open({ writesPerSecond: 0 });
    await until(() => here.report().reads.answered > 2);
    target = null;
    const before = here.report().reads.answered;
    await until(() => here.report().reads.answered > before + 10);
    expect(here.report().reads.failed).toEqual({});
  });

  test('tell what went wrong by kind', async () => {
    target = null;
    const here = open();
    await until(() => Object.keys(here.report().reads.failed).length > 0);
    expect(here.report().reads.failed).toEqual({ NXDOMAIN: expect.any(Number) });
    target = { name: 'contoso-red.azurewebsites.net', ttl: 0 };
    await until(() => Object.keys(here.report().reads.failed).length > 1);
    expect(here.report().reads.answered).toBe(0);
  });

  test('go home by themselves', async () => {
    const here = open({ longestMs: 200 });
    await here.finished;
    expect(here.report().reads.answered).toBeGreaterThan(0);
  });
});
