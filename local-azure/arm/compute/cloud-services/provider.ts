// Cloud services (extended support) as a whole: routes, the seeds with which a topology is set up, and who is behind
// an address.
import type { Route } from '../../core/call.ts';
import type { ArmContext } from '../../core/context.ts';
import { parseId, sameName } from '../../core/ids.ts';
import type { JsonValue } from '../../core/json.ts';
import type { Locate } from '../../core/outage.ts';
import { vipSwapRoutes } from '../../network-swap.ts';
import { operationRoutes } from '../operation-answers.ts';
import { withInstanceCount } from './configuration.ts';
import { instanceRoutes } from './instances.ts';
import type { CloudService } from './model.ts';
import { type CoreQuota, createCloudServiceRegistry } from './registry.ts';
import { forgetService, type NewService, registerService, serviceRoutes } from './services.ts';
import { newPlacements, scaleRoles } from './update.ts';

export interface CloudServicesProvider {
  readonly routes: readonly Route[];
  readonly locate: Locate;
  /** Runs, with all its instances, from here on. Throws ArmError where resource manager would refuse it. */
  createService(service: NewService): void;
  /** Name, in the fabric, of the role of whichever service has the address now; null where none has. */
  roleBehind(publicIpAddress: string, role: string): string | null;
  /**
   * As autoscale does, of a role's resource id. Resolves when the instances have started, or are gone; throws an Error
   * where there is no such role, or its service is busy.
   */
  setCapacity(roleId: string, capacity: number): Promise<void>;
  removeGroup(group: string): void;
  /** Somebody writes the tags of a service. Throws where there is none. */
  setTags(service: string, tags: Readonly<Record<string, string>>): void;
  state(): JsonValue;
}

export function createCloudServicesProvider(context: ArmContext, quota: CoreQuota): CloudServicesProvider {
  const registry = createCloudServiceRegistry(context, quota);
  const all = () => registry.services.values();

  const setCapacity = async (service: CloudService, name: string, capacity: number): Promise<void> => {
    const busy = context.operations.running(registry.id(service)) !== null || service.swapping;
    if (busy || service.broken) throw new Error(`The cloud service ${service.name} is busy.`);
    const roles = service.deployment.roles.map((role) =>
      sameName(role.name, name) ? { ...role, sku: { ...role.sku, capacity } } : role,
    );
    const configuration = withInstanceCount(service.deployment.configuration, name, capacity);
    service.deployment = { ...service.deployment, roles, configuration };
    await scaleRoles(registry, service, new AbortController().signal);
  };

  return {
    routes: [
      ...operationRoutes(context, 'CsOperations'),
      ...serviceRoutes(registry),
      ...instanceRoutes(registry),
      ...vipSwapRoutes(registry),
    ],
    locate: (id) => {
      const { types: [type = ''] = [], names: [name = ''] = [], group = '' } = parseId(id) ?? {};
      if (!sameName(type, 'cloudServices')) return null;
      return registry.services.get(registry.id({ group, name }))?.location ?? null;
    },
    createService: (wanted) => {
      const service = registerService(registry, wanted);
      for (const role of service.deployment.roles) {
        for (const placement of newPlacements(service, role, []))
          context.compute.add(registry.fabricRole(service, role.name), placement, role.model);
      }
      service.provisioningState = 'Succeeded';
    },
    roleBehind: (publicIpAddress, role) => {
      const service = all().find((each) => sameName(each.publicIpAddress, publicIpAddress));
      return service === undefined ? null : registry.fabricRole(service, role);
    },
    setCapacity: async (roleId, capacity) => {
      const found = /^(.+)\/roles\/([^/]+)$/i.exec(roleId);
      const service = registry.byId(found?.[1] ?? '');
      const role = service?.deployment.roles.find(({ name }) => sameName(name, found?.[2] ?? ''));
      if (service === null || role === undefined) throw new Error(`There is no role ${roleId}.`);
      await setCapacity(service, role.name, capacity);
    },
    setTags: (name, tags) => {
      const service = all().find((each) => sameName(each.name, name));
      if (service === undefined) throw new Error(`There is no cloud service ${name}.`);
      service.tags = tags;
    },
    removeGroup: (group) => {
      for (const service of all()) if (sameName(service.group, group)) forgetService(registry, service);
    },
    state: () =>
      all().map((service) => ({
        name: service.name,
        resourceGroup: service.group,
        provisioningState: service.provisioningState,
        slotType: service.slotType,
        publicIpAddress: service.publicIpAddress,
        package: service.deployment.package.version,
        tags: { ...service.tags },
        instances: registry.instances(service).map(({ name, updateDomain, model, state, health }) => ({
          name,
          updateDomain,
          version: model.version,
          state,
          health,
        })),
      })),
  };
}
