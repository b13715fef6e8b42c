// The last domain is updated: what was held is given back. In place the update is finished by that, and taken off the
// record; before a swap the record stays until users were moved and nobody needs the way back.
import { done, later, type Step, toDo } from '../../engine/step.ts';
import { UpgradeError } from '../../reasons.ts';
import { observeService } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { NOTHING_HELD } from '../../service/update-record.ts';
import { endUpdate, giveBack } from './end-update.ts';
import { keepRecord } from './keep-record.ts';

export function finishUpdate(context: ServiceContext): Step {
  const { target, config } = context;
  const isLast = config.switchMethod === 'in-place';
  return {
    id: 'finish-update',
    title: isLast ? 'Give automation back, and finish the update' : 'Give automation back',
    article: null,
    phase: 'upgrade',
    changes: isLast
      ? `What was held of ${target.what} is on again, and the update is taken off the record`
      : `What was held of ${target.what} is on again`,
    ...(isLast
      ? { wayBack: 'none: a finished update is not rolled back; update to the version before' }
      : {}),
    pivot: false,
    assess: async () => {
      const { look, progress } = await observeService(context);
      if (progress.kind !== 'done') return later(progress.words);
      if (look.record === null) return done('no update is written down any more');
      const held = target.describeHeld(look.record.held);
      return isLast || held.length > 0
        ? toDo(...held.map((line) => `held: ${line}`))
        : done('nothing is held');
    },
    apply: async () => {
      const { record } = (await observeService(context)).look;
      if (record === null) throw new UpgradeError('phase-not-applicable', 'No update is written down');
      if (isLast) return endUpdate(context, record);
      const evidence = await giveBack(context, record);
      await keepRecord(context, { ...record, held: NOTHING_HELD });
      return evidence;
    },
    undo: null,
  };
}

/** After a swap, or where a run was killed before its end: nobody goes back any more. */
export function removeRecord(context: ServiceContext): Step {
  const { target } = context;
  return {
    id: 'remove-record',
    title: 'Take the update off the record',
    article: null,
    phase: 'cleanup',
    changes: `Tags of ${target.what}; the way back ends`,
    pivot: false,
    assess: async () => {
      const { look, progress } = await observeService(context);
      if (look.record === null) return done('no update is written down');
      return progress.kind === 'done' ? toDo(progress.words) : later(progress.words);
    },
    apply: async () => {
      const { record } = (await observeService(context)).look;
      return record === null ? ['no update is written down'] : endUpdate(context, record);
    },
    undo: null,
  };
}
