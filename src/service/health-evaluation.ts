// The article's health evaluation, which says when the next domain may be walked: per role, over the instances that were
// walked and no others, a minimum in a satisfactory terminal state; here in several looks in a row.
import type { Minimum } from '../config/service-config.ts';
import { hasStarted, type InstanceState, instanceState, type WalkedInstance } from './instance-state.ts';
import { type InstanceKey, keyOf } from './role-instance.ts';
import { count, formatList } from './words.ts';

export interface HealthRules {
  /** By role. A role that is not named needs all of them. */
  readonly minimums: ReadonlyMap<string, Minimum>;
  /** How often in a row the minimum has to be seen. */
  readonly consecutive: number;
  /** From the moment on in which every instance has started, or had its time to. */
  readonly timeoutMs: number;
  /** Of one instance, from the beginning of its domain's walk. */
  readonly startTimeoutMs: number;
}

export interface HealthLook {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Of all domains that were walked, not of the last one only. */
  readonly walked: readonly WalkedInstance[];
}

/** What earlier looks leave behind. */
export interface HealthHistory {
  /** How often in a row every role had its minimum. */
  readonly inARow: number;
  /** When every instance was first seen to have started, or to have had its time to; null before. */
  readonly startedAt: number | null;
  readonly instances: ReadonlyMap<InstanceKey, SeenInstance>;
}

/** Since it was walked. */
export interface SeenInstance {
  readonly hasStarted: boolean;
  readonly wasGood: boolean;
  /** In how many looks in a row it told so; looks in which it told nothing are passed over. */
  readonly unhealthyInARow: number;
}

/** For the first domain of an update, of a second update over it, and of the way back. */
export const NO_LOOK_YET: HealthHistory = { inARow: 0, startedAt: null, instances: new Map() };

/** For the evaluation after the next domain: instances that were good and break are still seen at once. */
export function forNextDomain({ instances }: HealthHistory): HealthHistory {
  return { ...NO_LOOK_YET, instances };
}

export interface NamedState extends InstanceState {
  readonly key: InstanceKey;
}

export interface RoleHealth {
  readonly role: string;
  readonly walked: number;
  readonly good: number;
  readonly required: number;
  /** Those that are not good, and why. */
  readonly others: readonly NamedState[];
}

export type HealthVerdict =
  | { readonly kind: 'good' }
  | { readonly kind: 'waiting'; readonly why: string }
  /** Waiting will not mend it: too many have failed, or the time is over. */
  | { readonly kind: 'bad'; readonly why: string; readonly instances: readonly NamedState[] };

export interface HealthEvaluation {
  readonly verdict: HealthVerdict;
  readonly roles: readonly RoleHealth[];
  /** Instances that have not started in their time. What follows from it is the configuration's to say. */
  readonly startTimedOut: readonly InstanceKey[];
  readonly history: HealthHistory;
}

/** How many of the walked instances have to be good: a share is rounded up, and no count is more than there are. */
export function requiredOf(minimum: Minimum | undefined, walked: number): number {
  if (minimum === undefined) return walked;
  if (minimum.kind === 'count') return Math.min(minimum.count, walked);
  return Math.min(walked, Math.ceil((walked * minimum.percent) / 100));
}

export function evaluateHealth(
  look: HealthLook,
  rules: HealthRules,
  before: HealthHistory,
): HealthEvaluation {
  const instances = new Map(look.walked.map((one) => [keyOfWalked(one), seenNow(one, before)]));
  const states = look.walked.map((one) => {
    const key = keyOfWalked(one);
    const seen = instances.get(key) ?? NOT_SEEN;
    const startTimedOut =
      !seen.hasStarted && look.at - (one.startsAt ?? one.walkedAt) >= rules.startTimeoutMs;
    return { ...one, key, startTimedOut, seen, state: judged(one, seen, startTimedOut, rules) };
  });
  const roles = rolesOf(states, rules);
  const isStarting = states.some(({ seen, state }) => !seen.hasStarted && state.kind !== 'failed');
  const startedAt = before.startedAt ?? (isStarting ? null : look.at);
  const inARow = roles.every(hasMinimum) ? before.inARow + 1 : 0;
  const history: HealthHistory = { inARow, startedAt, instances };
  return {
    verdict: verdictOf(roles, history, look.at, rules),
    roles,
    startTimedOut: states.filter(({ startTimedOut }) => startTimedOut).map(({ key }) => key),
    history,
  };
}

