import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSqlManagement } from '../../src/azure/arm-sql.ts';
import type { NewFailoverGroup, SqlManagement } from '../../src/azure/ports.ts';
import { type EmbeddedArm, startEmbeddedArm } from './embedded-arm.ts';
import { UNASKED } from './unasked.ts';

const blue = { resourceGroup: 'contoso-blue', server: 'contoso-sql-blue' };
const dr = { resourceGroup: 'contoso-blue-dr', server: 'contoso-sql-blue-dr' };
const database = 'contoso';
const never = new AbortController().signal;

let azure: EmbeddedArm;
let sql: SqlManagement;
let wanted: NewFailoverGroup;

beforeEach(async () => {
  azure = await startEmbeddedArm();
  sql = createSqlManagement(azure.context);
  const source = await sql.getDatabase({ ...blue, database });
  const partner = await sql.getServer(dr);
  if (!source || !partner) throw new Error('the example has no pair');
  await sql.createGeoSecondary(
    { source, target: { ...dr, database }, location: 'westeurope', elasticPoolId: null, tags: {} },
    () => {},
    never,
  );
  wanted = {
    name: 'contoso-fog-blue',
    server: blue,
    partnerServerId: partner.id,
    databaseIds: [source.id],
    policy: { failover: 'Automatic', graceMinutes: 60 },
    tags: {},
  };
});
afterEach(() => azure.close());

const groupsOf = async (ref: typeof blue) => sql.listFailoverGroups(ref);

describe('a failover group', () => {
  test('is made over the pair, seen from both servers, and removed; the link stays', async () => {
    await sql.createFailoverGroup(wanted, () => {});
    const [group] = await groupsOf(blue);
    expect(group).toMatchObject({
      name: 'contoso-fog-blue',
      role: 'Primary',
      partnerServers: ['contoso-sql-blue-dr'],
      policy: { failover: 'Automatic', graceMinutes: 60 },
    });
    expect(group?.databaseIds.map((id) => id.split('/').at(-1))).toEqual(['contoso']);
    expect(await groupsOf(dr)).toMatchObject([{ role: 'Secondary', partnerServers: ['contoso-sql-blue'] }]);

    const links = await sql.listLinks({ ...blue, database });
    await expect(sql.removeLink({ ...blue, database }, links[0]?.id ?? '', UNASKED)).rejects.toMatchObject({
      code: 'FailoverGroupAlreadySetup',
    });

    await sql.deleteFailoverGroup(blue, wanted.name, () => {}, UNASKED);
    expect([await groupsOf(blue), await groupsOf(dr)]).toEqual([[], []]);
    expect(await sql.listLinks({ ...blue, database })).toHaveLength(1);
  });

  test('is made although a gateway gave up on the first request', async () => {
    azure.faults.add({
      at: '^arm PUT .*failoverGroups',
      fault: { kind: 'error', status: 503, code: 'ServerTimeout', message: 'The request timed out.' },
    });
    await sql.createFailoverGroup(wanted, () => {});
    expect(await groupsOf(blue)).toHaveLength(1);
  });

  test('whose first request was carried out and not answered is not made twice', async () => {
    azure.faults.add({ at: '^arm PUT .*failoverGroups', fault: { kind: 'drop-after' } });
    await sql.createFailoverGroup(wanted, () => {});
    expect(await groupsOf(blue)).toHaveLength(1);
  });

  test('is refused where its partner is in the same region', async () => {
    const green = await sql.getServer({ resourceGroup: 'contoso-green', server: 'contoso-sql-green' });
    const near = { ...wanted, partnerServerId: green?.id ?? '' };
    await expect(sql.createFailoverGroup(near, () => {})).rejects.toMatchObject({ outcomeUnknown: false });
    expect(await groupsOf(blue)).toEqual([]);
  });
});

test('ledger digest uploads are seen', async () => {
  expect(await sql.hasLedgerDigestUploads({ ...blue, database })).toBe(false);
  azure.arm.sql.setLedgerDigestUploads('contoso-sql-blue', database, true);
  expect(await sql.hasLedgerDigestUploads({ ...blue, database })).toBe(true);
});
