// Autoscale, automatic repairs and the platform's own roll-outs would work on the instances in their own order: they
// are held while the update is in progress, which with one domain a run is between the runs too.
import { done, later, type Step, toDo } from '../../engine/step.ts';
import { UpgradeError } from '../../reasons.ts';
import { observeService } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { type HeldAutomation, NOTHING_HELD } from '../../service/update-record.ts';
import { keepRecord } from './keep-record.ts';
import { takeOffRecord } from './take-off-record.ts';

export function holdAutomation(context: ServiceContext): Step {
  const { target } = context;
  const tell = (held: HeldAutomation) => target.describeHeld(held);
  return {
    id: 'hold-automation',
    title: 'Hold what would change instances by itself',
    article: null,
    phase: 'upgrade',
    changes: `Autoscale, automatic repairs and other upgrade modes than Manual of ${target.what} are off until the update has come to its end`,
    pivot: false,
    assess: async () => {
      const { look, progress } = await observeService(context);
      if (look.record === null) {
        return progress.kind === 'done' ? done(progress.words) : later('no update is written down yet');
      }
      const found = tell(await target.findAutomation(look));
      if (found.length > 0) return toDo(...found);
      const held = tell(look.record.held);
      return done(...(held.length > 0 ? held.map((line) => `held: ${line}`) : ['nothing is on']));
    },
    apply: async () => {
      const { look } = await observeService(context);
      if (look.record === null) throw new UpgradeError('phase-not-applicable', 'No update is written down');
      const found = await target.findAutomation(look);
      // Written down before it is switched off: what a killed run has held is given back all the same.
      await keepRecord(context, { ...look.record, held: together(look.record.held, found) });
      await target.hold(found);
      return tell(found).map((line) => `held: ${line}`);
    },
    undo: takeOffRecord(context),
  };
}

/** What was held by an earlier run, and somebody has switched on since, is in both. */
function together(before: HeldAutomation = NOTHING_HELD, found: HeldAutomation): HeldAutomation {
  return {
    autoscale: [...new Set([...before.autoscale, ...found.autoscale])],
    repairs: [...new Set([...before.repairs, ...found.repairs])],
    modes: { ...found.modes, ...before.modes },
  };
}
