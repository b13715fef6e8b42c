// Services of scale sets on the embedded Azure, over real sockets, and the driver of one run of the product at them.
import { createAutoscale } from '../../src/azure/autoscale.ts';
import { createCloudServices } from '../../src/azure/cloud-services.ts';
import type { Compute, ScaleSet, ScaleSets } from '../../src/azure/ports/compute.ts';
import { createScaleSets } from '../../src/azure/scale-sets.ts';
import type { ScaleSetRole, ScaleSetsConfig, ServiceConfig } from '../../src/config/service-config.ts';
import { scaleSetsTarget } from '../../src/service/scale-sets/scale-sets-target.ts';
import type { ServiceTarget } from '../../src/service/target.ts';
import { type Lease, NOTHING_HELD, type UpdateRecord } from '../../src/service/update-record.ts';
import { type EmbeddedCompute, startEmbeddedCompute } from '../azure/scale-sets-embedded.ts';
import { GROUP, imageId, profile, WEB } from '../local-azure/arm/compute/support/compute-arm.ts';

export { FLEX, GROUP, imageId, WEB } from '../local-azure/arm/compute/support/compute-arm.ts';
export const WORKER = 'contoso-worker';
export const V2 = imageId('2.0.0');
export const never = new AbortController().signal;

export function role(
  name: string,
  scaleSet: string,
  change: Partial<ScaleSetRole['change']> = {},
): ScaleSetRole {
  return {
    name,
    scaleSet,
    resourceGroup: GROUP,
    minimumHealthy: { kind: 'percent', percent: 100 },
    change: { image: V2, size: null, extensions: {}, ...change },
  };
}

export const serviceOf = (...roles: ScaleSetRole[]): ScaleSetsConfig => ({
  kind: 'scale-sets',
  roles,
  virtualDomains: 5,
});

export function configOf(
  service: ScaleSetsConfig,
  changes: Partial<ServiceConfig['walk']> = {},
): ServiceConfig {
  return {
    topology: 'upgrade-domains',
    application: 'contoso',
    service,
    switchMethod: 'in-place',
    walk: {
      roles: [],
      mode: 'automatic',
      startTimeoutMs: 20_000,
      onStartTimeout: 'fail',
      stuckAfterMs: 20_000,
      onStuck: 'hold',
      acceptDowntime: false,
      ...changes,
    },
    health: { consecutive: 1, intervalMs: 10, timeoutMs: 20_000 },
  };
}

export interface EmbeddedService {
  readonly azure: EmbeddedCompute;
  readonly compute: Compute;
  /** A run's driver; each run has its own. Another `scaleSets` may come between. */
  target(config: ServiceConfig, scaleSets?: Partial<ScaleSets>): ServiceTarget;
  set(name: string): Promise<ScaleSet>;
  close(): Promise<void>;
}

export async function startEmbeddedService(
  options: Parameters<typeof startEmbeddedCompute>[0] = {},
): Promise<EmbeddedService> {
  const azure = await startEmbeddedCompute(options);
  azure.arm.compute.createScaleSet({
    name: WORKER,
    group: GROUP,
    location: 'northeurope',
    sku: { name: 'Standard_D2s_v5', capacity: 4 },
    updateDomains: 2,
    properties: {
      upgradePolicy: { mode: 'Rolling' },
      automaticRepairsPolicy: { enabled: true },
      virtualMachineProfile: profile('1.0.0'),
    },
  });
  const scaleSets = createScaleSets(azure.context, () => {});
  const compute: Compute = {
    scaleSets,
    autoscale: createAutoscale(azure.context),
    cloudServices: createCloudServices(azure.context),
  };
  return {
    azure,
    compute,
    target: (config, between = {}) => {
      if (config.service.kind !== 'scale-sets') throw new Error('no scale sets');
      const { clock } = azure.context;
      return scaleSetsTarget(config.service, {
        config,
        compute: { ...compute, scaleSets: { ...scaleSets, ...between } },
        subscriptionId: azure.context.subscriptionId,
        clock,
        readFile: () => Promise.reject(new Error('no file is read')),
      });
    },
    set: async (name) => {
      const set = await scaleSets.get({ resourceGroup: GROUP, name });
      if (set === null) throw new Error(`${name} is gone`);
      return set;
    },
    close: () => azure.close(),
  };
}

export function leaseOf(run: string, changes: Partial<Lease> = {}): Lease {
  const until = new Date(Date.now() + 600_000).toISOString();
  return { holder: `https://github.example/runs/${run}`, run, application: 'contoso', until, ...changes };
}

export function recordOf(changes: Partial<UpdateRecord> = {}): UpdateRecord {
  return {
    format: 1,
    application: 'contoso',
    updateId: 'update-1',
    startedAt: '2026-11-21T21:00:00.000Z',
    runUrl: null,
    roles: ['web'],
    models: { web: { previous: { image: imageId('1.0.0') }, target: { image: V2 } } },
    cloud: null,
    map: null,
    walk: [],
    held: NOTHING_HELD,
    turnedBack: false,
    ...changes,
  };
}

export const WEB_SERVICE = configOf(serviceOf(role('web', WEB)));
export const TWO_ROLES = configOf(serviceOf(role('worker', WORKER), role('web', WEB)));
