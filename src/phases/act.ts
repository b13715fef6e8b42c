// One phase that changes things: may it begin, do the guards let it, run its steps; and when it fails, the way
// back before anything else.
import { type Observation, observe } from '../application/observe.ts';
import { readSlotRoles, sameName } from '../application/production-slot.ts';
import { ensureRunLock } from '../application/run-lock.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import type { Recorder } from '../engine/recorder.ts';
import type { GuardRecord, Phase } from '../engine/report.ts';
import { rollBack } from '../engine/rollback.ts';
import { type RunOutcome, runSteps } from '../engine/run.ts';
import type { Step } from '../engine/step.ts';
import { runGuards } from '../guards/guard.ts';
import { UpgradeError } from '../reasons.ts';
import type { TopologyPlan } from '../topologies/topology.ts';
import { applicability } from './applicability.ts';
import { asUpgradeError } from './as-upgrade-error.ts';
import { completed, type PhaseOutcome, stopped } from './phase-outcome.ts';

export interface Acting {
  readonly context: UpgradeContext;
  readonly topology: TopologyPlan;
  readonly recorder: Recorder;
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal;
  readonly onFailure: 'rollback' | 'hold';
}

type ForwardPhase = Extract<Phase, 'prepare' | 'upgrade' | 'switch' | 'cleanup'>;

/** Runs one of the phases that go forward. */
export async function actForward(acting: Acting, phase: ForwardPhase): Promise<PhaseOutcome> {
  const { context } = acting;
  const observed = await observe(context);
  const allowed = applicability(phase, observed.state);
  switch (allowed.kind) {
    case 'nothing-to-do':
      return completed(false, allowed.why);
    case 'refuse':
      return stopped(
        'refused',
        new UpgradeError(allowed.reason, capital(allowed.why), { advice: [allowed.advice] }),
      );
    case 'mend':
      await ensureRunLock(context, 'production');
      resumeWindow(context, observed);
      return goBack(acting, phase, interrupted(phase, allowed.why), []);
    case 'run':
      await ensureRunLock(context, 'production');
      resumeWindow(context, observed);
      return runGuarded(acting, phase, observed);
  }
}

async function runGuarded(acting: Acting, phase: ForwardPhase, observed: Observation): Promise<PhaseOutcome> {
  const { context, topology } = acting;
  const unconfirmed = phase === 'cleanup' ? cleanupUnconfirmed(context) : null;
  if (unconfirmed) return stopped('refused', unconfirmed);
  const guards = await runGuards(topology.guards, context, observed, phase);
  const refusal = guardRefusal(guards);
  if (refusal) {
    const frozen = observed.state === 'frozen' || observed.state === 'upgraded';
    return frozen ? goBack(acting, phase, refusal, guards) : stopped('refused', refusal, { guards });
  }
  const outcome = await runSteps(topology[phase], acting.recorder, signalFor(acting, phase));
  if (outcome.kind === 'completed') return completed(outcome.changed);
  return afterFailure(acting, phase, outcome, guards);
}

async function afterFailure(
  acting: Acting,
  phase: ForwardPhase,
  outcome: Extract<RunOutcome, { kind: 'failed' }>,
  guards: readonly GuardRecord[],
): Promise<PhaseOutcome> {
  const error = asUpgradeError(outcome.error);
  // Preparing and cleaning up never touch what users are on: there is nothing to give back.
  if (phase === 'prepare' || phase === 'cleanup') return stopped('held', error, { guards });
  if (!touchedProduction(acting, phase, outcome.step)) return stopped('refused', error, { guards });
  return goBack(acting, phase, error, guards);
}

/** Whether any step up to the failed one has something to give back. */
function touchedProduction(acting: Acting, phase: ForwardPhase, failed: Step): boolean {
  if (phase === 'switch') return true;
  const steps = acting.topology[phase];
  return steps.slice(0, steps.indexOf(failed) + 1).some((step) => step.undo?.order === 'restore-service');
}

