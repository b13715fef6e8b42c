// What a run hands to the steps after it: the outputs, and the report as a file.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunReport } from '../engine/report.ts';
import { OUTPUTS, type OutputName } from './action-io.ts';
import type { Environment } from './input-reader.ts';
import { appendValue, info } from './runner-commands.ts';
import { withoutCommands } from './workflow-commands.ts';

/** The text of every output; empty where a run has nothing to say. */
export function outputsOf(report: RunReport, reportPath: string): Record<OutputName, string> {
  return {
    result: report.result,
    'reason-code': report.reasonCode ?? '',
    state: report.state,
    'production-slot': report.productionSlot ?? '',
    endpoints: JSON.stringify(report.after),
    // Rounded up: 0 says that users could write all the time.
    'read-only-seconds': String(Math.ceil(report.readOnly?.seconds ?? 0)),
    domains: report.service ? JSON.stringify(report.service.domains) : '',
    locked: report.service ? String(report.service.locked.locked) : '',
    'rollback-allowed': report.service ? String(report.service.rollbackAllowed.allowed) : '',
    report: reportPath,
  };
}

/**
 * Writes the report as JSON into RUNNER_TEMP, or where that is absent into the system's temporary folder, under
 * the first free name `rolling-upgrade-report-<n>.json`. Returns the path.
 * @param redact takes secrets out of the text, a safety net: reports hold none.
 */
export function writeReport(
  report: RunReport,
  environment: Environment,
  redact: (text: string) => string,
): string {
  const folder = environment.RUNNER_TEMP || tmpdir();
  mkdirSync(folder, { recursive: true });
  const text = redact(`${JSON.stringify(report, null, 2)}\n`);
  for (let n = 1; ; n++) {
    const path = join(folder, `rolling-upgrade-report-${n}.json`);
    if (writeNew(path, text)) return path;
  }
}

function writeNew(path: string, text: string): boolean {
  try {
    // wx: another run on the same machine may take the name at the same moment.
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Sets every output. Never throws: a run has to end with its own result. Without a runner (GITHUB_OUTPUT absent or
 * not a file) the outputs are printed instead.
 */
export function setOutputs(report: RunReport, reportPath: string, environment: Environment): void {
  const outputs = outputsOf(report, reportPath);
  const file = environment.GITHUB_OUTPUT;
  if (file === undefined || !existsSync(file)) {
    printOutputs(outputs, file);
    return;
  }
  for (const name of outputNames()) appendValue(file, name, outputs[name]);
}

function printOutputs(outputs: Record<OutputName, string>, file: string | undefined): void {
  info(
    `Outputs (${file === undefined ? 'GITHUB_OUTPUT is not set' : `there is no file ${file}`}, so they are printed):`,
  );
  for (const name of outputNames()) info(withoutCommands(`  ${name}=${outputs[name]}`));
}

function outputNames(): OutputName[] {
  return Object.keys(OUTPUTS).filter((name): name is OutputName => name in OUTPUTS);
}
