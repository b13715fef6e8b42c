// The report of a run on a service: composed from how it ended, what its steps recorded, and how the service is found
// afterwards.
import type { Phase, Plan, RunReport, ServiceState } from '../../engine/report.ts';
import type { ServiceReport } from '../../engine/service-report.ts';
import { messageOf } from '../../message-of.ts';
import {
  observeService,
  rollbackAllowedNow,
  type ServiceObservation,
} from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { lookAtInstances } from '../../steps/domains/instance-commands.ts';
import type { ServicePlan } from '../../topologies/upgrade-domains.ts';
import { asUpgradeError } from '../as-upgrade-error.ts';
import type { PhaseOutcome } from '../phase-outcome.ts';
import type { RunSoFar } from '../procedure.ts';
import { errorOf, onlyLooks, planWith, resultOf, stepsNotReached } from '../report-parts.ts';
import { changeViews } from './change-views.ts';
import { foreignLease, notInService } from './not-in-service.ts';
import { progressWords } from './progress-words.ts';
import { type ServiceVerdictFacts, serviceVerdict } from './service-verdict.ts';
import { capacityView, domainViews, domainViewsUnread, roleViews } from './service-views.ts';

/** What a run leaves behind. */
export interface ServiceRunRecord extends RunSoFar {
  readonly context: ServiceContext;
  /** How the service was found; null where it could not be read. */
  readonly before: ServiceObservation | null;
  /** Of the last phase that was begun. */
  readonly topology: ServicePlan | null;
  readonly plan: Plan | null;
  /** As some look of the run has found it written down. */
  readonly updateId: string | null;
}

/** Looks at the service once more and composes the report. Never throws. */
export async function serviceReportOfRun(run: ServiceRunRecord, outcome: PhaseOutcome): Promise<RunReport> {
  const { request, context, recorder, before } = run;
  // A run that only looks has just looked.
  const after = (onlyLooks(request.phases) && before) || (await lookAgain(run, outcome));
  const known = after ?? before;
  const service = known && (await serviceReport(run, known, after !== null));
  const result = resultOf(request.phases, run.changed, outcome);
  const state = after?.state ?? 'unknown';
  const error = outcome.kind === 'stopped' ? outcome.error : null;
  return {
    schemaVersion: 1,
    product: request.product,
    application: context.config.application,
    topology: request.topology,
    phases: request.phases,
    upgradeId: known?.look.record?.updateId ?? run.updateId,
    runUrl: context.runUrl,
    startedAt: new Date(run.startedAt).toISOString(),
    endedAt: new Date(context.clock.now()).toISOString(),
    result,
    reasonCode: error?.reason ?? null,
    verdict: serviceVerdict({
      result,
      phases: request.phases,
      state,
      service: after && service,
      error,
      also: outcome.kind === 'stopped' ? outcome.also : [],
      changed: recorder.steps.some((step) => step.state === 'done'),
      lastPhase: lastPhase(run),
      notes: run.notes,
      mode: context.config.walk.mode,
      isOneDomainARun: context.config.walk.mode === 'manual' || context.domain !== null,
      isWrittenDown: after !== null && after.look.record !== null,
      usersOn: after && nameOfUsersService(context, after),
      ...whoServes(context, after),
      failing: (run.plan?.guards ?? []).filter(({ verdict }) => verdict === 'fail'),
    }),
    state,
    productionSlot: known && nameOfUsersService(context, known),
    publicName: null,
    before: [],
    after: [],
    steps: [...recorder.steps, ...stepsNotReached(request.phases, recorder, run.topology, outcome)],
    rollback: recorder.rollback,
    readOnly: null,
    plan: planWith(run.plan, outcome.kind === 'stopped' ? outcome.guards : []),
    service,
    error: errorOf(outcome),
  };
}

function whoServes(
  context: ServiceContext,
  after: ServiceObservation | null,
): Pick<ServiceVerdictFacts, 'absent' | 'lookAt' | 'otherRun'> {
  if (after === null) return { absent: [], lookAt: [], otherRun: null };
  const absent = notInService(after);
  const keys = absent.map(({ key }) => key);
  return {
    absent,
    lookAt: lookAtInstances(context.config, after.look, keys),
    otherRun: foreignLease(context, after),
  };
}

function lastPhase({ request: { phases }, recorder }: ServiceRunRecord): Phase {
  const last = phases.at(-1) ?? 'status';
  return last === 'rollback'
    ? last
    : (recorder.steps.findLast(({ state }) => state === 'done')?.phase ?? last);
}

/** Of the ten seconds that a runner leaves to a cancelled job: what it has to say comes before what Azure is slow to tell. */
const LOOK_PATIENCE_MS = 3_000;
const ASK_PATIENCE_MS = 1_000;

