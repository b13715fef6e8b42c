// The demo's eye on the instances of a service: what is told of a change, what breaks the promise, what is kept and drawn.
import { describe, expect, test } from '@jest/globals';
import { changesBetween } from '../../demo/service/changes.ts';
import { drawPicture } from '../../demo/service/drawing.ts';
import { brokenPromise } from '../../demo/service/one-domain.ts';
import { type InstanceSeen, lookAt, type Picture } from '../../demo/service/picture.ts';
import { settled } from '../../demo/service/settled.ts';
import { momentLines } from '../../demo/service/text.ts';
import { differences, leftBehind } from '../../demo/service/verify.ts';
import { createComputeFabric } from '../../local-azure/compute/create-fabric.ts';
import { createLatency } from '../../local-azure/latency.ts';
import { createSimulatedClock } from '../local-azure/sql/simulated-clock.ts';

type State = InstanceSeen['state'];

/** By domain: what its two instances do. */
function picture(...domains: readonly (readonly [State, string | null])[]): Picture {
  return [
    {
      role: 'web',
      domains: domains.map(([state, version], domain) => ({
        domain,
        instances: [0, 1].map((at) => ({ name: `web_${domain}${at}`, state, version })),
      })),
    },
  ];
}

const BEFORE = picture(['serves', '1.0.0'], ['serves', '1.0.0']);
const DOWN = picture(['down', null], ['serves', '1.0.0']);
const MIXED = picture(['serves', '2.0.0'], ['serves', '1.0.0']);
const BROKEN = picture(['serves', '3.0.0'], ['broken', '3.0.0']);

test.each([
  [BEFORE, BEFORE, []],
  [BEFORE, DOWN, ['domain 0: 2 down']],
  [DOWN, MIXED, ['domain 0: 2 serve on 2.0.0']],
  [MIXED, BROKEN, ['domain 0: 2 serve on 3.0.0', 'domain 1: 2 broken on 3.0.0']],
])('a change is told by domain (%#)', (before, after, told) => {
  expect(changesBetween(before, after)).toEqual(told);
});

test.each([
  ['everything serves', MIXED, null],
  ['one domain is down', DOWN, null],
  ['one domain is broken', BROKEN, null],
  [
    'two domains are out, for whatever reason',
    picture(['down', null], ['broken', '3.0.0'], ['serves', '1.0.0']),
    'domains 0 and 1 were out of service at once',
  ],
  ['nobody serves', picture(['down', null]), 'no instance of web was in service'],
])('the promise of one domain at once: %s', (_name, seen, broken) => {
  expect(brokenPromise(seen)).toBe(broken);
});

test('instances are seen as they are: serving, down while updated, broken', async () => {
  const clock = createSimulatedClock();
  const fabric = createComputeFabric({ clock, latency: createLatency('off', 1) });
  const model = (version: string) => ({
    version,
    sku: 'Standard_DS1_v2',
    extensions: {},
    settings: {},
    healthMonitored: true,
  });
  for (const id of ['0', '1', '2']) {
    const placement = { id, name: `web_${id}`, updateDomain: Number(id) % 2, faultDomain: 0, zone: null };
    fabric.add('web', placement, model('1.0.0'));
  }
  fabric.setWorking('web', '1', false);
  const stopped = fabric.stop('web', '2');
  await clock.advance(1);
  await stopped;
  const [role] = lookAt(fabric, [{ role: 'shop', fabricName: 'web' }]);
  expect(role).toEqual({
    role: 'shop',
    domains: [
      {
        domain: 0,
        instances: [
          { name: 'web_0', state: 'serves', version: '1.0.0' },
          { name: 'web_2', state: 'down', version: null },
        ],
      },
      { domain: 1, instances: [{ name: 'web_1', state: 'broken', version: '1.0.0' }] },
    ],
  });
});

