import { expect, test } from '@jest/globals';
import type { Guard, GuardedPhase, Verdict } from '../../src/guards/guard.ts';
import type { ReasonCode } from '../../src/reasons.ts';
import { check, type World } from './world.ts';

/** What a guard is expected to say: `pass`, `not-knowable`, or the reason of its failure. */
export interface Row<W = World> {
  readonly when: string;
  readonly world?: Partial<W>;
  readonly phase?: GuardedPhase;
  readonly says: 'pass' | 'not-knowable' | ReasonCode;
  /** In the evidence. */
  readonly telling?: readonly (string | RegExp)[];
  /** In the advice. */
  readonly advising?: readonly (string | RegExp)[];
}

export function tableOf(guard: Guard, rows: readonly Row[]): void {
  testRows(rows, ({ world, phase }) => check(guard, world, phase ?? guard.phases[0]));
}

/** One test a row. Every failure has to tell what to do, and nothing may tell the value of a setting. */
export function testRows<W>(rows: readonly Row<W>[], verdictOf: (row: Row<W>) => Promise<Verdict>): void {
  for (const row of rows) {
    test(`${row.when}: ${row.says}`, async () => {
      const verdict = await verdictOf(row);
      const said = verdict.kind === 'fail' ? verdict.reason : verdict.kind;
      const advice = verdict.kind === 'pass' ? '' : (verdict.advice ?? '');
      expect({ said, evidence: verdict.evidence }).toEqual({ said: row.says, evidence: expect.any(String) });
      expect(verdict.evidence.trim()).not.toBe('');
      for (const part of row.telling ?? []) expect(verdict.evidence).toMatch(part);
      for (const part of row.advising ?? []) expect(advice).toMatch(part);
      if (verdict.kind === 'fail') expect(advice.trim()).not.toBe('');
      expect(verdict.evidence + advice).not.toContain('hidden');
    });
  }
}