const NOT_SEEN: SeenInstance = { hasStarted: false, wasGood: false, unhealthyInARow: 0 };

function seenNow(one: WalkedInstance, { instances }: HealthHistory): SeenInstance {
  const before = instances.get(keyOfWalked(one)) ?? NOT_SEEN;
  const { kind } = instanceState(one);
  return {
    hasStarted: before.hasStarted || hasStarted(one),
    wasGood: before.wasGood || kind === 'good',
    unhealthyInARow: kind === 'good' ? 0 : before.unhealthyInARow + (kind === 'unhealthy' ? 1 : 0),
  };
}

function judged(
  one: WalkedInstance,
  { wasGood, unhealthyInARow }: SeenInstance,
  startTimedOut: boolean,
  { consecutive }: HealthRules,
): InstanceState {
  const state = instanceState(one);
  if (startTimedOut) return { kind: 'failed', why: `not started in time, ${state.why}` };
  if (wasGood && unhealthyInARow >= consecutive) return { kind: 'failed', why: 'it was healthy, and broke' };
  return state;
}

function verdictOf(
  roles: readonly RoleHealth[],
  { inARow, startedAt }: HealthHistory,
  at: number,
  { consecutive, timeoutMs }: HealthRules,
): HealthVerdict {
  const below = roles.filter((role) => !hasMinimum(role));
  if (below.length === 0) {
    if (inARow >= consecutive) return { kind: 'good' };
    return { kind: 'waiting', why: `the minimum was seen ${inARow} of ${consecutive} times in a row` };
  }
  const lost = below.filter(({ walked, required, others }) => walked - failed(others).length < required);
  if (lost.length > 0) {
    return { kind: 'bad', why: words(lost), instances: lost.flatMap(({ others }) => failed(others)) };
  }
  if (startedAt !== null && at - startedAt >= timeoutMs) {
    const why = `the time is over: ${words(below)}`;
    return { kind: 'bad', why, instances: below.flatMap(({ others }) => others) };
  }
  return { kind: 'waiting', why: words(below) };
}

interface JudgedInstance extends WalkedInstance {
  readonly key: InstanceKey;
  readonly state: InstanceState;
}

function rolesOf(walked: readonly JudgedInstance[], { minimums }: HealthRules): RoleHealth[] {
  return [...Map.groupBy(walked, ({ instance }) => instance.role)].map(([role, own]) => {
    const others = own.filter(({ state }) => state.kind !== 'good');
    return {
      role,
      walked: own.length,
      good: own.length - others.length,
      required: requiredOf(minimums.get(role), own.length),
      others: others.map(({ key, state }) => ({ key, ...state })),
    };
  });
}

const keyOfWalked = ({ instance }: WalkedInstance): InstanceKey => keyOf(instance);

const hasMinimum = ({ good, required }: RoleHealth): boolean => good >= required;

const failed = (states: readonly NamedState[]) => states.filter(({ kind }) => kind === 'failed');

function words(roles: readonly RoleHealth[]): string {
  return roles
    .map(({ role, walked, good, required, others }) => {
      const whys = [...Map.groupBy(others, ({ why }) => why)].map(
        ([why, some]) => `${formatList(some.map(({ key }) => key))}: ${why}`,
      );
      return `${role} has ${good} of ${count(walked, 'walked instance')} in a good state, needs ${required} (${whys.join('; ')})`;
    })
    .join('; ');
}
