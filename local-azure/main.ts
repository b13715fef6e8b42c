// `npm run local-azure`: starts an embedded Azure, prints one line of JSON when it is ready, runs until it is
// told to stop.
import { startLocalAzure } from './start.ts';
import { type LocalAzureOptions, parseCommandLine, USAGE } from './topologies/options.ts';

const options = readOptions(process.argv.slice(2));
const azure = await startLocalAzure(options);
console.log(JSON.stringify({ ready: true, ...azure.description }));
await new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});
await azure.close();

function readOptions(args: readonly string[]): LocalAzureOptions {
  try {
    return parseCommandLine(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(2);
  }
}
