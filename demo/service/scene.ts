// What the runs play on: an embedded Azure with services in update domains, and visitors who open them all the while.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../local-azure/clock.ts';
import { createRandom } from '../../local-azure/random.ts';
import { startLocalAzure } from '../../local-azure/start.ts';
import { UPGRADE_DOMAINS_DEFAULTS } from '../../local-azure/topologies/options.ts';
import { startVisitors, type Visitors } from '../../local-azure/users/visitors.ts';
import type { Stage } from '../acts/bundle.ts';
import { VISITED } from './story.ts';

/** At a thirtieth of Azure's own pace a minute is two seconds. */
const SCALE = 1 / 30;
/** Of each service. */
export const REQUESTS_PER_SECOND = 10;

export interface ServiceScene extends Stage {
  readonly visitors: Visitors;
  readonly clock: Clock;
  close(): Promise<void>;
}

export async function openServiceScene(say: (line: string) => void): Promise<ServiceScene> {
  const clock = systemClock();
  const directory = await mkdtemp(join(tmpdir(), 'rolling-upgrade-demo-'));
  const azure = await startLocalAzure({ ...UPGRADE_DOMAINS_DEFAULTS, latency: 'typical', scale: SCALE });
  const { environment, dns } = azure.description;
  const cloud: { connectTo: Record<string, string> } = JSON.parse(
    environment.INPUT_AZURE_ENVIRONMENT ?? '{}',
  );
  const visitors = startVisitors({
    hosts: VISITED.map(({ host }) => host),
    dnsServer: dns,
    connectTo: cloud.connectTo,
    ca: azure.ca,
    clock,
    random: createRandom(7),
    requestsPerSecond: REQUESTS_PER_SECOND,
  });
  return {
    azure,
    visitors,
    clock,
    directory,
    say,
    close: async () => {
      await azure.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
