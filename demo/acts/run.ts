// One run of the action on an application with its database.
import type { Scene } from '../scene.ts';
import type { RunAct } from '../story.ts';
import { differences } from '../verify.ts';
import { runBundle } from './bundle.ts';
import type { Played } from './played.ts';

/** Throws where the action left no report. */
export async function playRun(act: RunAct, scene: Scene): Promise<Played> {
  const { azure, say, sampler } = scene;
  for (const { site, version } of act.deploy) {
    await azure.deploy(site, null, version);
    say(`     your own workflow deploys version ${version} to ${site}`);
  }
  const { report, summary, exitCode } = await runBundle(scene, act.inputs);
  const problems = differences(act.expected, report, exitCode, sampler.now().links);
  return { act, report, summary, problems };
}
