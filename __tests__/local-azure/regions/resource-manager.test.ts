// A region is lost: what resource manager still answers, and what becomes of operations there.
import { describe, expect, test } from '@jest/globals';
import type { LocalAzure } from '../../../local-azure/start.ts';
import {
  type ArmAnswer,
  DATABASE,
  FIRST,
  loseAtCall,
  NORTH,
  resourceManager,
  STAGE,
  STAGE_STANDBY,
  STANDBY,
  serverPath,
  sqlClient,
  startTwoRegions,
  WEST,
} from './two-regions.ts';

const UNAVAILABLE = { status: 503, body: { error: { code: 'ServiceUnavailable' } } };
const SITE = '/resourceGroups/contoso-blue/providers/Microsoft.Web/sites/contoso-1';
const SITE_ELSEWHERE = '/resourceGroups/contoso-blue-dr/providers/Microsoft.Web/sites/contoso-dr';
const OPERATION = '/resourceGroups/contoso-green/providers/Microsoft.Sql/locations';
const databasePath = (server: string) => `${serverPath(server)}/databases/${DATABASE}`;

function secondaryOf(local: LocalAzure, source: string, location: string) {
  const sourceDatabaseId = `/subscriptions/${local.description.subscription}${databasePath(source)}`;
  return { location, properties: { createMode: 'Secondary', sourceDatabaseId } };
}

async function collect<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of pages) all.push(each);
  return all;
}

describe('resource manager while a region is lost', () => {
  test('Microsoft’s client gets 503 for what lies there, and answers for all else', async () => {
    const local = await startTwoRegions();
    const { servers, databases, replicationLinks } = sqlClient(local);
    local.setRegionDown(NORTH, true);
    const refused = { statusCode: 503, code: 'ServiceUnavailable' };
    await expect(servers.get('contoso-blue', FIRST)).rejects.toMatchObject(refused);
    await expect(databases.get('contoso-blue', FIRST, DATABASE)).rejects.toMatchObject(refused);
    await expect(
      collect(replicationLinks.listByDatabase('contoso-blue', FIRST, DATABASE)),
    ).rejects.toMatchObject(refused);

    await expect(databases.get('contoso-blue-dr', STANDBY, DATABASE)).resolves.toMatchObject({
      location: WEST,
    });
    const names = (await collect(servers.list())).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([STANDBY, STAGE_STANDBY]));

    local.setRegionDown(NORTH, false);
    await expect(servers.get('contoso-blue', FIRST)).resolves.toMatchObject({ location: NORTH });
  });

  test('the refusal comes from the gateway and does not say when to come back', async () => {
    const local = await startTwoRegions();
    const ask = await resourceManager(local);
    local.setRegionDown(NORTH, true);
    const { headers, ...answer } = await ask('GET', serverPath(FIRST));
    expect(answer).toMatchObject(UNAVAILABLE);
    expect(headers.get('x-ms-failure-cause')).toBe('gateway');
    expect(headers.get('retry-after')).toBeNull();
  });

  test.each([
    ['GET', `${SITE}/config/web`],
    ['POST', `${SITE}/config/appsettings/list`],
    ['GET', '/resourceGroups/contoso-blue/providers/Microsoft.Web/serverfarms/contoso-plan-1'],
    ['DELETE', databasePath(FIRST)],
    ['GET', `${databasePath(FIRST)}/replicationLinks`],
    ['GET', `${OPERATION}/northeurope/databaseAzureAsyncOperation/1`],
    ['GET', `${OPERATION}/northeurope/databaseOperationResults/1`],
    ['GET', '/providers/Microsoft.Sql/locations/northeurope/failoverGroupAzureAsyncOperation/1'],
  ])('%s %s is not to be had', async (method, path) => {
    const local = await startTwoRegions();
    const ask = await resourceManager(local);
    local.setRegionDown(NORTH, true);
    expect(await ask(method, path)).toMatchObject(UNAVAILABLE);
  });

  test.each([
    [
      'Traffic Manager',
      'GET',
      '/resourceGroups/contoso-traffic/providers/Microsoft.Network/trafficManagerProfiles/contoso',
      200,
    ],
    ['a resource group', 'GET', '/resourceGroups/contoso-blue', 200],
    [
      'rights on a resource there',
      'GET',
      `${serverPath(FIRST)}/providers/Microsoft.Authorization/permissions`,
      200,
    ],
    ['a site elsewhere', 'GET', SITE_ELSEWHERE, 200],
    ['a database elsewhere', 'GET', databasePath(STANDBY), 200],
    ['an operation elsewhere', 'GET', `${OPERATION}/westeurope/databaseAzureAsyncOperation/1`, 404],
  ])('%s answers', async (_what, method, path, status) => {
    const local = await startTwoRegions();
    const ask = await resourceManager(local);
    local.setRegionDown(NORTH, true);
    expect((await ask(method, path)).status).toBe(status);
  });

  test('nothing new is made there, nor elsewhere from a source there', async () => {
    const local = await startTwoRegions();
    const ask = await resourceManager(local);
    local.setRegionDown(NORTH, true);
    const plan = { location: 'North Europe', sku: { name: 'S1' } };
    const answers: ArmAnswer[] = [
      await ask('PUT', '/resourceGroups/contoso-green/providers/Microsoft.Web/serverfarms/new', plan),
      await ask('PUT', databasePath(STAGE), secondaryOf(local, STANDBY, NORTH)),
      await ask('PUT', databasePath(STAGE_STANDBY), secondaryOf(local, FIRST, WEST)),
    ];
    for (const answer of answers) expect(answer).toMatchObject(UNAVAILABLE);
    local.setRegionDown(NORTH, false);
    expect((await ask('GET', databasePath(STAGE_STANDBY))).status).toBe(404);
    expect((await ask('PUT', databasePath(STAGE), secondaryOf(local, FIRST, NORTH))).status).toBe(202);
  });

  test('the very request that the disaster meets is not carried out', async () => {
    const local = await startTwoRegions();
    const ask = await resourceManager(local);
    loseAtCall(local, NORTH, /^arm PUT .*contoso-sql-2\/databases/);
    expect(await ask('PUT', databasePath(STAGE), secondaryOf(local, FIRST, NORTH))).toMatchObject(
      UNAVAILABLE,
    );
    local.setRegionDown(NORTH, false);
    expect((await ask('GET', databasePath(STAGE))).status).toBe(404);
  });

  test.each([
    ['the target', WEST],
    ['the source', NORTH],
  ])('a geo-secondary that is being made when %s is lost fails, and is not there afterwards', async (_end, lost) => {
    const local = await startTwoRegions({ latency: 'typical', scale: 0.01 });
    const ask = await resourceManager(local);
    const accepted = await ask('PUT', databasePath(STAGE_STANDBY), secondaryOf(local, FIRST, WEST));
    expect(accepted.status).toBe(202);
    const poll = new URL(accepted.headers.get('azure-asyncoperation') ?? '').pathname.replace(
      /^\/subscriptions\/[^/]+/,
      '',
    );
    local.setRegionDown(lost, true);
    const failed = { status: 200, body: { status: 'Failed', error: { code: 'ServiceUnavailable' } } };
    // The operation is asked after where the target lies.
    expect(await ask('GET', poll)).toMatchObject(lost === WEST ? UNAVAILABLE : failed);
    local.setRegionDown(lost, false);
    expect(await ask('GET', poll)).toMatchObject(failed);
    expect((await ask('GET', databasePath(STAGE_STANDBY))).status).toBe(404);
    expect(local.fabric.hasDatabase(STAGE_STANDBY, DATABASE)).toBe(false);
  });
});
