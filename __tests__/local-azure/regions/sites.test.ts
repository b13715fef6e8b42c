// A region is lost: what users of its sites see, and where Traffic Manager sends them.
import { Agent, request } from 'node:https';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { LocalAzure } from '../../../local-azure/start.ts';
import { siteHost } from '../../../local-azure/topologies/contoso.ts';
import { chooseEndpoint } from '../../../local-azure/traffic-manager/monitor-status.ts';
import type {
  EndpointMonitorStatus,
  TrafficEndpoint,
} from '../../../local-azure/traffic-manager/traffic-fabric.ts';
import { ask, ordersOn, until, whereUsersGo } from '../launch/whole-azure.ts';
import { FIRST, loseAtCall, NORTH, resourceManager, startTwoRegions, WEST } from './two-regions.ts';

const [SITE, STANDBY_SITE, STAGE_STANDBY_SITE] = ['contoso-1', 'contoso-dr', 'contoso-3'].map((name) =>
  siteHost(name),
) as [string, string, string];
const ORDER = { id: '6f1c2f0e-6a0b-4a51-9d53-0b1f8f7f2a11', customer: 'Adatum', amount: 12.5 };

const LATER = { ...ORDER, id: '0d5f5f6e-3d1c-4a63-8f6a-77b2c1b7f5c2' };

let agent: Agent | null = null;
afterEach(() => {
  agent?.destroy();
  agent = null;
});

/** A browser that keeps its connection. Resolves to the status, or to the code of the error. */
function browser(local: LocalAzure, site: string): (path: string) => Promise<number | string> {
  const { connectTo } = JSON.parse(local.description.environment.INPUT_AZURE_ENVIRONMENT ?? '{}');
  const [host, port] = String(connectTo[`${site}:443`]).split(':');
  const connections = new Agent({ keepAlive: true, maxSockets: 1 });
  agent = connections;
  const options = { host, port, servername: site, headers: { host: site }, rejectUnauthorized: false };
  return (path) =>
    new Promise((resolve) => {
      const sent = request({ ...options, path, agent: connections }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      });
      sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      sent.end();
    });
}

/** Ties a site to production's database in the primary region. */
async function useProductionDatabase(local: LocalAzure, site: string): Promise<void> {
  const askResourceManager = await resourceManager(local);
  const { body } = await askResourceManager(
    'POST',
    '/resourceGroups/contoso-blue/providers/Microsoft.Web/sites/contoso-1/config/connectionstrings/list',
  );
  const { properties } = body as { properties: Record<string, { value: string; type: string }> };
  local.arm.web.changeSite(site, null, { connectionStrings: properties });
  await local.deploy(site, null, '1.0.0');
}

describe('sites of a lost region', () => {
  test('reset connections, kept ones as well as new ones, and answer again when it returns', async () => {
    const local = await startTwoRegions();
    const visit = browser(local, SITE);
    expect(await visit('/health')).toBe(200);
    local.setRegionDown(NORTH, true);
    expect(await visit('/health')).toBe('ECONNRESET');
    expect(await visit('/health')).toBe('ECONNRESET');
    expect((await ask(local, STANDBY_SITE)).status).toBe(200);
    local.setRegionDown(NORTH, false);
    expect(await visit('/health')).toBe(200);
  });

  test('do not do what was asked of them in the moment of the disaster', async () => {
    const local = await startTwoRegions();
    loseAtCall(local, NORTH, /^site contoso-1 POST \/orders/);
    await expect(ask(local, SITE, { path: '/orders', body: ORDER })).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    local.setRegionDown(NORTH, false);
    expect(ordersOn(local, FIRST).has(ORDER.id)).toBe(false);
  });

  test('write nothing more into a database elsewhere either', async () => {
    const local = await startTwoRegions();
    await useProductionDatabase(local, 'contoso-3');
    loseAtCall(local, WEST, /^site contoso-3 POST \/orders/);
    await expect(ask(local, STAGE_STANDBY_SITE, { path: '/orders', body: ORDER })).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    local.setRegionDown(WEST, false);
    await ask(local, STAGE_STANDBY_SITE, { path: '/orders', body: LATER });
    expect(ordersOn(local, FIRST).has(LATER.id)).toBe(true);
    expect(ordersOn(local, FIRST).has(ORDER.id)).toBe(false);
  });

  test('are not missed by a site elsewhere, but their database is: it tells so with its own errors', async () => {
    const local = await startTwoRegions();
    await useProductionDatabase(local, 'contoso-3');
    expect((await ask(local, STAGE_STANDBY_SITE)).status).toBe(200);

    local.setRegionDown(NORTH, true);
    expect(await ask(local, STAGE_STANDBY_SITE)).toEqual({
      status: 503,
      body: { version: '1.0.0', database: 'unavailable' },
    });
    expect(await ask(local, STAGE_STANDBY_SITE, { path: '/orders', body: ORDER })).toEqual({
      status: 503,
      body: { error: 'database-unavailable' },
    });
    local.setRegionDown(NORTH, false);
    expect((await ask(local, STAGE_STANDBY_SITE)).status).toBe(200);
  });
});

