// The runs on services in update domains, one after another, each watched instance by instance.
import { runBundle } from '../acts/bundle.ts';
import { type Moment, type RuleKept, startSampler } from '../sampler.ts';
import { changesBetween } from './changes.ts';
import { brokenPromise } from './one-domain.ts';
import { instancesOf, lookAt, type Picture, serving } from './picture.ts';
import type { ServiceScene } from './scene.ts';
import { settled } from './settled.ts';
import type { WalkAct } from './story.ts';
import { differences, leftBehind } from './verify.ts';

/** What became of a run. */
export interface PlayedWalk {
  readonly act: WalkAct;
  /** Markdown: the job summary. */
  readonly summary: string;
  /** How it differs from the story; empty where it is as expected. */
  readonly problems: readonly string[];
  readonly moments: readonly Moment<Picture>[];
  /** Of "one domain at once". */
  readonly promise: RuleKept;
  /** In service at the lowest. */
  readonly lowest: number;
}

/** A run that did not go as the story says does not end it. */
export async function playWalks(acts: readonly WalkAct[], scene: ServiceScene): Promise<PlayedWalk[]> {
  const played: PlayedWalk[] = [];
  for (const [index, act] of acts.entries()) {
    const inputs = act.inputs.domain ? `, domain: ${act.inputs.domain}` : '';
    scene.say(`${index + 1}/${acts.length}  ${act.title}   (phase: ${act.inputs.phase}${inputs})`);
    const one = await playWalk(act, scene);
    for (const problem of one.problems) scene.say(`     NOT AS EXPECTED: ${problem}`);
    scene.say('');
    played.push(one);
  }
  return played;
}

async function playWalk(act: WalkAct, scene: ServiceScene): Promise<PlayedWalk> {
  const { azure, clock } = scene;
  setBreaking(act, scene);
  const sampler = startSampler({
    look: () => lookAt(azure.compute, act.roles),
    changes: changesBetween,
    rule: brokenPromise,
    clock,
  });
  const { report, summary, exitCode } = await runBundle(scene, act.inputs);
  sampler.stop();
  const moments = sampler.moments();
  const promise = sampler.rule() ?? { samples: 0, violations: [] };
  const lowest = Math.min(...moments.map(({ picture }) => serving(instancesOf(picture))));
  const problems = [
    ...differences(act.expected, { report, exitCode, picture: sampler.now(), lowest }),
    ...(act.expected.state === 'in-progress' ? [] : leftBehind(azure.arm.state())),
    ...promise.violations,
  ];
  return { act, summary, problems, moments: settled(moments), promise, lowest };
}

/** The seeded behaviour of the version would break it in the first domain. */
function setBreaking({ breaks, roles }: WalkAct, { azure: { compute } }: ServiceScene): void {
  if (breaks === null) return;
  compute.setVersionBehaviour(breaks.version, {});
  for (const { fabricName } of roles) {
    for (const { id, updateDomain } of compute.instances(fabricName)) {
      if (updateDomain !== breaks.domain) continue;
      compute.setInstanceBehaviour(fabricName, id, { unhealthyAfterMs: 0 }, breaks.version);
    }
  }
}
