// Failover groups through the SDK, and what Azure refuses of them.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../local-azure/arm/core/json.ts';
import {
  DR,
  databaseId,
  type GeoArm,
  type Place,
  PRODUCTION,
  STAGE,
  STAGE_DR,
  serverId,
  startGeoArm,
} from './support/geo-arm.ts';

const V = 'api-version=2020-11-01-preview';
const GROUP = 'contoso-fog-blue';

let azure: GeoArm;
beforeEach(async () => {
  azure = await startGeoArm();
});
afterEach(() => azure.close());

const create = (databases: readonly string[] = [databaseId(PRODUCTION)], name = GROUP) =>
  azure.sql.failoverGroups.beginCreateOrUpdateAndWait(PRODUCTION.group, PRODUCTION.server, name, {
    partnerServers: [{ id: serverId(DR) }],
    readWriteEndpoint: { failoverPolicy: 'Automatic', failoverWithDataLossGracePeriodMinutes: 120 },
    databases: [...databases],
  });
const get = ({ group, server }: Place) => azure.sql.failoverGroups.get(group, server, GROUP);
const path = (place: Place, name = GROUP) => `${serverId(place)}/failoverGroups/${name}`;
const body = (properties: JsonObject = {}): JsonObject => ({
  properties: {
    partnerServers: [{ id: serverId(DR) }],
    readWriteEndpoint: { failoverPolicy: 'Manual' },
    databases: [],
    ...properties,
  },
});
const listener = (suffix = '') => azure.fabric.listenerTarget(`${GROUP}${suffix}.database.windows.net`);

describe('creating a group', () => {
  test('takes in the link there is, and is seen from both of its servers', async () => {
    await azure.secondary(PRODUCTION, DR);
    const [link] = await azure.linksOf(PRODUCTION);
    await create();
    expect(await azure.linksOf(PRODUCTION)).toEqual([link]);
    expect(await get(PRODUCTION)).toMatchObject({
      replicationRole: 'Primary',
      replicationState: 'CATCH_UP',
      readWriteEndpoint: { failoverPolicy: 'Automatic', failoverWithDataLossGracePeriodMinutes: 120 },
      readOnlyEndpoint: { failoverPolicy: 'Disabled' },
      partnerServers: [{ id: serverId(DR), location: 'West Europe', replicationRole: 'Secondary' }],
      databases: [databaseId(PRODUCTION)],
    });
    expect(await get(DR)).toMatchObject({
      replicationRole: 'Secondary',
      databases: [databaseId(DR)],
    });
    for (const place of [PRODUCTION, DR])
      expect((await azure.sql.databases.get(place.group, place.server, 'contoso')).failoverGroupId).toBe(
        path(place),
      );
    expect([listener(), listener('.secondary')]).toEqual([PRODUCTION.server, DR.server]);
  });

  test('makes a secondary of a database that has none', async () => {
    await create();
    expect(await azure.linksOf(DR)).toMatchObject([{ role: 'Secondary', partner: PRODUCTION.server }]);
    expect(azure.values(DR)).toEqual([1]);
  });

  test('leaves alone a link to a third server', async () => {
    await azure.secondary(PRODUCTION, STAGE);
    await create();
    expect((await azure.linksOf(PRODUCTION)).map(({ partner }) => partner).sort()).toEqual([
      DR.server,
      STAGE.server,
    ]);
  });

  test('is accepted with both headers, its operation is polled below the subscription', async () => {
    const answer = await azure.call('PUT', `${path(PRODUCTION)}?${V}`, { body: body() });
    expect(answer).toMatchObject({ status: 202, body: { operation: 'CreateFailoverGroup' } });
    for (const header of ['azure-asyncoperation', 'location'])
      expect(answer.headers[header]).toMatch(
        /\/subscriptions\/[^/]+\/providers\/Microsoft\.Sql\/locations\/northeurope\/failoverGroup/,
      );
  });
});

