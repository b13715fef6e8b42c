// Everything the acts play on: an embedded Azure, users at work, and someone who watches the databases.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '../local-azure/clock.ts';
import { createRandom } from '../local-azure/random.ts';
import { type LocalAzure, startLocalAzure } from '../local-azure/start.ts';
import { type TopologyName, TRAFFIC } from '../local-azure/topologies/contoso.ts';
import { DEFAULTS } from '../local-azure/topologies/options.ts';
import { startUsers, type Users } from '../local-azure/users/users.ts';
import type { Stage } from './acts/bundle.ts';
import { changesBetween } from './databases/changes.ts';
import { unprotected } from './databases/law-10.ts';
import { lookAt, type Picture } from './databases/picture.ts';
import { createDisasterBook, type DisasterBook } from './disaster-book.ts';

/** Azure's own pace would take half an hour; at a thirtieth a minute is two seconds. */
const SCALE = 1 / 30;
/** The DNS time to live goes with that pace: half a minute of Azure's. */
const TTL_SECONDS = 1;

import { type Sampler, startSampler } from './sampler.ts';

export interface Scene extends Stage {
  readonly users: Users;
  readonly sampler: Sampler<Picture>;
  readonly disaster: DisasterBook;
  readonly clock: Clock;
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
    changes: changesBetween,
    rule: topology === 'geo-redundant' ? unprotected : null,
    clock,
  });
  return {
    azure,
    users: await openForUsers(azure, clock),
    sampler,
    disaster,
    clock,
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
