// How few instances are left to users at worst, by how they stand now.
import { isInService } from '../../guards/service/service-guard.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import type { RoleInstance } from '../../service/role-instance.ts';

export interface LowestCapacity {
  readonly inService: number;
  readonly instances: number;
}

export interface LowestOfRole extends LowestCapacity {
  readonly role: string;
  /** Sizes of its domains, in their order. */
  readonly sizes: readonly number[];
  /** The first in whose walk it is so low; null where none is left to be walked. */
  readonly domain: number | null;
}

/** Of the roles that are updated: what is in service now, less what stands in the domain that is walked. */
export function lowestCapacities(observed: ServiceObservation): {
  readonly whole: LowestCapacity;
  readonly roles: readonly LowestOfRole[];
} {
  const serving = servingInstances(observed);
  const all = observed.spread.domains.flatMap(({ instances }) => instances);
  const left = domainsLeft(observed);
  const names = observed.look.roles.filter(({ chosen }) => chosen).map(({ role }) => role);
  return {
    whole: { inService: lowest(serving, left).inService, instances: all.length },
    roles: names.map((role) => {
      const of = <Instance extends RoleInstance>(some: readonly Instance[]) =>
        some.filter((one) => one.role === role);
      const sizes = observed.spread.domains.map(({ instances }) => of(instances).length);
      return {
        role,
        ...lowest(of(serving), left),
        instances: of(all).length,
        sizes: sizes.filter((size) => size > 0),
      };
    }),
  };
}

/** With one fault domain, or zone, lost in the middle of a walk. Null where Azure tells neither. */
export function leastWithoutRack(
  observed: ServiceObservation,
): (LowestCapacity & { readonly kind: 'zone' | 'fault domain' }) | null {
  const serving = servingInstances(observed);
  const zones = serving.flatMap(({ zone }) => (zone === null ? [] : [zone]));
  const kind = new Set(zones).size > 1 ? 'zone' : 'fault domain';
  const rackOf = ({ zone, faultDomain }: RoleInstance) => (kind === 'zone' ? zone : faultDomain);
  const racks = [...new Set(serving.map(rackOf))].filter((rack) => rack !== null);
  if (racks.length < 2) return null;
  const without = racks.map((rack) =>
    lowest(
      serving.filter((instance) => rackOf(instance) !== rack),
      domainsLeft(observed),
    ),
  );
  const instances = observed.spread.domains.reduce((sum, domain) => sum + domain.instances.length, 0);
  return { kind, inService: Math.min(...without.map(({ inService }) => inService)), instances };
}

type NumberedInstance = RoleInstance & { readonly domain: number };

function servingInstances({ look, spread }: ServiceObservation): NumberedInstance[] {
  const serves = (instance: RoleInstance) => {
    const role = look.roles.find((one) => one.role === instance.role);
    return role !== undefined && isInService(role, instance);
  };
  return spread.domains.flatMap(({ number, instances }) =>
    instances.filter(serves).map((instance) => ({ ...instance, domain: number })),
  );
}

function domainsLeft({ progress }: ServiceObservation): number[] {
  return progress.domains.filter(({ state }) => state !== 'updated').map(({ domain }) => domain);
}

function lowest(
  serving: readonly NumberedInstance[],
  left: readonly number[],
): { readonly inService: number; readonly domain: number | null } {
  const during = left.map((domain) => ({
    domain,
    inService: serving.filter((instance) => instance.domain !== domain).length,
  }));
  return during.reduce<{ inService: number; domain: number | null }>(
    (least, one) => (one.inService < least.inService ? one : least),
    { inService: serving.length, domain: null },
  );
}
