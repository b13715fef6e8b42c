// Microsoft.Compute/cloudServices: reading, writing and removing the service as a whole.
import type { ArmAnswer, ArmCall, Route } from '../../core/call.ts';
import { ok } from '../../core/call.ts';
import { ArmError } from '../../core/errors.ts';
import { sameName } from '../../core/ids.ts';
import { asBoolean, asObject, type JsonObject } from '../../core/json.ts';
import { requireLocation } from '../../core/location.ts';
import type { Operation } from '../../core/operations.ts';
import { accepted, written } from '../operation-answers.ts';
import { coresOf } from '../quota.ts';
import { readDeployment, requireInPlace } from './deployment.ts';
import { CLOUD_SERVICES, type CloudService, type Deployment } from './model.ts';
import { readNetworkProfile, requireSameNetwork } from './network-profile.ts';
import type { CloudServiceRegistry } from './registry.ts';
import { patchedTags, tagsOf } from './tags.ts';
import { rollOut, scaleRoles } from './update.ts';
import { serviceBody, serviceView } from './views.ts';

const SERVICE = `${CLOUD_SERVICES}/{service}`;

export type NewService = Pick<CloudService, 'name' | 'group' | 'location'> & {
  readonly properties: JsonObject;
  readonly tags?: Readonly<Record<string, string>>;
};

/** Known to resource manager from here on, and its partner of it; without instances yet. Throws 400. */
export function registerService(
  registry: CloudServiceRegistry,
  { properties, tags = {}, ...place }: NewService,
): CloudService {
  const { random, clock } = registry.context;
  const network = readNetworkProfile(properties);
  const partner = network.swappable === null ? null : registry.byId(network.swappable);
  if (network.swappable !== null && partner === null)
    throw new ArmError(400, 'NotFound', `The swappable cloud service '${network.swappable}' was not found.`);
  const service: CloudService = {
    ...place,
    ...network,
    uniqueId: random.guid(),
    privateId: random.guid(),
    tags,
    deployment: readDeployment(properties),
    provisioningState: 'Creating',
    changedAt: clock.now(),
    walking: null,
    swapping: false,
    broken: false,
  };
  if (partner !== null) {
    // From then on each points to the other, and they are in different slots.
    partner.swappable = registry.id(service);
    service.slotType = partner.slotType === 'Production' ? 'Staging' : 'Production';
  }
  registry.services.set(registry.id(service), service);
  return service;
}

export function forgetService(registry: CloudServiceRegistry, service: CloudService): void {
  for (const { role } of registry.instances(service)) registry.context.compute.removeRole(role);
  registry.services.delete(registry.id(service));
  for (const other of registry.services.values()) {
    if (sameName(other.swappable ?? '', registry.id(service))) other.swappable = null;
  }
}

export function serviceRoutes(registry: CloudServiceRegistry): Route[] {
  const { context } = registry;
  const { clock, latency, compute } = context;
  const bodies = (services: readonly CloudService[]) =>
    ok({ value: services.map((service) => serviceBody(registry, service)) });
  const answer = (call: ArmCall, operation: Operation, service: CloudService, isNew: boolean) => {
    const { location } = service;
    const body = serviceBody(registry, service);
    return written(context, { call, operation, location, family: 'CsOperations', isNew, body });
  };

  const create = (call: ArmCall, place: { name: string; group: string; location: string }): ArmAnswer => {
    const properties = asObject(call.body.properties);
    requireCores(registry, place.location, null, readDeployment(properties));
    const service = registerService(registry, { ...place, properties, tags: tagsOf(call.body) });
    const operation = registry.begin(call, service, 'CreateCloudService', 'Creating', async (signal) => {
      await clock.sleep(latency.of('cloud-service-write'), signal);
      await scaleRoles(registry, service, signal);
      if (asBoolean(properties.startCloudService) !== false) return;
      await Promise.all(registry.instances(service).map(({ role, id }) => compute.stop(role, id, signal)));
    });
    return answer(call, operation, service, true);
  };

  const update = (call: ArmCall, service: CloudService): ArmAnswer => {
    const properties = asObject(call.body.properties);
    const deployment = readDeployment(properties);
    requireSameNetwork(service, properties);
    requireInPlace(service, deployment);
    requireCores(registry, service.location, service, deployment);
    const tags = tagsOf(call.body);
    const operation = registry.begin(call, service, 'UpdateCloudService', 'Updating', async (signal) => {
      service.deployment = deployment;
      if (call.body.tags !== undefined) service.tags = tags;
      await clock.sleep(latency.of('cloud-service-write'), signal);
      await rollOut(registry, service, signal);
    });
    return answer(call, operation, service, false);
  };

  const put = (call: ArmCall): ArmAnswer => {
    const [name, group] = [call.param('service'), call.param('group')];
    const existing = registry.services.get(registry.id({ name, group })) ?? null;
    const location = requireLocation(call.body, { name, group, location: existing?.location ?? null });
    return existing === null ? create(call, { name, group, location }) : update(call, existing);
  };

  const patch = (call: ArmCall): ArmAnswer => {
    const service = registry.find(call);
    const tags = patchedTags(call.body);
    const operation = registry.begin(call, service, 'UpdateCloudService', 'Updating', async (signal) => {
      service.tags = tags;
      await clock.sleep(latency.of('cloud-service-tags'), signal);
    });
    return answer(call, operation, service, false);
  };

  const remove = (call: ArmCall): ArmAnswer => {
    const place = { group: call.param('group'), name: call.param('service') };
    const service = registry.services.get(registry.id(place));
    if (service === undefined) return { status: 204 };
    service.broken = false; // the one way out
    const operation = registry.begin(call, service, 'DeleteCloudService', 'Deleting', async (signal) => {
      await clock.sleep(latency.of('cloud-service-write'), signal);
      forgetService(registry, service);
    });
    return accepted(context, { call, operation, location: service.location, family: 'CsOperations' });
  };

  const route = (
    method: Route['method'],
    template: string,
    verb: string,
    handle: Route['handle'],
  ): Route => ({
    method,
    template,
    action: `Microsoft.Compute/cloudServices/${verb}`,
    handle,
  });
  return [
    route('GET', '/subscriptions/{subscription}/providers/Microsoft.Compute/cloudServices', 'read', () =>
      bodies(registry.services.values()),
    ),
    route('GET', CLOUD_SERVICES, 'read', (call) =>
      bodies(registry.services.values().filter((each) => sameName(each.group, call.param('group')))),
    ),
    route('GET', SERVICE, 'read', (call) => ok(serviceBody(registry, registry.find(call)))),
    route('GET', `${SERVICE}/instanceView`, 'instanceView/read', (call) =>
      ok(serviceView(registry, registry.find(call))),
    ),
    route('PUT', SERVICE, 'write', put),
    route('PATCH', SERVICE, 'write', patch),
    route('DELETE', SERVICE, 'delete', remove),
  ];
}

/** Throws 409 where the instances would need more cores than the subscription may use in the region. */
function requireCores(
  { quota }: CloudServiceRegistry,
  location: string,
  before: CloudService | null,
  after: Deployment,
): void {
  quota.require(location, coresFor(after) - (before === null ? 0 : coresFor(before.deployment)));
}

function coresFor({ roles }: Deployment): number {
  return roles.reduce((sum, { sku }) => sum + coresOf({ size: sku.name, count: sku.capacity }), 0);
}
