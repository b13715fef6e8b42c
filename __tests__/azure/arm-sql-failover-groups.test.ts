import { describe, expect, test } from '@jest/globals';
import { createSqlManagement } from '../../src/azure/arm-sql.ts';
import type { NewFailoverGroup } from '../../src/azure/ports.ts';
import { type Reply, type SeenRequest, stubArm } from './stub-arm.ts';
import { UNASKED } from './unasked.ts';

const sqlServer = (group: string, server: string) =>
  `/subscriptions/sub-1/resourceGroups/${group}/providers/Microsoft.Sql/servers/${server}`;
const STAGE = sqlServer('green', 'sql-2');
const STANDBY = sqlServer('green-dr', 'sql-3');
const PATH = `${STAGE}/failoverGroups/fog-green`;
const OPERATION =
  'https://management.azure.com/subscriptions/sub-1/providers/Microsoft.Sql/locations/northeurope/failoverGroupAzureAsyncOperation/op-1?api-version=2020-11-01-preview';
const server = { resourceGroup: 'green', server: 'sql-2' };

const wanted: NewFailoverGroup = {
  name: 'fog-green',
  server,
  partnerServerId: STANDBY,
  databaseIds: [`${STAGE}/databases/contoso`],
  policy: { failover: 'Automatic', graceMinutes: 60 },
  tags: { by: 'us' },
};

const accepted: Reply = {
  status: 202,
  headers: { 'azure-asyncoperation': OPERATION },
  body: { operation: 'CreateFailoverGroup', startTime: '2026-11-21T10:00:00Z' },
};
const gatewayTimeout: Reply = {
  status: 503,
  headers: { 'x-ms-failure-cause': 'gateway' },
  body: { error: { code: 'ServerTimeout', message: 'The request timed out.' } },
};
const notFound: Reply = { status: 404, body: { error: { code: 'ResourceNotFound', message: 'no' } } };

/** As Azure lists it: ids in other casing, policy and roles told. */
const found = (changes: object = {}) => ({
  id: PATH,
  name: 'fog-green',
  properties: {
    readWriteEndpoint: { failoverPolicy: 'Automatic', failoverWithDataLossGracePeriodMinutes: 60 },
    replicationRole: 'Primary',
    partnerServers: [{ id: STANDBY.toUpperCase(), replicationRole: 'Secondary' }],
    databases: wanted.databaseIds.map((id) => id.toUpperCase()),
    ...changes,
  },
});

/** Answers PUTs in order and the operation as succeeded; before a PUT was accepted the group is as `before` has it. */
function azure(puts: readonly Reply[], before: Reply) {
  let sent = 0;
  return stubArm(({ method, path }: SeenRequest): Reply => {
    if (method === 'PUT') return puts[sent++] ?? { status: 500 };
    if (path.includes('AsyncOperation')) return { status: 200, body: { name: 'op-1', status: 'Succeeded' } };
    return puts[sent - 1] === accepted ? { status: 200, body: found() } : before;
  });
}

const create = (stub: ReturnType<typeof stubArm>) =>
  createSqlManagement(stub.context).createFailoverGroup(wanted, () => {});
const puts = (stub: ReturnType<typeof stubArm>) => stub.requests.filter(({ method }) => method === 'PUT');

