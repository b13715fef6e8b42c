import { describe, expect, test } from '@jest/globals';
import { createReadOnlyWindow } from '../../src/engine/read-only-window.ts';
import { createSimulatedClock } from './simulated-clock.ts';

describe('the read-only window', () => {
  test('adds up to what it was spent on', async () => {
    const clock = createSimulatedClock();
    const window = createReadOnlyWindow(clock, 60_000);
    window.open(clock.now());
    await clock.advance(1_000);
    window.spend('drain');
    await clock.advance(500);
    window.spend('upgrade script');
    await clock.advance(4_000);
    window.close();
    await clock.advance(9_000);
    expect(window.report()).toMatchObject({
      seconds: 5.5,
      spentOn: [
        { what: 'freeze', seconds: 1 },
        { what: 'drain', seconds: 0.5 },
        { what: 'upgrade script', seconds: 4 },
      ],
    });
  });

  test('a window that an earlier run opened goes on counting', async () => {
    const clock = createSimulatedClock();
    const window = createReadOnlyWindow(clock, 60_000);
    window.open(clock.now() - 20_000);
    await clock.advance(1_000);
    const report = window.report();
    expect(report).toMatchObject({ seconds: 21, to: null });
    expect(report?.spentOn[0]?.what).toBe('between runs');
  });

  test('aborts the run at its limit', async () => {
    const clock = createSimulatedClock();
    const window = createReadOnlyWindow(clock, 10_000);
    window.open(clock.now());
    await clock.advance(9_999);
    expect(window.limit.aborted).toBe(false);
    await clock.advance(2);
    expect(window.limit.reason).toMatchObject({ reason: 'read-only-limit-exceeded' });
  });

  test('never aborts after the pivot was tried', async () => {
    const clock = createSimulatedClock();
    const window = createReadOnlyWindow(clock, 10_000);
    window.open(clock.now());
    window.disarm();
    await clock.advance(60_000);
    expect(window.limit.aborted).toBe(false);
  });

  test('has nothing to report where production was never frozen', () => {
    expect(createReadOnlyWindow(createSimulatedClock(), 1).report()).toBeNull();
  });
});
