// Failover of a replication link over the wire.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DR, databaseId, type GeoArm, PRODUCTION, STAGE, startGeoArm } from './support/geo-arm.ts';

const V = 'api-version=2014-04-01';

let azure: GeoArm;
let link: string;
beforeEach(async () => {
  azure = await startGeoArm();
  await azure.secondary(PRODUCTION, DR);
  link = (await azure.linksOf(PRODUCTION))[0]?.id ?? '';
});
afterEach(() => azure.close());

test('planned, through the SDK: roles exchange, the id stays, nothing is lost', async () => {
  await azure.sql.replicationLinks.beginFailoverAndWait(DR.group, DR.server, 'contoso', link);
  expect(await azure.linksOf(DR)).toEqual([
    { id: link, role: 'Primary', partner: PRODUCTION.server, state: 'CATCH_UP' },
  ]);
  expect(await azure.linksOf(PRODUCTION)).toEqual([
    { id: link, role: 'Secondary', partner: DR.server, state: 'CATCH_UP' },
  ]);
  expect(await azure.run(DR, 'INSERT dbo.Orders VALUES (2)')).toEqual([]);
  expect(await azure.run(PRODUCTION, 'INSERT dbo.Orders VALUES (3)')).toEqual([3906]);
  expect(azure.values(PRODUCTION)).toEqual([1, 2]);
});

test('forced, through the SDK: what was not shipped is lost', async () => {
  azure.fabric.setReplicationLag(link, null);
  await azure.run(PRODUCTION, 'INSERT dbo.Orders VALUES (2)');
  await azure.sql.replicationLinks.beginFailoverAllowDataLossAndWait(DR.group, DR.server, 'contoso', link);
  expect((await azure.linksOf(DR))[0]).toMatchObject({ id: link, role: 'Primary' });
  expect(azure.values(DR)).toEqual([1]);
  expect(await azure.run(DR, 'INSERT dbo.Orders VALUES (3)')).toEqual([]);
});

test('with a second secondary: a new link to it, and a ghost on the old primary', async () => {
  await azure.secondary(PRODUCTION, STAGE);
  const before = (await azure.linksOf(PRODUCTION)).find(({ partner }) => partner === STAGE.server);
  await azure.sql.replicationLinks.beginFailoverAndWait(DR.group, DR.server, 'contoso', link);
  const after = (await azure.linksOf(DR)).find(({ partner }) => partner === STAGE.server);
  expect(after).toMatchObject({ role: 'Primary' });
  expect(after?.id).not.toBe(before?.id);
  expect(await azure.linksOf(PRODUCTION)).toEqual([
    { id: before?.id, role: 'Primary', partner: STAGE.server, state: 'CATCH_UP' },
    { id: link, role: 'Secondary', partner: DR.server, state: 'CATCH_UP' },
  ]);
  expect((await azure.linksOf(STAGE)).map(({ partner }) => partner)).toEqual([DR.server]);
});

test('on the wire: 202 with a Location and the old date, no Azure-AsyncOperation; at its end 204', async () => {
  azure.fabric.setReplicationLag(link, null);
  await azure.run(PRODUCTION, 'INSERT dbo.Orders VALUES (2)');
  const answer = await azure.call('POST', `${databaseId(DR)}/replicationLinks/${link}/failover?${V}`);
  expect(answer.status).toBe(202);
  expect(answer.headers['azure-asyncoperation']).toBeUndefined();
  expect(answer.text).toMatch(/^\{"operation":"FailoverContinuousCopy","startTime":"\\\/Date\(\d+\)\\\/"\}$/);
  const location = String(answer.headers.location);
  expect(location).toContain(`/replicationLinks/${link}/operationResults/`);
  expect((await azure.call('GET', location)).status).toBe(202);
  expect(await azure.call('POST', `${databaseId(DR)}/replicationLinks/${link}/failover?${V}`)).toMatchObject({
    status: 409,
    code: 'ConflictingDatabaseOperation',
  });
  azure.fabric.setReplicationLag(link, 0);
  expect((await azure.call('GET', location)).status).toBe(204);
  expect(azure.values(DR)).toEqual([1, 2]);
});

test('refused on the primary, before it has caught up, and at the end of a chain', async () => {
  const failover = (path: string, id = link) =>
    azure.call('POST', `${path}/replicationLinks/${id}/failover?${V}`);
  expect(await failover(databaseId(PRODUCTION))).toMatchObject({
    status: 400,
    code: 'GeoReplicationDatabaseNotSecondary',
  });
  await azure.secondary(DR, STAGE);
  const tail = (await azure.linksOf(STAGE))[0]?.id;
  expect(await failover(databaseId(STAGE), tail)).toMatchObject({
    status: 405,
    code: 'UnsupportedReplicationOperation',
  });
  azure.fabric.setLinkState(link, 'SUSPENDED');
  expect(await failover(databaseId(DR))).toMatchObject({
    status: 400,
    code: 'IncorrectReplicationLinkState',
  });
  expect(await failover(databaseId(DR), 'no-such-link')).toMatchObject({ status: 404 });
});
