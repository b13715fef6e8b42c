// Walks of this run, for how far a role's state can be believed: Azure does not say when it was told (its published
// views have no time), and while a domain is walked an instance that is about to be stopped is still Started.
import type { ServiceInstance } from '../../azure/ports/compute.ts';
import type { WalkRecord } from '../walk-record.ts';

export interface WatchedWalks {
  /** Runs a walk of the domain. */
  watch(domain: number, walk: () => Promise<void>): Promise<void>;
  /**
   * Domains whose instances may be about to be stopped still. To be asked before the instances are.
   *
   * @param record what earlier runs have begun; it counts as long as Azure is busy with the service
   */
  unfinished(record: WalkRecord, isBusy: boolean): ReadonlySet<number>;
}

export function createWatchedWalks(): WatchedWalks {
  const states = new Map<number, 'under-way' | 'finished'>();
  return {
    watch: async (domain, walk) => {
      states.set(domain, 'under-way');
      try {
        await walk();
        states.set(domain, 'finished');
      } catch (error) {
        // It may go on: nobody has seen its end.
        states.delete(domain);
        throw error;
      }
    },
    unfinished: (record, isBusy) => {
      const last = new Map(record.map(({ domain, state }) => [domain, state]));
      const begun = [...last].filter(([domain, state]) => isBusy && state === 'begun' && !states.has(domain));
      const underWay = [...states].filter(([, state]) => state === 'under-way');
      return new Set([...begun, ...underWay].map(([domain]) => domain));
    },
  };
}

/** The state is as it is at this look, where Azure names no time and no walk can have made it old. */
export function withHealthTime<Instance extends ServiceInstance>(
  instance: Instance,
  unfinished: ReadonlySet<number>,
  at: number,
): Instance {
  const { healthAt, updateDomain } = instance;
  if (healthAt !== null || updateDomain === null || unfinished.has(updateDomain)) return instance;
  return { ...instance, healthAt: new Date(at) };
}
