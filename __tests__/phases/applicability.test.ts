// Which phase may begin in which state: the whole table, and what no row of it may ever allow.
import { describe, expect, test } from '@jest/globals';
import { PHASES, type Phase, SLOT_STATES, type SlotState } from '../../src/engine/report.ts';
import { applicability } from '../../src/phases/applicability.ts';
import { REASON_CODES } from '../../src/reasons.ts';

type ActingPhase = Parameters<typeof applicability>[0];

const looking: readonly Phase[] = ['status', 'plan'];
const ACTING = PHASES.filter((phase): phase is ActingPhase => !looking.includes(phase));

/** run, nothing-to-do (–), mend, or the reason it is refused with. */
const EXPECTED: Readonly<Record<SlotState, Readonly<Record<ActingPhase, string>>>> = {
  'not-prepared': {
    prepare: 'run',
    upgrade: 'phase-not-applicable',
    switch: 'stage-not-upgraded',
    cleanup: 'look',
    rollback: '–',
  },
  seeding: {
    prepare: 'run',
    upgrade: 'seeding-not-complete',
    switch: 'stage-not-upgraded',
    cleanup: 'phase-not-applicable',
    rollback: 'run',
  },
  prepared: {
    prepare: 'run',
    upgrade: 'run',
    switch: 'stage-not-upgraded',
    cleanup: 'phase-not-applicable',
    rollback: 'run',
  },
  frozen: { prepare: 'mend', upgrade: 'run', switch: 'mend', cleanup: 'mend', rollback: 'run' },
  upgraded: {
    prepare: 'phase-not-applicable',
    upgrade: '–',
    switch: 'run',
    cleanup: 'phase-not-applicable',
    rollback: 'run',
  },
  switched: {
    prepare: 'phase-not-applicable',
    upgrade: '–',
    switch: 'look',
    cleanup: 'run',
    rollback: 'run',
  },
  compromised: {
    prepare: 'run',
    upgrade: 'stage-compromised',
    switch: 'stage-compromised',
    cleanup: 'phase-not-applicable',
    rollback: 'run',
  },
  unknown: {
    prepare: 'resource-not-found',
    upgrade: 'resource-not-found',
    switch: 'resource-not-found',
    cleanup: 'resource-not-found',
    rollback: 'run',
  },
};

const CASES = SLOT_STATES.flatMap((state) => ACTING.map((phase) => ({ phase, state })));

function answer(phase: ActingPhase, state: SlotState): string {
  const allowed = applicability(phase, state);
  if (allowed.kind === 'refuse') return allowed.reason;
  return allowed.kind === 'nothing-to-do' ? '–' : allowed.kind;
}

describe('which phase may begin', () => {
  test.each(CASES)('$phase, $state', ({ phase, state }) => {
    expect(answer(phase, state)).toBe(EXPECTED[state][phase]);
  });

  test.each(CASES)('$phase, $state: whoever is stopped is told why, and what to do', ({ phase, state }) => {
    const allowed = applicability(phase, state);
    if (allowed.kind !== 'run' && allowed.kind !== 'look') expect(allowed.why).toMatch(/\S/);
    if (allowed.kind !== 'refuse') return;
    expect(allowed.advice).toMatch(/\S\.$/);
    expect(REASON_CODES).toContain(allowed.reason);
  });

  test('users are only sent to a stage that is upgraded', () => {
    const allowed = SLOT_STATES.filter((state) => answer('switch', state) === 'run');
    expect(allowed).toEqual(['upgraded']);
  });

  test('V1 is only removed when users have left it', () => {
    const allowed = SLOT_STATES.filter((state) => answer('cleanup', state) === 'run');
    expect(allowed).toEqual(['switched']);
  });

  test.each([
    'seeding',
    'prepared',
  ] as const)('who wants to be rid of what is %s by a cleanup is told how', (state) => {
    expect(JSON.stringify(applicability('cleanup', state))).toMatch(
      /give .* up run rollback with rollback\.stage: remove/,
    );
  });

  test('a production that was left frozen is given back or upgraded on, never passed over', () => {
    expect(ACTING.filter((phase) => !['mend', 'run'].includes(answer(phase, 'frozen')))).toEqual([]);
  });

  test('the way back is open from everywhere', () => {
    const closed = SLOT_STATES.filter((state) => applicability('rollback', state).kind === 'refuse');
    expect(closed).toEqual([]);
  });
});
