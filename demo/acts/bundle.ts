// One run of the action's bundle, as a job would run it, with its log as a person follows it.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runAction } from '../../local-azure/runner/action-runner.ts';
import type { LocalAzure } from '../../local-azure/start.ts';
import type { RunReport } from '../../src/engine/report.ts';

export interface Stage {
  readonly azure: LocalAzure;
  /** For files of the runs. */
  readonly directory: string;
  /** Prints a line. */
  say(line: string): void;
}

export interface BundleRun {
  readonly report: RunReport;
  /** Markdown. */
  readonly summary: string;
  readonly exitCode: number | null;
}

/** The bundle that is shown: the committed one unless ROLLING_UPGRADE_BUNDLE names another. */
export function bundlePath(): string {
  return process.env.ROLLING_UPGRADE_BUNDLE ?? fileURLToPath(new URL('../../dist/index.js', import.meta.url));
}

/** Throws where the action left no report. */
export async function runBundle(
  { azure, directory, say }: Stage,
  inputs: Readonly<Record<string, string>>,
): Promise<BundleRun> {
  const { main } = await runAction(
    { bundle: bundlePath(), environment: azure.description.environment, directory },
    inputs,
    { onLine: (line, step) => (step === 'main' && isStory(line) ? say(`     ${line}`) : undefined) },
  );
  const path = main.outputs.report;
  if (!path) throw new Error(`The action left no report. Its log:\n${main.log}`);
  const report: RunReport = JSON.parse(await readFile(path, 'utf8'));
  say(`     → ${report.verdict.headline}`);
  return { report, summary: main.summary, exitCode: main.exitCode };
}

/** The lines of the log a person follows; the rest is in the summaries. */
function isStory(line: string): boolean {
  return /^([✓✗=↶-] |Phase |Rollback(?! allowed))/.test(line);
}
