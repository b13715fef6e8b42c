// One upgrade with waits of a given length, watched from outside: when Azure was ready, and when the product went on.
import { runBundle } from '../../demo/acts/bundle.ts';
import { type LocalAzure, startLocalAzure } from '../../local-azure/start.ts';
import { DEFAULTS } from '../../local-azure/topologies/options.ts';
import type { RunReport } from '../../src/engine/report.ts';
import type { Setting } from '../benchmark.ts';
import type { Wait } from './waits.ts';

export const WAITS = ['seeding', 'link', 'endpoint'] as const;
export type WaitsOfRun = Readonly<Record<(typeof WAITS)[number], Wait>>;

const STAGE_SERVER = 'contoso-sql-green';
const DATABASE = 'contoso';
const LOOK_EVERY_MS = 5;

interface Call {
  readonly name: string;
  readonly begun: number;
}

/** @param seconds of the seeding, and of the time until DNS answers otherwise. */
export async function watchedRun({ directory }: Setting, seconds: number): Promise<WaitsOfRun> {
  const azure = await startLocalAzure({
    ...DEFAULTS,
    latency: 'typical',
    durations: { 'create-secondary': seconds * 1000, 'dns-change': seconds * 1000 },
  });
  const calls: Call[] = [];
  azure.faults.onCall((name) => calls.push({ name, begun: Date.now() }));
  const run = async (phase: string): Promise<RunReport> => {
    const { report } = await runBundle({ azure, directory, say: () => {} }, { phase });
    if (report.result !== 'succeeded') throw new Error(report.verdict.headline);
    return report;
  };
  try {
    const caughtUp = moment(() => stateOfLink(azure) === 'CATCH_UP');
    const prepared = await run('prepare');
    const unlinked = moment(() => stateOfLink(azure) === null);
    const moved = moment(() => leadsToStage(azure));
    const upgraded = await run('upgrade, switch');
    return {
      seeding: seedingOf(prepared, calls, await caughtUp),
      link: linkOf(upgraded, calls, await unlinked),
      endpoint: endpointOf(upgraded, calls, await moved),
    };
  } finally {
    await azure.close();
  }
}

/** When it was so for the first time. */
async function moment(isSo: () => boolean): Promise<number> {
  while (!isSo()) await new Promise((next) => setTimeout(next, LOOK_EVERY_MS).unref());
  return Date.now();
}

function stateOfLink({ fabric }: LocalAzure): string | null {
  const isThere = fabric.databases(STAGE_SERVER).includes(DATABASE);
  return (isThere && fabric.links(STAGE_SERVER, DATABASE)[0]?.state) || null;
}

function leadsToStage(azure: LocalAzure): boolean {
  return JSON.stringify(azure.state().publicName).includes('contoso-green');
}

function seedingOf(report: RunReport, calls: readonly Call[], ended: number): Wait {
  const began = begunOf(calls, new RegExp(`^arm PUT .*/servers/${STAGE_SERVER}/databases/${DATABASE}`, 'i'));
  const seen = endOfStep(report, 'create-secondary');
  return { began, ended, seen, requests: between(calls, began, seen, /^arm GET /) };
}

function linkOf(report: RunReport, calls: readonly Call[], ended: number): Wait {
  const began = begunOf(calls, /^arm DELETE .*replicationLinks/i);
  const seen = endOfStep(report, 'terminate-link');
  return { began, ended, seen, requests: between(calls, began, seen, /dm_geo_replication_link_status/i) };
}

function endpointOf(report: RunReport, calls: readonly Call[], ended: number): Wait {
  const began = calls.findLast(({ name }) => /^arm (PUT|PATCH) .*trafficManagerProfiles/i.test(name))?.begun;
  const closed = report.readOnly?.to;
  if (began === undefined || !closed) throw new Error('users were not switched');
  const seen = Date.parse(closed);
  return { began, ended, seen, requests: between(calls, began, seen, /^dns /) };
}

function begunOf(calls: readonly Call[], name: RegExp): number {
  const call = calls.find((one) => name.test(one.name));
  if (!call) throw new Error(`${name} was not called`);
  return call.begun;
}

function endOfStep({ steps }: RunReport, id: string): number {
  const step = steps.find((one) => one.id === id);
  if (!step?.startedAt || step.seconds === null) throw new Error(`step ${id} was not done`);
  return Date.parse(step.startedAt) + step.seconds * 1000;
}

function between(calls: readonly Call[], from: number, to: number, name: RegExp): number {
  return calls.filter((call) => call.begun >= from && call.begun <= to && name.test(call.name)).length;
}
