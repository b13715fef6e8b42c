// The report of a run: composed from how it ended, what its steps recorded, and how the application is found afterwards.
import { setPrimary } from '../application/geo-replication-commands.ts';
import { sameName } from '../application/production-slot.ts';
import { foundSentBack } from '../application/sent-back.ts';
import type { Plan, RunReport, Verdict } from '../engine/report.ts';
import { unfreezeCommand } from '../steps/unfreeze-command.ts';
import type { TopologyPlan } from '../topologies/topology.ts';
import { asFound, siteLeftBehind } from './as-found.ts';
import type { RunParts } from './connect-application.ts';
import { databasesGone, withoutGone } from './database-gone.ts';
import { databasesApart } from './databases-apart.ts';
import { lookAgain, type Seen } from './look-around.ts';
import type { PhaseOutcome } from './phase-outcome.ts';
import type { RunSoFar } from './procedure.ts';
import { errorOf, onlyLooks, planWith, resultOf, stepsNotReached } from './report-parts.ts';
import { stateFound } from './state-found.ts';
import { usersElsewhere } from './users-elsewhere.ts';
import { verdictOf } from './verdict.ts';
import { whatCanServe } from './what-can-serve.ts';
import { windowOf } from './window-of-run.ts';

/** What a run leaves behind. */
export interface RunRecord extends RunSoFar {
  readonly parts: RunParts;
  /** How the application was found; null where it could not be read. */
  readonly before: Seen | null;
  /** Of the last phase that was begun. */
  readonly topology: TopologyPlan | null;
  readonly plan: Plan | null;
}

/** Looks at the application once more and composes the report. Never throws. */
export async function reportOfRun(run: RunRecord, ended: PhaseOutcome): Promise<RunReport> {
  const { request, parts, recorder, before } = run;
  // A run that only looks has just looked.
  const after = (onlyLooks(request.phases) && before) || (await lookAgain(parts, run.signal));
  const known = after ?? before;
  const outcome = asFound(ended, { phases: request.phases, changed: run.changed, before, after });
  const result = resultOf(request.phases, run.changed, outcome);
  const state = after ? stateFound(request.phases, outcome, after.observed) : 'unknown';
  const readOnly = windowOf(parts, after?.observed ?? null);
  return {
    schemaVersion: 1,
    product: request.product,
    application: parts.config.application,
    topology: request.topology,
    phases: request.phases,
    upgradeId: known?.observed.databases[0]?.production.journal?.upgradeId ?? null,
    runUrl: parts.runUrl,
    startedAt: new Date(run.startedAt).toISOString(),
    endedAt: new Date(parts.clock.now()).toISOString(),
    result,
    reasonCode: outcome.kind === 'stopped' ? outcome.error.reason : null,
    verdict: await verdict(run, outcome, after, { state, readOnly }),
    state,
    productionSlot: known?.context.production.config.name ?? null,
    publicName: publicName(parts, known),
    before: before?.endpoints ?? [],
    after: after?.endpoints ?? [],
    steps: [...recorder.steps, ...stepsNotReached(request.phases, recorder, run.topology, outcome)],
    rollback: recorder.rollback,
    readOnly,
    service: null,
    plan: planWith(run.plan, outcome.kind === 'stopped' ? outcome.guards : []),
    error: errorOf(outcome),
  };
}

async function verdict(
  run: RunRecord,
  outcome: PhaseOutcome,
  after: Seen | null,
  { state, readOnly }: Pick<RunReport, 'state' | 'readOnly'>,
): Promise<Verdict> {
  const { request, recorder, notes } = run;
  return verdictOf({
    result: resultOf(request.phases, run.changed, outcome),
    phases: request.phases,
    state,
    productionSlot: after?.context.production.config.name ?? null,
    after: after?.endpoints ?? [],
    error: outcome.kind === 'stopped' ? outcome.error : null,
    also: outcome.kind === 'stopped' ? outcome.also : [],
    changed: recorder.steps.some((step) => step.state === 'done'),
    notes,
    readOnlySeconds: readOnly?.seconds ?? null,
    unfreezeCommands: unfreezeCommands(after ?? run.before),
    canServe: after ? await whatUsersNeed(after) : [],
    leftBehind: after && siteLeftBehind(after),
    sentBack: after && foundSentBack(after.context, after.observed.databases),
    apart: (after && databasesApart(after.context)?.message) ?? null,
    failing: (run.plan?.guards ?? []).filter((guard) => guard.verdict === 'fail'),
    toLookAt: (run.plan?.guards ?? []).filter((guard) => guard.verdict === 'not-knowable'),
  });
}

async function whatUsersNeed({ context, observed, backup }: Seen): Promise<readonly string[]> {
  const canServe = await whatCanServe(context, observed, backup);
  const apart = databasesApart(context);
  const gone = databasesGone(context, observed)?.advice ?? [];
  return [...gone, ...canServe, ...(apart ? apart.advice : usersElsewhere(context, observed, backup))];
}

/** A geo-secondary of the stage database takes no statement: it has to be made the primary again. */
function unfreezeCommands(seen: Seen | null): string[] {
  if (!seen) return [];
  const { observed } = seen;
  const context = withoutGone(seen.context, observed);
  return context.databases.map((pair) => {
    const links = observed.databases.find(({ name }) => name === pair.name)?.production.links ?? [];
    const isBelowStage = links.some(
      ({ role, partnerServer }) => role !== 'Primary' && sameName(partnerServer, pair.stage.server),
    );
    return isBelowStage ? setPrimary(pair.production, 'planned') : unfreezeCommand(context, pair.name);
  });
}

function publicName({ config }: RunParts, seen: Seen | null): string | null {
  return (
    config.trafficManager?.publicName ??
    seen?.observed.profile?.fqdn ??
    seen?.observed.sites.production?.defaultHostName ??
    null
  );
}
