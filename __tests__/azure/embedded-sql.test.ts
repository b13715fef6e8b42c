import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSqlManagement } from '../../src/azure/arm-sql.ts';
import { createAuthorization } from '../../src/azure/authorization.ts';
import type { DatabaseInfo, SqlManagement } from '../../src/azure/ports.ts';
import { type EmbeddedArm, startEmbeddedArm } from './embedded-arm.ts';
import { UNASKED } from './unasked.ts';

const blueServer = { resourceGroup: 'contoso-blue', server: 'contoso-sql-blue' };
const greenServer = { resourceGroup: 'contoso-green', server: 'contoso-sql-green' };
const production = { ...blueServer, database: 'contoso' };
const stage = { ...greenServer, database: 'contoso' };
const never = new AbortController().signal;

let azure: EmbeddedArm;
let sql: SqlManagement;

beforeEach(async () => {
  azure = await startEmbeddedArm();
  sql = createSqlManagement(azure.context);
});
afterEach(() => azure.close());

async function database(): Promise<DatabaseInfo> {
  const found = await sql.getDatabase(production);
  if (found === null) throw new Error('production is not there');
  return found;
}

async function linked(): Promise<string> {
  const source = await database();
  const secondary = {
    source,
    target: stage,
    location: 'northeurope',
    elasticPoolId: null,
    tags: { by: 'us' },
  };
  await sql.createGeoSecondary(secondary, () => {}, never);
  const [link] = await sql.listLinks(production);
  if (link === undefined) throw new Error('there is no link');
  return link.id;
}

describe('SQL', () => {
  test('servers, firewall rules and failover groups are read', async () => {
    await expect(sql.getServer(blueServer)).resolves.toMatchObject({
      name: 'contoso-sql-blue',
      fullyQualifiedDomainName: 'contoso-sql-blue.database.windows.net',
      keyId: null,
    });
    await expect(sql.getServer({ ...blueServer, server: 'nobody' })).resolves.toBeNull();
    await expect(sql.listFirewallRules(blueServer)).resolves.toContainEqual({
      name: 'runners',
      startIpAddress: '10.0.0.1',
      endIpAddress: '10.0.0.9',
    });
    await expect(sql.listFailoverGroups(blueServer)).resolves.toEqual([]);
  });

  test('a customer-managed key and the administrator are seen', async () => {
    azure.arm.sql.setEncryptionKey('contoso-sql-blue', 'https://vault/keys/k/1');
    await expect(sql.getServer(blueServer)).resolves.toMatchObject({ keyId: 'https://vault/keys/k/1' });
  });

  test('a geo-secondary is created in the same size and linked both ways', async () => {
    const id = await linked();
    await expect(sql.getDatabase(stage)).resolves.toMatchObject({
      sku: (await database()).sku,
      tags: { by: 'us' },
    });
    const [atStage] = await sql.listLinks(stage);
    expect(atStage).toMatchObject({
      id,
      role: 'Secondary',
      partnerServer: 'contoso-sql-blue',
      state: 'CATCH_UP',
    });
  });

  test('a database of that name in the way is refused with Azure’s code', async () => {
    azure.arm.sql.createDatabase({ server: 'contoso-sql-green', name: 'contoso', sku: 'S1' });
    await expect(linked()).rejects.toMatchObject({ name: 'AzureError', status: 409, outcomeUnknown: false });
  });

  test('a link is removed on both sides, by its id', async () => {
    await sql.removeLink(production, await linked(), UNASKED);
    await expect(sql.listLinks(production)).resolves.toEqual([]);
    await expect(sql.listLinks(stage)).resolves.toEqual([]);
  });

  test('a removal whose answer was lost is unknown, and was done', async () => {
    const id = await linked();
    azure.faults.add({ at: 'arm DELETE .*replicationLinks', fault: { kind: 'drop-after' } });
    await expect(sql.removeLink(production, id, UNASKED)).rejects.toMatchObject({ outcomeUnknown: true });
    await expect(sql.listLinks(production)).resolves.toEqual([]);
  });

  test('an operation that ends as Failed says why', async () => {
    azure.faults.add({
      at: 'arm PUT .*databases',
      fault: { kind: 'operation-fails', code: 'ServerDtuQuotaExceeded', message: 'The server has no room.' },
    });
    await expect(linked()).rejects.toMatchObject({
      code: 'ServerDtuQuotaExceeded',
      outcomeUnknown: false,
      correlationId: expect.any(String),
    });
  });

  test('a database is deleted; one that is not there is deleted as well', async () => {
    const id = await linked();
    await sql.removeLink(production, id, UNASKED);
    await sql.deleteDatabase(stage, () => {}, UNASKED);
    await expect(sql.getDatabase(stage)).resolves.toBeNull();
    await expect(sql.deleteDatabase(stage, () => {}, UNASKED)).resolves.toBeUndefined();
  });
});

test('missing rights are named, and refused writes say which', async () => {
  azure.grant(['*/read']);
  const id = (await database()).id;
  const actions = ['Microsoft.Sql/servers/databases/read', 'Microsoft.Sql/servers/databases/write'];
  await expect(createAuthorization(azure.context).missingActions(id, actions)).resolves.toEqual([actions[1]]);
  await expect(sql.deleteDatabase(production, () => {}, UNASKED)).rejects.toMatchObject({
    status: 403,
    code: 'AuthorizationFailed',
    message: expect.stringContaining('Microsoft.Sql/servers/databases/delete'),
  });
});
