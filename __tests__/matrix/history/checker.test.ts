// Every rule of the history check, broken on purpose.
import { describe, expect, test } from '@jest/globals';
import { violationsOf } from './checker.ts';
import type { Event, WriteEvent } from './events.ts';
import {
  BLUE,
  GREEN,
  type Judged,
  read,
  rowOf,
  sampleHistory,
  withEvents,
  withRows,
  write,
} from './sample.ts';

const judge = ({ history, end }: Judged) => violationsOf(history, end);
const without = (key: string) => (rows: readonly { readonly key: string }[]) =>
  rows.filter((row) => row.key !== key) as never;
const adding =
  (...more: readonly Event[]) =>
  (events: readonly Event[]) => [...events, ...more];

test('a history that is right is not accused', () => {
  expect(judge(sampleHistory())).toEqual([]);
});

const RIGHT = sampleHistory();
const WRONG: readonly (readonly [string, Judged, RegExp])[] = [
  [
    "V1's acknowledged write is not in V2",
    withRows(RIGHT, 'sql-green', without('k1')),
    /^law 4: order k1 .*acknowledged by contoso-blue/,
  ],
  [
    "V2's acknowledged write is not in V2",
    withRows(RIGHT, 'sql-green', without('k4')),
    /^law 4: order k4 .*acknowledged by contoso-green/,
  ],
  [
    'what was there before is not in V2',
    withRows(RIGHT, 'sql-green', without('k0')),
    /^law 4: order k0, which was there before/,
  ],
  [
    'users are back on V1, where nothing of V2 is',
    { ...RIGHT, end: { ...RIGHT.end, serving: BLUE } },
    /^law 6: order k4/,
  ],
  ['nobody serves', { ...RIGHT, end: { ...RIGHT.end, serving: null } }, /^law 5: in the end nobody/],
  [
    'V1 committed what its user was not told of, and V2 has not got it',
    withRows(
      withEvents(RIGHT, adding(write('k5', 22, { outcome: 'unknown', servedBy: null }))),
      'sql-blue',
      (rows) => [...rows, rowOf('k5')],
    ),
    /^law 4: order k5 .* is in sql-blue and not in sql-green/,
  ],
  [
    'a row is there twice',
    withRows(RIGHT, 'sql-green', (rows) => [...rows, rowOf('k1')]),
    /^law 8: order k1 is twice in sql-green/,
  ],
  [
    'an order is there under two keys',
    withRows(RIGHT, 'sql-green', (rows) => [...rows, { ...rowOf('k1'), key: 'k9' }]),
    /^law 8: "client 0, order 1: .*" is in sql-green under two keys/,
  ],
  [
    'an order is taken in as new twice',
    withEvents(RIGHT, adding(write('k1', 40, { outcome: 'created', servedBy: GREEN, attempt: 2 }))),
    /^law 1: order k1 was taken in as new more than once/,
  ],
  [
    'two databases took in one order',
    withRows(RIGHT, 'sql-green', (rows) =>
      rows.map((row) => (row.key === 'k2' ? rowOf('k2', 'later') : row)),
    ),
    /^law 1: order k2 .* was taken in by sql-blue at at k2 and again by sql-green at later/,
  ],
  [
    'V1 acknowledges a write after V2 has',
    withRows(
      withRows(
        withEvents(RIGHT, adding(write('k6', 50, { outcome: 'created', servedBy: BLUE }))),
        'sql-blue',
        (rows) => [...rows, rowOf('k6')],
      ),
      'sql-green',
      (rows) => [...rows, rowOf('k6')],
    ),
    /^law 1: contoso-blue acknowledged order k6 after contoso-green had acknowledged k2/,
  ],
  [
    'an order that was refused is there',
    withRows(RIGHT, 'sql-green', (rows) => [...rows, rowOf('k3')]),
    /^law 1: order k3, which was refused, is in sql-green all the same/,
  ],
  [
    'an order says something else',
    withRows(RIGHT, 'sql-green', (rows) =>
      rows.map((row) => (row.key === 'k1' ? { ...row, content: 'nothing' } : row)),
    ),
    /^law 1: order k1 is "nothing" in sql-green/,
  ],
  [
    'what was there before says something else to a reader',
    withEvents(RIGHT, adding({ ...read('k0', 50, GREEN), seen: 'nothing' })),
    /^law 1: order k0 is "nothing" read from contoso-green/,
  ],
  [
    'a read after the acknowledgement sees nothing',
    withEvents(RIGHT, adding(read('k1', 50, BLUE, false))),
    /^law 4: contoso-blue knew nothing of order k1/,
  ],
  [
    "V2 does not see V1's",
    withEvents(RIGHT, adding(read('k1', 50, GREEN, false))),
    /^law 4: contoso-green knew nothing of order k1/,
  ],
  [
    'a reader saw what was there before, and then did not',
    withEvents(RIGHT, adding(read('k0', 50, GREEN, false))),
    /^law 4: contoso-green knew nothing of order k0/,
  ],
  [
    'a read went back although the write was never acknowledged',
    withEvents(
      RIGHT,
      adding(
        write('k7', 50, { outcome: 'unknown', servedBy: null }),
        read('k7', 60, GREEN),
        read('k7', 62, GREEN, false),
      ),
    ),
    /^law 4: contoso-green knew nothing of order k7/,
  ],
];

