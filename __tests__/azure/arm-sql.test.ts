import { describe, expect, test } from '@jest/globals';
import { createSqlManagement } from '../../src/azure/arm-sql.ts';
import type { DatabaseInfo, GeoSecondary } from '../../src/azure/ports.ts';
import { type Reply, type SeenRequest, stubArm } from './stub-arm.ts';
import { UNASKED } from './unasked.ts';

const SERVER = '/subscriptions/sub-1/resourceGroups/green/providers/Microsoft.Sql/servers/sql-green';
const OPERATION = `https://management.azure.com/subscriptions/sub-1/resourceGroups/green/providers/Microsoft.Sql/locations/northeurope/databaseAzureAsyncOperation/op-1?api-version=2022-08-01-preview`;
const target = { resourceGroup: 'green', server: 'sql-green', database: 'contoso' };

const source: DatabaseInfo = {
  id: '/subscriptions/sub-1/resourceGroups/blue/providers/Microsoft.Sql/servers/sql-blue/databases/contoso',
  name: 'contoso',
  location: 'northeurope',
  status: 'Online',
  sku: { name: 'S1', tier: 'Standard', family: null, capacity: 20 },
  elasticPoolId: null,
  maxSizeBytes: 1,
  zoneRedundant: false,
  autoPauseDelay: null,
  tags: {},
  createdAt: null,
};
const secondary: GeoSecondary = {
  source,
  target,
  location: 'northeurope',
  elasticPoolId: null,
  tags: { by: 'us' },
};

/** Accepts the PUT as Azure does (202, no resource in it), then answers the polls in order. */
function accepting(...polls: unknown[]) {
  let poll = 0;
  return stubArm(({ method, path }: SeenRequest): Reply => {
    if (method === 'PUT' || method === 'DELETE') {
      return {
        status: 202,
        headers: { 'azure-asyncoperation': OPERATION, 'x-ms-correlation-request-id': 'corr-1' },
        body: { operation: 'CreateDatabaseAsCopy', startTime: '2026-11-21T10:00:00Z' },
      };
    }
    if (path.includes('databaseAzureAsyncOperation')) {
      return { status: 200, body: polls[Math.min(poll++, polls.length - 1)] };
    }
    return {
      status: 200,
      body: { id: `${SERVER}/databases/contoso`, name: 'contoso', location: 'northeurope' },
    };
  });
}

const create = (
  stub: ReturnType<typeof stubArm>,
  signal = new AbortController().signal,
  seen: string[] = [],
) => createSqlManagement(stub.context).createGeoSecondary(secondary, (status) => seen.push(status), signal);

describe('a geo-secondary', () => {
  test('is created in the same size, as a live copy, and waited for', async () => {
    const stub = accepting({ name: 'op-1', status: 'InProgress' }, { name: 'op-1', status: 'Succeeded' });
    const seen: string[] = [];
    await create(stub, undefined, seen);
    const [put] = stub.requests;
    expect(put?.path).toBe(`${SERVER}/databases/contoso`);
    expect(put?.body).toEqual({
      location: 'northeurope',
      tags: { by: 'us' },
      sku: { name: 'S1', tier: 'Standard', capacity: 20 },
      properties: { createMode: 'Secondary', secondaryType: 'Geo', sourceDatabaseId: source.id },
    });
    expect(seen).toContain('succeeded');
  });

  test('goes into a pool where one is named, without a size of its own', async () => {
    const stub = accepting({ name: 'op-1', status: 'Succeeded' });
    await createSqlManagement(stub.context).createGeoSecondary(
      { ...secondary, elasticPoolId: '/pool' },
      () => {},
      new AbortController().signal,
    );
    expect(stub.requests[0]?.body).not.toHaveProperty('sku');
    expect(stub.requests[0]?.body).toHaveProperty('properties.elasticPoolId', '/pool');
  });

  test('of a pooled database needs a pool: nothing is sent', async () => {
    const stub = accepting();
    const pooled = { ...secondary, source: { ...source, elasticPoolId: '/pool' } };
    const creation = createSqlManagement(stub.context).createGeoSecondary(
      pooled,
      () => {},
      new AbortController().signal,
    );
    await expect(creation).rejects.toMatchObject({ reason: 'service-tier-mismatch' });
    expect(stub.requests).toHaveLength(0);
  });

  test('whose operation ends as Failed says why', async () => {
    const stub = accepting({
      name: 'op-1',
      status: 'Failed',
      error: { code: 'GeoReplicaLimitReached', message: 'Too many of them.' },
    });
    await expect(create(stub)).rejects.toMatchObject({
      name: 'AzureError',
      code: 'GeoReplicaLimitReached',
      correlationId: 'corr-1',
      outcomeUnknown: false,
      message: expect.stringContaining('Too many of them.'),
    });
  });

  test('whose operation can no longer be asked about is unknown, not failed', async () => {
    const stub = stubArm(({ method }) =>
      method === 'PUT'
        ? { status: 202, headers: { 'azure-asyncoperation': OPERATION } }
        : { status: 404, body: { error: { code: 'OperationNotFound', message: 'gone' } } },
    );
    await expect(create(stub)).rejects.toMatchObject({ outcomeUnknown: true, status: 404 });
  });

  test('that exists already is told with the code of Azure', async () => {
    const stub = stubArm(() => ({
      status: 409,
      body: { error: { code: 'RemoteDatabaseExists', message: 'is there' } },
    }));
    await expect(create(stub)).rejects.toMatchObject({ code: 'RemoteDatabaseExists', outcomeUnknown: false });
  });

  test('is no longer waited for once cancelled, and said to go on', async () => {
    const controller = new AbortController();
    const stub = accepting({ name: 'op-1', status: 'InProgress' });
    const creation = create(stub, controller.signal);
    setImmediate(() => controller.abort());
    await expect(creation).rejects.toMatchObject({ outcomeUnknown: true });
  });
});

