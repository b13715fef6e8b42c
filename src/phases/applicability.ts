// Which phase may begin in which state, as one table.
import type { Phase, SlotState } from '../engine/report.ts';
import type { ReasonCode } from '../reasons.ts';

export type Applicability =
  | { readonly kind: 'run' }
  | { readonly kind: 'nothing-to-do'; readonly why: string }
  | { readonly kind: 'refuse'; readonly reason: ReasonCode; readonly why: string; readonly advice: string }
  /** Over as far as the state tells; what an interrupted run may have left is looked for. */
  | { readonly kind: 'look' }
  /** An earlier run left production frozen half-way; it is mended before anything else. */
  | { readonly kind: 'mend'; readonly why: string };

type ActingPhase = Exclude<Phase, 'status' | 'plan'>;

const run: Applicability = { kind: 'run' };
const look: Applicability = { kind: 'look' };
const nothing = (why: string): Applicability => ({ kind: 'nothing-to-do', why });
const refuse = (reason: ReasonCode, why: string, advice: string): Applicability => ({
  kind: 'refuse',
  reason,
  why,
  advice,
});
const mend: Applicability = {
  kind: 'mend',
  why: 'an earlier run left production read-only with the upgrade not complete',
};
const notReadable = refuse(
  'resource-not-found',
  'production cannot be read, so it is not known where the upgrade stands',
  'Make the production database reachable, then run again.',
);
const NO_V1 =
  'There is no V1 to remove. To give the prepared upgrade up run rollback with rollback.stage: remove in the configuration.';

const TABLE: Readonly<Record<ActingPhase, Readonly<Record<SlotState, Applicability>>>> = {
  prepare: {
    'not-prepared': run,
    seeding: run,
    prepared: run,
    compromised: run, // its first step says what is in the way
    frozen: mend,
    upgraded: refuse('phase-not-applicable', 'an upgrade waits for its switch', 'Run switch, or rollback.'),
    switched: refuse('phase-not-applicable', 'the last upgrade still has its V1', 'Run cleanup first.'),
    unknown: notReadable,
  },
  upgrade: {
    'not-prepared': refuse('phase-not-applicable', 'there is no stage database', 'Run prepare first.'),
    seeding: refuse(
      'seeding-not-complete',
      'the stage database is still being copied',
      'Run prepare: it waits.',
    ),
    prepared: run,
    frozen: run, // goes on where it stopped, or goes back
    upgraded: nothing('the stage database is upgraded already'),
    switched: nothing('users are on the upgraded slot already'),
    compromised: refuse(
      'stage-compromised',
      'the stage database was cut off by an earlier upgrade that went back',
      'Run rollback with rollback.stage: remove in the configuration, then prepare.',
    ),
    unknown: notReadable,
  },
  switch: {
    'not-prepared': refuse(
      'stage-not-upgraded',
      'there is no stage database',
      'Run prepare and upgrade first.',
    ),
    seeding: refuse(
      'stage-not-upgraded',
      'the stage database is being copied',
      'Run prepare and upgrade first.',
    ),
    prepared: refuse('stage-not-upgraded', 'the stage database is not upgraded', 'Run upgrade first.'),
    frozen: mend,
    upgraded: run,
    switched: look, // a killed switch may not have seen V2 serve
    compromised: refuse(
      'stage-compromised',
      'the stage database is not usable',
      'Run rollback with rollback.stage: remove in the configuration, then prepare and upgrade again.',
    ),
    unknown: notReadable,
  },
  cleanup: {
    'not-prepared': look, // a killed cleanup may have left the site
    seeding: refuse('phase-not-applicable', 'the next upgrade is being prepared', NO_V1),
    prepared: refuse('phase-not-applicable', 'the next upgrade is prepared', NO_V1),
    frozen: mend,
    upgraded: refuse('phase-not-applicable', 'users are still on V1', 'Run switch first.'),
    switched: run,
    compromised: refuse(
      'phase-not-applicable',
      'the stage database is not the V1 that production was upgraded from, or it was made writable since',
      'To remove it run rollback with rollback.stage: remove in the configuration.',
    ),
    unknown: notReadable,
  },
  rollback: {
    'not-prepared': nothing('no upgrade is in progress'),
    seeding: run,
    prepared: run,
    frozen: run,
    upgraded: run,
    switched: run, // only with the confirmation
    compromised: run,
    unknown: run, // giving production back needs no more than production
  },
};

/** Whether a phase may begin in a state. */
export function applicability(phase: ActingPhase, state: SlotState): Applicability {
  return TABLE[phase][state];
}
