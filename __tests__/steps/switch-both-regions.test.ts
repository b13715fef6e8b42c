// The write that moves users where each slot has an endpoint in two regions: all four at once, nobody else's, and only
// to a slot that a disaster would not take with it.
import { describe, expect, test } from '@jest/globals';
import { servedSlot } from '../../src/application/production-slot.ts';
import { settlePivot } from '../../src/application/settle-pivot.ts';
import type { Endpoint, EndpointChanges, Profile } from '../../src/azure/ports.ts';
import { RETURN_MARKS, SWITCH_MARKS } from '../../src/steps/mark-stage.ts';
import { switchTrafficManager } from '../../src/steps/switch-traffic-manager.ts';
import { verifyPublic } from '../../src/steps/verify-public.ts';
import { databaseInfo, endpoint, minutesAfterStart, profile, site } from '../guards/parts.ts';
import {
  type BeforeTheSwitch,
  BLUE,
  beforeTheSwitch,
  entry,
  GREEN,
  type Options,
  primaryTo,
  run,
} from './before-the-switch.ts';
import { lost } from './switching.ts';

const at = (name: string, status: Endpoint['status'], priority: number | null): Endpoint =>
  endpoint(name, { status, priority, target: `${name}.azurewebsites.net` });
const BEFORE = [
  at('contoso-1', 'Enabled', 1),
  at('contoso-dr', 'Enabled', 2),
  at('contoso-2', 'Disabled', 3),
  at('contoso-3', 'Disabled', 4),
];
const AFTER = ['contoso-1 Disabled 3', 'contoso-dr Disabled 4', 'contoso-2 Enabled 1', 'contoso-3 Enabled 2'];

interface Switching extends BeforeTheSwitch {
  /** The changes of every PUT of the profile. */
  readonly writes: EndpointChanges[];
  endpoints(): string[];
}

/** @param after seconds after which a write takes effect although its answer was lost; 0: at once, and answered. */
function byProfile(options: Options & { endpoints?: readonly Endpoint[]; after?: number } = {}): Switching {
  const { endpoints: before = BEFORE, after = 0, ...rest } = options;
  let endpoints = before;
  const writes: EndpointChanges[] = [];
  const write = async (changes: EndpointChanges): Promise<Profile> => {
    writes.push(changes);
    const take = () => {
      endpoints = endpoints.map((one) => ({ ...one, ...changes[one.name] }));
    };
    if (after === 0 || Object.keys(changes).length === 0) take();
    else {
      void world.clock.sleep(after * 1000).then(take);
      throw lost();
    }
    return profile({ endpoints });
  };
  const trafficManager = {
    getProfile: async () => profile({ endpoints }),
    openProfile: async () => ({ profile: profile({ endpoints }), write }),
  };
  const appService = {
    getSite: async (ref: { site: string }) => site('x', { defaultHostName: `${ref.site}.azurewebsites.net` }),
  };
  const sql = { getDatabase: async () => databaseInfo(), listLinks: async () => [] };
  const world = beforeTheSwitch({ ...rest, azure: { trafficManager, appService, sql, ...rest.azure } });
  const told = () => endpoints.map(({ name, status, priority }) => `${name} ${status} ${priority}`);
  return { ...world, writes, endpoints: told };
}

const move = (world: Switching, marks = SWITCH_MARKS) =>
  world.ended(switchTrafficManager(world.context, marks).apply(run));

describe('one write', () => {
  test('moves all four: V2 serves, its standby stands by, both of V1 are offline', async () => {
    const world = byProfile();
    expect(await switchTrafficManager(world.context).assess(run)).toMatchObject({ kind: 'to-do' });
    await move(world);
    expect(world.writes).toHaveLength(1);
    expect(Object.keys(world.writes[0] ?? {}).sort()).toEqual([
      'contoso-1',
      'contoso-2',
      'contoso-3',
      'contoso-dr',
    ]);
    expect(world.endpoints()).toEqual(AFTER);
    expect(await switchTrafficManager(world.context).assess(run)).toMatchObject({ kind: 'done' });
  });

  test('a standby that production has offline is offline after it', async () => {
    const [one, , two, three] = BEFORE as [Endpoint, Endpoint, Endpoint, Endpoint];
    const world = byProfile({ endpoints: [one, at('contoso-dr', 'Disabled', 2), two, three] });
    await move(world);
    expect(world.endpoints()).toEqual([...AFTER.slice(0, 3), 'contoso-3 Disabled 2']);
  });

  test("nobody else's endpoint is written, and its priority is not taken", async () => {
    const other = at('sorry', 'Enabled', 8);
    const [one, two] = BEFORE as [Endpoint, Endpoint];
    const world = byProfile({
      endpoints: [one, two, other, at('contoso-2', 'Disabled', 7), at('contoso-3', 'Disabled', null)],
    });
    await move(world);
    expect(Object.keys(world.writes[0] ?? {})).not.toContain('sorry');
    expect(world.endpoints()).toEqual([
      'contoso-1 Disabled 7',
      'contoso-dr Disabled 9',
      'sorry Enabled 8',
      'contoso-2 Enabled 1',
      'contoso-3 Enabled 2',
    ]);
  });

  test('takes users back as it took them there', async () => {
    const world = byProfile({
      production: 'green',
      endpoints: [
        at('contoso-1', 'Disabled', 3),
        at('contoso-dr', 'Disabled', 4),
        at('contoso-2', 'Enabled', 1),
        at('contoso-3', 'Enabled', 2),
      ],
      databases: { '2': { readOnly: true, entry: entry('2', 'returning') }, '1': { readOnly: false } },
    });
    await move(world, RETURN_MARKS);
    expect(world.endpoints()).toEqual([
      'contoso-1 Enabled 1',
      'contoso-dr Enabled 2',
      'contoso-2 Disabled 3',
      'contoso-3 Disabled 4',
    ]);
  });

  test('is not sent where one of the four is missing', async () => {
    const world = byProfile({ endpoints: BEFORE.slice(0, 3) });
    expect(await switchTrafficManager(world.context).assess(run)).toMatchObject({
      kind: 'blocked',
      reason: 'resource-not-found',
      message: expect.stringContaining('all four'),
    });
    await expect(move(world)).rejects.toMatchObject({ reason: 'resource-not-found' });
    expect([world.writes, world.story]).toEqual([[], []]);
  });
});

