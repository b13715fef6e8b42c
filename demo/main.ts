// `npm run demo`: the committed bundle upgrades a running application on the embedded Azure, while users read and
// write through the public name. It exits with 0 only if everything it shows was verified.
import { fileURLToPath } from 'node:url';
import { type TopologyName, TRAFFIC } from '../local-azure/topologies/contoso.ts';
import { playAll } from './acts/play.ts';
import { type Command, parseCommandLine, USAGE } from './command-line.ts';
import { momentsHtml } from './databases/page.ts';
import { serversOf } from './databases/picture.ts';
import { endingOf } from './ending.ts';
import { openScene } from './scene.ts';
import { STORIES } from './story.ts';
import { writeReport } from './write-report.ts';

const REPORT = fileURLToPath(new URL('../demo-report', import.meta.url));

process.exitCode = await carryOut(readCommand(process.argv.slice(2)));
if (process.connected) process.disconnect();

/** What the process ends with. */
async function carryOut(command: Command | null): Promise<number> {
  if (command === null) return 2;
  if (command.kind === 'show') return (await show(command.topology)) ? 0 : 1;
  say(USAGE);
  return 0;
}

/** Whether everything was verified. */
async function show(topology: TopologyName): Promise<boolean> {
  const startedAt = Date.now();
  const scene = await openScene(topology, say);
  const { sites, acts } = STORIES[topology];
  say(
    `An embedded Azure is running on loopback: resource manager, Entra, SQL over TDS, Traffic Manager, DNS, ${sites}.`,
  );
  say(`Users open https://${TRAFFIC.publicName}: 20 reads and 10 writes a second, all the while.\n`);
  const played = await playAll(acts, scene);
  await scene.users.stop();
  scene.sampler.stop();
  const ending = await endingOf(topology, played, scene, Math.round((Date.now() - startedAt) / 1000));
  for (const { title, text } of ending.parts) say(`${title}\n${indented(text)}\n`);
  say(ending.verdict);
  const pictures = scene.sampler.law10() && momentsHtml(scene.sampler.moments(), serversOf(topology));
  const summaries = await writeReport(REPORT, played, ending, pictures);
  say(`Job summaries: demo-report/${summaries[0]} … ${summaries.at(-1)}`);
  say('As one page, with diagrams: demo-report/index.html');
  await scene.close();
  return ending.good;
}

/** Null where it is wrong, which has been said. */
function readCommand(args: readonly string[]): Command | null {
  try {
    return parseCommandLine(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return null;
  }
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

function say(line: string): void {
  console.log(line);
}
