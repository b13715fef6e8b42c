import type { Scene } from '../scene.ts';
import type { Act } from '../story.ts';
import { playDisaster } from './disaster.ts';
import { playFailover } from './failover.ts';
import type { Played } from './played.ts';
import { playRun } from './run.ts';

/** Plays the acts one after another; one that did not go as the story says does not end it. */
export async function playAll(acts: readonly Act[], scene: Scene): Promise<Played[]> {
  const played: Played[] = [];
  for (const [index, act] of acts.entries()) {
    const phase = act.kind === 'run' ? `   (phase: ${act.inputs.phase})` : '';
    scene.say(`${index + 1}/${acts.length}  ${act.title}${phase}`);
    scene.sampler.during(`${index + 1}. ${act.title}`);
    const one = await play(act, scene, played);
    for (const problem of one.problems) scene.say(`     NOT AS EXPECTED: ${problem}`);
    scene.say('');
    played.push(one);
  }
  return played;
}

async function play(act: Act, scene: Scene, before: readonly Played[]): Promise<Played> {
  switch (act.kind) {
    case 'run':
      return playRun(act, scene);
    case 'disaster':
      return playDisaster(act, scene);
    case 'failover':
      return playFailover(act, scene, before.at(-1)?.report?.verdict.next ?? []);
  }
}
