// A service as its guards see it, in which everything is in order; a test changes the one thing it is about.
import type { CloudService, PlatformUpgrade, ServiceInstance } from '../../../src/azure/ports/compute.ts';
import type { CloudServiceConfig, Minimum, ServiceConfig } from '../../../src/config/service-config.ts';
import type { Guard } from '../../../src/guards/guard.ts';
import { observeService, type ServiceObservation } from '../../../src/service/observe-service.ts';
import type { ServiceContext } from '../../../src/service/service-context.ts';
import type { CoreNeed, RoleLook, ServiceChanges, ServiceLook } from '../../../src/service/target.ts';
import {
  type HeldAutomation,
  type Lease,
  NOTHING_HELD,
  type UpdateRecord,
} from '../../../src/service/update-record.ts';
import { model, uniform } from '../../service/instances.ts';
import { type Row, testRows } from '../verdict-matcher.ts';
import {
  cloudRoles,
  cloudService,
  cloudServiceConfig,
  except,
  minutesAfterNoon,
  record,
  scaleSet,
  serviceConfig,
  webRole,
} from './parts.ts';
import { contextOf } from './world-target.ts';

export interface ServiceWorld {
  readonly config: ServiceConfig;
  readonly roles: readonly RoleLook[];
  readonly provisioningState: string;
  readonly platformUpgrade: PlatformUpgrade | null;
  readonly record: UpdateRecord | null;
  readonly lease: Lease | null;
  readonly usersOn: ServiceLook['usersOn'];
  /** Null: as the models differ from the configuration. */
  readonly changes: ServiceChanges | null;
  /** By version: what its images lack. */
  readonly missing: Readonly<Record<'target' | 'previous', readonly string[]>>;
  readonly cores: Readonly<Record<'target' | 'previous', CoreNeed | null>>;
  readonly held: HeldAutomation;
  readonly cloudServices: readonly CloudService[];
  readonly missingActions: (id: string, actions: readonly string[]) => string[] | null;
  readonly credentialExpiresAt: Date | null;
  readonly jobEndsAt: Date | null;
  readonly domain: ServiceContext['domain'];
}

export type ServiceRow = Row<ServiceWorld>;

export function serviceTable(
  guard: Guard<ServiceContext, ServiceObservation>,
  rows: readonly ServiceRow[],
): void {
  testRows(rows, async ({ world, phase }) => {
    const context = contextOf(worldOf(world));
    return guard.check(context, await observeService(context), phase ?? guard.phases[0] ?? 'prepare');
  });
}

export function worldOf(changes: Partial<ServiceWorld> = {}): ServiceWorld {
  const enough: CoreNeed = { more: 0, usage: { used: 100, limit: 140 } };
  return {
    config: serviceConfig(),
    roles: [webRole()],
    provisioningState: 'Succeeded',
    platformUpgrade: null,
    record: null,
    lease: null,
    usersOn: null,
    changes: null,
    missing: { target: [], previous: [] },
    cores: { target: enough, previous: enough },
    held: NOTHING_HELD,
    cloudServices: [],
    missingActions: () => [],
    credentialExpiresAt: null,
    jobEndsAt: minutesAfterNoon(360),
    domain: null,
    ...changes,
  };
}

/** A cloud service as in the configuration, in order. */
export function cloudWorld(
  changes: Partial<CloudServiceConfig> = {},
  walk: Partial<ServiceConfig['walk']> = {},
) {
  return {
    config: serviceConfig({ service: cloudServiceConfig(changes), walk }),
    roles: cloudRoles(),
    cloudServices: [cloudService('contoso-cloud')],
  };
}

/** Two services, of which the second is updated, and then swapped. */
export function swapWorld(staging: Partial<CloudService> = {}) {
  const { config, ...world } = cloudWorld({ stagingService: 'contoso-cloud-stage' });
  const production = cloudService('contoso-cloud');
  const stage = cloudService('contoso-cloud-stage', {
    slotType: 'Staging',
    swappableWith: production.id,
    ...staging,
  });
  return {
    ...world,
    config: { ...config, switchMethod: 'swap' as const },
    roles: world.roles.map((role) => ({ ...role, resource: 'contoso-cloud-stage' })),
    cloudServices: [production, stage],
    usersOn: 'other' as const,
  };
}

/** Domains 0 and 1 of five have the new version. */
export function halfway(): Pick<ServiceWorld, 'record' | 'roles'> {
  const instances = uniform(14, 5).map((instance) =>
    (instance.updateDomain ?? 0) < 2 ? { ...instance, exactVersion: '2.0.0' } : instance,
  );
  return {
    record: record(),
    roles: [webRole({ set: scaleSet('contoso-web', { model: model('2.0.0') }) }, instances)],
  };
}

/** Of a cloud service, to the version of that digest; 'digest-2' is the configuration's. */
export function cloudRecord(target: string): UpdateRecord {
  const cloud = { previous: 'digest-1', target, standing: 'previous' as const };
  return record({ roles: ['WebRole', 'WorkerRole'], models: {}, cloud });
}

/** One role, web, of these instances. */
export const having = (instances: readonly ServiceInstance[], minimum?: Minimum) => ({
  roles: [webRole(minimum ? { minimum } : {}, instances)],
});

/** Fourteen over five domains, of which some are otherwise. */
export const but = (changes: Readonly<Record<string, Partial<ServiceInstance>>>, minimum?: Minimum) =>
  having(except(uniform(14, 5), changes), minimum);
