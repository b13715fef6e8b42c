import { expect, test } from '@jest/globals';
import { type Call, keepCallBook } from '../../bench/window/calls.ts';
import { measureWindow, platformMs } from '../../bench/window/measured-window.ts';
import type { Round } from '../../bench/window/round.ts';
import { SCRIPT_MARK, upgradeScript } from '../../bench/window/script.ts';
import { sharesOf } from '../../bench/window/shares.ts';
import { leastBesideAz, procedureTable, spentTable, targetsOf } from '../../bench/window/window-tables.ts';
import type { Try } from '../../bench/window/writer.ts';
import { createFaults } from '../../local-azure/faults.ts';
import { createLatency } from '../../local-azure/latency.ts';

const SIGNS = { production: 'blue', stage: 'green', stageSite: 'green.site', scriptMark: SCRIPT_MARK };
const PROFILE = 'arm PUT /subscriptions/1/providers/Microsoft.Network/trafficManagerProfiles/contoso';
const CALLS: readonly Call[] = [
  { name: PROFILE, begun: 10, answered: 40 },
  {
    name: 'sql batch blue/contoso ALTER DATABASE [contoso] SET READ_ONLY WITH NO_WAIT',
    begun: 50,
    answered: 100,
  },
  { name: 'arm DELETE /subscriptions/1/x/replicationLinks/1', begun: 110, answered: 200 },
  { name: 'sql batch blue/contoso INSERT INTO [dbo].[Orders] VALUES (1)', begun: 120, answered: 121 },
  { name: 'sql batch green/contoso ALTER DATABASE [contoso] SET READ_WRITE', begun: 210, answered: 300 },
  { name: `sql batch green/contoso /* ${SCRIPT_MARK} */ ALTER TABLE x`, begun: 310, answered: 350 },
  { name: 'sql batch green/contoso UPDATE journal', begun: 360, answered: 380 },
  { name: `sql batch green/contoso /* ${SCRIPT_MARK} */ WAITFOR`, begun: 400, answered: 500 },
  { name: PROFILE, begun: 520, answered: 600 },
];
const TRIES: readonly Try[] = [
  { site: 'blue.site', resolved: 20, accepted: 30 },
  { site: 'blue.site', resolved: 610, accepted: null },
  { site: 'green.site', resolved: 900, accepted: null },
  { site: 'green.site', resolved: 940, accepted: 950 },
];

test('the window is from the freeze acknowledged to the first write accepted on version 2', () => {
  expect(measureWindow(CALLS, TRIES, SIGNS)).toMatchObject({
    window: 850,
    untilProfile: 500,
    script: 140,
    dns: 300,
    rest: 410,
    asked: { armReads: 0, armActions: 0, armWrites: 2, sqlLogins: 0, sqlBatches: 4 },
  });
});

test('each moment from the freeze to the profile belongs to what was under way, the sites left out', () => {
  const { shares, untilProfile } = measureWindow(CALLS, TRIES, SIGNS);
  expect(shares).toMatchObject({
    'the script': 140,
    'the write of the profile': 80,
    unlink: 90,
    'stage read-write': 90,
    'other SQL batches': 20,
    'other requests to ARM': 0,
  });
  expect(Object.values(shares).reduce((sum, ms) => sum + ms)).toBe(untilProfile);
});

test('of two at one time the one that cannot be avoided has the moment', () => {
  const calls = [
    { name: 'arm GET /subscriptions/1/x', begun: 0, answered: 60 },
    { name: 'arm DELETE /subscriptions/1/x/replicationLinks/1', begun: 20, answered: 40 },
    { name: 'sql login green/contoso', begun: 50, answered: null },
  ];
  expect(sharesOf(calls, 10, 100, SIGNS)).toMatchObject({
    unlink: 20,
    'other requests to ARM': 30,
    'SQL logins': 40,
  });
});

test.each([
  ['users never came to version 2', CALLS, TRIES.slice(0, 3)],
  ['production was never frozen', CALLS.filter(({ name }) => !name.includes('READ_ONLY')), TRIES],
  ['the script did not run', CALLS.filter(({ name }) => !name.includes(SCRIPT_MARK)), TRIES],
  ['the profile was not written since', CALLS.slice(0, -1), TRIES],
])('nothing is measured where %s', (_, calls, tries) => {
  expect(() => measureWindow(calls, tries, SIGNS)).toThrow();
});

test('the platform takes two access modes, and two requests of which one writes the profile', () => {
  const latency = createLatency('typical', 1, {
    'set-read-only': 400,
    'sql-batch': 3,
    'arm-request': 150,
    'profile-write': 1_500,
  });
  expect(platformMs(latency)).toBe(2_606);
});

test('a call book tells when each call came and was answered, and which never was', () => {
  const faults = createFaults();
  let now = 0;
  const book = keepCallBook(faults, () => now++);
  faults.take('a');
  faults.take('a');
  faults.take('b');
  faults.answered('a');
  faults.answered('a');
  expect(book.calls()).toEqual([
    { name: 'a', begun: 0, answered: 3 },
    { name: 'a', begun: 1, answered: 4 },
    { name: 'b', begun: 2, answered: null },
  ]);
});

test('every batch of the script carries its mark', () => {
  const batches = upgradeScript(3).split('GO\n').filter(Boolean);
  expect(batches.length).toBeGreaterThan(1);
  expect(batches.filter((batch) => !batch.slice(0, 100).includes(SCRIPT_MARK))).toEqual([]);
});

const measured = measureWindow(CALLS, TRIES, SIGNS);
const round = (rest: number): Round => ({ ...measured, rest, told: null });

test('targets: what is left, by the platform and by az, round by round', () => {
  const found = targetsOf([round(2_606), round(2_606)], [round(5_000), round(8_000)]);
  expect(found.map(({ met }) => met)).toEqual([true, true]);
  expect(leastBesideAz([round(4_400)])).toContain('take 2.20 s by themselves, which is 0.50 of');
  const slow = targetsOf([round(3_000)], [round(5_000)]);
  expect(slow.map(({ met }) => met)).toEqual([false, false]);
});

test('without az its target is neither met nor missed, and its column says why', () => {
  expect(targetsOf([round(1)], null).map(({ met }) => met)).toEqual([true, null]);
  const { rows } = procedureTable('', [
    { name: 'this action', rounds: [round(1)] },
    { name: 'az', rounds: null },
  ]);
  expect(rows.map((row) => row.at(-1))).toEqual(rows.map(() => 'not installed'));
});

test('where the window went: a part that one round lacks counts as none there', () => {
  const told = (spentOn: { what: string; seconds: number }[]) => ({ from: '', to: '', seconds: 1, spentOn });
  const { rows } = spentTable('', [
    { ...round(1), told: told([{ what: 'drain', seconds: 2 }]) },
    {
      ...round(1),
      told: told([
        { what: 'drain', seconds: 1 },
        { what: 'switch', seconds: 3 },
        { what: 'drain', seconds: 1 },
      ]),
    },
  ]);
  expect(rows).toEqual([
    ['drain', '2.00 (2.00 … 2.00)'],
    ['switch', '1.50 (0.00 … 3.00)'],
  ]);
});
