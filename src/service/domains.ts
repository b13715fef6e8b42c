// The domains of a service in the order in which they are walked. A domain holds the instances of every chosen role.
// Uniform scale sets and cloud services have update domains; for Flexible sets the product makes virtual ones.
import type { ServiceInstance } from '../azure/ports/compute.ts';
import type { DomainMap } from './domain-map.ts';
import { compareIds, compareTexts, inNameOrder, type RoleInstance } from './role-instance.ts';

export interface PlacedRole {
  readonly role: string;
  /** Who says in which domain an instance stands. */
  readonly placement: 'platform' | 'virtual';
  readonly instances: readonly ServiceInstance[];
}

export interface Domain {
  /** Counted from 0, as the platform does. Where the platform's have gaps, these have them too. */
  readonly number: number;
  /** By role and name; never empty. */
  readonly instances: readonly RoleInstance[];
}

export interface Spread {
  /** In ascending order: the order of the walk. The way back takes them from the end. */
  readonly domains: readonly Domain[];
  /** To be written down: what is there now. */
  readonly map: DomainMap;
  /** The platform does not say, and never did: a walk would pass them by, so it must not begin. */
  readonly unplaced: readonly RoleInstance[];
}

type DomainOf = ReadonlyMap<string, number>;

/**
 * Spreads the instances of the chosen roles over domains. With a known map instances stay where they are; new ones of
 * a virtual domain go to the smallest. Throws RangeError for less than one virtual domain.
 *
 * @param virtualDomains how many; a known map's own number counts instead, since an update must not change it
 */
export function spreadOverDomains(
  roles: readonly PlacedRole[],
  virtualDomains: number,
  known: DomainMap | null = null,
): Spread {
  const count = known?.virtualDomains ?? virtualDomains;
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`${count} virtual domains`);
  const all = roles.map((role) => {
    const before = known?.roles.get(role.role) ?? null;
    const domainOf =
      role.placement === 'platform' ? platformDomains(role, before) : virtual(role, before, count);
    return { ...role, domainOf };
  });
  const instances = all.flatMap(({ role, instances: own }) => own.map((each) => ({ ...each, role })));
  const placeOf = ({ role, id }: RoleInstance) =>
    all.find((each) => each.role === role)?.domainOf.get(id) ?? null;
  return {
    domains: domainsOf(instances, placeOf),
    map: { virtualDomains: count, roles: new Map(all.map(({ role, domainOf }) => [role, domainOf])) },
    unplaced: instances.filter((instance) => placeOf(instance) === null).toSorted(inNameOrder),
  };
}

function domainsOf(
  instances: readonly RoleInstance[],
  placeOf: (instance: RoleInstance) => number | null,
): Domain[] {
  const groups = Map.groupBy(instances, placeOf);
  return [...groups]
    .flatMap(([number, group]) => (number === null ? [] : { number, instances: group.toSorted(inNameOrder) }))
    .toSorted((one, other) => one.number - other.number);
}

/** An instance that is being written may show no view: then it stands where it stood. */
function platformDomains({ instances }: PlacedRole, before: DomainOf | null): DomainOf {
  return new Map(
    instances.flatMap(({ id, updateDomain }) => {
      const domain = updateDomain ?? before?.get(id);
      return domain === undefined ? [] : [[id, domain] as const];
    }),
  );
}

function virtual({ instances }: PlacedRole, before: DomainOf | null, count: number): DomainOf {
  return before === null ? inEqualParts(instances, count) : withNewOnes(instances, before, count);
}

/** Neighbours share a zone and a fault domain, so that a domain that is down leaves the others whole. */
function inEqualParts(instances: readonly ServiceInstance[], count: number): DomainOf {
  const sorted = instances.toSorted(byPlace);
  const size = Math.floor(sorted.length / count);
  const larger = sorted.length % count;
  // The first ones are larger by one: 14 over 5 make 3, 3, 3, 3, 2.
  const domainAt = (index: number) =>
    index < larger * (size + 1)
      ? Math.floor(index / (size + 1))
      : larger + Math.floor((index - larger * (size + 1)) / size);
  return new Map(sorted.map(({ id }, index) => [id, domainAt(index)]));
}

function withNewOnes(instances: readonly ServiceInstance[], before: DomainOf, count: number): DomainOf {
  const sizes = Array.from({ length: count }, () => 0);
  const domainOf = new Map<string, number>();
  const put = (id: string, domain: number) => {
    domainOf.set(id, domain);
    sizes[domain] = (sizes[domain] ?? 0) + 1;
  };
  const isNew = ({ id }: ServiceInstance) => !before.has(id);
  for (const { id } of instances) {
    const domain = before.get(id);
    if (domain !== undefined) put(id, domain);
  }
  for (const { id } of instances.filter(isNew).toSorted(byPlace)) {
    put(id, sizes.indexOf(Math.min(...sizes.slice(0, count))));
  }
  return domainOf;
}

function byPlace(one: ServiceInstance, other: ServiceInstance): number {
  return (
    compareTexts(one.zone ?? '', other.zone ?? '') ||
    (one.faultDomain ?? -1) - (other.faultDomain ?? -1) ||
    compareIds(one.id, other.id)
  );
}
