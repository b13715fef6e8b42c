// Who is production where Traffic Manager does not tell: the databases of the slots' primary region.
import { describe, expect, test } from '@jest/globals';
import { readRolesFromFreeze } from '../../src/application/roles-from-freeze.ts';
import { server } from '../guards/parts.ts';
import { entry, type Options, removalWorld } from '../steps/removal-world.ts';

const FROZEN = { readOnly: true, entry: entry('1', 'freezing') };

/** The slot that is production, and the servers that were asked. */
async function roles(databases: Options['databases'], links: Options['links'] = []) {
  const { context } = removalWorld({ production: 'blue', databases, links });
  const asked: string[] = [];
  const azure = {
    ...context.azure,
    sql: {
      ...context.azure.sql,
      getServer: async ({ server: name }: { server: string }) => {
        asked.push(name);
        return server(name);
      },
    },
  };
  const found = await readRolesFromFreeze({ ...context, azure });
  return { production: found?.production.name ?? null, asked };
}

describe('with two regions', () => {
  const links: Options['links'] = [
    ['1', 'dr'],
    ['2', '3'],
  ];

  test('the slot whose primary database this tool has frozen, whatever its geo-secondary says', async () => {
    const { production, asked } = await roles(
      { 1: FROZEN, dr: FROZEN, 2: { entry: entry('2', 'scripted') }, 3: { entry: entry('1', 'freezing') } },
      links,
    );
    expect(production).toBe('blue');
    expect(asked).toEqual(['contoso-sql-1', 'contoso-sql-2']);
  });

  test('also where the backup region is lost', async () => {
    const lost = { unreachable: true };
    expect(
      await roles({ 1: FROZEN, dr: lost, 2: { entry: entry('2', 'upgraded') }, 3: lost }, links),
    ).toMatchObject({
      production: 'blue',
    });
  });

  test('not known where the primary region is lost: the other one may not have heard of the switch', async () => {
    const lost = { unreachable: true };
    const told = { entry: entry('2', 'upgraded') };
    expect(await roles({ 1: lost, dr: FROZEN, 2: lost, 3: told }, links)).toMatchObject({ production: null });
    expect(await roles({ 1: FROZEN, dr: FROZEN, 2: lost, 3: told }, links)).toMatchObject({
      production: null,
    });
  });
});

test.each([
  'switching',
  'serving',
  'returning',
] as const)('not known where the switch was tried (%s)', async (status) => {
  expect(await roles({ 1: FROZEN, 2: { entry: entry('2', status) } })).toMatchObject({ production: null });
});

describe('with slot swaps, where the primary region is lost', () => {
  const lost = { unreachable: true };
  const connectedTo =
    (host: string) =>
    async ({ site }: { site: string }) => {
      if (site !== 'contoso-dr') throw new Error('HTTP 503');
      return { Database: { value: `Server=tcp:${host}.database.windows.net,1433`, type: 'SQLAzure' } };
    };

  async function production(databases: Options['databases'], host: string) {
    const { context } = removalWorld({ production: 'blue', databases });
    const azure = {
      ...context.azure,
      sql: { ...context.azure.sql, getServer: async ({ server: name }: { server: string }) => server(name) },
      appService: {
        ...context.azure.appService,
        listConnectionStrings: connectedTo(host),
        listAppSettings: async () => ({}),
      },
    };
    const config = { ...context.config, switchMethod: 'slot-swap' as const };
    return (await readRolesFromFreeze({ ...context, config, azure }))?.production.name ?? null;
  }

  test.each([
    ['contoso-sql-dr', 'blue'],
    ['contoso-sql-3', 'green'],
  ])('the slot whose site the backup region has in production: %s is of %s', async (host, slot) => {
    expect(await production({ 1: lost, 2: lost }, host)).toBe(slot);
  });

  test('not as long as one of the primary databases answers: regions are swapped one after the other', async () => {
    expect(
      await production({ 1: FROZEN, 2: { entry: entry('2', 'switching') } }, 'contoso-sql-3'),
    ).toBeNull();
  });
});
