// The demo's eye on the four databases: what counts as protected, what is told of a change, what is kept.
import { describe, expect, test } from '@jest/globals';
import { changesBetween } from '../../demo/databases/changes.ts';
import { drawPicture } from '../../demo/databases/drawing.ts';
import { unprotected } from '../../demo/databases/law-10.ts';
import { type DatabaseSeen, type LinkSeen, type Picture, serversOf } from '../../demo/databases/picture.ts';
import { momentLines } from '../../demo/databases/text.ts';
import { startSampler } from '../../demo/sampler.ts';
import { createSimulatedClock } from '../local-azure/sql/simulated-clock.ts';

const [ONE, DR, TWO, THREE] = ['contoso-sql-1', 'contoso-sql-dr', 'contoso-sql-2', 'contoso-sql-3'];

const database = (server: string, access: DatabaseSeen['access'], schema: DatabaseSeen['schema'] = 'V1') => ({
  server,
  region: server === DR || server === THREE ? 'West Europe' : 'North Europe',
  access,
  schema,
});
const link = (from: string, to: string, state: LinkSeen['state'] = 'caught up') => ({ from, to, state });

const BEFORE: Picture = {
  serving: ONE,
  databases: [database(ONE, 'read-write'), database(DR, 'read-only')],
  links: [link(ONE, DR)],
};
const PREPARED: Picture = {
  ...BEFORE,
  databases: [...BEFORE.databases, database(TWO, 'read-only'), database(THREE, 'read-only')],
  links: [link(ONE, DR), link(ONE, TWO), link(TWO, THREE)],
};
const FROZEN: Picture = {
  ...PREPARED,
  databases: [database(ONE, 'read-only'), ...PREPARED.databases.slice(1)],
};

describe('protection', () => {
  test('is a caught-up geo-secondary in the other region', () => {
    expect(unprotected(BEFORE)).toBeNull();
    expect(unprotected(PREPARED)).toBeNull();
  });

  test.each([
    ['without any link', { ...BEFORE, links: [] }],
    ['while it is seeded', { ...BEFORE, links: [link(ONE, DR, 'seeding')] }],
    ['while it is suspended', { ...BEFORE, links: [link(ONE, DR, 'suspended')] }],
    ['by one in the same region only', { ...PREPARED, links: [link(ONE, TWO), link(TWO, THREE)] }],
    ['by what it protects itself', { ...BEFORE, links: [link(DR, ONE)] }],
    ['where users are sent to nobody', { ...BEFORE, serving: null }],
  ])('is missing %s', (_when, picture) => {
    expect(unprotected(picture)).not.toBeNull();
  });
});

describe('what is told of a change', () => {
  const cases: [string, Picture, Picture, string[]][] = [
    [
      'a copy is made',
      BEFORE,
      {
        ...BEFORE,
        databases: [...BEFORE.databases, database(TWO, 'read-only')],
        links: [link(ONE, DR), link(ONE, TWO, 'seeding')],
      },
      ['contoso-sql-2 is seeded from contoso-sql-1'],
    ],
    ['production is frozen', PREPARED, FROZEN, ['contoso-sql-1 frozen (read-only)']],
    [
      'a link is cut and both databases stay',
      FROZEN,
      { ...FROZEN, links: [link(ONE, DR), link(TWO, THREE)] },
      ['link contoso-sql-1 → contoso-sql-2 cut'],
    ],
    [
      'a database goes with its link',
      BEFORE,
      { ...BEFORE, databases: [database(ONE, 'read-write')], links: [] },
      ['contoso-sql-dr removed'],
    ],
    ['users are moved', PREPARED, { ...PREPARED, serving: TWO }, ['users are sent to contoso-sql-2']],
    [
      'a region is lost',
      BEFORE,
      {
        ...BEFORE,
        databases: [database(ONE, 'lost'), database(DR, 'read-only')],
        links: [link(ONE, DR, 'suspended')],
      },
      ['North Europe is lost'],
    ],
    [
      'a failover',
      BEFORE,
      {
        serving: DR,
        databases: [database(ONE, 'lost'), database(DR, 'read-write')],
        links: [link(DR, ONE, 'suspended')],
      },
      [
        'North Europe is lost',
        'failed over to contoso-sql-dr',
        'contoso-sql-dr read-write',
        'users are sent to contoso-sql-dr',
      ],
    ],
    [
      'the script arrives in both regions',
      PREPARED,
      {
        ...PREPARED,
        databases: [
          ...BEFORE.databases,
          database(TWO, 'read-only', 'V2'),
          database(THREE, 'read-only', 'V2'),
        ],
      },
      ['contoso-sql-2 and contoso-sql-3 upgraded to V2'],
    ],
    ['nothing', PREPARED, PREPARED, []],
  ];
  test.each(cases)('%s', (_what, before, after, told) => {
    expect(changesBetween(before, after)).toEqual(told);
  });
});

