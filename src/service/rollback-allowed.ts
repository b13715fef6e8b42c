// The article's RollbackAllowed: true while an update is in progress, that is as long as one instance has not been
// updated, and nothing stands in its way. It suffices alone; `locked` need not be asked as well.
import type { CoreUsage } from '../azure/ports/compute.ts';
import type { UpdateProgress } from './progress.ts';

/** What the version before needs and does not find. That its local storage was smaller Azure tells nobody: it refuses. */
export interface RollbackBlocker {
  readonly kind: 'quota' | 'previous-version-gone';
  readonly message: string;
}

export interface RollbackRefusal {
  readonly kind:
    | RollbackBlocker['kind']
    | 'not-begun'
    /** The article's race condition. */
    | 'finished'
    | 'changed-by-others'
    | 'not-knowable'
    | 'previous-unknown';
  readonly message: string;
}

export interface RollbackAllowed {
  readonly allowed: boolean;
  /** Empty where it is allowed. */
  readonly refusals: readonly RollbackRefusal[];
}

/**
 * What stands in the way of a way back that has begun, or that follows a failure: that no instance has the new version any
 * more, or that every one has it, does not.
 */
export function inTheWay({ refusals }: RollbackAllowed): RollbackRefusal[] {
  return refusals.filter(({ kind }) => kind !== 'not-begun' && kind !== 'finished');
}

export function rollbackAllowedOf(
  progress: UpdateProgress,
  previousIsKnown: boolean,
  blockers: readonly RollbackBlocker[],
): RollbackAllowed {
  const state = refusalOfState(progress);
  // What would be in the way of a rollback that is none says nothing.
  if (state?.kind === 'not-begun' || state?.kind === 'finished') return { allowed: false, refusals: [state] };
  const refusals: RollbackRefusal[] = [
    ...(state === null ? [] : [state]),
    ...(previousIsKnown ? [] : [PREVIOUS_UNKNOWN]),
    ...blockers,
  ];
  return { allowed: refusals.length === 0, refusals };
}

const PREVIOUS_UNKNOWN: RollbackRefusal = {
  kind: 'previous-unknown',
  message: 'The version before is not known: nothing says what to go back to.',
};

/** Instances that somebody else has changed are left alone by a rollback; a model that is theirs would be undone. */
function refusalOfState({ kind, foreignModels, words, instances }: UpdateProgress): RollbackRefusal | null {
  switch (kind) {
    case 'not-begun':
      return { kind: 'not-begun', message: 'No update is in progress: there is nothing to go back from.' };
    case 'done':
      return {
        kind: 'finished',
        message: 'The update is finished: every instance runs the new version. Update to the version before.',
      };
    case 'not-knowable':
      return { kind: 'not-knowable', message: `It is not known which instances were updated: ${words}.` };
    case 'mixed': {
      if (foreignModels.length > 0) {
        return { kind: 'changed-by-others', message: `A rollback would undo what others did: ${words}.` };
      }
      return instances.target.length + instances.unknown.length > 0
        ? null
        : { kind: 'not-begun', message: `No instance runs the new version: ${words}.` };
    }
    case 'in-progress':
      return null;
  }
}

/**
 * Whether the way back needs more cores than the quota has left, as after a scale-down whose cores others have taken.
 *
 * @param moreCores that the version before needs beyond what is in use now; not above 0: it needs none
 */
export function quotaBlocker(moreCores: number, { used, limit }: CoreUsage): RollbackBlocker | null {
  if (moreCores <= 0 || used + moreCores <= limit) return null;
  return {
    kind: 'quota',
    message: `The version before needs ${moreCores} more cores; the quota has ${Math.max(0, limit - used)} of ${limit} left.`,
  };
}
