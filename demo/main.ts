// `npm run demo`: the committed bundle upgrades what runs on the embedded Azure, while users are at work. It exits with 0
// only if everything it shows was verified.
import { fileURLToPath } from 'node:url';
import { type Command, parseCommandLine, type ShownTopology, USAGE } from './command-line.ts';
import { showService } from './service/show.ts';
import { showApplication } from './show.ts';
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
async function show(topology: ShownTopology): Promise<boolean> {
  const shown = await (topology === 'upgrade-domains' ? showService(say) : showApplication(topology, say));
  const { good, verdict, parts } = shown.ending;
  for (const { title, text } of parts) say(`${title}\n${indented(text)}\n`);
  say(verdict);
  const summaries = await writeReport(REPORT, shown);
  say(`Job summaries: demo-report/${summaries[0]} … ${summaries.at(-1)}`);
  say('As one page, with diagrams: demo-report/index.html');
  return good;
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
