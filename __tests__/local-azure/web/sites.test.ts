import { randomUUID } from 'node:crypto';
import { request } from 'node:https';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Certificates, createCertificates } from '../../../local-azure/certificates.ts';
import { systemClock } from '../../../local-azure/clock.ts';
import { createFaults } from '../../../local-azure/faults.ts';
import { createLatency } from '../../../local-azure/latency.ts';
import { startTdsServer, type TdsServer } from '../../../local-azure/sql/tds/server.ts';
import { createProbe } from '../../../local-azure/traffic-manager/probe.ts';
import { packageUrl } from '../../../local-azure/web/packages.ts';
import { createRoutes, type Routes } from '../../../local-azure/web/routes.ts';
import { type Sites, startSites } from '../../../local-azure/web/sites.ts';
import type { RunningSite } from '../../../local-azure/web/web-fabric.ts';
import { createOrdersDatabase, type OrdersDatabase } from './orders-database.ts';

const BLUE = 'waws-prod-db3-101';
const GREEN = 'waws-prod-db3-202';
let certificates: Certificates;
let database: OrdersDatabase;
let tds: TdsServer;
let routes: Routes;
let sites: Sites;
const faults = createFaults();
const clock = systemClock();

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
  routes = createRoutes();
  routes.set('contoso-sql-blue.database.windows.net', 1433, { host: '127.0.0.1', port: tds.port });
  sites = await startSites({
    tls: certificates,
    ca: certificates.ca,
    routes,
    faults,
    clock,
    connectionString: 'contoso',
    stamps: [
      { name: BLUE, resourceGroups: ['contoso-blue'] },
      { name: GREEN, resourceGroups: ['contoso-green'] },
    ],
  });
});

afterEach(async () => {
  faults.clear();
  await sites.close();
  await tds.close();
});

afterAll(() => {
  faults.clear();
});

function site(version: string, change: Partial<RunningSite> = {}): RunningSite {
  const value =
    'Server=tcp:contoso-sql-blue.database.windows.net,1433;Database=contoso;User ID=contoso-app;Password=right;Encrypt=True';
  return {
    name: 'contoso-blue',
    slot: null,
    hostNames: ['contoso-blue.azurewebsites.net', 'www.contoso.example'],
    appSettings: { WEBSITE_RUN_FROM_PACKAGE: packageUrl(version) },
    connectionStrings: { contoso: { value, type: 'SQLAzure' } },
    state: 'Running',
    stamp: BLUE,
    ...change,
  };
}

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

