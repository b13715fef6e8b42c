// Instances in service over time, as the looks of a run have seen it: what users had while their service was updated.
import type { InstanceHealth } from '../azure/ports/compute.ts';
import type { RoleInstance } from './role-instance.ts';

export interface CapacityLook {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** All instances, walked or not. */
  readonly instances: readonly RoleInstance[];
}

export interface CapacityPoint {
  readonly at: number;
  readonly inService: number;
  readonly instances: number;
}

export interface Capacity {
  /** One point for each look. */
  readonly series: readonly CapacityPoint[];
  readonly lowest: {
    readonly inService: number;
    readonly instances: number;
    /** When it was first seen. */
    readonly at: number;
    /** The first look that showed another number; null where none did. */
    readonly until: number | null;
  } | null;
}

export interface RoleCapacity extends Capacity {
  readonly role: string;
  /** `power`: none of its instances ever told its health, so that running is all that is known. */
  readonly by: 'health' | 'power';
}

export interface ServiceCapacity extends Capacity {
  readonly roles: readonly RoleCapacity[];
}

const TELLING: readonly InstanceHealth[] = ['healthy', 'unhealthy', 'initializing'];

/** @param looks oldest first */
export function capacityOf(looks: readonly CapacityLook[]): ServiceCapacity {
  const all = looks.flatMap(({ instances }) => instances);
  const telling = new Set(all.filter(({ health }) => TELLING.includes(health)).map(({ role }) => role));
  const isInService = ({ role, powerState, health }: RoleInstance) =>
    powerState === 'running' && (health === 'healthy' || !telling.has(role));
  const roles = [...new Set(all.map(({ role }) => role))].map((role): RoleCapacity => {
    const own = looks.map(({ at, instances }) => ({
      at,
      instances: instances.filter((instance) => instance.role === role),
    }));
    return { role, by: telling.has(role) ? 'health' : 'power', ...seriesOf(own, isInService) };
  });
  return { ...seriesOf(looks, isInService), roles };
}

function seriesOf(
  looks: readonly CapacityLook[],
  isInService: (instance: RoleInstance) => boolean,
): Capacity {
  const series = looks.map(({ at, instances }) => ({
    at,
    inService: instances.filter(isInService).length,
    instances: instances.length,
  }));
  return { series, lowest: lowestOf(series) };
}

function lowestOf(series: readonly CapacityPoint[]): Capacity['lowest'] {
  const least = Math.min(...series.map(({ inService }) => inService));
  const from = series.findIndex(({ inService }) => inService === least);
  const first = series[from];
  if (first === undefined) return null;
  const until = series.slice(from).find(({ inService }) => inService !== least);
  return { ...first, until: until?.at ?? null };
}