/** What is asked, or `otherwise` where the job was cancelled and the answer does not come soon. */
async function inTime<T>(
  { context: { clock }, signal }: ServiceRunRecord,
  asked: Promise<T>,
  patienceMs: number,
  otherwise: T,
): Promise<T> {
  if (!signal.aborted) return asked;
  return Promise.race([asked, clock.sleep(patienceMs).then(() => otherwise)]);
}

function lookAgain(run: ServiceRunRecord, outcome: PhaseOutcome): Promise<ServiceObservation | null> {
  const looked = observeService(run.context).catch((error: unknown) => {
    const { message } = asUpgradeError(error);
    // What the run has ended with is told as its error.
    const isTold = outcome.kind === 'stopped' && outcome.error.message === message;
    const why = isTold ? 'for the same reason' : message;
    run.context.log.warning(`How the service stands after this run could not be read: ${why}`);
    return null;
  });
  return inTime(run, looked, LOOK_PATIENCE_MS, null);
}

/** @param isNow whether it was looked at just now; else how it stands, and what may be done, is not known. */
async function serviceReport(
  run: ServiceRunRecord,
  seen: ServiceObservation,
  isNow: boolean,
): Promise<ServiceReport> {
  const { context, before } = run;
  const { target, history } = context;
  const { record } = seen.look;
  const [rollbackAllowed, changed] = await Promise.all([
    isNow ? inTime(run, allowedNow(context, seen), ASK_PATIENCE_MS, NOT_ASKED) : NOT_READ,
    // By the first look: after the update nothing is left to be changed.
    inTime(run, changes(context, before ?? seen), ASK_PATIENCE_MS, CHANGES_NOT_READ),
  ]);
  return {
    kind: target.kind,
    roles: roleViews(seen),
    domains: isNow ? domainViews(seen, before ?? seen, run.updateId !== null) : domainViewsUnread(seen),
    progress: isNow
      ? progressWords(seen, nameOfUsersService(context, seen))
      : 'what the instances run now could not be read',
    locked: isNow ? seen.locked : { locked: true, reasons: NOT_READ.refusals },
    rollbackAllowed,
    ...changed,
    held: record ? target.describeHeld(record.held) : [],
    walk: history.walks,
    capacity: capacityView(history.looks),
  };
}

const NOT_READ: ServiceReport['rollbackAllowed'] = {
  allowed: false,
  refusals: ['The service could not be read.'],
};

const NOT_ASKED: ServiceReport['rollbackAllowed'] = {
  allowed: false,
  refusals: ['The job was cancelled before Azure had said whether it is.'],
};

const CHANGES_NOT_READ: Pick<ServiceReport, 'changes' | 'notKnowable'> = {
  changes: [],
  notKnowable: ['The job was cancelled before it was read what the update changes.'],
};

/** The article's flag is of updates that are in progress in place; what phase rollback does elsewhere is said beside it. */
const NOT_OF_THE_FLAG: Readonly<Partial<Record<ServiceState, string>>> = {
  prepared:
    'An update is prepared, and the flag is of one that is in progress. Phase rollback gives it up, with no instance touched.',
  upgraded:
    'Every instance of the service that users are not on runs the new version. Phase rollback gives that up.',
  switched: 'Users were moved by a swap. Phase rollback swaps the addresses back.',
};

async function allowedNow(
  context: ServiceContext,
  seen: ServiceObservation,
): Promise<ServiceReport['rollbackAllowed']> {
  const instead = NOT_OF_THE_FLAG[seen.state];
  if (instead !== undefined) return { allowed: false, refusals: [instead] };
  try {
    const { allowed, refusals } = await rollbackAllowedNow(context, seen);
    return { allowed, refusals: refusals.map(({ message }) => message) };
  } catch (error) {
    return { allowed: false, refusals: [`It could not be found out: ${messageOf(error)}`] };
  }
}

async function changes(
  context: ServiceContext,
  seen: ServiceObservation,
): Promise<Pick<ServiceReport, 'changes' | 'notKnowable'>> {
  try {
    return await changeViews(context, seen);
  } catch (error) {
    return { changes: [], notKnowable: [`What the update changes could not be read: ${messageOf(error)}`] };
  }
}

/** Of the two services of a swap; null in place, and where Azure does not tell. */
function nameOfUsersService({ config }: ServiceContext, { look }: ServiceObservation): string | null {
  const [updated] = look.resources;
  if (config.service.kind !== 'cloud-service' || look.usersOn === null || !updated) return null;
  if (look.usersOn === 'this') return updated.name;
  const names = [config.service.service, config.service.stagingService];
  return names.find((name) => name !== null && name.toLowerCase() !== updated.name.toLowerCase()) ?? null;
}
