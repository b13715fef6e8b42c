import type { Clock } from '../local-azure/clock.ts';

const EVERY_MS = 50;

/** Whether the condition came true before the time was over. */
export async function waitUntil(condition: () => boolean, longestMs: number, clock: Clock): Promise<boolean> {
  const end = clock.now().getTime() + longestMs;
  while (!condition()) {
    if (clock.now().getTime() > end) return false;
    await clock.sleep(EVERY_MS);
  }
  return true;
}
