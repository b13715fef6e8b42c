// One phase that goes forward on a service: may it begin, do the guards let it, run its steps; and when it fails, what
// follows from that.
import type { GuardRecord, Phase } from '../../engine/report.ts';
import { type RunOutcome, runSteps } from '../../engine/run.ts';
import { type Sequence, type Step, stepsOf } from '../../engine/step.ts';
import { runGuards } from '../../guards/guard.ts';
import { oneUpdate } from '../../guards/service/one-update.ts';
import type { ReasonCode, UpgradeError } from '../../reasons.ts';
import { observeService, type ServiceObservation } from '../../service/observe-service.ts';
import { followsFrom } from '../../steps/domains/what-follows.ts';
import { type ServicePlan, upgradeDomains } from '../../topologies/upgrade-domains.ts';
import type { Applicability } from '../applicability.ts';
import { asUpgradeError } from '../as-upgrade-error.ts';
import { completed, type PhaseOutcome, stopped } from '../phase-outcome.ts';
import { guardRefusal, refused } from '../refusals.ts';
import { tellGuards } from '../tell-guards.ts';
import { foundGoingBack } from './refusals.ts';
import { serviceApplicability, standingOf } from './service-applicability.ts';
import { type ServiceActing, takeBack } from './take-back.ts';
import { withLease } from './with-lease.ts';

type ForwardPhase = Extract<Phase, 'prepare' | 'upgrade' | 'switch' | 'cleanup'>;
type Refusal = Extract<Applicability, { kind: 'refuse' }>;

/** Runs one of the phases that go forward. Throws what reading and taking the service throw. */
export async function actForward(
  acting: ServiceActing,
  phase: ForwardPhase,
  observed: ServiceObservation,
): Promise<PhaseOutcome> {
  const allowed = allowedNow(acting, phase, observed);
  // Nothing is written where nothing is done.
  if (allowed.kind === 'nothing-to-do') return nothingToDo(acting, phase, observed, allowed.why);
  if (allowed.kind === 'refuse') return refuse(acting, phase, observed, allowed);
  return withLease(acting, (now) => actUnderLease(acting, phase, now));
}

function allowedNow({ context }: ServiceActing, phase: ForwardPhase, { state, look }: ServiceObservation) {
  return serviceApplicability(phase, standingOf(state, look.record !== null), context.config.switchMethod);
}

async function actUnderLease(
  acting: ServiceActing,
  phase: ForwardPhase,
  now: ServiceObservation,
): Promise<PhaseOutcome> {
  const allowed = allowedNow(acting, phase, now);
  switch (allowed.kind) {
    case 'nothing-to-do':
      return nothingToDo(acting, phase, now, allowed.why);
    case 'refuse':
      return refuse(acting, phase, now, allowed);
    case 'mend':
      return takeBack(acting, upgradeDomains(acting.context, now), foundGoingBack(phase, allowed.why));
    case 'look':
      return finishSwitch(acting, now);
    case 'run':
      return runGuarded(acting, phase, now);
  }
}

/** Of an update that is in progress it is prepared, and of no other one that the configuration asks for. */
async function nothingToDo(
  { context }: ServiceActing,
  phase: ForwardPhase,
  observed: ServiceObservation,
  why: string,
): Promise<PhaseOutcome> {
  if (phase !== 'prepare') return completed(false, why);
  // As upgrade would ask: what may be written over the one in progress is left to that.
  const guards = await runGuards([oneUpdate], context, observed, 'upgrade');
  const refusal = guardRefusal(guards);
  return refusal ? stopped('refused', refusal, { guards }) : completed(false, why);
}

/** Where it is not known what the instances run the guards say which, and what to do about it. */
async function refuse(
  { context }: ServiceActing,
  phase: ForwardPhase,
  observed: ServiceObservation,
  allowed: Refusal,
): Promise<PhaseOutcome> {
  if (observed.state !== 'unknown') return stopped('refused', refused(allowed));
  const guards = await runGuards(upgradeDomains(context, observed).guards, context, observed, phase);
  return stopped('refused', guardRefusal(guards) ?? refused(allowed), { guards });
}

/** Users are on the new version already; it is only looked whether that was seen to the end. */
async function finishSwitch(acting: ServiceActing, now: ServiceObservation): Promise<PhaseOutcome> {
  const plan = upgradeDomains(acting.context, now);
  const outcome = await runSteps(plan.switch, acting.recorder, acting.signal);
  if (outcome.kind === 'failed') return stopped('held', asUpgradeError(outcome.error));
  return completed(outcome.changed, 'users are on the new version already');
}

