// One run of the action, as a job would run it.
import { readFile } from 'node:fs/promises';
import { runAction } from '../../local-azure/runner/action-runner.ts';
import type { RunReport } from '../../src/engine/report.ts';
import type { Scene } from '../scene.ts';
import type { RunAct } from '../story.ts';
import { differences } from '../verify.ts';
import type { Played } from './played.ts';

/** Throws where the action left no report. */
export async function playRun(act: RunAct, scene: Scene): Promise<Played> {
  const { azure, bundle, directory, say, sampler } = scene;
  for (const { site, version } of act.deploy) {
    await azure.deploy(site, null, version);
    say(`     your own workflow deploys version ${version} to ${site}`);
  }
  const { main } = await runAction(
    { bundle, environment: azure.description.environment, directory },
    act.inputs,
    { onLine: (line, step) => (step === 'main' && isStory(line) ? say(`     ${line}`) : undefined) },
  );
  const path = main.outputs.report;
  if (!path) throw new Error(`The action left no report. Its log:\n${main.log}`);
  const report: RunReport = JSON.parse(await readFile(path, 'utf8'));
  say(`     → ${report.verdict.headline}`);
  const problems = differences(act.expected, report, main.exitCode, sampler.now().links);
  return { act, report, summary: main.summary, problems };
}

/** The lines of the log a person follows; the rest is in the summaries. */
function isStory(line: string): boolean {
  return /^([✓✗=↶-] |Phase |Rollback)/.test(line);
}