function send(method: string, path: string, body?: unknown, host = 'www.contoso.example', stamp = BLUE) {
  return new Promise<Reply>((resolve, reject) => {
    const { https } = sites.addresses(stamp);
    const options = {
      ...https,
      ca: certificates.ca,
      servername: host,
      headers: { host },
      method,
      path,
      agent: false,
    };
    const sent = request(options, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
      );
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const order = (id: string = randomUUID()) => ({ id, customer: 'Fabrikam', amount: 12.5 });

describe('contoso orders on a site', () => {
  test('acknowledges a write once it is in the database, and finds it again', async () => {
    sites.siteChanged(site('1.0.0'));
    const written = order();
    expect((await send('POST', '/orders', written)).status).toBe(201);
    expect([...database.orders.keys()]).toEqual([written.id]);
    const read = await send('GET', `/orders/${written.id}`);
    expect(read.status).toBe(200);
    expect(read.text).toContain(written.id);
    expect(read.headers).toMatchObject({ 'x-contoso-site': 'contoso-blue', 'x-contoso-version': '1.0.0' });
    expect((await send('GET', `/orders/${randomUUID()}`)).status).toBe(404);
  });

  test('a write sent again with the same id is there once', async () => {
    sites.siteChanged(site('1.0.0'));
    const again = order();
    expect((await send('POST', '/orders', again)).status).toBe(201);
    expect((await send('POST', '/orders', again)).status).toBe(200);
    expect(database.orders.size).toBe(1);
  });

  test('goes on reading while the database is read-only, and says that it does not write', async () => {
    sites.siteChanged(site('1.0.0'));
    database.readOnly = true;
    const refused = await send('POST', '/orders', order());
    expect(refused).toMatchObject({ status: 503, text: '{"error":"read-only"}' });
    expect((await send('GET', '/orders')).status).toBe(200);
    expect(JSON.parse((await send('GET', '/health')).text)).toEqual({
      version: '1.0.0',
      database: 'ok',
      writable: false,
    });
  });

  test('reads survive the kill of every session, as a freeze does it', async () => {
    sites.siteChanged(site('1.0.0'));
    await Promise.all(Array.from({ length: 6 }, () => send('GET', '/orders')));
    const before = database.logins;
    database.killAll();
    const replies = await Promise.all(Array.from({ length: 6 }, () => send('GET', '/orders')));
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(database.logins).toBeGreaterThan(before);
  });

  test('uses its connections again', async () => {
    sites.siteChanged(site('1.0.0'));
    for (let count = 0; count < 5; count++) await send('GET', '/orders');
    expect(database.logins).toBe(1);
  });

  test('calls the outcome of a write unknown when its connection dies, and the retry is idempotent', async () => {
    sites.siteChanged(site('1.0.0'));
    database.killsAfterWrite = true;
    const unknown = order();
    expect(await send('POST', '/orders', unknown)).toMatchObject({
      status: 500,
      text: '{"error":"outcome-unknown"}',
    });
    expect((await send('POST', '/orders', unknown)).status).toBe(200);
    expect(database.orders.size).toBe(1);
  });

  test('version 2 is unhealthy on the schema of version 1, and healthy after the upgrade', async () => {
    sites.siteChanged(site('2.0.0'));
    expect(await send('GET', '/health')).toMatchObject({
      status: 503,
      text: '{"version":"2.0.0","database":"schema 1"}',
    });
    expect((await send('GET', '/orders')).status).toBe(500);
    database.schema = 2;
    expect((await send('GET', '/health')).status).toBe(200);
    expect((await send('POST', '/orders', order())).status).toBe(201);
  });

  test('says so when the database cannot be reached', async () => {
    sites.siteChanged(site('1.0.0'));
    database.refuses = true;
    expect(await send('GET', '/health')).toMatchObject({
      status: 503,
      text: '{"version":"1.0.0","database":"unavailable"}',
    });
    expect((await send('POST', '/orders', order())).status).toBe(503);
    database.refuses = false;
    expect((await send('GET', '/health')).status).toBe(200);
  });

  test.each([
    [{ id: 'no-guid', customer: 'A', amount: 1 }],
    [{ id: randomUUID(), customer: '', amount: 1 }],
    [{ id: randomUUID(), customer: 'A', amount: 'much' }],
    ['[]'],
  ])('refuses an order that is none: %j', async (body) => {
    sites.siteChanged(site('1.0.0'));
    expect((await send('POST', '/orders', body)).status).toBe(400);
    expect(database.orders.size).toBe(0);
  });
});

describe('App Service around the site', () => {
  test('a host name is served on its own deployment unit only', async () => {
    sites.siteChanged(site('1.0.0'));
    sites.siteChanged(
      site('1.0.0', { name: 'contoso-green', hostNames: ['contoso-green.azurewebsites.net'], stamp: GREEN }),
    );
    expect((await send('GET', '/health', undefined, 'contoso-blue.azurewebsites.net')).status).toBe(200);
    const elsewhere = await send('GET', '/health', undefined, 'contoso-blue.azurewebsites.net', GREEN);
    expect(elsewhere.status).toBe(404);
    expect(elsewhere.text).toContain('404 Web Site not found');
    expect(sites.hasHostName('CONTOSO-GREEN.azurewebsites.net')).toBe(true);
    sites.siteRemoved('contoso-green', null);
    expect(sites.hasHostName('contoso-green.azurewebsites.net')).toBe(false);
  });

  test('a stopped site answers 403, a package that is not there 503', async () => {
    sites.siteChanged(site('1.0.0', { state: 'Stopped' }));
    expect((await send('GET', '/health')).status).toBe(403);
    sites.siteChanged(site('9.9.9'));
    expect((await send('GET', '/health')).status).toBe(503);
    sites.siteChanged(site('1.0.0'));
    expect((await send('GET', '/health')).status).toBe(200);
  });

  test('a deployment restarts the site, a bound host name does not', async () => {
    sites.siteChanged(site('1.0.0'));
    await send('GET', '/orders');
    sites.siteChanged(site('1.0.0', { hostNames: ['www.contoso.example', 'orders.contoso.example'] }));
    await send('GET', '/orders');
    expect(database.logins).toBe(1);
    sites.siteChanged(site('2.0.0'));
    expect((await send('GET', '/')).headers['x-contoso-version']).toBe('2.0.0');
    await send('GET', '/health');
    expect(database.logins).toBe(2);
  });

  test('plans of one resource group share a deployment unit', () => {
    const plan = (group: string, name: string) =>
      `/subscriptions/s/resourceGroups/${group}/providers/Microsoft.Web/serverfarms/${name}`;
    expect(sites.assignStamp('a', plan('Contoso-Blue', 'one'))).toBe(BLUE);
    expect(sites.assignStamp('b', plan('contoso-blue', 'two'))).toBe(BLUE);
    expect(sites.assignStamp('c', plan('contoso-green', 'one'))).toBe(GREEN);
    expect(sites.assignStamp('d', plan('other', 'one'))).toBe(sites.assignStamp('e', plan('other', 'two')));
  });

  test('faults: an error before the work, a broken connection after it', async () => {
    sites.siteChanged(site('1.0.0'));
    faults.add({
      at: '^site contoso-blue GET /health$',
      fault: { kind: 'error', status: 502, code: 'bad-gateway', message: 'down' },
    });
    expect((await send('GET', '/health')).status).toBe(502);
    faults.add({ at: '^site contoso-blue POST /orders$', fault: { kind: 'drop-after' } });
    const written = order();
    await expect(send('POST', '/orders', written)).rejects.toThrow();
    expect(database.orders.has(written.id)).toBe(true);
  });

  test('Traffic Manager’s probe sees what users would', async () => {
    sites.siteChanged(site('2.0.0', { hostNames: ['contoso-blue.azurewebsites.net'] }));
    routes.set('contoso-blue.azurewebsites.net', 443, sites.addresses(BLUE).https);
    routes.set('contoso-blue.azurewebsites.net', 80, sites.addresses(BLUE).http);
    const probe = createProbe(routes);
    const monitor = {
      protocol: 'HTTPS',
      port: 443,
      path: '/health',
      intervalInSeconds: 10,
      timeoutInSeconds: 9,
      toleratedNumberOfFailures: 3,
      expectedStatusCodeRanges: [],
      customHeaders: [],
    } as const;
    const { signal } = new AbortController();
    const ask = (change = {}, target = 'contoso-blue.azurewebsites.net') =>
      probe(target, { ...monitor, ...change }, 9_000, signal);
    expect(await ask()).toBe(false);
    database.schema = 2;
    expect(await ask()).toBe(true);
    expect(await ask({ protocol: 'HTTP', port: 80 })).toBe(true);
    expect(await ask({ protocol: 'TCP', path: null })).toBe(true);
    expect(await ask({ path: '/nowhere' })).toBe(false);
    expect(await ask({ path: '/nowhere', expectedStatusCodeRanges: [{ min: 400, max: 404 }] })).toBe(true);
    expect(await ask({}, 'contoso-red.azurewebsites.net')).toBe(false);
  });
});