describe('changing and removing a group', () => {
  test('PATCH changes what it names; a database that leaves keeps its link', async () => {
    await azure.secondary(PRODUCTION, DR);
    await create();
    await azure.sql.failoverGroups.beginUpdateAndWait(PRODUCTION.group, PRODUCTION.server, GROUP, {
      databases: [],
    });
    expect(await get(PRODUCTION)).toMatchObject({
      databases: [],
      readWriteEndpoint: { failoverPolicy: 'Automatic' },
    });
    expect(await azure.linksOf(DR)).toMatchObject([{ role: 'Secondary', state: 'CATCH_UP' }]);
  });

  test('DELETE leaves databases and link, and takes the listeners away', async () => {
    await azure.secondary(PRODUCTION, DR);
    await create();
    await azure.sql.failoverGroups.beginDeleteAndWait(PRODUCTION.group, PRODUCTION.server, GROUP);
    await expect(get(PRODUCTION)).rejects.toMatchObject({ statusCode: 404 });
    expect(await azure.linksOf(DR)).toMatchObject([{ role: 'Secondary', state: 'CATCH_UP' }]);
    expect(listener()).toBeNull();
    expect((await azure.call('DELETE', `${path(PRODUCTION)}?${V}`)).status).toBe(204);
  });
});

describe('failover of a group', () => {
  test('planned: all databases and the listeners go to the other region, and back', async () => {
    await create();
    await azure.sql.failoverGroups.beginFailoverAndWait(DR.group, DR.server, GROUP);
    expect(await get(DR)).toMatchObject({ replicationRole: 'Primary', databases: [databaseId(DR)] });
    expect(await get(PRODUCTION)).toMatchObject({ replicationRole: 'Secondary' });
    expect([listener(), listener('.secondary')]).toEqual([DR.server, PRODUCTION.server]);
    expect(await azure.run(DR, 'INSERT dbo.Orders VALUES (2)')).toEqual([]);
    await azure.sql.failoverGroups.beginFailoverAndWait(PRODUCTION.group, PRODUCTION.server, GROUP);
    expect(await azure.run(PRODUCTION, 'INSERT dbo.Orders VALUES (3)')).toEqual([]);
    expect(azure.values(DR)).toEqual([1, 2, 3]);
  });

  test('forced: what was not shipped is lost', async () => {
    await create();
    const [link] = await azure.linksOf(DR);
    azure.fabric.setReplicationLag(link?.id ?? '', null);
    await azure.run(PRODUCTION, 'INSERT dbo.Orders VALUES (2)');
    await azure.sql.failoverGroups.beginForceFailoverAllowDataLossAndWait(DR.group, DR.server, GROUP);
    expect((await get(DR)).replicationRole).toBe('Primary');
    expect(azure.values(DR)).toEqual([1]);
  });

  test('is refused on the primary', async () => {
    await create();
    expect(await azure.call('POST', `${path(PRODUCTION)}/failover?${V}`)).toMatchObject({
      status: 400,
      code: 'FailoverGroupFailoverRequestOnPrimary',
    });
  });
});

describe('members of a group', () => {
  const link = async (partner: Place) =>
    (await azure.linksOf(PRODUCTION)).find((each) => each.partner === partner.server)?.id;
  const linkPath = (place: Place, id: string | undefined, verb = '') =>
    `${databaseId(place)}/replicationLinks/${id}${verb}?api-version=2022-02-01-preview`;

  test('can neither lose nor fail over their link by themselves, nor be dropped', async () => {
    await create();
    const id = await link(DR);
    const refused = { status: 409, code: 'FailoverGroupAlreadySetup' };
    expect(await azure.call('DELETE', linkPath(PRODUCTION, id))).toMatchObject(refused);
    expect(await azure.call('POST', linkPath(DR, id, '/failover'))).toMatchObject(refused);
    expect(await azure.call('POST', linkPath(DR, id, '/forceFailoverAllowDataLoss'))).toMatchObject(refused);
    for (const place of [PRODUCTION, DR])
      expect(await azure.call('DELETE', `${databaseId(place)}?api-version=2022-08-01-preview`)).toMatchObject(
        refused,
      );
  });

  test('can lose a link to a third server', async () => {
    await azure.secondary(PRODUCTION, STAGE);
    await create();
    expect((await azure.call('DELETE', linkPath(PRODUCTION, await link(STAGE)))).status).toBe(200);
  });

  test('cannot, where this Azure is told so', async () => {
    await azure.close();
    azure = await startGeoArm({ behaviour: { foreignLinksOfGroupsTerminable: false } });
    await azure.secondary(PRODUCTION, STAGE);
    await create();
    expect(await azure.call('DELETE', linkPath(PRODUCTION, await link(STAGE)))).toMatchObject({
      status: 409,
      code: 'FailoverGroupAlreadySetup',
    });
  });
});

