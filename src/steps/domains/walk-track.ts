// What one run remembers of its own walk, in one direction. Where it remembers nothing, because an earlier run walked,
// what the service shows counts.
import { forNextDomain, type HealthHistory, NO_LOOK_YET } from '../../service/health-evaluation.ts';
import type { WalkedInstance } from '../../service/instance-state.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import { isBeingChanged } from '../../service/progress.ts';
import { type InstanceKey, keyOf, type RoleInstance } from '../../service/role-instance.ts';

export type Direction = 'forward' | 'back';

export interface WalkTrack {
  readonly direction: Direction;
  readonly history: HealthHistory;
  /** These are walked from now on; nothing that was told of them before counts. */
  begin(instances: readonly RoleInstance[], at: number): void;
  looked(history: HealthHistory): void;
  /** When this run walked it; null where it did not. */
  walkedAt(key: InstanceKey): number | null;
  /** When this run first saw that an earlier one has walked it: now, where it is the first time. */
  foundAt(key: InstanceKey, now: number): number;
}

/** What a run remembers of both ways. */
export type WalkMemory = Readonly<Record<Direction, WalkTrack>>;

export function createWalkMemory(): WalkMemory {
  return { forward: createTrack('forward'), back: createTrack('back') };
}

function createTrack(direction: Direction): WalkTrack {
  const walks = new Map<InstanceKey, number>();
  const found = new Map<InstanceKey, number>();
  let history = NO_LOOK_YET;
  return {
    direction,
    get history() {
      return history;
    },
    begin: (instances, at) => {
      for (const instance of instances) walks.set(keyOf(instance), at);
      const seen = forNextDomain(history);
      // Walked once more, it starts once more.
      const others = [...seen.instances].filter(([key]) => !instances.some((one) => keyOf(one) === key));
      history = { ...seen, instances: new Map(others) };
    },
    looked: (now) => {
      history = now;
    },
    walkedAt: (key) => walks.get(key) ?? null,
    foundAt: (key, now) => {
      const at = found.get(key) ?? now;
      found.set(key, at);
      return at;
    },
  };
}

/**
 * The instances whose health counts: those that this run has walked, and those that an earlier one has: on the way
 * forward what runs the new version, or may; on the way back what runs the version before in a domain that was walked by
 * the record. Instances that were not walked are none of them, whatever their health.
 *
 * @param saidDone instances that do not tell what they run, of which the platform has said that it is done
 */
export function walkedInstances(
  observed: ServiceObservation,
  track: WalkTrack,
  saidDone: ReadonlySet<InstanceKey> = new Set(),
): WalkedInstance[] {
  const { spread, look } = observed;
  const wanted = track.direction === 'forward' ? 'target' : 'previous';
  const recorded = new Set(look.record?.walk.map(({ domain }) => domain));
  return spread.domains.flatMap(({ number, instances }) =>
    instances.flatMap((instance): WalkedInstance[] => {
      const key = keyOf(instance);
      const version = observed.versions.get(key)?.version ?? 'unknown';
      const walkedAt = track.walkedAt(key);
      if (walkedAt !== null) {
        const isTold = version === wanted || saidDone.has(key);
        return [{ instance, walkedAt, notYet: isTold ? null : `it does not run the ${WORDS[wanted]} yet` }];
      }
      const wasWalked =
        track.direction === 'back'
          ? version === 'previous' && recorded.has(number)
          : version === 'target' || version === 'unknown';
      if (!wasWalked) return [];
      // Walked by an earlier run: when is not known, but not before the update was written down.
      const began = look.record === null ? 0 : Date.parse(look.record.startedAt);
      if (track.direction === 'back' && neverLeft(instance, began)) return [];
      return [{ instance, walkedAt: began, startsAt: track.foundAt(key, look.at) }];
    }),
  );
}

/**
 * A run that was killed in the middle of a domain has not walked all of it. What has been walked since tells its health anew, and
 * nothing until then; who waited for that of an instance that nobody has touched would wait for ever.
 */
function neverLeft(instance: RoleInstance, began: number): boolean {
  const { health, healthAt } = instance;
  return !isBeingChanged(instance) && health === 'healthy' && healthAt !== null && healthAt.getTime() < began;
}

const WORDS = { target: 'new version', previous: 'version before' } as const;
