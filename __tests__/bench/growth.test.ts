// What the numbers of the growth benchmark are made of, and when a target is missed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { growthNotes } from '../../bench/growth/growth-notes.ts';
import { growthTargets, requestsEach, requestTable, windowTable } from '../../bench/growth/growth-tables.ts';
import { type MeasuredUpgrade, type RunCost, scriptSeconds } from '../../bench/growth/one-upgrade.ts';

const COST: RunCost = {
  requests: 0,
  refused: 0,
  seconds: 20,
  cpuSeconds: 2,
  peakMegabytes: 150,
  azureCpuSeconds: 1,
};

/** `rest`: what the window lasts beside a script of three seconds. */
function upgrade(
  databases: number,
  rest: number,
  requests: number,
  more: Partial<RunCost> = {},
): MeasuredUpgrade {
  return {
    application: { databases, orders: 400, scriptSeconds: 1, atOnce: 50 },
    prepare: { ...COST, requests: requests / 2 },
    upgrade: { ...COST, requests: requests / 2, ...more },
    windowSeconds: 3 + rest,
    scriptSeconds: 3,
  };
}

/** Two rounds; of the largest one. */
function rounds({ hundred = 4.4, requests = 900, refused = 0, peak = 190 } = {}) {
  return new Map([
    [1, [upgrade(1, 4, 100), upgrade(1, 8, 100)]],
    [10, [upgrade(10, 4, 200), upgrade(10, 8, 200)]],
    [100, [upgrade(100, hundred, requests), upgrade(100, 2 * hundred, requests)]],
    [500, [upgrade(500, 9, 4_000, { refused, peakMegabytes: peak })]],
  ]);
}

/** One window of seven seconds beside one of so many. */
const capacity = (hundred = 8) => ({ one: [upgrade(1, 4, 100)], hundred: [upgrade(100, hundred - 3, 900)] });

const met = (how?: Parameters<typeof rounds>[0], withCapacity?: number) =>
  growthTargets(rounds(how), capacity(withCapacity)).map((target) => target.met);

describe('targets', () => {
  test('are met where nothing grows', () => {
    expect(met()).toEqual([true, true, true, true, true]);
    const [rest, whole] = growthTargets(rounds(), capacity());
    expect([rest?.found, whole?.found]).toEqual(['1.10 (1.10 … 1.10)', '1.14']);
  });

  test.each([
    ['the window of a hundred databases', { hundred: 5.2 }, [false, true, true, true, true]],
    ['the requests a database', { requests: 2_100 }, [true, true, false, true, true]],
    ['one request refused for its number', { refused: 1 }, [true, true, true, false, true]],
    ['the memory of the largest', { peak: 200 }, [true, true, true, true, false]],
  ])('are missed by %s', (_what, how, expected) => {
    expect(met(how)).toEqual(expected);
  });

  test('is missed by the window of a hundred databases where each script has its place', () => {
    expect(met({}, 9)).toEqual([true, false, true, true, true]);
  });
});

test('tables: windows are compared round by round, requests counted over both runs', () => {
  expect(windowTable(rounds()).rows[2]).toEqual([
    '100',
    '9.6 (7.4 … 11.8)',
    '3.0 (3.0 … 3.0)',
    '6.6 (4.4 … 8.8)',
    '1.10 (1.10 … 1.10)',
    '2.0 (2.0 … 2.0)',
    '1.0 (1.0 … 1.0)',
  ]);
  expect(requestTable(rounds()).rows[3]).toEqual(['500', '2000', '2000', '8.0', '0', '190']);
  expect(requestsEach(upgrade(100, 4, 900))).toBe(9);
});

test('the script is what the report says the window was spent on; a report that does not say so is no measurement', () => {
  expect(
    scriptSeconds({
      spentOn: [
        { what: 'freeze', seconds: 1 },
        { what: 'upgrade script', seconds: 2.5 },
      ],
    }),
  ).toBe(2.5);
  expect(() => scriptSeconds({ spentOn: [{ what: 'freeze', seconds: 1 }] })).toThrow('does not tell');
});

test('notes tell what each database more takes', () => {
  const measured = new Map([
    ...rounds(),
    [100, [upgrade(100, 4, 900, { cpuSeconds: 11.9, azureCpuSeconds: 5.95 })]],
    [500, [upgrade(500, 9, 4_000, { peakMegabytes: 649 })]],
  ]);
  const notes = growthNotes(measured).join('\n');
  expect(notes).toContain('100 ms of a processor in the action and 50 ms in the embedded Azure');
  expect(notes).toContain('1.00 MB of memory at 500 databases');
  expect(notes).toContain('0.50 MB a connection');
});

test('the memory of a run is its own, however much the process that started it has', () => {
  const large = Buffer.alloc(300 * 1024 * 1024, 1);
  const directory = mkdtempSync(join(tmpdir(), 'usage-'));
  try {
    const usage = new URL('../../bench/growth/tell-usage.mjs', import.meta.url);
    const environment = { ...process.env, BENCH_USAGE_DIRECTORY: directory };
    execFileSync(process.execPath, [`--import=${usage}`, '-e', '0'], { env: environment });
    const [file = ''] = readdirSync(directory);
    const { peakMegabytes } = JSON.parse(readFileSync(join(directory, file), 'utf8'));
    expect(peakMegabytes).toBeGreaterThan(20);
    expect(peakMegabytes).toBeLessThan(200);
    expect(large.length).toBeGreaterThan(0); // it was there meanwhile
  } finally {
    rmSync(directory, { recursive: true });
  }
});