/** The rollback path of `upgrade` and `switch`: never once users are, or may be, on the stage slot. */
export async function goBack(
  acting: Acting,
  phase: Phase,
  error: UpgradeError,
  guards: readonly GuardRecord[],
): Promise<PhaseOutcome> {
  if (phase === 'switch') {
    const users = await whereUsersAre(acting.context);
    if (users === 'stage') return stopped('held', error, { guards });
    if (users === 'unknown') return stopped('held', outcomeUnknown(acting.context, error), { guards });
  }
  if (acting.onFailure === 'hold') return stopped('held', error, { guards });
  const back = await rollBackUpgrade(acting);
  if (back.kind === 'failed') {
    return stopped('rollback-failed', error, { guards, also: back.errors.map(asUpgradeError) });
  }
  return stopped('rolled-back', error, { guards, also: back.tidyErrors.map(asUpgradeError) });
}

/** Undoes prepare's and upgrade's steps: service first. Not stopped by a cancelled job: it is what has to be done. */
export function rollBackUpgrade(acting: Acting) {
  const { signal } = new AbortController();
  return rollBack([...acting.topology.prepare, ...acting.topology.upgrade], acting.recorder, signal);
}

/** Reads again which slot is online; asked more than once, because everything depends on it. */
async function whereUsersAre(context: UpgradeContext): Promise<'production' | 'stage' | 'unknown'> {
  for (let attempt = 1; attempt <= 5; attempt++) {
    try {
      const roles = await readSlotRoles(context.config, context.azure);
      return sameName(roles.production.name, context.production.config.name) ? 'production' : 'stage';
    } catch (error) {
      context.log.warning(`It cannot be read where users are: ${String(error)}`);
      await context.clock.sleep(attempt * 1000);
    }
  }
  return 'unknown';
}

function outcomeUnknown(context: UpgradeContext, cause: UpgradeError): UpgradeError {
  const { production, stage } = context;
  return new UpgradeError(
    'switch-outcome-unknown',
    `It is not known whether users were switched to ${stage.config.name}: the switch failed and cannot be read back. Production ${production.config.name} is kept read-only, so that no write is lost`,
    {
      cause,
      advice: [
        'As soon as Azure answers again run phase status: it says where users are.',
        'Then run switch (it finishes), or rollback (it gives production back).',
      ],
    },
  );
}

/** A window that an earlier run opened goes on counting. */
function resumeWindow(context: UpgradeContext, observed: Observation): void {
  if (observed.state !== 'frozen' && observed.state !== 'upgraded') return;
  const [first] = observed.databases;
  const since = first?.stage.journal?.frozenAt ?? first?.production.journal?.at;
  if (since) context.window.open(Date.parse(since));
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

function guardRefusal(guards: readonly GuardRecord[]): UpgradeError | null {
  const failed = guards.filter((guard) => guard.verdict === 'fail');
  const [first] = failed;
  if (!first?.reason) return null;
  return new UpgradeError(
    first.reason,
    failed.map((guard) => `${guard.title}: ${guard.evidence}`).join('\n'),
    {
      advice: failed.map((guard) => guard.advice).filter((advice) => advice !== ''),
    },
  );
}

function cleanupUnconfirmed(context: UpgradeContext): UpgradeError | null {
  const expected = `remove ${context.stage.config.name}`;
  if (context.confirm.trim().toLowerCase() === expected.toLowerCase()) return null;
  return new UpgradeError(
    'confirmation-missing',
    `Cleanup deletes V1's database on ${context.stage.server.name} (slot ${context.stage.config.name}) and was not confirmed`,
    { advice: [`Run cleanup with the input confirm: "${expected}"`] },
  );
}

function interrupted(phase: Phase, why: string): UpgradeError {
  return new UpgradeError('interrupted', `Phase ${phase} was not begun: ${why}`, {
    advice: ['Production is mended first. Look at the earlier run, then start this phase again.'],
  });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
