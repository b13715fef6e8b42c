// Reads of many databases: as few requests as of two, and never another answer than the single read would give.
import { describe, expect, test } from '@jest/globals';
import { createSqlManagement } from '../../src/azure/arm-sql.ts';
import { type Reply, type SeenRequest, stubArm } from './stub-arm.ts';

const SERVER = '/subscriptions/sub-1/resourceGroups/blue/providers/Microsoft.Sql/servers/sql-blue';
const NAMES = ['contoso', 'Billing', 'archive'];

const refTo = (database: string) => ({ resourceGroup: 'blue', server: 'sql-blue', database });
const database = (name: string) => ({
  id: `${SERVER}/databases/${name}`,
  name,
  location: 'northeurope',
  tags: { of: name },
});
const link = (name: string) => ({
  id: `${SERVER}/databases/${name}/replicationLinks/link-of-${name}`,
  name: `link-of-${name}`,
  properties: {
    partnerServer: 'sql-green',
    partnerDatabase: name,
    role: 'Primary',
    partnerRole: 'Secondary',
    replicationState: 'CATCH_UP',
  },
});

const forbidden: Reply = { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } } };
const missing: Reply = { status: 404, body: { error: { code: 'ResourceNotFound', message: 'no' } } };

/** Databases `NAMES`, of which archive has no link. */
function azure({ mayList = true, names = NAMES }: { mayList?: boolean; names?: readonly string[] } = {}) {
  return stubArm(({ path }: SeenRequest): Reply => {
    const [, list, name, links] =
      /\/servers\/sql-blue\/(databases|replicationLinks)(?:\/([^/]+))?(\/replicationLinks)?$/.exec(path) ??
      [];
    if (name === undefined) {
      if (!mayList) return forbidden;
      const value = list === 'databases' ? names.map(database) : linked(names).map(link);
      return { status: 200, body: { value } };
    }
    const found = names.find((one) => one.toLowerCase() === name.toLowerCase());
    if (found === undefined) return missing;
    if (links === undefined) return { status: 200, body: database(found) };
    return { status: 200, body: { value: linked([found]).map(link) } };
  });
}

const linked = (names: readonly string[]) => names.filter((name) => name !== 'archive');

const paths = ({ requests }: ReturnType<typeof azure>) =>
  requests.map(({ path }) => path.slice(path.indexOf('/sql-blue') + '/sql-blue'.length));

describe('several databases of a server, read at once', () => {
  test('their properties are one request', async () => {
    const stub = azure();
    const sql = createSqlManagement(stub.context);
    const found = await Promise.all(
      ['contoso', 'billing', 'archive', 'none'].map((one) => sql.getDatabase(refTo(one))),
    );
    expect(found.map((info) => info?.tags.of ?? null)).toEqual(['contoso', 'Billing', 'archive', null]);
    expect(paths(stub)).toEqual(['/databases']);
  });

  test('their links are one request, and one more where some have none', async () => {
    const stub = azure();
    const sql = createSqlManagement(stub.context);
    const two = await Promise.all(['contoso', 'billing'].map((one) => sql.listLinks(refTo(one))));
    expect(two.map((links) => links.map(({ id }) => id))).toEqual([['link-of-contoso'], ['link-of-Billing']]);
    expect(paths(stub)).toEqual(['/replicationLinks']);
    const all = await Promise.all(NAMES.map((one) => sql.listLinks(refTo(one))));
    expect(all.map((links) => links.length)).toEqual([1, 1, 0]);
    expect(paths(stub)).toHaveLength(3);
  });

  test('a database that is not there has no links to be concluded from', async () => {
    const sql = createSqlManagement(azure().context);
    const [there, gone] = await Promise.allSettled([
      sql.listLinks(refTo('contoso')),
      sql.listLinks(refTo('gone')),
    ]);
    expect(there).toMatchObject({ status: 'fulfilled', value: [{ id: 'link-of-contoso' }] });
    expect(gone).toMatchObject({ status: 'rejected', reason: { status: 404 } });
  });

  test('a link whose database is not told makes the whole list worthless', async () => {
    const nameless = { ...link('contoso'), id: undefined };
    const stub = stubArm(() => ({ status: 200, body: { value: [nameless] } }));
    const sql = createSqlManagement(stub.context);
    const asked = await Promise.allSettled(NAMES.map((one) => sql.listLinks(refTo(one))));
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  test('where the list may not be read they are read one by one', async () => {
    const stub = azure({ mayList: false });
    const sql = createSqlManagement(stub.context);
    const found = await Promise.all(NAMES.map((one) => sql.listLinks(refTo(one))));
    expect(found.map((links) => links.length)).toEqual([1, 1, 0]);
    expect(paths(stub)).toEqual([
      '/replicationLinks',
      ...NAMES.map((one) => `/databases/${one}/replicationLinks`),
    ]);
  });
});

test('one database is read as such, also when several ask for it at once', async () => {
  const stub = azure();
  const sql = createSqlManagement(stub.context);
  const found = await Promise.all([1, 2, 3].map(() => sql.getDatabase(refTo('contoso'))));
  expect(found.map((info) => info?.name)).toEqual(['contoso', 'contoso', 'contoso']);
  expect(paths(stub)).toEqual(['/databases/contoso']);
});
