import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { TestArm } from './support/test-arm.ts';
import { BLUE_SQL, GREEN_SQL, startTestArm } from './support/test-arm.ts';

const V = 'api-version=2022-08-01-preview';

describe('Microsoft.Sql through the SDK', () => {
  let azure: TestArm;
  beforeEach(async () => {
    azure = await startTestArm();
  });
  afterEach(() => azure.close());

  const createSecondary = () =>
    azure.sql.databases.beginCreateOrUpdateAndWait('contoso-green', 'contoso-sql-green', 'contoso', {
      location: 'northeurope',
      createMode: 'Secondary',
      secondaryType: 'Geo',
      sourceDatabaseId: `${BLUE_SQL}/databases/contoso`,
      tags: { 'rolling-upgrade': 'contoso' },
    });

  test('a server and its database are found, with the sku as Azure writes it', async () => {
    const server = await azure.sql.servers.get('contoso-blue', 'contoso-sql-blue');
    expect(server.fullyQualifiedDomainName).toBe('contoso-sql-blue.database.windows.net');
    const database = await azure.sql.databases.get('CONTOSO-BLUE', 'Contoso-SQL-Blue', 'CONTOSO');
    expect(database).toMatchObject({
      name: 'contoso',
      status: 'Online',
      currentServiceObjectiveName: 'S1',
      sku: { name: 'Standard', tier: 'Standard', capacity: 20 },
    });
  });

  test('a geo-secondary is created, its link is seen from both sides, and is removed by force', async () => {
    const secondary = await createSecondary();
    expect(secondary).toMatchObject({ status: 'Online', tags: { 'rolling-upgrade': 'contoso' } });

    const [ofBlue] = await all(
      azure.sql.replicationLinks.listByDatabase('contoso-blue', 'contoso-sql-blue', 'contoso'),
    );
    const [ofGreen] = await all(
      azure.sql.replicationLinks.listByDatabase('contoso-green', 'contoso-sql-green', 'contoso'),
    );
    expect(ofBlue).toMatchObject({
      role: 'Primary',
      partnerRole: 'Secondary',
      partnerServer: 'contoso-sql-green',
      partnerLocation: 'North Europe',
      replicationState: 'CATCH_UP',
      percentComplete: 100,
      linkType: 'GEO',
    });
    expect(ofGreen).toMatchObject({
      role: 'Secondary',
      partnerServer: 'contoso-sql-blue',
      name: ofBlue?.name,
    });

    await azure.sql.replicationLinks.beginDeleteAndWait(
      'contoso-blue',
      'contoso-sql-blue',
      'contoso',
      ofBlue?.name ?? '',
    );
    expect(
      await all(azure.sql.replicationLinks.listByDatabase('contoso-green', 'contoso-sql-green', 'contoso')),
    ).toEqual([]);
    expect((await azure.sql.databases.get('contoso-green', 'contoso-sql-green', 'contoso')).status).toBe(
      'Online',
    );
  });

  test('while it seeds, the operation is in progress and the database is busy', async () => {
    azure.fabric.holdSeeding = true;
    const poller = await azure.sql.databases.beginCreateOrUpdate(
      'contoso-green',
      'contoso-sql-green',
      'contoso',
      {
        location: 'northeurope',
        createMode: 'Secondary',
        sourceDatabaseId: `${BLUE_SQL}/databases/contoso`,
      },
    );
    const [operation] = await all(
      azure.sql.databaseOperations.listByDatabase('contoso-green', 'contoso-sql-green', 'contoso'),
    );
    expect(operation).toMatchObject({ state: 'InProgress', operation: 'CreateDatabaseAsCopy' });
    await expect(
      azure.sql.databases.beginDelete('contoso-green', 'contoso-sql-green', 'contoso'),
    ).rejects.toMatchObject({ statusCode: 409, code: 'ConflictingDatabaseOperation' });
    const [link] = await all(
      azure.sql.replicationLinks.listByDatabase('contoso-blue', 'contoso-sql-blue', 'contoso'),
    );
    expect(link?.replicationState).toBe('PENDING');
    azure.fabric.holdSeeding = false;
    await poller.pollUntilDone();
  });

  test('removing the link while it seeds ends the operation as failed', async () => {
    azure.fabric.holdSeeding = true;
    const poller = await azure.sql.databases.beginCreateOrUpdate(
      'contoso-green',
      'contoso-sql-green',
      'contoso',
      {
        location: 'northeurope',
        createMode: 'Secondary',
        sourceDatabaseId: `${BLUE_SQL}/databases/contoso`,
      },
    );
    const [link] = azure.fabric.links('contoso-sql-blue', 'contoso');
    await azure.sql.replicationLinks.beginDeleteAndWait(
      'contoso-blue',
      'contoso-sql-blue',
      'contoso',
      link?.id ?? '',
    );
    await expect(poller.pollUntilDone()).rejects.toThrow(/replication link was removed/);
  });

  test('a PUT on what already is the secondary updates it', async () => {
    await createSecondary();
    const body = {
      location: 'northeurope',
      tags: { again: 'yes' },
      properties: { createMode: 'Secondary', sourceDatabaseId: `${BLUE_SQL}/databases/contoso` },
    };
    const answer = await azure.call('PUT', `${GREEN_SQL}/databases/contoso?${V}`, { body });
    expect(answer).toMatchObject({ status: 202, body: { operation: 'UpdateLogicalDatabase' } });
  });

  test('dropping a database: accepted, gone; once more: 204', async () => {
    await createSecondary();
    await azure.sql.databases.beginDeleteAndWait('contoso-green', 'contoso-sql-green', 'contoso');
    await expect(
      azure.sql.databases.get('contoso-green', 'contoso-sql-green', 'contoso'),
    ).rejects.toMatchObject({ statusCode: 404, code: 'ResourceNotFound' });
    expect((await azure.call('DELETE', `${GREEN_SQL}/databases/contoso?${V}`)).status).toBe(204);
  });

  test('a failed operation is told with its code', async () => {
    azure.faults.add({
      at: 'arm PUT .*/contoso-sql-green/databases/contoso$',
      fault: { kind: 'operation-fails', code: 'InternalServerError', message: 'Something broke.' },
    });
    await expect(createSecondary()).rejects.toThrow(/InternalServerError.*Something broke/);
    expect((await azure.call('GET', `${GREEN_SQL}/databases/contoso?${V}`)).status).toBe(404);
  });

  test('an operation under way can be cancelled, and the database is not there', async () => {
    azure.fabric.holdSeeding = true;
    const body = {
      location: 'northeurope',
      properties: { createMode: 'Secondary', sourceDatabaseId: `${BLUE_SQL}/databases/contoso` },
    };
    await azure.call('PUT', `${GREEN_SQL}/databases/contoso?${V}`, { body });
    const [operation] = await all(
      azure.sql.databaseOperations.listByDatabase('contoso-green', 'contoso-sql-green', 'contoso'),
    );
    await azure.sql.databaseOperations.cancel(
      'contoso-green',
      'contoso-sql-green',
      'contoso',
      operation?.name ?? '',
    );
    const [after] = await all(
      azure.sql.databaseOperations.listByDatabase('contoso-green', 'contoso-sql-green', 'contoso'),
    );
    expect(after?.state).toBe('Cancelled');
    expect((await azure.call('GET', `${GREEN_SQL}/databases/contoso?${V}`)).status).toBe(404);
    expect(azure.fabric.links('contoso-sql-blue', 'contoso')).toEqual([]);
  });

  test('firewall rules reach the servers', async () => {
    await azure.sql.firewallRules.createOrUpdate('contoso-green', 'contoso-sql-green', 'runner', {
      startIpAddress: '10.0.0.1',
      endIpAddress: '10.0.0.9',
    });
    expect(azure.fabric.firewall.get('contoso-sql-green')).toEqual([
      { name: 'runner', start: '10.0.0.1', end: '10.0.0.9' },
    ]);
    await azure.sql.firewallRules.delete('contoso-green', 'contoso-sql-green', 'runner');
    expect(azure.fabric.firewall.get('contoso-sql-green')).toEqual([]);
  });

  test('databases that came by T-SQL are seen, and those that went are not', async () => {
    azure.fabric.createDatabase('contoso-sql-green', 'by-hand');
    const names = async () =>
      (await all(azure.sql.databases.listByServer('contoso-green', 'contoso-sql-green'))).map(
        (each) => each.name,
      );
    expect(await names()).toEqual(['by-hand', 'master']);
    azure.fabric.dropDatabase('contoso-sql-green', 'by-hand');
    expect(await names()).toEqual(['master']);
  });
});

