// A person runs the command that the summary gave. It asks resource manager just what `az` asks it.
import type { Scene } from '../scene.ts';
import type { FailoverAct } from '../story.ts';
import { waitUntil } from '../wait-until.ts';
import { failOverAsPerson } from './person.ts';
import type { Played } from './played.ts';

const LONGEST_MS = 30_000;
/** So many writes more, for the numbers to show users at work. */
const AT_WORK = 20;
const COMMAND = /^az sql db replica set-primary -g (\S+) -s (\S+) -n (\S+) --allow-data-loss$/m;

/** @param advice of the summary before, where the command is. */
export async function playFailover(
  act: FailoverAct,
  scene: Scene,
  advice: readonly string[],
): Promise<Played> {
  const [command, resourceGroup, server, database] = COMMAND.exec(advice.join('\n')) ?? [];
  if (!command || !resourceGroup || !server || !database)
    return told(act, '', '', ['the summary gives no command that fails the database over']);
  scene.say(`     $ ${command}`);
  const written = scene.users.report().writes.acknowledged;
  await failOverAsPerson(scene.azure, { resourceGroup, server, database });
  const line = await untilWritten(scene, written);
  if (line === null) return told(act, command, '', ['users do not write again']);
  scene.say(`     → ${line}`);
  return told(act, command, line, server === act.sqlServer ? [] : [`the command names ${server}`]);
}

async function untilWritten({ users, clock, disaster }: Scene, before: number): Promise<string | null> {
  const again = await waitUntil(() => users.report().writes.acknowledged > before, LONGEST_MS, clock);
  if (!again) return null;
  const seconds = (disaster.writeAgain(clock.now().getTime()) / 1000).toFixed(1);
  await waitUntil(() => users.report().writes.acknowledged >= before + AT_WORK, LONGEST_MS, clock);
  return `Users write again, ${seconds} s after the disaster; ${users.report().lastAnsweredBy} answers.`;
}

function told(act: FailoverAct, command: string, line: string, problems: readonly string[]): Played {
  const summary = command ? `\`\`\`sh\n${command}\n\`\`\`\n\n${line}\n` : '';
  return { act, report: null, summary, problems };
}
