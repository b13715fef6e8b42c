// Which phase may begin in which state of a service: the whole table, and what no cell of it may ever allow.
import { describe, expect, test } from '@jest/globals';
import { PHASES, type Phase, SERVICE_STATES } from '../../../src/engine/report.ts';
import {
  type ServicePhase,
  STANDINGS,
  type Standing,
  serviceApplicability,
  standingOf,
} from '../../../src/phases/service/service-applicability.ts';
import { REASON_CODES } from '../../../src/reasons.ts';

const looking: readonly Phase[] = ['status', 'plan'];
const ACTING = PHASES.filter((phase): phase is ServicePhase => !looking.includes(phase));

/** In place: nobody is told that there is nothing left of an update that is in the middle. */
const CLEANUP: Readonly<Record<Standing, string>> = {
  'not-prepared': '–',
  prepared: '✗',
  'in-progress': '✗',
  'going-back': '✗',
  'to-finish': '✗',
  updated: '–',
  upgraded: '–',
  switched: '–',
  unknown: '✗',
};

/** run, nothing-to-do (–), mend, look, or ✗ where it is refused. In place switch is always "–". */
const EXPECTED: Readonly<Record<Standing, Readonly<Record<ServicePhase, string>>>> = {
  'not-prepared': { prepare: 'run', upgrade: '✗', switch: '✗', cleanup: '–', rollback: '–' },
  prepared: { prepare: 'run', upgrade: 'run', switch: '✗', cleanup: '✗', rollback: 'run' },
  'in-progress': { prepare: '–', upgrade: 'run', switch: '✗', cleanup: '✗', rollback: 'run' },
  'going-back': { prepare: 'mend', upgrade: 'mend', switch: 'mend', cleanup: 'mend', rollback: 'run' },
  'to-finish': { prepare: '–', upgrade: 'run', switch: '✗', cleanup: '✗', rollback: 'run' },
  updated: { prepare: '–', upgrade: '–', switch: '✗', cleanup: '–', rollback: 'run' },
  upgraded: { prepare: '✗', upgrade: 'run', switch: 'run', cleanup: '✗', rollback: 'run' },
  switched: { prepare: '✗', upgrade: '–', switch: 'look', cleanup: 'run', rollback: 'run' },
  unknown: { prepare: '✗', upgrade: '✗', switch: '✗', cleanup: '✗', rollback: 'run' },
};

const CASES = STANDINGS.flatMap((standing) => ACTING.map((phase) => ({ phase, standing })));

function answer(phase: ServicePhase, standing: Standing, method: 'in-place' | 'swap'): string {
  const { kind } = serviceApplicability(phase, standing, method);
  return kind === 'refuse' ? '✗' : kind === 'nothing-to-do' ? '–' : kind;
}

describe('which phase of a service may begin', () => {
  test.each(CASES)('with a swap: $phase, $standing', ({ phase, standing }) => {
    expect(answer(phase, standing, 'swap')).toBe(EXPECTED[standing][phase]);
  });

  test.each(CASES)('in place: $phase, $standing', ({ phase, standing }) => {
    const expected =
      phase === 'switch' ? '–' : phase === 'cleanup' ? CLEANUP[standing] : EXPECTED[standing][phase];
    expect(answer(phase, standing, 'in-place')).toBe(expected);
  });

  test.each(CASES)('in place: $phase, $standing: whoever is refused is told what to do', ({
    phase,
    standing,
  }) => {
    const allowed = serviceApplicability(phase, standing, 'in-place');
    if (allowed.kind === 'refuse') expect(allowed.advice).toMatch(/\S\.$/);
  });

  test.each(CASES)('$phase, $standing: whoever is stopped is told why, and what to do', ({
    phase,
    standing,
  }) => {
    const allowed = serviceApplicability(phase, standing, 'swap');
    if (allowed.kind !== 'run' && allowed.kind !== 'look') expect(allowed.why).toMatch(/\S/);
    if (allowed.kind !== 'refuse') return;
    expect(allowed.advice).toMatch(/\S\.$/);
    expect(REASON_CODES).toContain(allowed.reason);
  });

  test('users are only swapped to a service that runs the new version', () => {
    expect(STANDINGS.filter((standing) => answer('switch', standing, 'swap') === 'run')).toEqual([
      'upgraded',
    ]);
  });

  test('the way back of a swap is only given up when users have left the version before', () => {
    expect(STANDINGS.filter((standing) => answer('cleanup', standing, 'swap') === 'run')).toEqual([
      'switched',
    ]);
  });

  test('no instance is given a new version where nobody knows what the instances run', () => {
    const begun = ACTING.filter((phase) => phase !== 'rollback' && answer(phase, 'unknown', 'swap') !== '✗');
    expect(begun).toEqual([]);
  });

  test('a way back that was begun is never passed over', () => {
    expect(
      ACTING.map((phase) => answer(phase, 'going-back', 'swap')).filter((one) => one === '–' || one === '✗'),
    ).toEqual([]);
  });
});

describe('where an update stands', () => {
  test('one whose instances all run the new version is finished only when its record is gone', () => {
    expect(standingOf('updated', true)).toBe('to-finish');
    expect(standingOf('updated', false)).toBe('updated');
  });

  test.each(
    SERVICE_STATES.filter((state) => state !== 'updated'),
  )('%s is what it is, record or not', (state) => {
    expect(standingOf(state, true)).toBe(state);
    expect(standingOf(state, false)).toBe(state);
  });

  test('every state has its row', () => {
    expect(STANDINGS).toEqual(expect.arrayContaining([...SERVICE_STATES]));
  });
});
