// Which phase may begin in which state of a service, as one table.
import type { Phase, ServiceState } from '../../engine/report.ts';
import type { Applicability } from '../applicability.ts';

export type ServicePhase = Exclude<Phase, 'status' | 'plan'>;

/** `to-finish`: every instance runs the new version, and the update is still written down; its automation is held. */
export type Standing = ServiceState | 'to-finish';

export const STANDINGS = [
  'not-prepared',
  'prepared',
  'in-progress',
  'going-back',
  'to-finish',
  'updated',
  'upgraded',
  'switched',
  'unknown',
] as const satisfies readonly Standing[];

const run: Applicability = { kind: 'run' };
/** What an interrupted switch may have left to be verified. */
const look: Applicability = { kind: 'look' };
const nothing = (why: string): Applicability => ({ kind: 'nothing-to-do', why });
const refuse = (why: string, advice: string): Applicability => ({
  kind: 'refuse',
  reason: 'phase-not-applicable',
  why,
  advice,
});
const mend: Applicability = { kind: 'mend', why: 'an earlier run left the way back half done' };
const notKnown: Applicability = {
  kind: 'refuse',
  reason: 'instances-differ',
  why: 'it is not known where the update stands: instances run what neither version explains, or do not tell it',
  advice: 'Run phase status: it shows what each instance runs. Give them all one version, then run again.',
};
const NOT_ON_THE_OTHER = 'the service that users are not on does not run the new version yet';

const TABLE: Readonly<Record<ServicePhase, Readonly<Record<Standing, Applicability>>>> = {
  prepare: {
    'not-prepared': run,
    prepared: run,
    'in-progress': nothing('the update is prepared, and in progress'),
    'going-back': mend,
    'to-finish': nothing('every instance runs the new version already; phase upgrade finishes the update'),
    updated: nothing('every instance runs the new version already'),
    upgraded: refuse('an update waits for its switch', 'Run phase switch, or rollback.'),
    switched: refuse('the last update still has its way back', 'Run phase cleanup first.'),
    unknown: notKnown,
  },
  upgrade: {
    'not-prepared': refuse(
      'no update is prepared',
      'Run phase prepare first, or both: phase: prepare, upgrade.',
    ),
    prepared: run,
    'in-progress': run, // goes on where it stopped
    'going-back': mend,
    'to-finish': run,
    updated: nothing('every instance runs the new version already'),
    upgraded: run, // done, as its steps find: that the configuration still asks for it is the guards' to say
    switched: nothing('users are on the new version already'),
    unknown: notKnown,
  },
  switch: {
    'not-prepared': refuse(NOT_ON_THE_OTHER, 'Run phases prepare and upgrade first.'),
    prepared: refuse(NOT_ON_THE_OTHER, 'Run phase upgrade first.'),
    'in-progress': refuse(NOT_ON_THE_OTHER, 'Run phase upgrade: it goes on.'),
    'going-back': mend,
    'to-finish': refuse(
      'it is not known which of the two services users are on',
      'Look at the slot types of both in Azure.',
    ),
    updated: refuse('no update waits for its switch', 'Run phases prepare and upgrade first.'),
    upgraded: run,
    switched: look,
    unknown: notKnown,
  },
  cleanup: {
    'not-prepared': nothing('no update is written down'),
    prepared: refuse('the next update is prepared', 'There is nothing to clean up before it is switched.'),
    'in-progress': refuse('the update is in progress', 'Run phase upgrade: it goes on. Or rollback.'),
    'going-back': mend,
    'to-finish': refuse(
      'it is not known which of the two services users are on',
      'Look at the slot types of both in Azure.',
    ),
    updated: nothing('no update is written down'),
    upgraded: refuse('users are still on the version before', 'Run phase switch first.'),
    switched: run,
    unknown: notKnown,
  },
  rollback: {
    'not-prepared': nothing('no update is in progress'),
    prepared: run,
    'in-progress': run,
    'going-back': run,
    'to-finish': run, // refused, by the article's rule
    updated: run, // likewise
    upgraded: run,
    switched: run,
    unknown: run, // refused where the version before is not known
  },
};

const NEEDS_NO_SWITCH = nothing(
  'an update in place needs no switch: each domain that was walked serves users already',
);
const LEAVES_NOTHING = nothing('an update in place leaves nothing behind');
const GO_ON = 'Run phase upgrade: it goes on, and cleans up when every domain is walked. Or rollback.';

/** An update in place cleans up by itself when it is finished, and before that there is nothing to give up but itself. */
const CLEANUP_IN_PLACE: Readonly<Record<Standing, Applicability>> = {
  'not-prepared': LEAVES_NOTHING,
  prepared: refuse(
    'an update is prepared, and no instance has it',
    'Run phase upgrade, which makes it and cleans up after it. Or rollback, which gives it up.',
  ),
  'in-progress': refuse('the update is in progress: not every instance runs the new version', GO_ON),
  'going-back': refuse('the update is on its way back', 'Run phase rollback: it finishes that.'),
  'to-finish': refuse(
    'every instance runs the new version, and the update is not finished',
    'Run phase upgrade: it verifies every instance, and takes the update off the record.',
  ),
  updated: LEAVES_NOTHING,
  upgraded: LEAVES_NOTHING,
  switched: LEAVES_NOTHING,
  unknown: notKnown,
};

/**
 * Whether a phase may begin.
 * @param method in place, what has been walked is what users have; switch and cleanup are then no phases of their own.
 */
export function serviceApplicability(
  phase: ServicePhase,
  standing: Standing,
  method: 'in-place' | 'swap',
): Applicability {
  if (method === 'in-place' && phase === 'switch') return NEEDS_NO_SWITCH;
  return method === 'in-place' && phase === 'cleanup' ? CLEANUP_IN_PLACE[standing] : TABLE[phase][standing];
}

export function standingOf(state: ServiceState, isWrittenDown: boolean): Standing {
  return state === 'updated' && isWrittenDown ? 'to-finish' : state;
}
