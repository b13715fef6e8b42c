import { beforeEach, describe, expect, test } from '@jest/globals';
import { createProgress } from '../../src/engine/progress.ts';
import { createSimulatedClock, type SimulatedClock } from './simulated-clock.ts';

const MINUTE = 60_000;
let clock: SimulatedClock;
let lines: string[];

beforeEach(() => {
  clock = createSimulatedClock();
  lines = [];
});

function progressOf(options: { minIntervalMs?: number; totalBytes?: number } = {}) {
  return createProgress({
    clock,
    log: (line) => lines.push(line),
    label: 'Seeding contoso',
    minIntervalMs: MINUTE,
    ...options,
  });
}

describe('what a line tells', () => {
  test('percent first, then rate and remaining time, at last how long it took', async () => {
    const progress = progressOf();
    progress.update(0, 'SEEDING');
    await clock.advance(2 * MINUTE);
    progress.update(10);
    await clock.advance(MINUTE);
    progress.update(20);
    await clock.advance(9 * MINUTE);
    progress.finish('CATCH_UP on both sides');
    expect(lines).toEqual([
      'Seeding contoso: 0 %, SEEDING',
      'Seeding contoso: 10 %, 5 %/min, about 18 min left',
      'Seeding contoso: 20 %, 6.7 %/min, about 12 min left',
      'Seeding contoso: done after 12 min, CATCH_UP on both sides',
    ]);
  });

  test('the rate in bytes where the size is known', async () => {
    const progress = progressOf({ totalBytes: 100 * 1024 ** 3 });
    progress.update(50);
    await clock.advance(2 * MINUTE);
    progress.update(51);
    expect(lines.at(-1)).toBe('Seeding contoso: 51 %, 512 MiB/min, about 1 h 38 min left');
  });

  test('the rate follows a change of pace', async () => {
    const progress = progressOf();
    for (let minute = 0; minute <= 10; minute++) {
      progress.update(minute * 5);
      await clock.advance(MINUTE);
    }
    for (let minute = 1; minute <= 20; minute++) {
      progress.update(50 + minute);
      await clock.advance(MINUTE);
    }
    expect(lines.at(-1)).toBe('Seeding contoso: 70 %, 1 %/min, about 30 min left');
  });

  test('a number that stands still is said to, a fall starts the rate anew', async () => {
    const progress = progressOf();
    progress.update(30);
    await clock.advance(6 * MINUTE);
    progress.update(30);
    progress.update(10);
    await clock.advance(MINUTE);
    progress.update(20);
    expect(lines).toEqual([
      'Seeding contoso: 30 %',
      'Seeding contoso: 30 %, unchanged for 6 min',
      'Seeding contoso: 20 %, 10 %/min, about 8 min left',
    ]);
  });

  test('without a number it waits; 99.96 is not 100', async () => {
    const progress = progressOf();
    progress.update(null, 'PENDING');
    await clock.advance(MINUTE);
    progress.update(99.96);
    expect(lines).toEqual(['Seeding contoso: waiting, PENDING', 'Seeding contoso: 99.9 %']);
  });

  test('a wait that is given up says where it stood', async () => {
    const progress = progressOf();
    progress.update(40);
    await clock.advance(90_000);
    progress.stop('cancelled');
    expect(lines.at(-1)).toBe('Seeding contoso: stopped at 40 % after 1 min 30 s, cancelled');
  });
});

describe('how many lines', () => {
  test('at most one an interval, however often it is asked', async () => {
    const progress = progressOf();
    for (let second = 0; second < 600; second++) {
      progress.update(second / 6);
      await clock.advance(1000);
    }
    expect(lines).toHaveLength(10);
  });

  test('always a first and a last one, also for a wait that is over at once', () => {
    const progress = progressOf();
    progress.update(0);
    progress.finish();
    expect(lines).toEqual(['Seeding contoso: 0 %', 'Seeding contoso: done after 0 s']);
  });
});
