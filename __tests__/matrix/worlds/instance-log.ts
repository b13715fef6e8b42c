// What every instance of some roles went through, by the embedded Azure itself: which of them was down when, and what it ran.
import type { ComputeFabric, Instance } from '../../../local-azure/compute/fabric.ts';

export interface WatchedService {
  /** For sentences. */
  readonly name: string;
  /** Its roles, as the fabric calls them. An update takes their domains down together. */
  readonly roles: readonly string[];
}

export interface InstanceLog {
  /** Instances of the service now. */
  instances(): readonly Instance[];
  /** Whether none is being changed now, and none was since then. Milliseconds since the epoch. */
  atRestSince(since: number, role: string, id: string): boolean;
  /** Versions that an instance ran at any moment since then: several where it was changed meanwhile. */
  ranSince(since: number, role: string, id: string): ReadonlySet<string>;
  /** Laws that did not hold at some moment, each once. */
  broken(): readonly string[];
}

interface Entry {
  readonly at: number;
  readonly version: string;
  readonly isRunning: boolean;
}

/** Begins to note. The laws: never two domains down at once, and what a domain leaves of each role is in service. */
export function keepInstanceLog(compute: ComputeFabric, { name, roles }: WatchedService): InstanceLog {
  const entries = new Map<string, Entry[]>();
  const broken = new Set<string>();
  const instances = () => roles.flatMap((role) => compute.instances(role));
  const note = (instance: Instance) => {
    const key = keyOf(instance);
    const entry = {
      at: Date.now(),
      version: instance.model.version,
      isRunning: instance.state === 'running',
    };
    entries.set(key, [...(entries.get(key) ?? []), entry]);
  };
  for (const instance of instances()) note(instance);
  const floors = new Map(roles.map((role) => [role, floorOf(compute.instances(role))]));
  compute.onChange((instance) => {
    if (!roles.includes(instance.role)) return;
    note(instance);
    const down = instances().filter(({ state }) => state !== 'running');
    const domains = [...new Set(down.map(({ updateDomain }) => updateDomain))].sort();
    if (domains.length > 1)
      broken.add(
        `law 5: domains ${domains.join(' and ')} of ${name} were down at once (${down.map(({ id }) => id).join(', ')})`,
      );
    for (const [role, floor] of floors) {
      const inService = compute.instances(role).filter((one) => one.inService).length;
      if (inService < floor)
        broken.add(
          `law 5: ${inService} instances of ${role.split('/').at(-1)} were in service, of ${floor} that one domain leaves`,
        );
    }
  });
  const since = (at: number, role: string, id: string): readonly Entry[] => {
    const all = entries.get(`${role}/${id}`) ?? [];
    const first = all.findLastIndex((entry) => entry.at <= at);
    return all.slice(Math.max(0, first));
  };
  return {
    instances,
    atRestSince: (at, role, id) => since(at, role, id).every(({ isRunning }) => isRunning),
    ranSince: (at, role, id) => new Set(since(at, role, id).map(({ version }) => version)),
    broken: () => [...broken],
  };
}

const keyOf = ({ role, id }: Instance) => `${role}/${id}`;

/** What is left of a role while its largest domain is down. */
function floorOf(instances: readonly Instance[]): number {
  const domains = Map.groupBy(instances, ({ updateDomain }) => updateDomain);
  return instances.length - Math.max(...[...domains.values()].map((domain) => domain.length));
}
