// The context of a run over a world: the target and the ports answer for what is in it.
import type { ScaleSetModel } from '../../../src/azure/ports/compute.ts';
import type { Azure } from '../../../src/azure/ports.ts';
import { createServiceHistory } from '../../../src/service/history.ts';
import { targetModel } from '../../../src/service/model-parts.ts';
import { withPatch } from '../../../src/service/observe-service.ts';
import { changesOfScaleSet } from '../../../src/service/scale-set-change.ts';
import type { ServiceContext } from '../../../src/service/service-context.ts';
import type { RoleLook, ServiceLook, ServiceTarget, UpdateModels } from '../../../src/service/target.ts';
import { createSimulatedClock } from '../../engine/simulated-clock.ts';
import { NOON } from '../../service/instances.ts';
import type { ServiceWorld } from './world.ts';

export function contextOf(world: ServiceWorld): ServiceContext {
  return {
    config: world.config,
    azure: azureOf(world),
    target: targetOf(world),
    clock: createSimulatedClock(NOON),
    log: { line: () => {}, warning: () => {}, group: () => {}, endGroup: () => {} },
    newUpdateId: 'u2',
    runUrl: null,
    runId: 'contoso/service/8',
    confirm: '',
    domain: world.domain,
    jobEndsAt: world.jobEndsAt,
    history: createServiceHistory(),
  };
}

function azureOf(world: ServiceWorld): Azure {
  const parts: { readonly [Port in keyof Azure]?: Partial<Azure[Port]> } = {
    authorization: { missingActions: async (id, actions) => world.missingActions(id, actions) },
    credentialExpiresAt: async () => world.credentialExpiresAt,
    compute: {
      cloudServices: {
        ...({} as Azure['compute']['cloudServices']),
        get: async ({ name }) => world.cloudServices.find((one) => one.ref.name === name) ?? null,
      },
    },
  };
  return parts as Azure;
}

function targetOf(world: ServiceWorld): ServiceTarget {
  const { service } = world.config;
  const looks = new WeakSet<ServiceLook>();
  const changeOf = (role: string) =>
    service.kind === 'scale-sets' ? service.roles.find(({ name }) => name === role)?.change : undefined;
  const parts: Partial<ServiceTarget> = {
    kind: service.kind,
    what: 'the service',
    tellsVersions: () => service.kind === 'scale-sets',
    look: async () => {
      const look = lookOf(world);
      looks.add(look);
      return look;
    },
    models: async ({ roles }) => modelsOf(roles),
    changes: async (look) => {
      // Of a cloud service there is more to a look than can be copied.
      if (service.kind === 'cloud-service' && !looks.has(look))
        throw new RangeError('a look of another target');
      const { roles, record } = look;
      return (
        world.changes ?? {
          changes: roles.flatMap(({ role, set, chosen }) => {
            const change = changeOf(role);
            if (!set || !chosen || !change) return [];
            const patches = record?.models[role];
            if (!patches) return changesOfScaleSet(role, set.model, change);
            const written = { ...change, image: patches.target.image ?? null };
            return changesOfScaleSet(role, withPatch(set.model, patches.previous), written);
          }),
          notKnowable: [],
        }
      );
    },
    missing: async (_, version) => [...world.missing[version]],
    cores: async (_look, _models, version) => world.cores[version],
    findAutomation: async () => world.held,
    describeHeld: ({ autoscale, repairs }) => [
      ...autoscale.map((id) => `autoscale setting ${id}`),
      ...repairs.map((role) => `automatic repairs of ${role}`),
    ],
    standing: ({ roles }, { models }) =>
      new Map(
        roles
          .filter(({ chosen }) => chosen)
          .map(({ role, set }) => [role, set ? standingOf(set.model, models[role]) : 'previous'] as const),
      ),
  };
  return parts as ServiceTarget;

  function modelsOf(roles: readonly RoleLook[]): UpdateModels {
    const models = roles.flatMap(({ role, set, chosen }) => {
      const change = changeOf(role);
      if (!set || !chosen || !change) return [];
      return [
        [role, { previous: patchOf(set.model), target: patchOf(targetModel(set.model, change)) }] as const,
      ];
    });
    const cloud = { previous: 'digest-1', target: 'digest-2', standing: 'previous' as const };
    return { models: Object.fromEntries(models), cloud: service.kind === 'cloud-service' ? cloud : null };
  }
}

function patchOf({ image: own, sku, extensions }: ScaleSetModel) {
  return { ...(own === null ? {} : { image: own }), skuName: sku.name, extensions };
}

function standingOf(model: ScaleSetModel, models: UpdateModels['models'][string] | undefined) {
  if (!models) return 'other';
  const has = (patch: Parameters<typeof withPatch>[1]) =>
    JSON.stringify(withPatch(model, patch)) === JSON.stringify(model);
  if (has(models.target)) return 'target';
  return has(models.previous) ? 'previous' : 'other';
}

function lookOf(world: ServiceWorld): ServiceLook {
  const names = [...new Set(world.roles.map(({ resource }) => resource))];
  return {
    at: NOON,
    roles: world.roles,
    resources: names.map((name) => ({
      name,
      provisioningState: world.provisioningState,
      platformUpgrade: world.platformUpgrade,
    })),
    record: world.record,
    lease: world.lease,
    usersOn: world.usersOn,
  };
}
