// A switch whose run ended after users were moved and before V2 was seen to answer them. The roles are exchanged by
// then: production is V2. Nothing is moved any more, it is only looked, and recorded.
import { ensureRunLock } from '../application/run-lock.ts';
import { forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import { done, type Step, toDo } from '../engine/step.ts';
import { markDatabase, SWITCH_MARKS } from './mark-stage.ts';
import { productionEntry } from './production-entry.ts';
import { waitForPublic } from './verify-public.ts';

export function finishSwitch(context: UpgradeContext): Step {
  const { expectedVersion } = context.config.health;
  return {
    id: 'finish-switch',
    title: `Version ${expectedVersion} answers at the public name, after a switch that was not seen to its end`,
    article: null,
    phase: 'switch',
    changes: '',
    pivot: false,
    assess: async () => {
      const entries = await forEachDatabase(context, (pair) => productionEntry(context, pair));
      const serving = entries.every((entry) => entry?.status === 'serving');
      return serving ? done('V2 has been seen to serve') : toDo('V2 has not been seen to serve yet');
    },
    apply: async (run) => {
      await ensureRunLock(context, 'production');
      const evidence = await waitForPublic(context, run, 'production');
      await forEachDatabase(context, (pair) => markDatabase(context, 'production', pair, SWITCH_MARKS.after));
      return evidence;
    },
    undo: null,
  };
}
