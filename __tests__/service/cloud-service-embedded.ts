// The pair of cloud services on the embedded Azure, over real sockets, and the driver of one run of the product at it.
import {
  renderConfiguration,
  servicePackageUrl,
} from '../../local-azure/arm/compute/cloud-services/packages.ts';
import { createAutoscale } from '../../src/azure/autoscale.ts';
import type { Compute } from '../../src/azure/ports/compute.ts';
import type { Azure } from '../../src/azure/ports.ts';
import { createScaleSets } from '../../src/azure/scale-sets.ts';
import type { Clock } from '../../src/clock.ts';
import type { CloudServiceConfig, ServiceConfig } from '../../src/config/service-config.ts';
import { cloudServiceTarget } from '../../src/service/cloud-service/cloud-service-target.ts';
import type { Domain } from '../../src/service/domains.ts';
import { createServiceHistory } from '../../src/service/history.ts';
import { observeService, type ServiceObservation } from '../../src/service/observe-service.ts';
import type { ServiceTarget } from '../../src/service/target.ts';
import { type Lease, NOTHING_HELD, type UpdateRecord } from '../../src/service/update-record.ts';
import { never, startEmbeddedCloud } from '../azure/cloud-services-embedded.ts';
import { CLOUD, STAGE } from '../local-azure/arm/compute/support/cloud-arm.ts';

export { never } from '../azure/cloud-services-embedded.ts';
export { CLOUD, STAGE, servicePath } from '../local-azure/arm/compute/support/cloud-arm.ts';

const COUNTS = { WebRole: 8, WorkerRole: 9 };
export const SIGNATURE = 'not-for-anyone';

/** Path of the .cscfg of a version, as the workspace has it. */
export const cscfg = (version: string) => `service/${version}.cscfg`;
const packageOf = (version: string) => `${servicePackageUrl(version)}?sv=1&sig=${SIGNATURE}`;

export interface Update {
  readonly from?: string;
  readonly to?: string;
  readonly swaps?: boolean;
  readonly changes?: Partial<CloudServiceConfig>;
}

export function configOf({
  from = '1.0.0',
  to = '2.0.0',
  swaps = false,
  changes = {},
}: Update = {}): ServiceConfig {
  const all = { kind: 'percent', percent: 100 } as const;
  return {
    topology: 'upgrade-domains',
    application: 'contoso',
    service: {
      kind: 'cloud-service',
      resourceGroup: 'contoso-service',
      service: CLOUD,
      roles: Object.keys(COUNTS).map((name) => ({ name, minimumHealthy: all })),
      packageUrl: packageOf(to),
      configurationFile: cscfg(to),
      previousPackageUrl: packageOf(from),
      previousConfigurationFile: cscfg(from),
      stagingService: swaps ? STAGE : null,
      ...changes,
    },
    switchMethod: swaps ? 'swap' : 'in-place',
    walk: {
      roles: [],
      mode: 'automatic',
      startTimeoutMs: 20_000,
      onStartTimeout: 'fail',
      stuckAfterMs: 20_000,
      onStuck: 'hold',
      acceptDowntime: false,
    },
    health: { consecutive: 1, intervalMs: 10, timeoutMs: 20_000 },
  };
}

export function leaseOf(run: string, changes: Partial<Lease> = {}): Lease {
  const until = new Date(Date.now() + 600_000).toISOString();
  return { holder: `https://github.example/runs/${run}`, run, application: 'contoso', until, ...changes };
}

export type CloudRun = ReturnType<Awaited<ReturnType<typeof startCloudService>>['run']>;

/** @param pace of Azure's own durations; null: none. */
export async function startCloudService(pace: number | null = null) {
  const cloud = await startEmbeddedCloud(pace);
  const { azure, context } = cloud;
  /** Of the workspace; tests write to it. */
  const files = new Map(
    ['1.0.0', '2.0.0', '2.1.0', '3.0.0'].map((version) => [
      cscfg(version),
      renderConfiguration(COUNTS, { Version: version }),
    ]),
  );
  const compute: Compute = {
    scaleSets: createScaleSets(context, () => {}),
    autoscale: createAutoscale(context),
    cloudServices: cloud.services,
  };
  /** A run of the product: each has a driver of its own, and knows nothing of the others. */
  const run = (
    update: Update = {},
    { clock = context.clock, id = 'run-1' }: { clock?: Clock; id?: string } = {},
  ) => {
    const config = configOf(update);
    if (config.service.kind !== 'cloud-service') throw new Error('no cloud service');
    const readFile = (path: string) => {
      const text = files.get(path);
      return text === undefined ? Promise.reject(new Error(`no file ${path}`)) : Promise.resolve(text);
    };
    const target = cloudServiceTarget(config.service, {
      config,
      compute,
      subscriptionId: context.subscriptionId,
      clock,
      readFile,
    });
    const observe = (): Promise<ServiceObservation> =>
      observeService({
        config,
        azure: { compute } as Azure,
        target,
        clock,
        log: { line: () => {}, warning: () => {}, group: () => {}, endGroup: () => {} },
        newUpdateId: 'update-1',
        runUrl: null,
        runId: id,
        confirm: '',
        domain: null,
        jobEndsAt: null,
        history: createServiceHistory(),
      });
    const keep = (record: UpdateRecord | null) => target.keep(leaseOf(id), record);
    return { target, observe, keep, ...steps(target, keep) };
  };
  const addAutoscale = (targetResourceId: string, enabled = true): string => {
    const name = `scale-${targetResourceId.split('/').at(-3)}-${targetResourceId.split('/').at(-1)}`;
    const place = { group: 'contoso-service', location: 'northeurope' };
    azure.arm.insights.createSetting({ ...place, name, enabled, targetResourceId, minimum: 2, maximum: 20 });
    return name;
  };
  return { ...cloud, compute, files, run, addAutoscale, faults: azure.faults };
}

/** What the steps of an upgrade do, in their order, without their gates. */
function steps(target: ServiceTarget, keep: (record: UpdateRecord | null) => Promise<void>) {
  const recorded = async (): Promise<UpdateRecord> => {
    const { record } = await target.look();
    if (record === null) throw new Error('no update is written down');
    return record;
  };
  const mark = async (number: number, to: 'target' | 'previous', state: 'begun' | 'done') => {
    const record = await recorded();
    const others = record.walk.filter(({ domain }) => domain !== number);
    await keep({ ...record, walk: [...others, { domain: number, to, state }] });
  };
  return {
    mark,
    recorded,
    prepare: async (): Promise<UpdateRecord> => {
      const look = await target.look();
      const { models, cloud } = await target.models(look);
      const record: UpdateRecord = {
        format: 1,
        application: 'contoso',
        updateId: 'update-1',
        startedAt: '2026-11-21T10:00:00.000Z',
        runUrl: null,
        roles: look.roles.map(({ role }) => role),
        models,
        cloud,
        map: null,
        walk: [],
        held: NOTHING_HELD,
        turnedBack: false,
      };
      await keep(record);
      return record;
    },
    write: async (version: 'target' | 'previous') => target.writeModel(await recorded(), version, never),
    walk: async (number: number, to: 'target' | 'previous') => {
      await mark(number, to, 'begun');
      await target.walk(domain(number), never);
      await mark(number, to, 'done');
    },
  };
}

export const domain = (number: number): Domain => ({ number, instances: [] });
