// A service in memory, and runs of the product on it: 14 instances of one scale set over 5 update domains. Time is the
// fake's own and moves on whenever somebody sleeps, so that whole walks take no time.

import type { ServiceInstance } from '../../../src/azure/ports/compute.ts';
import type { Azure } from '../../../src/azure/ports.ts';
import type { Clock } from '../../../src/clock.ts';
import type { ServiceConfig, WalkConfig } from '../../../src/config/service-config.ts';
import type { Phase, RunReport } from '../../../src/engine/report.ts';
import { runPhases } from '../../../src/phases/run-phases.ts';
import { serviceProcedure } from '../../../src/phases/service/service-procedure.ts';
import { UpgradeError } from '../../../src/reasons.ts';
import { createServiceHistory } from '../../../src/service/history.ts';
import type { DomainChoice, ServiceContext } from '../../../src/service/service-context.ts';
import type { RoleLook, ServiceTarget } from '../../../src/service/target.ts';
import type { HeldAutomation, Lease, UpdateRecord } from '../../../src/service/update-record.ts';
import { image, instance, model, NOON } from '../../service/instances.ts';

export const INSTANCES = 14;
export const DOMAINS = 5;
const WALK_MS = 60_000;

export interface World {
  kind: ServiceTarget['kind'];
  now: number;
  /** Version by instance. */
  readonly runs: string[];
  /** Instances that are stopped. */
  readonly down: Set<string>;
  /** Of the model. */
  model: string;
  record: UpdateRecord | null;
  lease: Lease | null;
  automation: 'on' | 'held';
  usersOn: 'this' | 'other' | null;
  cores: number;
  /** What the version before lacks, each in a sentence. */
  gone: string[];
  /** Versions that never become healthy. */
  readonly broken: Set<string>;
  /** What the next calls do instead; a call that is named here throws. */
  readonly failing: Map<keyof ServiceTarget, unknown>;
  /** Calls that are never answered. */
  readonly silent: Set<keyof ServiceTarget>;
  /** Before a call is carried out. */
  before: (call: string) => void;
  readonly calls: string[];
}

export function world(changes: Partial<World> = {}): World {
  return {
    kind: 'scale-sets',
    now: NOON,
    runs: Array.from({ length: INSTANCES }, () => '1.0.0'),
    down: new Set(),
    model: '1.0.0',
    record: null,
    lease: null,
    automation: 'on',
    usersOn: null,
    cores: 0,
    gone: [],
    broken: new Set(),
    failing: new Map(),
    silent: new Set(),
    before: () => undefined,
    calls: [],
    ...changes,
  };
}

