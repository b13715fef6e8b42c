// One upgrade by one procedure on an embedded Azure of its own, with a user who writes.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../local-azure/clock.ts';
import { createLatency, type Durations } from '../../local-azure/latency.ts';
import { createRandom } from '../../local-azure/random.ts';
import { type LocalAzure, startLocalAzure } from '../../local-azure/start.ts';
import { SLOTS, siteHost, type TopologyName, TRAFFIC } from '../../local-azure/topologies/contoso.ts';
import { DEFAULTS } from '../../local-azure/topologies/options.ts';
import type { ReadOnlyWindow } from '../../src/engine/report.ts';
import { keepCallBook } from './calls.ts';
import { type MeasuredWindow, measureWindow, platformInWindowMs, platformMs } from './measured-window.ts';
import type { Procedure } from './procedures.ts';
import { SCRIPT_MARK, writeScript } from './script.ts';
import { startWriter, type Writer } from './writer.ts';

export interface Round extends MeasuredWindow {
  /** As the action itself tells; null for the others. */
  readonly told: ReadOnlyWindow | null;
}

/** What the script waits for. */
export const SCRIPT_SECONDS = 3;

/** Shorter than on Azure: what is not in the window, and DNS, which is the same for all and told by itself. */
const DURATIONS: Durations = {
  'create-secondary': 1_000,
  'create-database': 3_000, // the pause between two polls follows it
  'health-probe-interval': 1_000,
  'dns-change': 3_000,
};
const LATENCY = { latency: 'typical', scale: 1, durations: DURATIONS } as const;
const VERSION = '2.0.0';
const WRITTEN_WITHIN_MS = 60_000;

const TYPICAL = createLatency(LATENCY.latency, LATENCY.scale, DURATIONS);

/** Milliseconds that the platform takes for what cannot be avoided. */
export const PLATFORM_MS = platformMs(TYPICAL);
/** Of these, in the window: all but the freeze. */
export const PLATFORM_IN_WINDOW_MS = platformInWindowMs(TYPICAL);

/** Rejects where users are not on version 2 at the end. */
export async function upgradeOnce(
  procedure: Procedure,
  topology: TopologyName,
  directory: string,
): Promise<Round> {
  const azure = await startLocalAzure({ ...DEFAULTS, ...LATENCY, topology, sqlLogins: true });
  try {
    return await measured(procedure, topology, azure, await mkdtemp(join(directory, 'round-')));
  } finally {
    await azure.close();
  }
}

async function measured(
  procedure: Procedure,
  topology: TopologyName,
  azure: LocalAzure,
  directory: string,
): Promise<Round> {
  const workspace = azure.description.environment.GITHUB_WORKSPACE ?? '';
  const script = await writeScript(workspace, SCRIPT_SECONDS);
  await askOnce(join(workspace, azure.description.config));
  const setting = { azure, directory, script, version: VERSION };
  await procedure.prepare(setting);
  const now = () => performance.now();
  const book = keepCallBook(azure.faults, now);
  const writer = await openWriter(azure, now);
  try {
    const report = await procedure.upgrade(setting);
    const [production, stage] = SLOTS[topology];
    const stageSite = siteHost(stage.primary.site);
    await writer.acceptedOn(stageSite, WRITTEN_WITHIN_MS);
    const signs = {
      production: production.primary.sqlServer,
      stage: stage.primary.sqlServer,
      stageSite,
      scriptMark: SCRIPT_MARK,
    };
    return { ...measureWindow(book.calls(), writer.tries(), signs), told: report?.readOnly ?? null };
  } finally {
    await writer.stop();
  }
}

/** The stage site is asked once, as the others do. */
async function askOnce(config: string): Promise<void> {
  const yaml = await readFile(config, 'utf8');
  await writeFile(config, yaml.replace(/consecutive: \d+/, 'consecutive: 1'));
}

async function openWriter({ description }: LocalAzure, now: () => number): Promise<Writer> {
  const cloud: { connectTo: Record<string, string> } = JSON.parse(
    description.environment.INPUT_AZURE_ENVIRONMENT ?? '{}',
  );
  return startWriter({
    publicName: TRAFFIC.publicName,
    dnsServer: description.dns,
    connectTo: cloud.connectTo,
    ca: await readFile(description.ca, 'utf8'),
    clock: systemClock(),
    random: createRandom(11),
    now,
  });
}
