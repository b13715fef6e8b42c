import { describe, expect, test } from '@jest/globals';
import { createSimulatedClock } from './simulated-clock.ts';

describe('simulated clock', () => {
  test('sleepers wake in order, each at its own time, also those that fall asleep again', async () => {
    const clock = createSimulatedClock(0);
    const woken: string[] = [];
    const nap = async (name: string, ...naps: number[]) => {
      for (const ms of naps) {
        await clock.sleep(ms);
        woken.push(`${name} ${clock.now()}`);
      }
    };
    const all = Promise.all([nap('a', 300, 100), nap('b', 100, 100, 100, 500)]);
    await clock.advance(450);
    expect(woken).toEqual(['b 100', 'b 200', 'a 300', 'b 300', 'a 400']);
    expect(clock.now()).toBe(450);
    expect(clock.sleepers()).toBe(1);
    await clock.advance(350);
    await all;
  });

  test('an abort wakes at once, with its reason', async () => {
    const clock = createSimulatedClock();
    const abort = new AbortController();
    const asleep = clock.sleep(1000, abort.signal);
    abort.abort(new Error('enough'));
    await expect(asleep).rejects.toThrow('enough');
    await expect(clock.sleep(1000, abort.signal)).rejects.toThrow('enough');
    expect(clock.sleepers()).toBe(0);
  });
});
