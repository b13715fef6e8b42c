// Phase rollback, on request. Before the switch it gives production back and tidies. After it, going back means
// leaving behind what V2's users wrote: refused unless the input accepts exactly that.
import { goBy, isOvertaken } from '../application/known-entries.ts';
import { type Observation, observeDatabasesThatAnswer } from '../application/observe.ts';
import { lockTakings, noteLookedAt } from '../application/run-lock.ts';
import { confirmationFor, mayLoseWrites, whyClosed } from '../application/sent-back.ts';
import { askHealth } from '../application/site-health.ts';
import { sqlTarget, type UpgradeContext } from '../application/upgrade-context.ts';
import { isBackOnV1, isReturning } from '../application/way-back.ts';
import { readWriteActivity } from '../azure/tsql/write-activity.ts';
import { formatDuration } from '../engine/humane.ts';
import { runSteps } from '../engine/run.ts';
import { type Step, stepsOf } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { RETURN_MARKS, recordMoved, SWITCH_MARKS } from '../steps/mark-stage.ts';
import { topologyPlan } from '../topologies/topologies.ts';
import { applicability } from './applicability.ts';
import { asUpgradeError } from './as-upgrade-error.ts';
import { assertNotMoved, beginGivingBack } from './begin-alone.ts';
import { databasesGone, withoutGone } from './database-gone.ts';
import { databasesApart } from './databases-apart.ts';
import {
  type Acting,
  leftToTheOther,
  notGivenBack,
  resumeWindow,
  rollBackUpgrade,
  triedBefore,
} from './go-back.ts';
import { nothingToRollBack } from './nothing-to-roll-back.ts';
import { completed, type PhaseOutcome, stopped } from './phase-outcome.ts';
import { rollBackWhereItIs } from './roll-back-where-it-is.ts';
import { NOT_TRIED, settleUsers } from './settle-users.ts';

/**
 * @param afterSwitch what is done where users are on V2 already: a person who asks for it gets an answer
 *   about the loss; the post step, which only mends, leaves V2 alone.
 */
export async function actRollback(
  acting: Acting,
  afterSwitch: 'return-to-v1' | 'leave',
): Promise<PhaseOutcome> {
  const { context } = acting;
  // The lock first: a dead run's freeze may still be on its way, and it holds the lock until it is there.
  const lock = await beginGivingBack(context);
  const takings = lockTakings(context);
  // Giving production back needs no more than production: whatever else does not answer is told as such.
  const observed = await observeDatabasesThatAnswer(context);
  noteLookedAt(context, takings);
  goBy(context.known, observed.databases);
  const gone = databasesGone(context, observed);
  const closed = whyClosed(context, observed.databases, gone);
  if (closed) {
    // Nobody has sent them back where another run has moved them since this one read where they are.
    if (lock === 'free') await assertNotMoved(context);
    return stopped('held', closed);
  }
  if (observed.databases.some(isBackOnV1)) await recordMoved(context, RETURN_MARKS, 'production');
  if (gone) return giveBackOthers(acting, observed, gone);
  const allowed = applicability('rollback', observed.state);
  if (allowed.kind === 'nothing-to-do') return nothingToRollBack(context, observed, allowed.why);
  const returning = observed.databases.some(isReturning);
  if (observed.state === 'switched' && !returning) {
    await recordMoved(context, SWITCH_MARKS, 'production');
    if (afterSwitch === 'leave') return completed(false, ON_V2);
  }
  if (observed.state === 'switched' && afterSwitch === 'return-to-v1') {
    const apart = databasesApart(context);
    return apart ? stopped('refused', apart) : returnToV1(acting, observed);
  }
  // What could not be read may have been switched to.
  const marks = returning ? RETURN_MARKS : SWITCH_MARKS;
  const settled = triedBefore(observed) === 'tried' ? await settleUsers(context, marks, null) : NOT_TRIED;
  if (settled.kind === 'closed') return stopped('held', settled.error);
  if (settled.kind === 'on-stage' && returning) return stopped('held', backOnV1(context));
  if (settled.kind === 'on-stage')
    return afterSwitch === 'leave' ? completed(false, ON_V2) : stopped('refused', movedMeanwhile(context));
  return giveBack(acting, observed, afterSwitch, settled.notAsked);
}

const ON_V2 = 'users are on V2 already';