describe('a slot without protection', () => {
  const unprotected: Options['databases'] = { '2': { links: {} }, '1': {} };

  test('gets no users: nothing is announced and nothing sent', async () => {
    const world = byProfile({ databases: unprotected });
    await expect(move(world)).rejects.toMatchObject({ reason: 'standby-not-caught-up' });
    expect([world.writes, world.story]).toEqual([[], []]);
    expect(world.databases['2'].entry?.status).toBe('upgraded');
  });

  test('a lag that is not known for a moment is no missing protection', async () => {
    const unknown = primaryTo('3', { replication_lag_sec: null });
    const world = byProfile({ databases: { '2': { links: { '3': unknown } } } });
    void world.clock.sleep(3_000).then(() => {
      world.databases['2'].links['3'] = primaryTo('3');
    });
    await move(world);
    expect(world.endpoints()).toEqual(AFTER);
  });

  test('may be returned to: who asks for that may have lost the other region', async () => {
    const world = byProfile({ databases: unprotected });
    await move(world, RETURN_MARKS);
    expect(world.endpoints()).toEqual(AFTER);
  });
});

test('a write of all four whose answer was lost is a switch when it comes; before that nothing is given back', async () => {
  const justTried = { entry: entry('2', 'switching', { at: minutesAfterStart(60).toISOString() }) };
  const moving = byProfile({ after: 12 });
  await move(moving);
  expect(moving.endpoints()).toEqual(AFTER);

  const never = byProfile({ databases: { '2': justTried } });
  expect(await never.ended(settlePivot(never.context))).toBe('production');
  expect(never.writes).toEqual([{}]); // the profile as it is, in front of what may come
  expect(never.endpoints()).toEqual(
    BEFORE.map(({ name, status, priority }) => `${name} ${status} ${priority}`),
  );
});

describe('where users are', () => {
  const slots = [BLUE, GREEN] as const;
  const served = (...endpoints: Endpoint[]) => {
    const found = servedSlot({ slots }, profile({ endpoints }));
    return found && [found.slot.name, found.standby];
  };

  test.each<[string, [string, boolean] | null, Endpoint[]]>([
    ['the first of the four', ['blue', false], BEFORE],
    [
      'a standby that stands in front: its slot, failed over',
      ['blue', true],
      [at('contoso-1', 'Enabled', 5), at('contoso-dr', 'Enabled', 2), at('contoso-2', 'Disabled', 1)],
    ],
    [
      'the standby of a slot that is offline',
      ['green', true],
      [at('contoso-1', 'Disabled', 1), at('contoso-2', 'Disabled', 2), at('contoso-3', 'Enabled', 9)],
    ],
    ['nobody', null, BEFORE.map((one) => ({ ...one, status: 'Disabled' as const }))],
  ])('%s', (_what, expected, endpoints) => {
    expect(served(...endpoints)).toEqual(expected);
  });
});

describe('V2 at the public name', () => {
  /** The public name leads to this host, where V2 answers. */
  function leadingTo(hostName: string): Switching {
    const body = JSON.stringify({ version: '2.0.0' });
    const chain = ['www.contoso.example', hostName];
    const web = { get: async () => ({ kind: 'answered', status: 200, headers: {}, body, chain }) };
    const endpoints = [
      at('contoso-2', 'Enabled', 1),
      at('contoso-3', 'Enabled', 2),
      at('contoso-1', 'Disabled', 3),
      at('contoso-dr', 'Disabled', 4),
    ];
    const databases = { '2': { entry: entry('2', 'switching') } };
    return byProfile({ endpoints, databases, azure: { web } });
  }
  const verify = (world: Switching) => world.ended(verifyPublic(world.context).apply(run));

  test('has answered by way of its site in the primary region', async () => {
    const world = leadingTo('contoso-2.azurewebsites.net');
    await verify(world);
    expect(world.databases['2'].entry?.status).toBe('serving');
  });

  test('has not by way of its standby: there users can only read', async () => {
    const world = leadingTo('contoso-3.azurewebsites.net');
    await expect(verify(world)).rejects.toMatchObject({
      reason: 'switch-failed',
      message: expect.stringContaining('contoso-3.azurewebsites.net in the backup region'),
    });
    expect(world.databases['2'].entry?.status).toBe('moved');
  });
});