describe('what Azure refuses of a group', () => {
  const put = (properties: JsonObject, place = PRODUCTION, name = GROUP) =>
    azure.call('PUT', `${path(place, name)}?${V}`, { body: body(properties) });

  test.each<[string, JsonObject, string]>([
    ['no partner', { partnerServers: [] }, 'FailoverGroupCreateOrUpdateRequestUnsupportedPartnerCount'],
    [
      'two partners',
      { partnerServers: [{ id: serverId(DR) }, { id: serverId(STAGE_DR) }] },
      'FailoverGroupCreateOrUpdateRequestUnsupportedPartnerCount',
    ],
    [
      'a partner in the same region',
      { partnerServers: [{ id: serverId(STAGE) }] },
      'InvalidFailoverGroupRegion',
    ],
    [
      'itself as partner',
      { partnerServers: [{ id: serverId(PRODUCTION) }] },
      'FailoverGroupCreateOrUpdateRequestDuplicatePartner',
    ],
    [
      'a partner that is not there',
      { partnerServers: [{ id: serverId({ group: DR.group, server: 'nothing' }) }] },
      'ServerNotFound',
    ],
    [
      'Automatic without a grace period',
      { readWriteEndpoint: { failoverPolicy: 'Automatic' } },
      'FailoverGroupCreateOrUpdateRequestInvalidReadWriteEndpointFields',
    ],
    [
      'Manual with one',
      { readWriteEndpoint: { failoverPolicy: 'Manual', failoverWithDataLossGracePeriodMinutes: 60 } },
      'FailoverGroupCreateOrUpdateRequestInvalidReadWriteEndpointFieldsForManualPolicy',
    ],
    [
      'a database of another server',
      { databases: [databaseId(DR)] },
      'FailoverGroupCreateOrUpdateRequestInvalidDatabaseServer',
    ],
    ['no database id', { databases: ['contoso'] }, 'FailoverGroupCreateOrUpdateRequestInvalidDatabases'],
  ])('%s', async (_, properties, code) => {
    expect(await put(properties)).toMatchObject({ status: 400, code });
  });

  test('a name that is taken, by a group or by a server', async () => {
    await create();
    const elsewhere = { partnerServers: [{ id: serverId(STAGE_DR) }] };
    for (const name of [GROUP, STAGE_DR.server])
      expect(await put(elsewhere, STAGE, name)).toMatchObject({
        status: 409,
        code: 'FailoverGroupDnsRecordInUse',
      });
  });

  test('a change on its secondary, and another partner', async () => {
    await create();
    const onSecondary = { status: 400, code: 'FailoverGroupUpdateOrDeleteRequestOnSecondary' };
    expect(await put({ partnerServers: [{ id: serverId(PRODUCTION) }] }, DR)).toMatchObject(onSecondary);
    expect(await azure.call('DELETE', `${path(DR)}?${V}`)).toMatchObject(onSecondary);
    expect(await put({ partnerServers: [{ id: serverId(STAGE_DR) }] })).toMatchObject({
      status: 400,
      code: 'FailoverGroupCreateOrUpdateRequestReadOnlyPropertyModified',
    });
  });

  test('a database of another group, a copy as primary, a database in the way', async () => {
    await create();
    const stageGroup = { partnerServers: [{ id: serverId(STAGE_DR) }] };
    const withProduction = { ...stageGroup, databases: [databaseId(PRODUCTION)] };
    expect(await put(withProduction, PRODUCTION, 'contoso-other')).toMatchObject({
      status: 409,
      code: 'DatabaseBelongsToOtherFailoverGroup',
    });
    azure.arm.sql.createDatabase({ server: STAGE.server, name: 'contoso', sku: 'S1' });
    azure.arm.sql.createDatabase({ server: STAGE_DR.server, name: 'contoso', sku: 'S1' });
    const withStage = { ...stageGroup, databases: [databaseId(STAGE)] };
    expect(await put(withStage, STAGE, 'contoso-fog-green')).toMatchObject({
      status: 409,
      code: 'RemoteDatabaseExists',
    });
    azure.fabric.dropDatabase(STAGE_DR.server, 'contoso');
    azure.fabric.dropDatabase(STAGE.server, 'contoso');
    azure.fabric.startGeoReplication(
      { server: DR.server, database: 'contoso' },
      { server: STAGE.server, database: 'contoso' },
      0,
    );
    expect(
      await put(
        { partnerServers: [{ id: serverId(DR) }], databases: [databaseId(STAGE)] },
        STAGE,
        'contoso-fog-green',
      ),
    ).toMatchObject({ status: 400, code: 'DatabaseInFailoverGroupNotPrimary' });
  });
});