describe('the sampler', () => {
  test('keeps what differs, with what was done then, and counts every look', async () => {
    const clock = createSimulatedClock();
    let picture = BEFORE;
    const sampler = startSampler({ look: () => picture, changes: changesBetween, rule: unprotected, clock });
    sampler.during('prepare');
    await clock.advance(1_000);
    picture = PREPARED;
    await clock.advance(1_000);
    sampler.during('upgrade');
    picture = FROZEN;
    sampler.stop();
    expect(sampler.moments().map(({ during, picture: seen }) => [during, seen])).toEqual([
      ['Before', BEFORE],
      ['prepare', PREPARED],
      ['upgrade', FROZEN],
    ]);
    expect(sampler.rule()).toMatchObject({ violations: [] });
    expect(sampler.rule()?.samples).toBeGreaterThan(20);
  });

  test('tells of a moment without protection, but not of one in a disaster', () => {
    const clock = createSimulatedClock();
    let picture = BEFORE;
    const sampler = startSampler({ look: () => picture, changes: changesBetween, rule: unprotected, clock });
    picture = { ...BEFORE, links: [] };
    sampler.during('a gap');
    expect(sampler.rule()?.violations).toEqual([
      'contoso-sql-1 served users without a caught-up geo-secondary',
    ]);
    sampler.endOfRule();
    picture = { ...picture, serving: null };
    sampler.stop();
    expect(sampler.rule()).toMatchObject({ samples: 2, violations: [expect.any(String)] });
  });
});

describe('what is shown', () => {
  const moments = [
    { seconds: 0, during: 'Before', changes: [], picture: BEFORE },
    { seconds: 12.34, during: 'prepare', changes: ['contoso-sql-1 frozen (read-only)'], picture: FROZEN },
  ];

  test('a line a moment: users, access, links, and what changed', () => {
    const [head, first, second] = momentLines(moments, [ONE, DR, TWO, THREE]).map((line) =>
      line.trim().split(/ {2,}/),
    );
    expect(head).toEqual(['SECOND', 'sql-1', 'sql-dr', 'sql-2', 'sql-3', 'LINKS', 'WHAT CHANGED']);
    expect(first).toEqual(['0.0', '● rw V1', 'ro V1', '-', '-', '1→dr', 'before']);
    expect(second?.slice(0, 5)).toEqual(['12.3', '● ro V1', 'ro V1', 'ro V1', 'ro V1']);
    expect(second?.at(-1)).toBe('contoso-sql-1 frozen (read-only)');
  });

  test('every server has its place in a drawing, there or not, and every link its arrow', () => {
    const drawn = drawPicture(BEFORE, serversOf('geo-redundant'));
    expect([...drawn.matchAll(/class="database (\w+)"/g)].map(([, look]) => look)).toEqual([
      'live',
      'waits',
      'absent',
      'absent',
    ]);
    expect(drawn.match(/class="link caught-up"/g)).toHaveLength(1);
    expect(drawPicture(FROZEN, serversOf('geo-redundant'))).toContain('class="database frozen"');
  });
});