async function runGuarded(
  acting: ServiceActing,
  phase: ForwardPhase,
  now: ServiceObservation,
): Promise<PhaseOutcome> {
  const { context, recorder, signal } = acting;
  const plan = upgradeDomains(context, now);
  const guards = await runGuards(plan.guards, context, now, phase);
  tellGuards(context.log, phase, guards);
  const refusal = guardRefusal(guards);
  if (refusal) return stopped('refused', refusal, { guards });
  const outcome = await runSteps(plan[phase], recorder, signal);
  if (outcome.kind === 'completed') {
    return completed(outcome.changed, outcome.changed ? null : 'what was asked for is done already');
  }
  return afterFailure(acting, phase, plan, now, outcome, guards);
}

async function afterFailure(
  acting: ServiceActing,
  phase: ForwardPhase,
  plan: ServicePlan,
  before: ServiceObservation,
  failure: Extract<RunOutcome, { kind: 'failed' }>,
  guards: readonly GuardRecord[],
): Promise<PhaseOutcome> {
  const error = asUpgradeError(failure.error);
  const done = acting.recorder.steps.filter((one) => one.phase === phase && one.state === 'done');
  const changed = done.length > 0;
  // Preparing and cleaning up take nothing down; and once users may have been moved nothing is undone by itself.
  if (phase === 'prepare' || phase === 'cleanup')
    return stopped(changed ? 'held' : 'refused', error, { guards });
  if (phase === 'switch') return stopped('held', error, { guards });
  // An update that earlier runs have begun is not taken back for what this run did not even touch.
  const isOfThisRun =
    !isBegun(before) ||
    touchesInstances(
      plan.upgrade,
      done.map(({ id }) => id),
      failure,
    );
  if (!changed && (!isOfThisRun || NOT_ATTEMPTED.includes(error.reason))) {
    return stopped('refused', error, { guards });
  }
  if (!isOfThisRun || isOver(plan.upgrade, failure.step) || staysAsItIs(acting, error))
    return stopped('held', error, { guards });
  if (await lacksRightForWayBack(acting, error)) return stopped('held', error, { guards });
  return takeBack(acting, plan, error, guards);
}

/** Reasons of a step that was not begun: a wrong input takes no update back. */
const NOT_ATTEMPTED: readonly ReasonCode[] = ['input-invalid', 'phase-not-applicable', 'update-in-progress'];

/** Whether instances had the new version, or were being given it, before this run did anything. */
function isBegun({ state }: ServiceObservation): boolean {
  return state !== 'prepared' && state !== 'not-prepared';
}

/**
 * Whether this run gave instances, or their model, what the way back takes from them, or failed while it was at that, or
 * at what comes after it. A look that fails touches nothing.
 */
function touchesInstances(
  sequence: Sequence,
  done: readonly string[],
  { step, applied }: Extract<RunOutcome, { kind: 'failed' }>,
): boolean {
  const touching = ({ undo }: Step) => undo?.order === 'turn-back' || undo?.order === 'restore-service';
  const steps = stepsOf(sequence);
  const isAmid = steps.slice(0, steps.indexOf(step) + 1).some(touching);
  return (applied && isAmid) || steps.some((one) => touching(one) && done.includes(one.id));
}

/** Every instance was updated and verified: what failed is what is done after an update, and can be done again. */
function isOver(sequence: Sequence, failed: Step): boolean {
  const steps = stepsOf(sequence);
  return failed.changes !== '' && steps.slice(steps.indexOf(failed)).every(({ undo }) => undo === null);
}

/** A cancelled job has no time for the way back, and where another run has the service it is not this one's to take. */
function staysAsItIs({ context, signal, onFailure }: ServiceActing, error: UpgradeError): boolean {
  if (signal.aborted || onFailure === 'hold') return true;
  return followsFrom(context.config, error) === 'hold';
}

/**
 * Taking instances back needs the rights that updating them does: without one of them it would come as far, and fail as
 * well. Where no instance has the new version nothing but the model and the record is put back.
 */
async function lacksRightForWayBack({ context }: ServiceActing, { reason }: UpgradeError): Promise<boolean> {
  if (reason !== 'azure-permission-missing') return false;
  try {
    const { target, unknown } = (await observeService(context)).progress.instances;
    return target.length + unknown.length > 0;
  } catch {
    return true;
  }
}
