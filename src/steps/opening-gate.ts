// Nobody else moves users while a run has the lock. Where it was taken anew since the application was looked at, another run may have
// moved them in between, and it is asked before production is opened for writers.
import { whyMovedMeanwhile } from '../application/moved-meanwhile.ts';
import { ensureRunLock, lockTakings, noteLookedAt, wasLookedAt } from '../application/run-lock.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import type { UpgradeError } from '../reasons.ts';
import { outcomeUnknown } from './outcome-unknown.ts';

export interface OpeningGate {
  /**
   * Resolves with the lock held, and users where they were when it was looked at last. Throws 'point-of-no-return-passed' and
   * 'switch-outcome-unknown' where they are not, or may not be, and 'overtaken-by-another-run' where production was frozen anew; takes
   * minutes where that cannot be settled.
   */
  pass(): Promise<void>;
  /** How long it was asked where users are. Milliseconds. */
  spentMs(): number;
}

/** For all databases of one way back: it is asked once for each time that the lock was taken. */
export function openingGate(context: UpgradeContext): OpeningGate {
  let asked: { readonly takings: number; readonly why: Promise<UpgradeError | null> } | null = null;
  let spentMs = 0;
  const ask = async () => {
    const startedAt = context.clock.now();
    const why = await whyMovedMeanwhile(context, (cause) => outcomeUnknown(context, cause));
    spentMs += context.clock.now() - startedAt;
    return why;
  };
  return {
    spentMs: () => spentMs,
    pass: async () => {
      for (;;) {
        await ensureRunLock(context, 'production');
        if (wasLookedAt(context)) return;
        const takings = lockTakings(context);
        if (asked?.takings !== takings) asked = { takings, why: ask() };
        const why = await asked.why;
        if (why) throw why;
        noteLookedAt(context, takings);
      }
    },
  };
}
