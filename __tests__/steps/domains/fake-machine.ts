// An instance of the fake service: what it tells follows from when it was updated, and from what its version is like.
import type { ServiceInstance } from '../../../src/azure/ports/compute.ts';

export type Behaviour =
  | 'good'
  | 'unhealthy'
  /** The platform never says that it is done with it. */
  | 'never-starts'
  | 'fails'
  /** Healthy, and a quarter of an hour later not any more. */
  | 'breaks';

export interface Machine {
  readonly id: string;
  readonly domain: number | null;
  /** What it runs, or ran until it was stopped. */
  version: string;
  /** Its last update; null where it never had one. */
  update: { readonly at: number; readonly to: string; readonly behaviour: Behaviour } | null;
  /** For tests: down by itself. */
  isStopped: boolean;
}

export const UPDATE_MS = 60_000;
export const HEALTH_MS = 20_000;
export const BREAKS_MS = 15 * 60_000;

export function machine(id: string, domain: number | null, version: string): Machine {
  return { id, domain, version, update: null, isStopped: false };
}

/** As Azure tells it at a moment. */
export function shownAt(one: Machine, now: number, tellsVersion: boolean): ServiceInstance {
  settle(one, now);
  return {
    ...{ id: one.id, updateDomain: one.domain, faultDomain: null, zone: null },
    exactVersion: tellsVersion ? one.version : null,
    latestModelApplied: null,
    isProtected: false,
    ...stateAt(one, now),
  };
}

type State = Pick<ServiceInstance, 'provisioningState' | 'powerState' | 'health' | 'healthAt'>;

function stateAt(one: Machine, now: number): State {
  const healthAt = new Date(now - (now % 5000));
  if (one.isStopped) {
    return { provisioningState: 'Succeeded', powerState: 'stopped', health: 'none', healthAt: null };
  }
  if (one.update === null) return up('healthy', healthAt);
  const { at, behaviour } = one.update;
  const since = now - at;
  if (since < UPDATE_MS) {
    return { provisioningState: 'Updating', powerState: 'stopping', health: 'none', healthAt: null };
  }
  if (behaviour === 'never-starts') {
    return { provisioningState: 'Updating', powerState: 'starting', health: 'none', healthAt: null };
  }
  if (behaviour === 'fails') return { ...up('unknown', healthAt), provisioningState: 'Failed' };
  if (since < UPDATE_MS + HEALTH_MS) return up('initializing', healthAt);
  const isBroken = behaviour === 'unhealthy' || (behaviour === 'breaks' && since >= BREAKS_MS);
  return up(isBroken ? 'unhealthy' : 'healthy', healthAt);
}

/** What it runs once its update is through. */
function settle(one: Machine, now: number): void {
  if (one.update !== null && now - one.update.at >= UPDATE_MS) one.version = one.update.to;
}

function up(health: ServiceInstance['health'], healthAt: Date): State {
  return { provisioningState: 'Succeeded', powerState: 'running', health, healthAt };
}