/** @param notAsked what is told where a database could not say whether users were on it. */
async function giveBack(
  acting: Acting,
  observed: Databases,
  afterSwitch: 'return-to-v1' | 'leave',
  notAsked: readonly UpgradeError[],
): Promise<PhaseOutcome> {
  const { context } = acting;
  resumeWindow(context, observed);
  const { back, failover } = await rollBackUpgrade(acting, observed);
  if (back.kind === 'failed') return notGivenBack(null, back.errors, [...notAsked, ...failover]);
  const [tidy] = back.tidyErrors.map(asUpgradeError);
  if (tidy) return stopped('held', tidy, { also: notAsked });
  const [unconfirmed] = back.unconfirmed;
  if (unconfirmed && !back.changed && afterSwitch === 'return-to-v1') return stopped('refused', unconfirmed);
  // Where nothing was done, the last step's evidence says why: kept on purpose, or not proven to be removable.
  const kept = acting.recorder.rollback.at(-1)?.evidence[0] ?? null;
  const done = observed.databases.some(isReturning) ? returnUndone(context) : null;
  const told = [...failover, ...notAsked].map(({ message }) => message).join('. ');
  return completed(back.changed, told || (back.changed ? done : kept));
}

/** What is left of the other databases may be needed yet. */
function keepingCopies(context: UpgradeContext): UpgradeContext {
  return {
    ...context,
    config: { ...context.config, rollback: { ...context.config.rollback, stage: 'keep' } },
  };
}

/** Of several databases one may be gone: users get those back that are there. */
async function giveBackOthers(
  acting: Acting,
  observed: Databases,
  gone: UpgradeError,
): Promise<PhaseOutcome> {
  const context = keepingCopies(withoutGone(acting.context, observed));
  if (context.databases.length === 0) return stopped('refused', gone);
  const { databases } = observed;
  const left = databases.filter(({ name }) => context.databases.some((pair) => pair.name === name));
  const marks = left.some(isReturning) ? RETURN_MARKS : SWITCH_MARKS;
  const settled =
    triedBefore({ databases: left }) === 'tried' ? await settleUsers(context, marks, gone) : NOT_TRIED;
  if (settled.kind === 'on-stage') return stopped('refused', gone);
  if (settled.kind === 'closed') return stopped('held', settled.error);
  const topology = topologyPlan(context, null);
  const { back, failover } = await rollBackUpgrade({ ...acting, context, topology }, { databases: left });
  const also = [...settled.notAsked, ...failover];
  if (back.kind === 'failed') return notGivenBack(gone, back.errors, also);
  return stopped(back.changed ? 'held' : 'refused', gone, { also });
}

/** Whoever asked for V1, and is on V2 in a green job, reads why. */
function returnUndone({ production, stage }: UpgradeContext): string {
  return `a return to V1 (${stage.config.name}) that was cut off is undone, V2 (${production.config.name}) is given back to its users; to return to V1 run rollback again`;
}

/** A return to V1 whose write was lost has taken effect. */
function backOnV1({ production, stage }: UpgradeContext): UpgradeError {
  return new UpgradeError(
    'point-of-no-return-passed',
    `Users are back on V1 (${stage.config.name}): a return whose answer was lost has taken effect. V2's database on ${production.server.name} is kept read-only`,
    { advice: ['Run phase status: it tells where everything stands.'] },
  );
}

/** A switch whose answer was lost has taken effect; the roles of this run are no longer those of the world. */
function movedMeanwhile({ stage }: UpgradeContext): UpgradeError {
  return new UpgradeError(
    'point-of-no-return-passed',
    `Users are on V2 (${stage.config.name}): a switch whose answer was lost has taken effect`,
    {
      advice: [
        'Run phase switch: it looks whether V2 serves users. Or run rollback again: it tells what going back costs.',
      ],
    },
  );
}

type Databases = Pick<Observation, 'databases' | 'state'>;