describe('a failover group', () => {
  test('is created on the pair, with its databases and policy, and waited for', async () => {
    const stub = azure([accepted], { status: 200, body: found() });
    await create(stub);
    expect(puts(stub)).toHaveLength(1);
    expect(puts(stub)[0]).toMatchObject({
      path: PATH,
      body: {
        tags: { by: 'us' },
        properties: {
          readWriteEndpoint: { failoverPolicy: 'Automatic', failoverWithDataLossGracePeriodMinutes: 60 },
          partnerServers: [{ id: STANDBY }],
          databases: wanted.databaseIds,
        },
      },
    });
    expect(stub.requests.some(({ path }) => path.includes('AsyncOperation'))).toBe(true);
  });

  test('whose first PUT a gateway gave up on is asked for again', async () => {
    const stub = azure([gatewayTimeout, accepted], notFound);
    await create(stub);
    expect(puts(stub)).toHaveLength(2);
  });

  test('that is there after all is not created twice', async () => {
    const stub = azure([gatewayTimeout], { status: 200, body: found() });
    await create(stub);
    expect(puts(stub)).toHaveLength(1);
  });

  test('that is there without the databases is not the one that was asked for', async () => {
    const stub = azure([gatewayTimeout, accepted], { status: 200, body: found({ databases: [] }) });
    await create(stub);
    expect(puts(stub)).toHaveLength(2);
  });

  test('that the lost PUT is still making is waited for', async () => {
    let asked = 0;
    const busy = { status: 409, body: { error: { code: 'FailoverGroupBusy', message: 'busy' } } };
    const stub = stubArm(({ method }) => {
      if (method === 'PUT') return puts(stub).length === 1 ? gatewayTimeout : busy;
      return asked++ < 4 ? notFound : { status: 200, body: found() };
    });
    await create(stub);
    expect(puts(stub)).toHaveLength(2);
  });

  test('that another operation keeps from being made is a refusal', async () => {
    const busy = { status: 409, body: { error: { code: 'FailoverGroupBusy', message: 'busy' } } };
    const stub = azure([busy], notFound);
    await expect(create(stub)).rejects.toMatchObject({ code: 'FailoverGroupBusy', outcomeUnknown: false });
    expect(puts(stub)).toHaveLength(1);
  });

  test('that is refused is not asked for again', async () => {
    const taken = {
      status: 400,
      body: { error: { code: 'FailoverGroupNameTaken', message: 'Another server has it.' } },
    };
    const stub = azure([taken], notFound);
    await expect(create(stub)).rejects.toMatchObject({ outcomeUnknown: false, status: 400 });
    expect(puts(stub)).toHaveLength(1);
  });

  test('that never shows is said to be unknown', async () => {
    const stub = azure([gatewayTimeout, gatewayTimeout, gatewayTimeout, gatewayTimeout], notFound);
    await expect(create(stub)).rejects.toMatchObject({ outcomeUnknown: true, code: 'ServerTimeout' });
    expect(puts(stub)).toHaveLength(3);
  });

  test('is told with its partner, its policy and its databases', async () => {
    const manual = { readWriteEndpoint: { failoverPolicy: 'Manual' }, replicationRole: 'Secondary' };
    const stub = stubArm(() => ({ status: 200, body: { value: [found(), found(manual)] } }));
    const groups = await createSqlManagement(stub.context).listFailoverGroups(server);
    expect(groups).toMatchObject([
      { name: 'fog-green', role: 'Primary', policy: { failover: 'Automatic', graceMinutes: 60 } },
      { role: 'Secondary', policy: { failover: 'Manual', graceMinutes: null } },
    ]);
    expect(groups[0]?.partnerServers.map((name) => name.toLowerCase())).toEqual(['sql-3']);
    expect(groups[0]?.databaseIds).toHaveLength(1);
  });

  test('is deleted by its name, and its end waited for', async () => {
    const stub = stubArm(({ method }) =>
      method === 'DELETE' ? accepted : { status: 200, body: { name: 'op-1', status: 'Succeeded' } },
    );
    await createSqlManagement(stub.context).deleteFailoverGroup(server, 'fog-green', () => {}, UNASKED);
    expect(stub.requests[0]).toMatchObject({ method: 'DELETE', path: PATH });
    expect(stub.requests.length).toBeGreaterThan(1);
  });
});

describe('ledger digest uploads', () => {
  const ask = (reply: Reply) => {
    const stub = stubArm(() => reply);
    return createSqlManagement(stub.context).hasLedgerDigestUploads({ ...server, database: 'contoso' });
  };

  test('are told where they are enabled', async () => {
    await expect(ask({ status: 200, body: { properties: { state: 'Enabled' } } })).resolves.toBe(true);
    await expect(ask({ status: 200, body: { properties: { state: 'Disabled' } } })).resolves.toBe(false);
    await expect(ask(notFound)).resolves.toBe(false);
  });
});