describe('links', () => {
  const item = {
    id: `${SERVER}/databases/contoso/replicationLinks/7f0`,
    name: '7f0',
    properties: {
      partnerServer: 'sql-blue',
      partnerDatabase: 'contoso',
      partnerLocation: 'North Europe',
      role: 'Secondary',
      partnerRole: 'Primary',
      replicationState: 'SEEDING',
      percentComplete: 42,
      startTime: '2026-11-21T10:00:00.5Z',
      linkType: 'GEO',
    },
  };

  test('are listed over all pages', async () => {
    const stub = stubArm(({ query }) =>
      query.has('page')
        ? { status: 200, body: { value: [{ ...item, name: '8a1' }] } }
        : {
            status: 200,
            body: {
              value: [item],
              nextLink: `https://management.azure.com${SERVER}/databases/contoso/replicationLinks?page=2`,
            },
          },
    );
    const links = await createSqlManagement(stub.context).listLinks(target);
    expect(links.map(({ id }) => id)).toEqual(['7f0', '8a1']);
    expect(links[0]).toMatchObject({
      role: 'Secondary',
      state: 'SEEDING',
      percentComplete: 42,
      linkType: 'GEO',
    });
    expect(links[0]?.startedAt?.toISOString()).toBe('2026-11-21T10:00:00.500Z');
  });

  test('are removed by their id', async () => {
    const stub = stubArm(() => ({ status: 200 }));
    await createSqlManagement(stub.context).removeLink(target, '7f0', UNASKED);
    expect(stub.requests[0]).toMatchObject({ method: 'DELETE', path: item.id });
  });

  test('in a failover group cannot be removed, and Azure says so', async () => {
    const stub = stubArm(() => ({
      status: 409,
      body: { error: { code: 'FailoverGroupAlreadySetup', message: 'remove' } },
    }));
    await expect(createSqlManagement(stub.context).removeLink(target, '7f0', UNASKED)).rejects.toMatchObject({
      code: 'FailoverGroupAlreadySetup',
      outcomeUnknown: false,
    });
  });
});

describe('a server', () => {
  const server = {
    id: SERVER,
    name: 'sql-green',
    location: 'northeurope',
    properties: { fullyQualifiedDomainName: 'f' },
  };

  test('tells its administrator and its customer-managed key', async () => {
    const stub = stubArm(({ path }) =>
      path.endsWith('/encryptionProtector/current')
        ? { status: 200, body: { properties: { serverKeyType: 'AzureKeyVault', uri: 'https://v/k' } } }
        : {
            status: 200,
            body: { ...server, properties: { ...server.properties, administrators: { login: 'ops' } } },
          },
    );
    const found = await createSqlManagement(stub.context).getServer(target);
    expect(found).toMatchObject({ entraAdministrator: 'ops', keyId: 'https://v/k' });
    expect(stub.requests[0]?.query.get('$expand')).toBe('administrators/activedirectory');
  });

  test('can be read without the right to read its encryption', async () => {
    const stub = stubArm(({ path }) =>
      path.includes('encryptionProtector')
        ? { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } } }
        : { status: 200, body: server },
    );
    await expect(createSqlManagement(stub.context).getServer(target)).resolves.toMatchObject({ keyId: null });
  });

  test('that is not there is null', async () => {
    const stub = stubArm(() => ({
      status: 404,
      body: { error: { code: 'ResourceNotFound', message: 'no' } },
    }));
    await expect(createSqlManagement(stub.context).getServer(target)).resolves.toBeNull();
  });
});
