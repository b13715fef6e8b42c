// Bringing the instances of a service to what the last write asked for: domain by domain, or as many as are to be.
import { type Instance, StartTimedOut } from '../../../compute/fabric.ts';
import { nextDomain } from '../../../compute/spread.ts';
import { ArmError } from '../../core/errors.ts';
import { sameName } from '../../core/ids.ts';
import type { CloudService, RoleTarget } from './model.ts';
import type { CloudServiceRegistry } from './registry.ts';

const FAULT_DOMAINS = 2;
/** Of a role's walked instances, to go on to the next domain. The article says "a minimum number", not which. */
const HEALTHY_SHARE = 0.5;
const LOOK_AGAIN_MS = 200;

/** The domain that an update is in, or waits to be walked; null where every instance is up to date. */
export function currentDomain(registry: CloudServiceRegistry, service: CloudService): number | null {
  if (service.walking !== null) return service.walking;
  const waiting = registry.instances(service).filter((instance) => !registry.isCurrent(service, instance));
  return waiting.length === 0 ? null : Math.min(...waiting.map(domainOf));
}

/** Instances of all roles in it that do not run what they should stop, are updated and start, all at once. */
export async function walkDomain(
  registry: CloudServiceRegistry,
  service: CloudService,
  domain: number,
  signal: AbortSignal,
): Promise<void> {
  service.walking = domain;
  const here = registry.instances(service).filter((instance) => domainOf(instance) === domain);
  await bringUp(registry, service, here, signal);
  service.walking = null;
}

/** After a write: roles and instances that are gone or new first, then the update as its mode says. */
export async function rollOut(
  registry: CloudServiceRegistry,
  service: CloudService,
  signal: AbortSignal,
): Promise<void> {
  const { deployment } = service;
  await scaleRoles(registry, service, signal);
  switch (deployment.upgradeMode) {
    case 'Manual':
      return; // instances wait for the walk of their domain
    case 'Simultaneous':
      return bringUp(registry, service, registry.instances(service), signal);
    case 'Auto':
      for (let domain = 0; domain < deployment.package.updateDomainCount; domain++) {
        await walkDomain(registry, service, domain, signal);
        await requireHealthy(registry, service, domain, signal);
      }
  }
}

/** Creates and removes instances until every role has as many as it should. */
export async function scaleRoles(
  registry: CloudServiceRegistry,
  service: CloudService,
  signal: AbortSignal,
): Promise<void> {
  const { compute } = registry.context;
  const wanted = new Set(
    service.deployment.roles.map((role) => registry.fabricRole(service, role.name).toLowerCase()),
  );
  const orphans = registry.instances(service).filter(({ role }) => !wanted.has(role.toLowerCase()));
  await Promise.all(orphans.map(({ role, id }) => compute.remove(role, id, signal)));
  await Promise.all(service.deployment.roles.map((role) => scaleRole(registry, service, role, signal)));
}

async function scaleRole(
  registry: CloudServiceRegistry,
  service: CloudService,
  role: RoleTarget,
  signal: AbortSignal,
): Promise<void> {
  const { compute } = registry.context;
  const name = registry.fabricRole(service, role.name);
  const there = compute.instances(name);
  const surplus = there.slice(role.sku.capacity);
  await Promise.all(surplus.map(({ id }) => compute.remove(name, id, signal)));
  const placements = newPlacements(service, role, there.slice(0, role.sku.capacity));
  await Promise.all(
    placements.map((placement) => carryOn(compute.create(name, placement, role.model, signal))),
  );
}

/** Where the instances go that the role lacks. */
export function newPlacements(service: CloudService, role: RoleTarget, there: readonly Instance[]) {
  const domains = there.map(domainOf);
  return Array.from({ length: role.sku.capacity - there.length }, () => {
    const number = domains.length;
    const updateDomain = nextDomain(domains, service.deployment.package.updateDomainCount);
    domains.push(updateDomain);
    const id = `${role.name}_IN_${number}`;
    return { id, name: id, updateDomain, faultDomain: number % FAULT_DOMAINS, zone: null };
  });
}

async function bringUp(
  registry: CloudServiceRegistry,
  service: CloudService,
  instances: readonly Instance[],
  signal: AbortSignal,
): Promise<void> {
  const { compute } = registry.context;
  await Promise.all(
    service.deployment.roles.flatMap((target) => {
      const name = registry.fabricRole(service, target.name);
      const behind = instances.filter(
        (instance) => sameName(instance.role, name) && !registry.isCurrent(service, instance),
      );
      return behind.map(({ id }) => carryOn(compute.update(name, id, target.model, signal)));
    }),
  );
}

/** "If the timeout duration elapses, the Fabric Controller will continue walking to the next role instance." */
async function carryOn(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof StartTimedOut)) throw error;
  }
}

/** Waits for the minimum of each role, looking at walked instances only. Throws where the update is stuck. */
async function requireHealthy(
  registry: CloudServiceRegistry,
  service: CloudService,
  domain: number,
  signal: AbortSignal,
): Promise<void> {
  const { clock, latency, compute } = registry.context;
  const until = clock.now().getTime() + latency.of('instance-start-timeout');
  for (;;) {
    const walked = registry.instances(service).filter((instance) => domainOf(instance) <= domain);
    const poor = service.deployment.roles.find(({ name }) => {
      const ofRole = walked.filter(({ role }) => sameName(role, registry.fabricRole(service, name)));
      const good = ofRole.filter(({ role, id }) => compute.instance(role, id)?.inService === true);
      return good.length < ofRole.length * HEALTHY_SHARE;
    });
    if (poor === undefined) return;
    const initializing = walked.some(({ health }) => health === 'initializing');
    if (clock.now().getTime() >= until && !initializing) throw stuck(service, domain, poor.name);
    await clock.sleep(LOOK_AGAIN_MS, signal);
  }
}

function stuck(service: CloudService, domain: number, role: string): ArmError {
  return new ArmError(
    409,
    'UpdateNotCompleted',
    `The update of cloud service '${service.name}' did not complete: an insufficient number of instances of role '${role}' is healthy in upgrade domain ${domain}.`,
  );
}

function domainOf({ updateDomain }: Instance): number {
  return updateDomain ?? 0;
}
