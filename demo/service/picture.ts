// One look at the instances of a service, role by role and domain by domain: what serves, and which version.
import type { ComputeFabric, Instance } from '../../local-azure/compute/fabric.ts';

export interface InstanceSeen {
  readonly name: string;
  /** `broken`: it runs, and takes no requests. */
  readonly state: 'serves' | 'down' | 'broken';
  /** Null while it is down: it may be between two. */
  readonly version: string | null;
}

export interface DomainSeen {
  readonly domain: number;
  readonly instances: readonly InstanceSeen[];
}

export interface RoleSeen {
  readonly role: string;
  readonly domains: readonly DomainSeen[];
}

export type Picture = readonly RoleSeen[];

/** A role as people call it, and as the fabric does. */
export interface WatchedRole {
  readonly role: string;
  readonly fabricName: string;
}

export function lookAt(compute: Pick<ComputeFabric, 'instances'>, roles: readonly WatchedRole[]): Picture {
  return roles.map(({ role, fabricName }) => {
    const byDomain = Map.groupBy(compute.instances(fabricName), ({ updateDomain }) => updateDomain ?? 0);
    const domains = [...byDomain].map(([domain, instances]) => ({ domain, instances: instances.map(seen) }));
    return { role, domains: domains.toSorted((one, other) => one.domain - other.domain) };
  });
}

function seen({ name, state, health, inService, model: { version } }: Instance): InstanceSeen {
  if (inService) return { name, state: 'serves', version };
  const broken = state === 'running' && health !== 'initializing';
  return broken ? { name, state: 'broken', version } : { name, state: 'down', version: null };
}

export function instancesOf(picture: Picture): readonly InstanceSeen[] {
  return picture.flatMap(({ domains }) => domains).flatMap(({ instances }) => instances);
}

export function serving(instances: readonly InstanceSeen[]): number {
  return instances.filter(({ state }) => state === 'serves').length;
}

/** Numbers of all domains, each once, in order. */
export function domainsOf(picture: Picture): readonly number[] {
  const numbers = picture.flatMap(({ domains }) => domains.map(({ domain }) => domain));
  return [...new Set(numbers)].toSorted((one, other) => one - other);
}

/** Of all roles. */
export function inDomain(picture: Picture, number: number): readonly InstanceSeen[] {
  return picture
    .flatMap(({ domains }) => domains.filter(({ domain }) => domain === number))
    .flatMap(({ instances }) => instances);
}

/** "1.0.0", or "1.0.0 and 2.0.0" where they differ; "nothing" where none of them runs. */
export function versionsIn(instances: readonly InstanceSeen[]): string {
  const versions = new Set(instances.flatMap(({ version }) => version ?? []));
  return [...versions].toSorted().join(' and ') || 'nothing';
}