describe('what Azure SQL refuses', () => {
  let azure: TestArm;
  beforeEach(async () => {
    azure = await startTestArm();
  });
  afterEach(() => azure.close());

  const putSecondary = (database: string, properties: Record<string, string>, sku?: { name: string }) =>
    azure.call('PUT', `${database}?${V}`, {
      body: {
        location: 'northeurope',
        ...(sku === undefined ? {} : { sku }),
        properties: {
          createMode: 'Secondary',
          sourceDatabaseId: `${BLUE_SQL}/databases/contoso`,
          ...properties,
        },
      },
    });

  test.each([
    [
      'another name',
      `${GREEN_SQL}/databases/contoso2`,
      {},
      undefined,
      400,
      'ReplicationSourceAndTargetMustHaveSameName',
    ],
    [
      'the same server',
      `${BLUE_SQL}/databases/contoso2`,
      {},
      undefined,
      400,
      'ReplicationSourceAndTargetMustBeInDifferentServers',
    ],
    [
      'a source that is not there',
      `${GREEN_SQL}/databases/contoso`,
      { sourceDatabaseId: `${BLUE_SQL}/databases/nothing` },
      undefined,
      404,
      'SourceDatabaseNotFound',
    ],
    [
      'a lower tier',
      `${GREEN_SQL}/databases/contoso`,
      {},
      { name: 'Basic' },
      400,
      'SourceDatabaseEditionCouldNotBeUpgraded',
    ],
    [
      'a pool that is not there',
      `${GREEN_SQL}/databases/contoso`,
      { elasticPoolId: `${GREEN_SQL}/elasticPools/nothing` },
      undefined,
      400,
      'TargetElasticPoolDoesNotExist',
    ],
  ])('a secondary with %s', async (_, path, properties, sku, status, code) => {
    expect(await putSecondary(path, properties, sku)).toMatchObject({ status, code });
  });

  test('a secondary where a database of that name stands', async () => {
    azure.arm.sql.createDatabase({ server: 'contoso-sql-green', name: 'contoso', sku: 'S1' });
    expect(await putSecondary(`${GREEN_SQL}/databases/contoso`, {})).toMatchObject({
      status: 409,
      code: 'RemoteDatabaseExists',
    });
  });

  test('a fifth geo-secondary', async () => {
    for (const number of [1, 2, 3, 4]) {
      azure.fabric.addServer(`far-${number}`, { login: 'a', password: 'b' });
      azure.fabric.startGeoReplication(
        { server: 'contoso-sql-blue', database: 'contoso' },
        { server: `far-${number}`, database: 'contoso' },
        0,
      );
    }
    expect(await putSecondary(`${GREEN_SQL}/databases/contoso`, {})).toMatchObject({
      status: 400,
      code: 'GeoReplicaLimitReached',
    });
  });

  test('the removal of a link that belongs to a failover group', async () => {
    await azure.sql.databases.beginCreateOrUpdateAndWait('contoso-green', 'contoso-sql-green', 'contoso', {
      location: 'northeurope',
      createMode: 'Secondary',
      sourceDatabaseId: `${BLUE_SQL}/databases/contoso`,
    });
    azure.arm.sql.addFailoverGroup({
      name: 'contoso-group',
      primary: 'contoso-sql-blue',
      partner: 'contoso-sql-green',
      databases: ['contoso'],
      readWritePolicy: 'Manual',
      gracePeriodMinutes: null,
    });
    const [link] = azure.fabric.links('contoso-sql-blue', 'contoso');
    const path = `${BLUE_SQL}/databases/contoso/replicationLinks/${link?.id}?api-version=2022-02-01-preview`;
    expect(await azure.call('DELETE', path)).toMatchObject({
      status: 409,
      code: 'FailoverGroupAlreadySetup',
    });
    const [group] = await all(azure.sql.failoverGroups.listByServer('contoso-green', 'contoso-sql-green'));
    expect(group).toMatchObject({
      replicationRole: 'Secondary',
      databases: [`${GREEN_SQL}/databases/contoso`],
    });
  });

  test('a secondary of a database the caller may not read', async () => {
    azure.arm.setGrants('c0ffee00-5d1e-4b6a-9f00-2b7c4d8e9a04', [
      { scope: GREEN_SQL, actions: ['*'], notActions: [] },
    ]);
    expect(await putSecondary(`${GREEN_SQL}/databases/contoso`, {})).toMatchObject({
      status: 400,
      code: 'InvalidAddSecondaryPermission',
    });
  });
});

async function all<Item>(pages: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of pages) items.push(item);
  return items;
}
