// Runs of an update on the fake service: what phases do, without their reports.

import type { Azure } from '../../../src/azure/ports.ts';
import type { Minimum, ServiceConfig, WalkConfig } from '../../../src/config/service-config.ts';
import { createRecorder } from '../../../src/engine/recorder.ts';
import { type RollbackOutcome, rollBack } from '../../../src/engine/rollback.ts';
import { type RunOutcome, runSteps } from '../../../src/engine/run.ts';
import type { Sequence } from '../../../src/engine/step.ts';
import { UpgradeError } from '../../../src/reasons.ts';
import { createServiceHistory } from '../../../src/service/history.ts';
import { observeService } from '../../../src/service/observe-service.ts';
import type { DomainChoice, ServiceContext } from '../../../src/service/service-context.ts';
import { type ServicePlan, upgradeDomains } from '../../../src/topologies/upgrade-domains.ts';
import { createSimulatedClock, type SimulatedClock } from '../../engine/simulated-clock.ts';
import { machine } from './fake-machine.ts';
import { type FakeRole, FakeService } from './fake-service.ts';

export const MINUTE = 60_000;
const ALL: Minimum = { kind: 'percent', percent: 100 };

export interface Scene {
  readonly clock: SimulatedClock;
  readonly service: FakeService;
  readonly walk: Partial<WalkConfig>;
  readonly switchMethod: 'in-place' | 'swap';
  /** Lines of progress, of all runs. */
  readonly lines: string[];
}

export interface SceneOptions {
  readonly roles?: FakeRole[];
  readonly tells?: boolean;
  readonly walk?: Partial<WalkConfig>;
  readonly switchMethod?: 'in-place' | 'swap';
}

/** 14 instances over 5 domains (3, 3, 3, 3, 2) where nothing else is said. */
export function scene({
  roles,
  tells = true,
  walk = {},
  switchMethod = 'in-place',
}: SceneOptions = {}): Scene {
  const clock = createSimulatedClock();
  const swaps = switchMethod === 'swap';
  const service = new FakeService({ clock, roles: roles ?? [role('web', 14, 5)], tells, swaps });
  return { clock, service, walk, switchMethod, lines: [] };
}

export function role(name: string, instances: number, domains: number, minimum = ALL): FakeRole {
  const machines = Array.from({ length: instances }, (_, at) => machine(String(at), at % domains, '1.0.0'));
  return { role: name, minimum, machines, model: '1.0.0' };
}

export const WALK: WalkConfig = {
  roles: [],
  mode: 'automatic',
  startTimeoutMs: 30 * MINUTE,
  onStartTimeout: 'rollback',
  stuckAfterMs: 10 * MINUTE,
  onStuck: 'rollback',
  acceptDowntime: false,
};

/** @param run its id: runs with the same may take over each other's lease */
export function contextOf(
  { clock, service, walk, switchMethod }: Scene,
  domain: DomainChoice = null,
  run = 'run-1',
): ServiceContext {
  const config: ServiceConfig = {
    topology: 'upgrade-domains',
    application: 'contoso',
    service: {
      kind: 'scale-sets',
      roles: service.roles.map(({ role: name, minimum }) => ({
        ...{ name, minimumHealthy: minimum, scaleSet: `contoso-${name}`, resourceGroup: 'contoso' },
        change: { image: null, size: null, extensions: {} },
      })),
      virtualDomains: 5,
    },
    switchMethod,
    walk: { ...WALK, ...walk },
    health: { consecutive: 3, intervalMs: 10_000, timeoutMs: 15 * MINUTE },
  };
  const quiet = { line: () => {}, warning: () => {}, group: () => {}, endGroup: () => {} };
  return {
    config,
    azure: {} as unknown as Azure, // nothing of it is asked: the target is all that steps see
    target: service.target(),
    clock,
    log: quiet,
    newUpdateId: `update-to-${service.wanted}`,
    runUrl: null,
    runId: run,
    confirm: '',
    domain,
    jobEndsAt: null,
    history: createServiceHistory(),
  };
}

export interface Run {
  readonly context: ServiceContext;
  readonly plan: ServicePlan;
}

/** As a phase begins: it looks, and plans by what it has seen. */
export async function begin(at: Scene, domain: DomainChoice = null, run?: string): Promise<Run> {
  const context = contextOf(at, domain, run);
  return { context, plan: upgradeDomains(context, await observeService(context)) };
}

export function forward(
  at: Scene,
  sequence: Sequence,
  signal = new AbortController().signal,
): Promise<RunOutcome> {
  return inTime(at, runSteps(sequence, recorder(at), signal));
}

export function back(at: Scene, sequence: Sequence): Promise<RollbackOutcome> {
  return inTime(at, rollBack(sequence, recorder(at), new AbortController().signal));
}

/** Prepare, then upgrade as a run would. */
export async function upgrade(at: Scene, domain: DomainChoice = null): Promise<RunOutcome & Run> {
  await prepare(at);
  return goOn(at, domain);
}

export async function prepare(at: Scene): Promise<RunOutcome> {
  return forward(at, (await begin(at)).plan.prepare);
}

export async function goOn(at: Scene, domain: DomainChoice = null): Promise<RunOutcome & Run> {
  const run = await begin(at, domain);
  return { ...run, ...(await forward(at, run.plan.upgrade)) };
}

/** Of a run that failed: its error, which has to be one for people. */
export function errorOf(outcome: RunOutcome): UpgradeError {
  if (outcome.kind === 'failed' && outcome.error instanceof UpgradeError) return outcome.error;
  throw new Error(`no error for people: ${JSON.stringify(outcome)}`, {
    cause: outcome.kind === 'failed' ? outcome.error : undefined,
  });
}

function recorder({ clock, lines }: Scene) {
  return createRecorder(clock, {
    started: () => {},
    progress: (_, line) => lines.push(line),
    ended: () => {},
  });
}

/** Time goes on until the work has ended. */
async function inTime<T>({ clock }: Scene, work: Promise<T>): Promise<T> {
  let hasEnded = false;
  const noted = work.finally(() => {
    hasEnded = true;
  });
  noted.catch(() => {});
  for (let minutes = 0; !hasEnded && minutes < 24 * 60; minutes++) await clock.advance(MINUTE);
  if (!hasEnded) throw new Error('it does not end');
  return noted;
}
