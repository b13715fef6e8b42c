// The way back, for whoever finds that production has to be given back: a failed step, a refusal between two
// phases, a later run, the post step.
import { closedAt } from '../application/copy-of-freeze.ts';
import type { Observation } from '../application/observe.ts';
import { lockTakings, noteLookedAt } from '../application/run-lock.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { isReturning, mayHaveMovedUsers } from '../application/way-back.ts';
import type { Recorder } from '../engine/recorder.ts';
import type { GuardRecord, Phase } from '../engine/report.ts';
import { type ReasonCode, UpgradeError } from '../reasons.ts';
import { freezeKey } from '../steps/freeze-key.ts';
import { RETURN_MARKS, SWITCH_MARKS } from '../steps/mark-stage.ts';
import { MOVED } from '../steps/unfreeze.ts';
import type { TopologyPlan } from '../topologies/topology.ts';
import { asUpgradeError } from './as-upgrade-error.ts';
import { type PhaseOutcome, stopped } from './phase-outcome.ts';
import { type GivenBack, rollBackWhereItIs } from './roll-back-where-it-is.ts';
import { NOT_TRIED, settleUsers } from './settle-users.ts';

export interface Acting {
  readonly context: UpgradeContext;
  readonly topology: TopologyPlan;
  readonly recorder: Recorder;
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal;
  readonly onFailure: 'rollback' | 'hold';
  /** The phase that follows in this run, without anybody being asked in between; null: none. */
  readonly next: Phase | null;
}

/** What was seen of the databases. */
type Databases = Pick<Observation, 'databases'>;

/** Whether an earlier run, killed in the middle, may have moved users: it says so before it tries. */
export function triedBefore({ databases }: Databases): PivotTried {
  return databases.some(mayHaveMovedUsers) ? 'tried' : 'not-tried';
}

/** Whether the write that moves users was ever sent in this upgrade. */
export type PivotTried = 'tried' | 'not-tried';

/**
 * The rollback path of `upgrade` and `switch`. Where the pivot was tried it is asked first where users are, and
 * nothing is given back once they are, or may be, on the stage slot; where it was not, nothing comes before
 * giving production back.
 */
export async function goBack(
  acting: Acting,
  error: UpgradeError,
  pivot: PivotTried,
  guards: readonly GuardRecord[],
  observed?: Databases,
): Promise<PhaseOutcome> {
  // The pivot has asked for minutes already; asking again would only lengthen the window.
  if (error.reason === 'switch-outcome-unknown') return stopped('held', error, { guards });
  const marks = observed?.databases.some(isReturning) ? RETURN_MARKS : SWITCH_MARKS;
  const takings = lockTakings(acting.context);
  const settled = pivot === 'tried' ? await settleUsers(acting.context, marks, error) : NOT_TRIED;
  // Settled with the lock held, it need not be settled again before production is opened.
  if (pivot === 'tried') noteLookedAt(acting.context, takings);
  if (settled.kind === 'on-stage') return stopped('held', error, { guards });
  if (settled.kind === 'closed') return stopped('held', settled.error, { guards });
  if (acting.onFailure === 'hold') return stopped('held', error, { guards });
  const { back, failover } = await rollBackUpgrade(acting, observed);
  if (back.kind === 'failed')
    return notGivenBack(error, back.errors, [...settled.notAsked, ...failover], guards);
  return stopped('rolled-back', error, {
    guards,
    also: [...settled.notAsked, ...failover, ...back.tidyErrors.map(asUpgradeError)],
  });
}

/** What production is by now is the other run's, and nothing of it is this one's to give back. */
export function leftToTheOther(
  { window }: UpgradeContext,
  error: UpgradeError,
  told: { readonly guards?: readonly GuardRecord[]; readonly also?: readonly UpgradeError[] } = {},
): PhaseOutcome {
  window.close();
  return stopped('held', error, told);
}

/**
 * The outcome where production could not be given back.
 * @param cause why it was to be given back; null where somebody has asked for it
 * @param also what else is told
 */
export function notGivenBack(
  cause: UpgradeError | null,
  errors: readonly unknown[],
  also: readonly UpgradeError[],
  guards: readonly GuardRecord[] = [],
): PhaseOutcome {
  const result = resultOf(errors);
  const told = errors.map(asUpgradeError);
  // Where users have left it is told first: production is not to be given back by hand either.
  const inOrder = cause === null ? told : result === 'held' ? [...told, cause] : [cause, ...told];
  const [error = asUpgradeError(new Error('rollback failed')), ...others] = inOrder;
  return stopped(result, error, { guards, also: [...also, ...others] });
}

/** What somebody else froze is not ours to give back, nor is what users have left. */
function resultOf(errors: readonly unknown[]): 'refused' | 'held' | 'rollback-failed' {
  const areAll = (reasons: readonly ReasonCode[]) =>
    errors.every((error) => error instanceof UpgradeError && reasons.includes(error.reason));
  if (errors.length === 0) return 'rollback-failed';
  if (areAll(['production-frozen-elsewhere'])) return 'refused';
  return areAll(MOVED) ? 'held' : 'rollback-failed';
}

/**
 * Undoes the steps from prepare to the switch, or those of a return to V1 that was left half-way: service first. Not stopped
 * by a cancelled job: it is what has to be done.
 */
export function rollBackUpgrade(acting: Acting, observed?: Databases): Promise<GivenBack> {
  const returning = observed?.databases.some(isReturning) ?? false;
  return rollBackWhereItIs(acting, (topology) =>
    returning ? topology.returnToV1 : [...topology.prepare, ...topology.upgrade, ...topology.switch],
  );
}

/** A window that an earlier run opened goes on counting, and what that run saw closed was closed then. */
export function resumeWindow(context: UpgradeContext, observed: FrozenSince): void {
  const since = frozenSince(observed);
  if (since) context.window.open(Date.parse(since));
  for (const { production, stage } of observed.databases) {
    const closed = closedAt(production.journal, stage.journal);
    if (closed) context.window.confirm(freezeKey(production.ref), closed);
  }
}

type FrozenSince = Pick<Observation, 'databases' | 'state'>;

/** Since when this tool has held production read-only, by the journal; null where it does not. */
export function frozenSince({ state, databases }: FrozenSince): string | null {
  if (state !== 'frozen' && state !== 'upgraded') return null;
  const ours = databases.find(({ production }) => production.journal?.status === 'freezing');
  return ours?.stage.journal?.frozenAt ?? ours?.production.journal?.at ?? null;
}
