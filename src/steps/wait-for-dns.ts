// Before V1 is touched: resolvers that still hold the old answer have to let it go. Users who come by them are on
// V1's site until then, and reading it.
import { observe } from '../application/observe.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { formatDuration } from '../engine/humane.ts';
import { done, type Step, toDo } from '../engine/step.ts';

/** On top of the time to live: clocks that differ, and resolvers that round up. */
const MARGIN_MS = 2_000;

export function waitForDns(context: UpgradeContext): Step {
  return {
    id: 'wait-for-dns',
    title: "Wait until no resolver holds V1's address any more",
    article: null,
    phase: 'cleanup',
    changes: '',
    waitsFor: 'the time to live of old DNS answers',
    pivot: false,
    assess: async () => {
      const { left, ttlMs } = await timeLeft(context);
      const rule = `time to live ${formatDuration(ttlMs)}`;
      return left <= 0
        ? done(`longer ago than the ${rule}`)
        : toDo(`${formatDuration(left)} left of the ${rule}`);
    },
    apply: async (run) => {
      const { left, ttlMs } = await timeLeft(context);
      run.progress(`waiting ${formatDuration(left)}: users may still come to V1 by an old DNS answer`);
      await context.clock.sleep(Math.max(0, left), run.signal);
      return [`the switch was longer ago than the time to live of ${formatDuration(ttlMs)}`];
    },
    undo: null,
  };
}

/** Milliseconds that are left since users were seen on V2; none where the switch was not by DNS. */
async function timeLeft(context: UpgradeContext): Promise<{ left: number; ttlMs: number }> {
  const { profile, databases } = await observe(context);
  const ttlMs = (profile?.ttlSeconds ?? 0) * 1000;
  if (context.config.switchMethod === 'slot-swap') return { left: 0, ttlMs };
  const since = databases[0]?.production.journal?.at;
  if (!since) return { left: 0, ttlMs };
  return { left: Date.parse(since) + ttlMs + MARGIN_MS - context.clock.now(), ttlMs };
}