async function returnToV1(acting: Acting, observed: Databases): Promise<PhaseOutcome> {
  const { context } = acting;
  const loss = await lossInNumbers(context, observed);
  const refusal = lossNotAccepted(context, loss);
  if (refusal) return stopped('refused', refusal);
  const topology = topologyPlan(context, await v1Version(context));
  const steps = stepsOf(topology.returnToV1);
  const outcome = await runSteps(topology.returnToV1, acting.recorder, acting.signal);
  if (outcome.kind === 'completed') return completed(true, leftBehind(context, loss));
  const error = asUpgradeError(outcome.error);
  if (!touchedV2(steps, outcome.step)) return stopped('refused', error);
  if (error.reason === 'switch-outcome-unknown') return stopped('held', error);
  if (isOvertaken(error)) return leftToTheOther(context, error);
  const notAsked: UpgradeError[] = [];
  if (afterPivot(steps, outcome.step)) {
    // Only users who are on V2 for sure get V2 back; a pivot that failed has settled that itself.
    const settled = await settleUsers(context, RETURN_MARKS, error);
    if (settled.kind === 'on-stage') return stopped('held', error);
    if (settled.kind === 'closed') return stopped('held', settled.error);
    notAsked.push(...settled.notAsked);
  }
  const { back, failover } = await rollBackWhereItIs({ ...acting, topology }, (one) => one.returnToV1);
  const told = [...notAsked, ...failover];
  if (back.kind === 'failed') return notGivenBack(error, back.errors, told);
  const untidy = back.tidyErrors.map(asUpgradeError);
  const overtaken = untidy.find(isOvertaken);
  if (!overtaken) return stopped('rolled-back', error, { also: [...told, ...untidy] });
  const others = untidy.filter((one) => one !== overtaken);
  return leftToTheOther(context, overtaken, { also: [error, ...told, ...others] });
}

/** What V1's site answers: no configuration names V1's version any more. Null where it answers none. */
async function v1Version(context: UpgradeContext): Promise<string | null> {
  const site = await context.azure.appService.getSite(context.stage.site).catch(() => null);
  return site ? (await askHealth(context, site.defaultHostName)).version : null;
}

function touchedV2(steps: readonly Step[], failed: Step): boolean {
  return steps.slice(0, steps.indexOf(failed) + 1).some((step) => step.undo !== null);
}

function afterPivot(steps: readonly Step[], failed: Step): boolean {
  return steps.indexOf(failed) > steps.findIndex((step) => step.pivot);
}

function leftBehind({ production, stage }: UpgradeContext, loss: string): string {
  return `users are back on V1 (${stage.config.name}); V2's database on ${production.server.name} holds what its users wrote (${loss}): salvage that before it is removed`;
}

function lossNotAccepted(context: UpgradeContext, loss: string): UpgradeError | null {
  const v2 = context.production.config.name;
  if (mayLoseWrites(context, v2)) return null;
  return new UpgradeError(
    'point-of-no-return-passed',
    `Users are on V2 (${v2}): ${loss}. Going back would leave behind everything written since the switch${notConfirmed(context)}`,
    {
      advice: [
        'Repairing forward keeps every write: deploy a corrected V2.',
        `To go back to V1 and leave those writes behind in V2's database: run rollback with the input confirm: "${confirmationFor(v2)}"`,
      ],
    },
  );
}

function notConfirmed({ confirm }: UpgradeContext): string {
  return confirm.trim() === '' ? '' : `, and that was not confirmed: found "${confirm}"`;
}

/** How long V2 has been live, and whether it has written. */
async function lossInNumbers(context: UpgradeContext, observed: Databases): Promise<string> {
  const [first] = observed.databases;
  const since = first?.production.journal?.at ?? null;
  const live = since
    ? `V2 has been live for ${formatDuration(context.clock.now() - Date.parse(since))}`
    : 'since when is not known';
  const writes = await Promise.all(
    context.databases.map(async (pair) => {
      const { lastWrite } = await context.sessions.on(
        sqlTarget(context, 'production', pair.name),
        readWriteActivity,
      );
      return writtenSince(context, pair.name, lastWrite, since);
    }),
  );
  return `${live}; ${writes.join('; ')}`;
}

function writtenSince(
  context: UpgradeContext,
  name: string,
  lastWrite: Date | null,
  since: string | null,
): string {
  if (!lastWrite) return `${name}: no write is recorded`;
  if (since && lastWrite.getTime() < Date.parse(since))
    return `${name}: not written since, as far as SQL Server remembers`;
  return `${name} was last written ${formatDuration(context.clock.now() - lastWrite.getTime())} ago (${lastWrite.toISOString()})`;
}
