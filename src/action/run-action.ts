// The action: read what was asked, run it, tell how it ended. `main` and `post` are the same program; the
// post step mends what a killed main left behind. This is the one place that catches.
import { systemClock } from '../clock.ts';
import type { Phase, Result, RunReport } from '../engine/report.ts';
import { type TimedPart, timelineOf } from '../engine/timeline.ts';
import { messageOf } from '../message-of.ts';
import { refusedReport } from '../phases/refused-report.ts';
import { runPhases } from '../phases/run-phases.ts';
import type { UpgradeRequest } from '../phases/upgrade-request.ts';
import { runUrl } from './github-run.ts';
import { type Environment, readInput } from './input-reader.ts';
import { readInputs } from './inputs.ts';
import { createRunLog, type RunLog } from './log.ts';
import type { Masking } from './masking.ts';
import { setOutputs, writeReport } from './outputs.ts';
import { phaseListener } from './phase-log.ts';
import { procedureOf } from './procedures.ts';
import { PRODUCT } from './product.ts';
import { createRunStateWriter, hasLeftWork, type RunStateWriter, readRunState } from './run-state.ts';
import { withoutSecrets } from './secret-shapes.ts';
import { onCancellation } from './signals.ts';
import { outputFor } from './sink.ts';
import { renderDomainTableText } from './summary/domains-text.ts';
import { renderEndpointTableText } from './summary/endpoint-text.ts';
import { renderPlanText } from './summary/plan-text.ts';
import { mapStrings } from './summary/strings.ts';
import { renderSummary } from './summary/summary.ts';
import { writeSummary } from './summary/write.ts';
import { insistOnCertificates, refuseUnsafe } from './surroundings.ts';

/** Results with which the job is green. */
const GREEN: readonly Result[] = ['succeeded', 'nothing-to-do'];

/** Runs as `main` or as `post`, whichever this process is. Returns the exit code; never throws. */
export async function runAction(environment: Environment): Promise<number> {
  const state = readRunState();
  if (state.kind === 'main') return runMain(environment);
  return hasLeftWork(state, isOfService(environment)) ? runPost(environment) : 0;
}

function isOfService(environment: Environment): boolean {
  return readInput('topology', environment) === 'upgrade-domains';
}

async function runMain(environment: Environment): Promise<number> {
  const state = createRunStateWriter(environment);
  state.mainStarted();
  const { sink, masking } = outputFor(environment);
  const log = createRunLog(sink);
  const report = await attempt(environment, masking, log, state, null);
  // Said before it is told: a full disk must not make post take a finished run for a killed one.
  state.mainEnded(report.result, '');
  state.mainEnded(report.result, await tell(report, environment, masking, log));
  return GREEN.includes(report.result) ? 0 : 1;
}

const MENDING =
  'The main step did not end by itself. Looking in Azure, and giving production back if it is read-only.';
const FREEING =
  'The main step could not give the service free for other runs. Doing that, and looking where the update stands.';

/** Main was killed after it had begun to freeze, or while it had the service: look in Azure, and give that back. */
async function runPost(environment: Environment): Promise<number> {
  const { sink, masking } = outputFor(environment);
  const log = createRunLog(sink);
  log.line(isOfService(environment) ? FREEING : MENDING);
  const state = createRunStateWriter(environment);
  const report = await attempt(environment, masking, log, state, ['rollback']);
  await tell(report, environment, masking, log);
  // Main is what failed the job; post fails where it could not mend.
  return report.result === 'rolled-back' || GREEN.includes(report.result) ? 0 : 1;
}

/** @param recovery the phases of the post step, instead of the input's. */
async function attempt(
  environment: Environment,
  masking: Masking,
  log: RunLog,
  state: RunStateWriter,
  recovery: readonly Phase[] | null,
): Promise<RunReport> {
  const clock = systemClock;
  const cancellation = onCancellation(process);
  const startedAt = clock.now();
  let request: UpgradeRequest = {
    phases: recovery ?? [],
    topology: environment.INPUT_TOPOLOGY ?? '',
    onFailure: 'rollback',
    product: PRODUCT,
    afterSwitch: recovery ? 'leave' : 'return-to-v1',
  };
  try {
    if (recovery === null) refuseUnsafe(environment);
    insistOnCertificates(process.env);
    const inputs = readInputs(environment);
    request = {
      ...request,
      phases: recovery ?? inputs.phases,
      topology: inputs.topology,
      onFailure: recovery ? 'rollback' : inputs.onFailure,
    };
    const parts: TimedPart[] = [];
    const procedure = await procedureOf({ inputs, environment, masking, log, clock, state, parts });
    const ended = await runPhases(request, procedure, phaseListener(log, state), cancellation.signal);
    await procedure.close();
    // What is told of a run that has ended is not worth the run's own report.
    const timeline = orWarn(log, 'timeline', () => timelineOf(ended, parts)) ?? [];
    return timeline.length === 0 ? ended : { ...ended, timeline };
  } catch (error) {
    return refusedReport(request, error, startedAt, runUrl(environment));
  }
}

/** Log, summary, report and outputs, on every ending; what cannot be written does not stop the rest. */
async function tell(
  whole: RunReport,
  environment: Environment,
  masking: Masking,
  log: RunLog,
): Promise<string> {
  // Before anything is drawn of it: escaped for Markdown or JSON, a secret would not be known again.
  const report = withoutSecretsOf(whole, masking);
  if (report.phases.includes('plan') && report.plan)
    log.line(renderPlanText(report.plan, report.service?.changes));
  if (report.after.length > 0) log.line(renderEndpointTableText(report.after));
  if (report.service) log.line(renderDomainTableText(report.service));
  log.runEnded(report.verdict, report.error);
  const path = orWarn(log, 'report', () => writeReport(report, environment, masking.redact)) ?? '';
  try {
    const summary = await writeSummary(renderSummary(report));
    if (!environment.GITHUB_STEP_SUMMARY) log.line(`Summary: ${summary}`);
  } catch (error) {
    log.warning(`The summary could not be written: ${messageOf(error)}`);
  }
  orWarn(log, 'outputs', () => setOutputs(report, path, environment));
  return path;
}

function withoutSecretsOf(report: RunReport, masking: Masking): RunReport {
  return mapStrings(report, (text) => (WORD.test(text) ? text : masking.redact(withoutSecrets(text))));
}

/** A state or a verdict, which is drawn by what it is. A setting of a site, and thus masked, may be the same word. */
const WORD = /^[A-Z]?[a-z]*(?:-[a-z]+)*$/;

function orWarn<T>(log: RunLog, what: string, write: () => T): T | null {
  try {
    return write();
  } catch (error) {
    log.warning(`The ${what} could not be written: ${messageOf(error)}`);
    return null;
  }
}
