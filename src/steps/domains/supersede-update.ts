// A fresh update over the top of one that is stuck: the version before stays what it was, and what was to be becomes one
// more version that instances may run.
import { done, later, type Step, toDo } from '../../engine/step.ts';
import { UpgradeError } from '../../reasons.ts';
import { asksForAnother, observeService } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import type { UpdateModels } from '../../service/target.ts';
import type { ModelPatch, RoleModels, UpdateRecord } from '../../service/update-record.ts';
import { anotherInProgress } from './another-update.ts';
import { keepRecord } from './keep-record.ts';

export function supersedeUpdate(context: ServiceContext): Step {
  return {
    id: 'supersede-update',
    title: 'Write the new version over the update that is in progress',
    article: null,
    phase: 'upgrade',
    changes: 'The record of the update; the version before stays what it was',
    wayBack: 'the way back leads to the version before the first of them',
    pivot: false,
    assess: async () => {
      const { look } = await observeService(context);
      if (look.record === null) return later('no update is written down yet');
      if (!(await asksForAnother(context, look)))
        return done(`update ${look.record.updateId} is the one asked for`);
      const { record, roles } = look;
      const chosen = roles.filter((role) => role.chosen).map(({ role }) => role);
      const sameRoles = chosen.every((role) => record.roles.includes(role));
      if (context.config.walk.onStuck !== 'supersede' || !sameRoles)
        return anotherInProgress(context, record);
      return toDo(`update ${record.updateId} is in progress, to another version`);
    },
    apply: async () => {
      const { look } = await observeService(context);
      if (look.record === null) throw new UpgradeError('phase-not-applicable', 'No update is written down');
      const record = superseding(look.record, await context.target.models(look), context.newUpdateId);
      await keepRecord(context, record);
      return [`update ${look.record.updateId} is superseded by ${record.updateId}`];
    },
    undo: null,
  };
}

/** Members that only one of the two updates changes are members of both now: nothing of either is forgotten. */
function superseding(record: UpdateRecord, wanted: UpdateModels, updateId: string): UpdateRecord {
  const models = Object.entries(record.models).map(([role, before]) => [
    role,
    over(before, wanted.models[role]),
  ]);
  return {
    ...record,
    updateId,
    models: Object.fromEntries(models),
    cloud: record.cloud &&
      wanted.cloud && { ...record.cloud, target: wanted.cloud.target, standing: 'previous' },
    // Where instances do not tell it themselves, what has the version that was given up is not known to have this one.
    walk: record.walk.map((walk) => (walk.to === 'target' ? { ...walk, state: 'begun' } : walk)),
  };
}

function over(before: RoleModels, wanted: RoleModels | undefined): RoleModels {
  if (wanted === undefined) return before;
  return {
    previous: merged(wanted.previous, before.previous),
    target: merged(before.target, wanted.target),
    superseded: [...(before.superseded ?? []), before.target],
  };
}

/** The second counts where both name a member. */
function merged(one: ModelPatch, other: ModelPatch): ModelPatch {
  const extensions = { ...one.extensions, ...other.extensions };
  return { ...one, ...other, ...(Object.keys(extensions).length > 0 ? { extensions } : {}) };
}
