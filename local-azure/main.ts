// `npm run local-azure`: starts an embedded Azure, prints one line of JSON when it is ready, runs until it is
// told to stop.
import { startLocalAzure } from './start.ts';
import type { ReadyLine } from './topologies/environment.ts';
import { type AnyOptions, parseCommandLine, USAGE } from './topologies/options.ts';

const args = process.argv.slice(2);
if (args.includes('--help')) console.log(USAGE);
else {
  const options = readOptions(args);
  if (options === null) process.exitCode = 2;
  else await serve(options);
}
if (process.connected) process.disconnect();

async function serve(options: AnyOptions): Promise<void> {
  const told = toldToStop();
  const azure = await startLocalAzure(options);
  const line: ReadyLine = { ready: true, pid: process.pid, node: process.execPath, ...azure.description };
  console.log(JSON.stringify(line));
  await told;
  await azure.close();
}

/** By a signal, or by the end of the program that started it over a channel (tools/run.mjs), however it ended. */
function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(signal, () => resolve());
  });
}

/** Null where they are wrong, which has been said. */
function readOptions(args: readonly string[]): AnyOptions | null {
  try {
    return parseCommandLine(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return null;
  }
}
