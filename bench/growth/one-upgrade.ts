// One upgrade of an application of so many databases on an embedded Azure of its own, and what it took.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ActionRun, runAction } from '../../local-azure/runner/action-runner.ts';
import { type LocalAzure, startLocalAzure } from '../../local-azure/start.ts';
import { DEFAULTS } from '../../local-azure/topologies/options.ts';
import type { ReadOnlyWindow, RunReport } from '../../src/engine/report.ts';
import type { Setting } from '../benchmark.ts';

export interface Application {
  readonly databases: number;
  /** Rows of the first database. */
  readonly orders: number;
  /** That the script waits in each database. */
  readonly scriptSeconds: number;
  /** Scripts that run at a time: `upgrade.databases-at-once`. */
  readonly atOnce: number;
}

export interface RunCost {
  /** Answered by resource manager. */
  readonly requests: number;
  /** Refused by resource manager for their number. */
  readonly refused: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  /** Of the embedded Azure meanwhile: it shares the machine. */
  readonly azureCpuSeconds: number;
}

export interface MeasuredUpgrade {
  readonly application: Application;
  readonly prepare: RunCost;
  readonly upgrade: RunCost;
  readonly windowSeconds: number;
  /** From the first database's script to the last one's end. */
  readonly scriptSeconds: number;
}

/** What is not in the window is shortened; so is what nobody can shorten in it (DNS), lest it hide what grows. */
export const DURATIONS = {
  'create-database': 6_000, // also sets how often Azure wants to be asked about operations
  'create-secondary': 4_000,
  'drop-database': 1_000,
  'health-probe-interval': 1_000,
  'dns-change': 1_000,
} as const;

/** Throws an Error with the action's headline where a run does not succeed. */
export async function upgradeOnce(application: Application, setting: Setting): Promise<MeasuredUpgrade> {
  const { databases, orders } = application;
  const azure = await startLocalAzure({
    ...DEFAULTS,
    databases,
    orders,
    latency: 'typical',
    durations: DURATIONS,
    requestLimits: { pace: 1 },
  });
  try {
    await configure(azure, application);
    const prepare = await run(azure, setting, 'prepare');
    const upgrade = await run(azure, setting, 'upgrade, switch');
    const window = upgrade.report.readOnly;
    if (window === null) throw new Error(`There was no window: ${upgrade.report.verdict.headline}`);
    return {
      application,
      prepare: prepare.cost,
      upgrade: upgrade.cost,
      windowSeconds: window.seconds,
      scriptSeconds: scriptSeconds(window),
    };
  } finally {
    await azure.close();
  }
}

/** What the window spent on the upgrade script. Throws where it does not tell. */
export function scriptSeconds({ spentOn }: Pick<ReadOnlyWindow, 'spentOn'>): number {
  const script = spentOn.find(({ what }) => what === 'upgrade script');
  if (script === undefined) throw new Error('The report does not tell how long the script took.');
  return script.seconds;
}

async function configure(azure: LocalAzure, application: Application): Promise<void> {
  const { databases, atOnce: places, scriptSeconds: waits } = application;
  const workspace = azure.description.environment.GITHUB_WORKSPACE ?? '';
  const config = join(workspace, azure.description.config);
  const yaml = await readFile(config, 'utf8');
  const atOnce = `upgrade:\n  databases-at-once: ${Math.min(databases, places)}\n`;
  await writeFile(config, yaml.replace('upgrade:\n', atOnce));
  const delay = new Date(waits * 1000).toISOString().slice(11, 23);
  await writeFile(join(workspace, 'db', 'v2', '003-wait.sql'), `WAITFOR DELAY '${delay}';\nGO\n`);
}

async function run(azure: LocalAzure, { bundle, directory }: Setting, phase: string) {
  const before = { ...azure.arm.requests(), cpu: process.cpuUsage(), at: performance.now() };
  let pid: number | undefined;
  const environment = {
    ...azure.description.environment,
    NODE_OPTIONS: `--import=${new URL('./tell-usage.mjs', import.meta.url)}`,
    BENCH_USAGE_DIRECTORY: directory,
  };
  const watch = {
    onMain: (main: { readonly pid?: number | undefined }) => {
      pid = main.pid;
    },
  };
  const { main } = await runAction({ bundle, environment, directory }, { phase }, watch);
  const seconds = (performance.now() - before.at) / 1000;
  const cpu = process.cpuUsage(before.cpu);
  const after = azure.arm.requests();
  const report = await reportOf(main, phase);
  const usage: Pick<RunCost, 'cpuSeconds' | 'peakMegabytes'> = JSON.parse(
    await readFile(join(directory, `usage-${pid}.json`), 'utf8'),
  );
  const cost: RunCost = {
    ...usage,
    requests: after.reads + after.writes + after.deletes - before.reads - before.writes - before.deletes,
    refused: after.refused - before.refused,
    seconds,
    azureCpuSeconds: (cpu.user + cpu.system) / 1e6,
  };
  return { cost, report };
}

async function reportOf(main: ActionRun['main'], phase: string): Promise<RunReport> {
  const path = main.outputs.report;
  if (!path) throw new Error(`${phase} left no report:\n${main.log.slice(-2_000)}`);
  const report: RunReport = JSON.parse(await readFile(path, 'utf8'));
  if (report.result !== 'succeeded') throw new Error(report.verdict.headline);
  return report;
}