describe('users of the public name', () => {
  const statusOf = (local: LocalAzure, endpoint: string) => {
    const profile = local.state().profiles[0]?.status as { endpoints: Record<string, string> } | undefined;
    return profile?.endpoints[endpoint] ?? null;
  };

  test('are led to the standby while the primary region is lost, and back when it returns', async () => {
    const local = await startTwoRegions();
    await until(async () => (await whereUsersGo(local)) === SITE);
    const { control } = local.description;
    const post = (down: boolean) =>
      fetch(`${control}/region-outage`, {
        method: 'POST',
        body: JSON.stringify({ region: 'northeurope', down }),
      });
    expect((await post(true)).status).toBe(200);
    expect(local.state().lostRegions).toEqual([NORTH]);
    await until(async () => (await whereUsersGo(local)) === STANDBY_SITE);
    expect(statusOf(local, 'contoso-1')).toBe('Degraded');
    await post(false);
    expect(local.state().lostRegions).toEqual([]);
    await until(async () => (await whereUsersGo(local)) === SITE);
    expect(statusOf(local, 'contoso-1')).toBe('Online');
  });

  test('stay where they are while the backup region is lost', async () => {
    const local = await startTwoRegions();
    local.setRegionDown(WEST, true);
    await until(() => statusOf(local, 'contoso-dr') === 'Degraded');
    expect(await whereUsersGo(local)).toBe(SITE);
  });
});

describe('Priority routing over four endpoints', () => {
  const endpoint = (name: string, priority: number): TrafficEndpoint => ({
    name,
    type: 'externalEndpoints',
    target: siteHost(name),
    status: 'Enabled',
    priority,
    weight: 1,
    alwaysServe: false,
    targetStopped: false,
  });
  const four = ['contoso-3', 'contoso-dr', 'contoso-1', 'contoso-2'].map((name, index) =>
    endpoint(name, [4, 2, 1, 3][index] ?? 0),
  );
  type Statuses = Readonly<Record<string, EndpointMonitorStatus>>;
  const [on, off, bad] = ['Online', 'Disabled', 'Degraded'] as const;

  test.each<[string | null, Statuses]>([
    ['contoso-1', { 'contoso-1': on, 'contoso-dr': on, 'contoso-2': on, 'contoso-3': on }],
    ['contoso-dr', { 'contoso-1': bad, 'contoso-dr': on, 'contoso-2': off, 'contoso-3': off }],
    ['contoso-3', { 'contoso-1': off, 'contoso-dr': bad, 'contoso-2': bad, 'contoso-3': on }],
    ['contoso-2', { 'contoso-1': off, 'contoso-dr': off, 'contoso-2': 'CheckingEndpoint', 'contoso-3': on }],
    ['contoso-dr', { 'contoso-1': off, 'contoso-dr': bad, 'contoso-2': off, 'contoso-3': bad }],
    [null, { 'contoso-1': off, 'contoso-dr': off, 'contoso-2': off, 'contoso-3': 'Stopped' }],
  ])('answers with %s for %j', (expected, statuses) => {
    const chosen = chooseEndpoint(four, ({ name }) => statuses[name] ?? 'Disabled');
    expect(chosen?.name ?? null).toBe(expected);
  });
});
