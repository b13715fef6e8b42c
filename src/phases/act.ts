// One phase that changes things: may it begin, do the guards let it, run its steps; and when it fails, the way
// back before anything else.
import { databasesNow } from '../application/databases-now.ts';
import { bothSides, goBy, isOvertaken, whyOvertaken } from '../application/known-entries.ts';
import { type Observation, observe } from '../application/observe.ts';
import { lockTakings, noteLookedAt, wasLookedAt } from '../application/run-lock.ts';
import { goByProduction } from '../application/still-alone.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { FREEZE_STATUSES } from '../engine/journal.ts';
import { planSteps } from '../engine/plan.ts';
import type { GuardRecord, Phase } from '../engine/report.ts';
import { type RunOutcome, runSteps } from '../engine/run.ts';
import { type Step, stepsOf } from '../engine/step.ts';
import { runGuards } from '../guards/guard.ts';
import type { UpgradeError } from '../reasons.ts';
import { applicability } from './applicability.ts';
import { asUpgradeError } from './as-upgrade-error.ts';
import { assertNotMoved, beginAlone, beginGivingBack } from './begin-alone.ts';
import { within } from './connect-application.ts';
import { databasesApart } from './databases-apart.ts';
import { type Acting, goBack, leftToTheOther, resumeWindow, triedBefore } from './go-back.ts';
import { keepAlone } from './keep-alone.ts';
import { completed, type PhaseOutcome, stopped } from './phase-outcome.ts';
import { cleanupUnconfirmed, frozenElsewhere, guardRefusal, interrupted, refused } from './refusals.ts';
import { tellGuards } from './tell-guards.ts';

type ForwardPhase = Extract<Phase, 'prepare' | 'upgrade' | 'switch' | 'cleanup'>;

/** Runs one of the phases that go forward. Throws RolesExchanged where another run has moved users meanwhile. */
export async function actForward(acting: Acting, phase: ForwardPhase): Promise<PhaseOutcome> {
  const takings = lockTakings(acting.context);
  const observed = await observeSettled(acting);
  const apart = databasesApart(acting.context);
  if (apart) return refuseApart(acting, phase, observed, apart);
  const allowed = applicability(phase, observed.state);
  switch (allowed.kind) {
    case 'nothing-to-do':
      return completed(false, allowed.why);
    case 'refuse': {
      const cause = guardsKnowWhy(observed);
      const guards = cause ? await runGuards(acting.topology.guards, acting.context, observed, phase) : [];
      return refuseOrGoBack(acting, phase, observed, guardRefusal(guards) ?? refused(allowed), guards);
    }
    case 'mend':
      return mend(acting, phase, observed, interrupted(acting.context, phase, allowed.why));
    case 'look':
      if (phase === 'cleanup' && (await nothingLeft(acting))) return completed(false, 'there is no V1 left');
      if (!(await isAlone(acting, takings))) return actForward(acting, phase);
      if (phase === 'switch') return finishSwitch(acting);
      return runGuarded(acting, phase, observed);
    case 'run':
      // Who has just got the lock looks again: what was seen before is from the time of whoever had it.
      if (!(await isAlone(acting, takings))) return actForward(acting, phase);
      resumeWindow(acting.context, observed);
      return runGuarded(acting, phase, observed);
  }
}

/** Takes the lock, and says whether this run has had it since before the application was looked at. */
async function isAlone({ context }: Acting, takings: number): Promise<boolean> {
  if ((await beginAlone(context)) !== 'held' || lockTakings(context) !== takings) return false;
  noteLookedAt(context, takings);
  return true;
}

/**
 * Production that does not answer (firewall, login, rights), or a stage database whose geo-secondary in the backup region
 * is cut off: the guards say what it is and what to do about it.
 */
function guardsKnowWhy({ state, databases }: Observation): boolean {
  return state === 'unknown' || databases.some(({ protection }) => protection?.stage?.state === 'SUSPENDED');
}

/** Users are on V2 already; it is only looked whether it was seen to serve them. */
async function finishSwitch({ topology, recorder, signal }: Acting): Promise<PhaseOutcome> {
  const outcome = await runSteps(topology.finishSwitch, recorder, signal);
  if (outcome.kind === 'failed') return stopped('held', asUpgradeError(outcome.error));
  return completed(outcome.changed, 'users are on the upgraded slot already');
}

