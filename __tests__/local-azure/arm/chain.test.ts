// Chained geo-replication through resource manager, and what Azure refuses of it.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  DR,
  databaseId,
  type GeoArm,
  type Place,
  PRODUCTION,
  STAGE,
  STAGE_DR,
  startGeoArm,
} from './support/geo-arm.ts';

const V = 'api-version=2022-08-01-preview';
const LINK_V = 'api-version=2022-02-01-preview';

let azure: GeoArm;
beforeEach(async () => {
  azure = await startGeoArm();
});
afterEach(() => azure.close());

const put = (source: Place, target: Place, location: string) =>
  azure.call('PUT', `${databaseId(target)}?${V}`, {
    body: { location, properties: { createMode: 'Secondary', sourceDatabaseId: databaseId(source) } },
  });

describe('the databases of a geo-redundant upgrade', () => {
  test('four databases, three links; the cut at the head leaves the stage pair whole', async () => {
    await azure.secondary(PRODUCTION, DR);
    await azure.secondary(PRODUCTION, STAGE);
    await azure.secondary(STAGE, STAGE_DR);
    expect((await azure.linksOf(STAGE)).map(({ role, partner }) => [role, partner])).toEqual([
      ['Primary', STAGE_DR.server],
      ['Secondary', PRODUCTION.server],
    ]);
    await azure.run(PRODUCTION, 'INSERT dbo.Orders VALUES (2)');
    for (const place of [DR, STAGE, STAGE_DR]) expect(azure.values(place)).toEqual([1, 2]);
    const cut = (await azure.linksOf(PRODUCTION)).find(({ partner }) => partner === STAGE.server);
    await azure.sql.replicationLinks.beginDeleteAndWait(
      PRODUCTION.group,
      PRODUCTION.server,
      'contoso',
      cut?.id ?? '',
    );
    expect((await azure.linksOf(STAGE)).map(({ role, partner }) => [role, partner])).toEqual([
      ['Primary', STAGE_DR.server],
    ]);
    expect((await azure.linksOf(PRODUCTION)).map(({ partner }) => partner)).toEqual([DR.server]);
    expect(await azure.run(STAGE, 'INSERT dbo.Orders VALUES (3)')).toEqual([]);
    expect([azure.values(STAGE_DR), azure.values(DR)]).toEqual([
      [1, 2, 3],
      [1, 2],
    ]);
  });
});

describe('what Azure refuses of a chain', () => {
  test('a source that has not caught up', async () => {
    await azure.secondary(PRODUCTION, STAGE);
    const [link] = azure.fabric.links(STAGE.server, 'contoso');
    azure.fabric.setLinkState(link?.id ?? '', 'SUSPENDED');
    expect(await put(STAGE, STAGE_DR, 'westeurope')).toMatchObject({
      status: 400,
      code: 'IncorrectReplicationLinkState',
    });
  });

  test.each([PRODUCTION, STAGE, STAGE_DR])('a customer-managed key on $server', async ({ server }) => {
    await azure.secondary(PRODUCTION, STAGE);
    azure.arm.sql.setEncryptionKey(server, 'https://contoso.vault.azure.net/keys/tde/1');
    expect(await put(STAGE, STAGE_DR, 'westeurope')).toMatchObject({
      status: 400,
      code: 'SecurityAzureKeyVaultGeoChainError',
    });
    expect(await put(PRODUCTION, DR, 'westeurope')).toMatchObject({ status: 202 });
  });

  test('ledger digests that are uploaded; they hold every link, too', async () => {
    await azure.secondary(PRODUCTION, STAGE);
    azure.arm.sql.setLedgerDigestUploads(PRODUCTION.server, 'contoso', true);
    expect(await put(STAGE, STAGE_DR, 'westeurope')).toMatchObject({
      status: 400,
      code: 'UnableToCreateGeoChain',
    });
    const [link] = await azure.linksOf(PRODUCTION);
    const path = `${databaseId(PRODUCTION)}/replicationLinks/${link?.id}?${LINK_V}`;
    expect(await azure.call('DELETE', path)).toMatchObject({ status: 400, code: 'LedgerNoDropLink' });
    azure.arm.sql.setLedgerDigestUploads(PRODUCTION.server, 'contoso', false);
    expect((await azure.call('DELETE', path)).status).toBe(200);
  });

  test('Hyperscale: no secondary of a secondary, and one secondary only', async () => {
    const sku = {
      name: 'HS_Gen5',
      tier: 'Hyperscale',
      family: 'Gen5',
      capacity: 2,
      objective: 'HS_Gen5_2',
    };
    azure.arm.sql.changeDatabase(PRODUCTION.server, 'contoso', { sku });
    await azure.secondary(PRODUCTION, STAGE);
    expect(await put(PRODUCTION, DR, 'westeurope')).toMatchObject({
      status: 400,
      code: 'GeoReplicaLimitReached',
    });
    expect(await put(STAGE, STAGE_DR, 'westeurope')).toMatchObject({
      status: 405,
      code: 'UnsupportedReplicationOperation',
    });
  });

  test('a database that is already the copy of another, and one that is no copy', async () => {
    await azure.secondary(PRODUCTION, STAGE);
    await azure.secondary(PRODUCTION, DR);
    expect(await put(STAGE, DR, 'westeurope')).toMatchObject({ status: 409, code: 'DuplicateGeoDrRelation' });
    azure.arm.sql.createDatabase({ server: STAGE_DR.server, name: 'contoso', sku: 'S1' });
    expect(await put(STAGE, STAGE_DR, 'westeurope')).toMatchObject({
      status: 409,
      code: 'RemoteDatabaseExists',
    });
  });
});

describe('ledger digest uploads', () => {
  test('are disabled unless told otherwise, listed and got', async () => {
    const { ledgerDigestUploadsOperations: uploads } = azure.sql;
    const at = [PRODUCTION.group, PRODUCTION.server, 'contoso'] as const;
    expect(await uploads.get(...at, 'current')).toMatchObject({ name: 'current', state: 'Disabled' });
    azure.arm.sql.setLedgerDigestUploads(PRODUCTION.server, 'contoso', true);
    const listed = [];
    for await (const each of uploads.listByDatabase(...at)) listed.push(each);
    expect(listed).toMatchObject([
      { state: 'Enabled', digestStorageEndpoint: expect.stringMatching(/^https:/) },
    ]);
  });
});
