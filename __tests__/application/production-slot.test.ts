// Who is production is read from Azure: from the endpoints, before there are any from the databases, and where slots
// are swapped from the production site's own connection strings.
import { describe, expect, test } from '@jest/globals';
import { namesServer, readSlotRoles } from '../../src/application/production-slot.ts';
import type { Azure, DatabaseRef, Profile, ReplicationLink } from '../../src/azure/ports.ts';
import type { Config } from '../../src/config/config.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { config, databaseInfo, endpoint, link, profile, slot } from '../guards/parts.ts';

interface Seen {
  readonly profile?: Profile | null;
  /** Links of the database on each server that has it. */
  readonly databases?: Readonly<Record<string, readonly ReplicationLink[]>>;
  readonly strings?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, string>>;
}

function azure(seen: Seen): Azure {
  const links = ({ server }: DatabaseRef) => seen.databases?.[server];
  const ports = {
    trafficManager: { getProfile: async () => seen.profile ?? null },
    sql: {
      getDatabase: async (ref: DatabaseRef) => (links(ref) ? databaseInfo({ name: ref.database }) : null),
      listLinks: async (ref: DatabaseRef) => links(ref) ?? [],
    },
    appService: {
      listConnectionStrings: async () =>
        Object.fromEntries(
          Object.entries(seen.strings ?? {}).map(([name, value]) => [name, { value, type: 'SQLAzure' }]),
        ),
      listAppSettings: async () => seen.settings ?? {},
    },
  };
  return ports as unknown as Azure;
}

const swap = config({
  switchMethod: 'slot-swap',
  trafficManager: null,
  slots: [slot('blue', { webApp: 'contoso' }), slot('green', { webApp: 'contoso' })],
});

async function roles(seen: Seen, own: Config = config()) {
  const { production, stage, evidence } = await readSlotRoles(own, azure(seen));
  return { production: production.name, stage: stage.name, evidence };
}

async function unclear(seen: Seen, own?: Config): Promise<string> {
  const error = await roles(seen, own).catch((thrown: unknown) => thrown);
  if (!(error instanceof UpgradeError)) throw new Error(`expected to be unclear: ${JSON.stringify(error)}`);
  expect(error.reason).toBe('production-slot-unclear');
  expect(error.advice).not.toEqual([]);
  return error.message;
}

const endpoints = (...list: Profile['endpoints']): Seen => ({ profile: profile({ endpoints: list }) });
const on = { blue: 'contoso-sql-blue', green: 'contoso-sql-green' };
const primaryOf = (partnerServer: string) => link({ role: 'Primary', partnerServer });
const secondaryOf = (partnerServer: string) => link({ role: 'Secondary', partnerServer });

describe('from the endpoints', () => {
  test('production is the slot whose endpoint is online', async () => {
    expect(await roles(endpoints(endpoint('blue'), endpoint('green')))).toEqual({
      production: 'blue',
      stage: 'green',
      evidence: 'endpoint "blue" of profile contoso is online',
    });
    const swapped = endpoints(
      endpoint('blue', { status: 'Disabled' }),
      endpoint('green', { status: 'Enabled' }),
    );
    expect(await roles(swapped)).toMatchObject({ production: 'green', stage: 'blue' });
  });

  test('of two that are online, the one with the lower priority, as Azure routes', async () => {
    const both = endpoints(
      endpoint('blue', { priority: 20 }),
      endpoint('green', { status: 'Enabled', priority: 3 }),
    );
    expect(await roles(both)).toMatchObject({ production: 'green' });
  });

  test('names are compared as Azure does, and endpoints of nobody are passed over', async () => {
    const seen = endpoints(endpoint('other', { status: 'Enabled', priority: 1 }), {
      ...endpoint('blue', { priority: 5 }),
      name: 'BLUE',
    });
    expect(await roles(seen)).toMatchObject({ production: 'blue' });
  });

  test('win over the databases: after a switch the old production still has its own', async () => {
    const seen = {
      ...endpoints(endpoint('blue', { status: 'Disabled' }), endpoint('green', { status: 'Enabled' })),
      databases: { [on.blue]: [], [on.green]: [] },
    };
    expect(await roles(seen)).toMatchObject({ production: 'green' });
  });
});

describe.each([
  ['there is no profile yet', { profile: null }],
  ['no endpoint of the profile is enabled', endpoints(endpoint('blue', { status: 'Disabled' }))],
])('from the databases, where %s', (_, seen) => {
  test('production is the slot that has them', async () => {
    expect(await roles({ ...seen, databases: { [on.green]: [] } })).toEqual({
      production: 'green',
      stage: 'blue',
      evidence: 'database contoso is on contoso-sql-green',
    });
  });

  test('or is their geo-primary', async () => {
    const databases = { [on.blue]: [secondaryOf('Contoso-SQL-Green')], [on.green]: [primaryOf(on.blue)] };
    expect(await roles({ ...seen, databases })).toMatchObject({ production: 'green' });
  });

  test('a link to somewhere else says nothing about the slots', async () => {
    expect(await roles({ ...seen, databases: { [on.blue]: [secondaryOf('elsewhere')] } })).toMatchObject({
      production: 'blue',
    });
  });

  test('where nobody has them it is the names that are wrong, and nobody is told to make a slot production', async () => {
    await expect(roles(seen)).rejects.toMatchObject({
      reason: 'resource-not-found',
      message: expect.stringMatching(/the database contoso is neither on \S+ nor on \S+$/),
      advice: [expect.stringContaining('Change nothing in Azure')],
    });
  });

  test('it is unclear where both have writable ones', async () => {
    expect(await unclear({ ...seen, databases: { [on.blue]: [], [on.green]: [] } })).toMatch(/both servers/);
  });
});

describe('from the connection strings, where slots are swapped', () => {
  test.each([
    [
      'a connection string',
      { strings: { Orders: 'Server=tcp:contoso-sql-green.database.windows.net,1433;' } },
    ],
    ['a setting', { settings: { DB: 'jdbc:sqlserver://Contoso-SQL-Green.database.windows.net:1433' } }],
  ])('production is the slot whose server %s of the site names', async (_, seen) => {
    expect(await roles(seen, swap)).toEqual({
      production: 'green',
      stage: 'blue',
      evidence: 'the production site of contoso is connected to contoso-sql-green',
    });
  });

  test('it is unclear where none is named', async () => {
    expect(await unclear({ strings: { Orders: 'Server=other.database.windows.net' } }, swap)).toMatch(
      /no connection/,
    );
  });

  test('it is unclear where both are, and no value is shown', async () => {
    const strings = {
      Orders: 'Server=contoso-sql-blue.database.windows.net;Password=hunter2',
      Billing: 'Server=contoso-sql-green.database.windows.net;Password=hunter2',
    };
    const message = await unclear({ strings }, swap);
    expect(message).toMatch(/both SQL servers/);
    expect(message).not.toContain('hunter2');
  });
});

describe('a text names a server', () => {
  test.each([
    'contoso-sql.database.windows.net',
    'Server=tcp:contoso-sql.database.windows.net,1433',
    'jdbc:sqlserver://CONTOSO-SQL.database.windows.net',
    'user@contoso-sql.database.windows.net',
  ])('%s', (text) => expect(namesServer(text, 'contoso-sql')).toBe(true));

  test.each([
    'contoso-sql-2.database.windows.net',
    'my-contoso-sql.database.windows.net',
    'mycontoso-sql.database.windows.net',
    'contoso-sql',
    '',
  ])('not %j', (text) => expect(namesServer(text, 'contoso-sql')).toBe(false));
});