describe('accused:', () => {
  test.each(WRONG)('%s', (_what, judged, sentence) => {
    expect(judge(judged)).toContainEqual(expect.stringMatching(sentence));
  });
});

describe('not accused:', () => {
  const concurrent: WriteEvent = { ...write('k8', 29, { outcome: 'created', servedBy: BLUE }), ended: 33 };

  test('a read that began before the acknowledgement', () => {
    expect(judge(withEvents(RIGHT, adding({ ...read('k4', 29, GREEN, false), ended: 40 })))).toEqual([]);
  });

  test('writes of both versions at one time: which came first nobody can tell', () => {
    const events = withEvents(RIGHT, (all) => [...all.filter(({ key }) => key !== 'k2'), concurrent]);
    const rows = (judged: Judged, database: string) =>
      withRows(judged, database, (all) => [...all, rowOf('k8')]);
    expect(judge(rows(rows(events, 'sql-blue'), 'sql-green'))).toEqual([]);
  });

  test('an order that nobody heard of again', () => {
    expect(judge(withEvents(RIGHT, adding(write('k9', 50, { outcome: 'unknown', servedBy: null }))))).toEqual(
      [],
    );
  });
});

describe('a return to V1 that an operator confirmed', () => {
  const returned = (from: number, until: number): Judged => {
    const back = withEvents(RIGHT, (events) => [
      ...events,
      write('k6', 60, { outcome: 'created', servedBy: BLUE }),
      read('k6', 62, BLUE),
      read('k2', 64, BLUE),
    ]);
    const { history, end } = withRows(back, 'sql-blue', (rows) => [...rows, rowOf('k6')]);
    return {
      history: { ...history, confirmed: [{ version: 1, from, until }] },
      end: { ...end, serving: BLUE },
    };
  };

  test("may lose what V2's users wrote", () => {
    expect(judge(returned(50, 55))).toEqual([]);
  });

  test("may not lose what V1's users wrote", () => {
    expect(judge(withRows(returned(50, 55), 'sql-blue', without('k1')))).toContainEqual(
      expect.stringMatching(/^law 4: order k1/),
    );
  });

  test('does not excuse what V2 took in after it', () => {
    const late = withEvents(
      returned(50, 55),
      adding(write('k7', 70, { outcome: 'created', servedBy: GREEN })),
    );
    expect(judge(late)).toContainEqual(expect.stringMatching(/^law 6: order k7/));
  });

  test("does not excuse V1 before it: V2's users were there already", () => {
    expect(judge(returned(61, 70))).toContainEqual(
      expect.stringMatching(/^law 1: contoso-blue acknowledged order k6/),
    );
  });

  test('takes nothing from users who stay on V2', () => {
    const { history, end } = withRows(RIGHT, 'sql-green', without('k4'));
    const confirmed = [{ version: 1, from: 50, until: 55 }];
    expect(violationsOf({ ...history, confirmed }, end)).toContainEqual(
      expect.stringMatching(/^law 4: order k4/),
    );
  });
});