describe('what is shown', () => {
  test('instances of a domain that go down one after the other are one moment', () => {
    const [, ...others] = BEFORE[0]?.domains ?? [];
    const halfDown: Picture = [
      {
        role: 'web',
        domains: [
          {
            domain: 0,
            instances: [
              { name: 'web_00', state: 'down', version: null },
              { name: 'web_01', state: 'serves', version: '1.0.0' },
            ],
          },
          ...others,
        ],
      },
    ];
    const moments = [
      { seconds: 0, during: '', changes: [], picture: BEFORE },
      { seconds: 0.1, during: '', changes: ['domain 0: 1 down'], picture: halfDown },
      { seconds: 0.15, during: '', changes: ['domain 0: 1 down'], picture: DOWN },
      { seconds: 2, during: '', changes: ['domain 0: 2 serve on 2.0.0'], picture: MIXED },
    ];
    expect(settled(moments).map(({ seconds, changes }) => [seconds, changes])).toEqual([
      [0, []],
      [0.1, ['domain 0: 2 down']],
      [2, ['domain 0: 2 serve on 2.0.0']],
    ]);
  });

  test('a line a moment, a character an instance', () => {
    const moment = (seconds: number, seen: Picture) => ({
      seconds,
      during: '',
      changes: ['domain 1: 2 broken on 3.0.0'],
      picture: seen,
    });
    expect(momentLines([moment(0, DOWN), moment(61.24, BROKEN)]).map((line) => line.split(/ {2,}/))).toEqual([
      ['SECOND', 'DOMAIN 0', 'DOMAIN 1', 'IN SERVICE', 'WHAT CHANGED'],
      [expect.stringContaining('0.0'), '··', '11', '2', expect.any(String)],
      [expect.stringContaining('61.2'), '33', 'xx', '2', 'domain 1: 2 broken on 3.0.0'],
    ]);
  });

  test('every instance has its square, and every domain its box', () => {
    const drawn = drawPicture(BROKEN);
    expect([...drawn.matchAll(/class="box (\w+)"/g)].map(([, look]) => look)).toEqual(['serves', 'broken']);
    expect([...drawn.matchAll(/class="instance (\w+)"/g)].map(([, look]) => look)).toEqual([
      'v3',
      'v3',
      'broken',
      'broken',
    ]);
  });
});

describe('what is verified', () => {
  const expected = {
    result: 'succeeded',
    state: 'updated',
    versions: ['2.0.0', '2.0.0'],
    lowest: 2,
  } as const;
  const service = { locked: { locked: false, reasons: [] } };
  const report = { result: 'succeeded', state: 'updated', service } as const;
  const ended = {
    report,
    exitCode: 0,
    picture: picture(['serves', '2.0.0'], ['serves', '2.0.0']),
    lowest: 2,
  };

  test('a run as the story says has no differences', () => {
    expect(differences(expected, ended)).toEqual([]);
  });

  test.each([
    ['a red job', { exitCode: 1 }, 'exit code 1'],
    ['a domain left out', { picture: MIXED }, 'domain 1 runs 1.0.0, not 2.0.0'],
    ['an instance that stayed down', { picture: picture(['serves', '2.0.0'], ['broken', '2.0.0']) }, 'whole'],
    ['more taken down than told', { lowest: 0 }, '0 instances in service at the lowest'],
  ])('%s is a difference', (_name, change, words) => {
    expect(differences(expected, { ...ended, ...change }).join('; ')).toContain(words);
  });

  test('marks of the update, and what is held for it, may not stay', () => {
    const set = { name: 'web', tags: { owner: 'contoso' }, repairs: 'Running' };
    const setting = { name: 'scale', enabled: true };
    const cloud = { name: 'cloud', tags: {} };
    expect(leftBehind({ scaleSets: [set], cloudServices: [cloud], autoscaleSettings: [setting] })).toEqual(
      [],
    );
    const held = {
      scaleSets: [{ ...set, tags: { 'rolling-upgrade': 'web 1' }, repairs: 'Suspended' }],
      cloudServices: [{ ...cloud, tags: { 'rolling-upgrade-lease': '{}' } }],
      autoscaleSettings: [{ ...setting, enabled: false }],
    };
    expect(leftBehind(held)).toEqual([
      'marks of the update are left on web',
      'marks of the update are left on cloud',
      'repairs of web are still held',
      'scale is still held',
    ]);
  });
});
