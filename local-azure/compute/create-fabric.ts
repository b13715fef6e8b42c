// The instances of every role, their behaviours, and the load balancer in front of each role.
import { NameMap } from '../arm/core/ids.ts';
import type { Clock } from '../clock.ts';
import type { Latency } from '../latency.ts';
import type {
  Behaviour,
  ComputeFabric,
  Instance,
  InstanceModel,
  Placement,
  RequestCounts,
} from './fabric.ts';
import { createMachine, type Machine } from './machine.ts';

interface Role {
  readonly name: string;
  /** By instance id, in the order they were added. */
  readonly machines: NameMap<Machine>;
}

interface Balancer {
  turn: number;
  counts: RequestCounts;
}

export function createComputeFabric(options: {
  readonly clock: Clock;
  readonly latency: Latency;
}): ComputeFabric {
  const roles = new NameMap<Role>();
  const balancers = new NameMap<Balancer>();
  const ofVersions = new Map<string, Behaviour>();
  /** By version; null: whatever the instance runs. */
  const ofInstances = new NameMap<Map<string | null, Behaviour>>();
  const listeners: ((instance: Instance) => void)[] = [];

  const instanceKey = (role: string, id: string) => `${role}#${id}`;
  const changed = (instance: Instance) => {
    for (const listener of listeners) listener(instance);
  };
  const roleOf = (name: string): Role => {
    const role = roles.get(name) ?? { name, machines: new NameMap<Machine>() };
    roles.set(name, role);
    return role;
  };
  const find = (role: string, id: string): Machine => {
    const machine = roles.get(role)?.machines.get(id);
    if (machine === undefined) throw new Error(`There is no instance ${id} of ${role}.`);
    return machine;
  };
  const place = (name: string, placement: Placement, model: InstanceModel): Machine => {
    const role = roleOf(name);
    const machine = createMachine(role.name, placement, model, {
      ...options,
      behaviour: (version) => {
        const own = ofInstances.get(instanceKey(name, placement.id));
        return { ...ofVersions.get(version), ...own?.get(null), ...own?.get(version) };
      },
      changed,
    });
    role.machines.set(placement.id, machine);
    return machine;
  };
  const forget = (role: string, id: string, machine: Machine) => {
    roles.get(role)?.machines.delete(id);
    ofInstances.delete(instanceKey(role, id));
    machine.abandon();
  };
  const instances = (role: string) =>
    roles
      .get(role)
      ?.machines.values()
      .map((machine) => machine.snapshot()) ?? [];
  const balancerOf = (role: string): Balancer => {
    const balancer = balancers.get(role) ?? { turn: 0, counts: { answered: 0, refused: 0 } };
    balancers.set(role, balancer);
    return balancer;
  };

  return {
    roles: () =>
      roles
        .values()
        .filter((role) => role.machines.values().length > 0)
        .map((role) => role.name),
    instances,
    instance: (role, id) => roles.get(role)?.machines.get(id)?.snapshot() ?? null,
    add: (role, placement, model) => place(role, placement, model).begin(),
    create: (role, placement, model, signal) => place(role, placement, model).start(signal),
    update: (role, id, model, signal) => find(role, id).update(model, signal),
    restart: (role, id, signal) => find(role, id).restart(signal),
    stop: (role, id, signal) => find(role, id).stop(signal),
    start: (role, id, signal) => find(role, id).start(signal),
    remove: async (role, id, signal) => {
      const machine = find(role, id);
      await machine.stop(signal);
      forget(role, id, machine);
    },
    removeRole: (role) => {
      for (const instance of instances(role)) forget(role, instance.id, find(role, instance.id));
      roles.delete(role);
    },

    setVersionBehaviour: (version, behaviour) => {
      ofVersions.set(version, behaviour);
    },
    setInstanceBehaviour: (role, id, behaviour, version) => {
      find(role, id);
      const own = ofInstances.get(instanceKey(role, id)) ?? new Map<string | null, Behaviour>();
      ofInstances.set(instanceKey(role, id), own.set(version ?? null, behaviour));
    },
    setWorking: (role, id, working) => find(role, id).setWorking(working),

    request: (role) => {
      const balancer = balancerOf(role);
      const { answered, refused } = balancer.counts;
      const inService = instances(role).filter((instance) => instance.inService);
      const instance = inService[balancer.turn % Math.max(1, inService.length)];
      if (instance === undefined) {
        balancer.counts = { answered, refused: refused + 1 };
        return { kind: 'refused' };
      }
      balancer.turn++;
      balancer.counts = { answered: answered + 1, refused };
      return { kind: 'answered', instance, version: instance.model.version };
    },
    counts: (role) => balancerOf(role).counts,
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}
