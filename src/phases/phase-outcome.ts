import type { GuardRecord, Result } from '../engine/report.ts';
import type { UpgradeError } from '../reasons.ts';

/** How one phase ended. */
export type PhaseOutcome =
  | { readonly kind: 'completed'; readonly changed: boolean; readonly note: string | null }
  | {
      readonly kind: 'stopped';
      readonly result: Exclude<Result, 'succeeded' | 'nothing-to-do'>;
      readonly error: UpgradeError;
      /** Further failures on the way back. */
      readonly also: readonly UpgradeError[];
      readonly guards: readonly GuardRecord[];
    };

export function stopped(
  result: Exclude<Result, 'succeeded' | 'nothing-to-do'>,
  error: UpgradeError,
  rest: { also?: readonly UpgradeError[]; guards?: readonly GuardRecord[] } = {},
): PhaseOutcome {
  return { kind: 'stopped', result, error, also: rest.also ?? [], guards: rest.guards ?? [] };
}

export const completed = (changed: boolean, note: string | null = null): PhaseOutcome => ({
  kind: 'completed',
  changed,
  note,
});