/** Sleeping is what makes time pass. */
function clockOf(one: World): Clock {
  return {
    now: () => one.now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      one.now += ms;
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}

export interface Asked {
  readonly phases: readonly Phase[];
  readonly to?: string;
  readonly onFailure?: 'rollback' | 'hold';
  readonly domain?: DomainChoice;
  readonly walk?: Partial<WalkConfig>;
  readonly method?: ServiceConfig['switchMethod'];
  readonly runId?: string;
  readonly post?: boolean;
  readonly signal?: AbortSignal;
}

export interface Ran {
  readonly report: RunReport;
  readonly warnings: readonly string[];
  readonly lines: readonly string[];
  /** What the post step would be told: taken, given, taken, … */
  readonly lease: readonly ('taking' | 'given')[];
}

/** One run of the action, from its configuration to its report. */
export async function run(one: World, asked: Asked): Promise<Ran> {
  const config = configOf(asked);
  const warnings: string[] = [];
  const lines: string[] = [];
  const lease: ('taking' | 'given')[] = [];
  const clock = clockOf(one);
  const context: ServiceContext = {
    config,
    azure: NO_AZURE,
    target: targetOf(one, clock, config, asked.to ?? '2.0.0'),
    clock,
    log: {
      line: (text) => lines.push(text),
      warning: (text) => warnings.push(text),
      group: () => undefined,
      endGroup: () => undefined,
    },
    newUpdateId: `update-${one.now}`,
    runUrl: null,
    runId: asked.runId ?? 'run 1',
    confirm: '',
    domain: asked.domain ?? null,
    jobEndsAt: null,
    history: createServiceHistory(),
  };
  const procedure = serviceProcedure(context, {
    taking: () => lease.push('taking'),
    given: () => lease.push('given'),
  });
  const listener = { phaseStarted: () => undefined, started: () => undefined, progress: () => undefined };
  const report = await runPhases(
    {
      phases: asked.phases,
      topology: 'upgrade-domains',
      onFailure: asked.onFailure ?? 'rollback',
      product: { name: 'rolling-upgrade', version: '0.0.0' },
      afterSwitch: asked.post ? 'leave' : 'return-to-v1',
    },
    procedure,
    { ...listener, ended: () => undefined },
    asked.signal ?? new AbortController().signal,
  );
  return { report, warnings, lines, lease };
}

/** Only guards ask more of Azure than the target does, and what they cannot find out stops nobody. */
const NO_AZURE = new Proxy({} as Azure, {
  get: () => {
    throw new Error('not in this test');
  },
});

function configOf({ walk, method = 'in-place', to = '2.0.0' }: Asked): ServiceConfig {
  return {
    topology: 'upgrade-domains',
    application: 'contoso',
    service: {
      kind: 'scale-sets',
      virtualDomains: 5,
      roles: [
        {
          name: 'web',
          scaleSet: 'contoso-web',
          resourceGroup: 'contoso-service',
          minimumHealthy: { kind: 'percent', percent: 100 },
          change: { image: image(to), size: null, extensions: {} },
        },
      ],
    },
    switchMethod: method,
    walk: {
      roles: [],
      mode: 'automatic',
      startTimeoutMs: 30 * 60_000,
      onStartTimeout: 'continue',
      stuckAfterMs: 20 * 60_000,
      onStuck: 'rollback',
      acceptDowntime: false,
      ...walk,
    },
    health: { consecutive: 2, intervalMs: 10_000, timeoutMs: 5 * 60_000 },
  };
}

const HELD: HeldAutomation = { autoscale: ['/autoscale/contoso-web'], repairs: [], modes: {} };
const NONE: HeldAutomation = { autoscale: [], repairs: [], modes: {} };

function targetOf(one: World, clock: Clock, config: ServiceConfig, to: string): ServiceTarget {
  const called = (call: keyof ServiceTarget, ...words: string[]) => {
    one.calls.push([call, ...words].join(' '));
    one.before([call, ...words].join(' '));
    if (one.failing.has(call)) throw one.failing.get(call);
  };
  const take = (lease: Lease) => {
    const { lease: other } = one;
    if (other && other.run !== lease.run && Date.parse(other.until) > clock.now()) {
      throw new UpgradeError('locked-by-another-run', `${other.holder} has it`);
    }
    one.lease = lease;
  };
  const bySwap = config.switchMethod === 'swap';
  return {
    kind: one.kind,
    what: 'scale set contoso-web',
    tellsVersions: () => true,
    look: async () => {
      called('look');
      return {
        at: one.now,
        roles: [roleOf(one)],
        resources: [{ name: 'contoso-web', provisioningState: 'Succeeded', platformUpgrade: null }],
        record: one.record,
        lease: one.lease,
        usersOn: bySwap ? one.usersOn : null,
      };
    },
    changes: async () => ({ changes: [], notKnowable: [] }),
    models: async () => ({
      models: { web: { previous: { image: image(one.model) }, target: { image: image(to) } } },
      cloud: null,
    }),
    missing: async (_models, version) => {
      if (one.silent.has('missing')) await new Promise(() => undefined);
      return version === 'previous' ? one.gone : [];
    },
    cores: async (_look, _models, version) => ({
      more: version === 'previous' ? one.cores : 0,
      usage: { used: 10, limit: 20 },
    }),
    claim: async (lease) => {
      called('claim');
      take(lease);
    },
    keep: async (lease, record) => {
      called('keep');
      take(lease);
      one.record = record;
    },
    release: async (lease) => {
      called('release');
      if (one.silent.has('release')) await new Promise(() => undefined);
      if (one.lease?.run === lease.run) one.lease = null;
    },
    findAutomation: async () => (one.automation === 'on' ? HELD : NONE),
    hold: async () => {
      called('hold');
      one.automation = 'held';
    },
    giveBack: async () => {
      called('giveBack');
      one.automation = 'on';
    },
    describeHeld: ({ autoscale }) => [...autoscale],
    writeModel: async (record, version) => {
      called('writeModel', version);
      one.model = versionOf(record.models.web?.[version].image);
      return record;
    },
    standing: (_look, { models }) => {
      const { previous, target } = models.web ?? {};
      if (image(one.model) === target?.image) return new Map([['web', 'target']]);
      return new Map([['web', image(one.model) === previous?.image ? 'previous' : 'other']]);
    },
    walk: async (domain, signal) => {
      called('walk', String(domain.number), one.model);
      // What the platform has begun it brings to its end, whoever waits for it.
      for (const { id } of domain.instances) {
        one.down.add(id);
        one.runs[Number(id)] = one.model;
      }
      const isBack = () => {
        for (const { id } of domain.instances) one.down.delete(id);
      };
      await clock.sleep(WALK_MS, signal).finally(isBack);
    },
    swap: bySwap
      ? async () => {
          called('swap');
          one.usersOn = one.usersOn === 'this' ? 'other' : 'this';
        }
      : null,
  };
}

function versionOf(reference: string | undefined): string {
  return reference?.split('/').at(-1) ?? '';
}

function roleOf(one: World): RoleLook {
  const ref = { resourceGroup: 'contoso-service', name: 'contoso-web' };
  return {
    role: 'web',
    resource: 'contoso-web',
    placement: 'platform',
    minimum: { kind: 'percent', percent: 100 },
    chosen: true,
    instances: one.runs.map((version, at): ServiceInstance => {
      const health = one.broken.has(version) ? 'unhealthy' : 'healthy';
      return instance(String(at), {
        updateDomain: at % DOMAINS,
        exactVersion: version,
        powerState: one.down.has(String(at)) ? 'stopped' : 'running',
        skuName: model(one.model).sku.name,
        extensions: {},
        health,
        healthAt: new Date(one.now),
      });
    }),
    set: {
      id: '/subscriptions/s/resourceGroups/contoso-service/providers/Microsoft.Compute/virtualMachineScaleSets/contoso-web',
      ref,
      location: 'northeurope',
      orchestration: 'Uniform',
      upgradeMode: 'Manual',
      provisioningState: 'Succeeded',
      capacity: INSTANCES,
      model: model(one.model),
      etag: null,
      tags: {},
      tellsHealth: true,
      automaticRepairs: 'none',
    },
    tellsHealth: true,
  };
}

/** Versions that run, with how many instances have them: "2.0.0 × 6, 1.0.0 × 8". */
export function running({ runs }: World): string {
  return [...Map.groupBy(runs, (version) => version)]
    .map(([version, some]) => `${version} × ${some.length}`)
    .toSorted()
    .join(', ');
}
