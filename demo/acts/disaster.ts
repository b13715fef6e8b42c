// A region is lost while users are at work.

import { ordersOn } from '../orders.ts';
import type { Scene } from '../scene.ts';
import type { DisasterAct } from '../story.ts';
import { waitUntil } from '../wait-until.ts';
import type { Played } from './played.ts';

const LONGEST_MS = 30_000;

export async function playDisaster(act: DisasterAct, scene: Scene): Promise<Played> {
  const { users, clock, disaster, say } = scene;
  strike(act, scene);
  say(`     every SQL server and site in ${act.region.displayName} stops answering`);
  const again = await waitUntil(() => users.report().lastAnsweredBy === act.answeredBy, LONGEST_MS, clock);
  if (!again) return told(act, 'Nobody answered users any more.', ['users do not read again']);
  const seconds = (disaster.readAgain(clock.now().getTime()) / 1000).toFixed(1);
  const line = `After ${seconds} s users read again, from ${act.answeredBy}: Traffic Manager sent them to the standby. They cannot write.`;
  say(`     → ${line}`);
  return told(act, line, []);
}

/** All of it in one turn of the event loop, so that nothing is written between the look and the disaster. */
function strike({ region, served, protectedBy }: DisasterAct, scene: Scene): void {
  const { azure, users, clock, disaster, sampler } = scene;
  sampler.endOfRule();
  const arrived = ordersOn(azure, protectedBy);
  const notArrived = new Set([...ordersOn(azure, served)].filter((id) => !arrived.has(id)));
  disaster.struck(clock.now().getTime(), {
    region: region.displayName,
    usersBefore: users.report(),
    notArrived,
  });
  azure.setRegionDown(region.name, true);
}

function told(act: DisasterAct, line: string, problems: readonly string[]): Played {
  return {
    act,
    report: null,
    summary: `Every SQL server and site in ${act.region.displayName} stops answering, in the middle of the users’ work.\n\n${line}\n`,
    problems,
  };
}
