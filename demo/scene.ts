// Everything the acts play on: an embedded Azure, users at work, and someone who watches the databases.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Clock, systemClock } from '../local-azure/clock.ts';
import { createRandom } from '../local-azure/random.ts';
import { type LocalAzure, startLocalAzure } from '../local-azure/start.ts';
import { type TopologyName, TRAFFIC } from '../local-azure/topologies/contoso.ts';
import { DEFAULTS } from '../local-azure/topologies/options.ts';
import { startUsers, type Users } from '../local-azure/users/users.ts';
import { unprotected } from './databases/law-10.ts';
import { lookAt } from './databases/picture.ts';
import { type Sampler, startSampler } from './databases/sampler.ts';
import { createDisasterBook, type DisasterBook } from './disaster-book.ts';

/** Azure's own pace would take half an hour; at a thirtieth a minute is two seconds. */
const SCALE = 1 / 30;
/** The DNS time to live goes with that pace: half a minute of Azure's. */
const TTL_SECONDS = 1;

export interface Scene {
  readonly azure: LocalAzure;
  readonly users: Users;
  readonly sampler: Sampler;
  readonly disaster: DisasterBook;
  readonly clock: Clock;
  /** The bundle that is shown: the committed one unless ROLLING_UPGRADE_BUNDLE names another. */
  readonly bundle: string;
  /** For files of the runs. */
  readonly directory: string;
  /** Prints a line. */
  say(line: string): void;
  close(): Promise<void>;
}

export async function openScene(topology: TopologyName, say: (line: string) => void): Promise<Scene> {
  const clock = systemClock();
  const directory = await mkdtemp(join(tmpdir(), 'rolling-upgrade-demo-'));
  const azure = await startLocalAzure({
    ...DEFAULTS,
    topology,
    latency: 'typical',
    scale: SCALE,
    ttlSeconds: TTL_SECONDS,
  });
  const disaster = createDisasterBook();
  const sampler = startSampler({
    look: () => lookAt(azure, topology, disaster.lostRegions()),
    law10: topology === 'geo-redundant' ? unprotected : null,
    clock,
  });
  return {
    azure,
    users: await openForUsers(azure, clock),
    sampler,
    disaster,
    clock,
    bundle: process.env.ROLLING_UPGRADE_BUNDLE ?? fileURLToPath(new URL('../dist/index.js', import.meta.url)),
    directory,
    say,
    close: async () => {
      await azure.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function openForUsers({ description }: LocalAzure, clock: Clock): Promise<Users> {
  const cloud: { connectTo: Record<string, string> } = JSON.parse(
    description.environment.INPUT_AZURE_ENVIRONMENT ?? '{}',
  );
  return startUsers({
    publicName: TRAFFIC.publicName,
    dnsServer: description.dns,
    connectTo: cloud.connectTo,
    ca: await readFile(description.ca, 'utf8'),
    clock,
    random: createRandom(7),
    readsPerSecond: 20,
    writesPerSecond: 10,
  });
}