async function nothingLeft({ topology, signal }: Acting): Promise<boolean> {
  const removing = stepsOf(topology.cleanup).filter((step) => step.changes !== '');
  const planned = await planSteps(removing, signal);
  return planned.every((step) => step.state === 'done');
}

/** Where production could not be read it is asked again: one lost query must not decide anything. */
async function observeSettled({ context }: Acting): Promise<Observation> {
  for (let attempt = 1; ; attempt++) {
    const observed = await observe(context);
    goBy(context.known, observed.databases);
    if (observed.state !== 'unknown' || attempt === OBSERVE_ATTEMPTS) return observed;
    await context.clock.sleep(attempt * 1000);
  }
}

const OBSERVE_ATTEMPTS = 3;

/** An earlier run left production frozen half-way. What somebody else froze is not ours to give back. */
async function mend(
  acting: Acting,
  phase: ForwardPhase,
  observed: Observation,
  error: UpgradeError,
): Promise<PhaseOutcome> {
  const frozen = observed.databases.filter(({ production }) => production.access === 'read-only');
  const ours = frozen.filter(({ production }) =>
    FREEZE_STATUSES.includes(production.journal?.status ?? 'unfrozen'),
  );
  const [first] = frozen;
  if (first && ours.length === 0) return stopped('refused', frozenElsewhere(acting.context, first.name));
  const lock = await beginGivingBack(acting.context);
  if (lock === 'waited-for') return actForward(acting, phase);
  if (lock === 'free' && (await hasGoneOn(acting))) return actForward(acting, phase);
  resumeWindow(acting.context, observed);
  return goBack(acting, error, triedBefore(observed), [], observed);
}

/**
 * Who had the lock until then, and is gone, may have gone on since this run has looked: to freeze more, or to the end of the upgrade. A
 * copy that does not answer is not waited for long, since users wait: then it goes by what production says. Throws RolesExchanged where
 * users were moved.
 */
async function hasGoneOn({ context }: Acting): Promise<boolean> {
  const sides = await within(context.clock, databasesNow(context).then(bothSides), null);
  if (sides && whyOvertaken(context.known, sides)) {
    await assertNotMoved(context);
    return true;
  }
  if (sides?.every(({ access }) => access !== 'unreachable')) return false;
  await goByProduction(context);
  return false;
}

/** Nothing goes forward with a part of the databases; what is frozen is given back, each database where it is. */
async function refuseApart(
  acting: Acting,
  phase: ForwardPhase,
  observed: Observation,
  error: UpgradeError,
): Promise<PhaseOutcome> {
  if (observed.state === 'frozen') return mend(acting, phase, observed, error);
  return refuseOrGoBack(acting, phase, observed, error, []);
}

/**
 * A refusal while this upgrade holds production read-only is a failure of the upgrade: users get their writable
 * V1 back. A phase that has nothing to do with it (prepare, cleanup) is only refused.
 */
async function refuseOrGoBack(
  acting: Acting,
  phase: ForwardPhase,
  observed: Observation,
  error: UpgradeError,
  guards: readonly GuardRecord[],
): Promise<PhaseOutcome> {
  const upgrading = phase === 'upgrade' || phase === 'switch';
  if (!upgrading || !isFrozen(acting.context, observed)) return stopped('refused', error, { guards });
  return goBack(acting, error, triedBefore(observed), guards, observed);
}

function isFrozen(context: UpgradeContext, observed: Observation | null): boolean {
  const window = context.window.report();
  if (window !== null && window.to === null) return true;
  return observed?.state === 'frozen' || observed?.state === 'upgraded';
}

/**
 * The switch right after the upgrade of the same run. What stands before a switch was looked at before the freeze, and this run
 * has had the lock ever since; users wait, so nothing is looked at again but what the steps themselves assert.
 * 'lock-lost': another run may have acted meanwhile, and everything has to be read again.
 */
export async function switchAtOnce(acting: Acting): Promise<PhaseOutcome | 'lock-lost'> {
  if ((await beginAlone(acting.context)) !== 'held' || !wasLookedAt(acting.context)) return 'lock-lost';
  return runForward(acting, 'switch', null, []);
}

async function runGuarded(acting: Acting, phase: ForwardPhase, observed: Observation): Promise<PhaseOutcome> {
  const unconfirmed = phase === 'cleanup' ? cleanupUnconfirmed(acting.context) : null;
  if (unconfirmed) return stopped('refused', unconfirmed);
  const guards = await askGuards(acting, phase, observed);
  const refusal = guardRefusal(guards);
  if (refusal) return refuseOrGoBack(acting, phase, observed, refusal, guards);
  return runForward(acting, phase, observed, guards);
}

/** Where the switch follows by itself, what would refuse it refuses before anything is frozen. */
async function askGuards(
  { context, topology, next }: Acting,
  phase: ForwardPhase,
  observed: Observation,
): Promise<GuardRecord[]> {
  const ofSwitch = topology.guards.filter(({ eachPhase }) => eachPhase);
  const [own, ahead] = await Promise.all([
    runGuards(topology.guards, context, observed, phase),
    phase === 'upgrade' && next === 'switch' ? runGuards(ofSwitch, context, observed, next) : [],
  ]);
  tellGuards(context.log, phase, own);
  if (ahead.length > 0) tellGuards(context.log, 'switch', ahead);
  return [...own, ...ahead];
}

/** @param observed what the phase began with; null where nothing was looked at. */
async function runForward(
  acting: Acting,
  phase: ForwardPhase,
  observed: Observation | null,
  guards: readonly GuardRecord[],
): Promise<PhaseOutcome> {
  const { context, topology } = acting;
  const run = (signal: AbortSignal) => runSteps(topology[phase], acting.recorder, signal);
  const signal = signalFor(acting, phase);
  // While production is frozen the script's own watch does that (while-frozen.ts).
  const outcome = await (phase === 'prepare' ? keepAlone(context, signal, run) : run(signal));
  if (outcome.kind === 'completed') return completed(outcome.changed);
  return afterFailure(acting, phase, observed, outcome, guards);
}

async function afterFailure(
  acting: Acting,
  phase: ForwardPhase,
  observed: Observation | null,
  outcome: Extract<RunOutcome, { kind: 'failed' }>,
  guards: readonly GuardRecord[],
): Promise<PhaseOutcome> {
  const error = asUpgradeError(outcome.error);
  if (isOvertaken(error)) return leftToTheOther(acting.context, error, { guards });
  // Preparing and cleaning up never touch what users are on: there is nothing to give back.
  if (phase === 'prepare' || phase === 'cleanup') {
    const changed = acting.recorder.steps.some((step) => step.phase === phase && step.state === 'done');
    return stopped(changed ? 'held' : 'refused', error, { guards });
  }
  const frozen = isFrozen(acting.context, observed) || touchedProduction(acting, phase, outcome.step);
  if (!frozen) return stopped('refused', error, { guards });
  const after = phase === 'switch' && afterPivot(acting, outcome.step);
  // A pivot that failed has settled itself where users are; what comes after it has not.
  const tried = after ? 'tried' : observed ? triedBefore(observed) : 'not-tried';
  return goBack(acting, error, tried, guards, observed ?? undefined);
}

function afterPivot({ topology }: Acting, failed: Step): boolean {
  const steps = stepsOf(topology.switch);
  return steps.indexOf(failed) > steps.findIndex((step) => step.pivot);
}

/** Whether any step up to the failed one has something to give back. */
function touchedProduction(acting: Acting, phase: ForwardPhase, failed: Step): boolean {
  if (phase === 'switch') return true;
  const steps = stepsOf(acting.topology[phase]);
  return steps.slice(0, steps.indexOf(failed) + 1).some((step) => step.undo?.order === 'restore-service');
}

/**
 * The read-only limit aborts an upgrade. A switch that begins after the limit (somebody approved late) is not
 * aborted by it: it is the fastest way to end the window.
 */
function signalFor(acting: Acting, phase: ForwardPhase): AbortSignal {
  const { limit } = acting.context.window;
  const limited = phase === 'upgrade' || (phase === 'switch' && !limit.aborted);
  return limited ? AbortSignal.any([acting.signal, limit]) : acting.signal;
}
