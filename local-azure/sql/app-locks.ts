// sp_getapplock: named locks of one database, held by a session or by its transaction.
import type { Clock } from '../clock.ts';

export type LockMode = 'Shared' | 'Update' | 'IntentShared' | 'IntentExclusive' | 'Exclusive';
export type LockOwner = 'Session' | 'Transaction';

/** Anything with an identity: a session. */
export type Holder = object;

interface Grant {
  readonly holder: Holder;
  readonly owner: LockOwner;
  readonly mode: LockMode;
  count: number;
}

interface Waiter {
  readonly holder: Holder;
  readonly owner: LockOwner;
  readonly mode: LockMode;
  readonly grant: () => void;
}

interface Resource {
  readonly grants: Grant[];
  readonly waiters: Waiter[];
}

const COMPATIBLE: Readonly<Record<LockMode, readonly LockMode[]>> = {
  IntentShared: ['IntentShared', 'Shared', 'Update', 'IntentExclusive'],
  Shared: ['IntentShared', 'Shared', 'Update'],
  Update: ['IntentShared', 'Shared'],
  IntentExclusive: ['IntentShared', 'IntentExclusive'],
  Exclusive: [],
};
const STRENGTH: readonly LockMode[] = ['IntentShared', 'Shared', 'Update', 'IntentExclusive', 'Exclusive'];

export class AppLocks {
  /** Names are compared with case, unlike most names in SQL Server. */
  private readonly resources = new Map<string, Resource>();
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /**
   * 0 granted at once, 1 granted after waiting, -1 timed out. Rejects with the signal's reason.
   * @param timeoutMs null waits for ever.
   */
  async acquire(
    name: string,
    request: { holder: Holder; owner: LockOwner; mode: LockMode },
    timeoutMs: number | null,
    signal: AbortSignal,
  ): Promise<0 | 1 | -1> {
    const resource = this.resources.get(name) ?? { grants: [], waiters: [] };
    this.resources.set(name, resource);
    const isHolder = resource.grants.some((grant) => grant.holder === request.holder);
    if (canGrant(resource, request) && (isHolder || resource.waiters.length === 0)) {
      grant(resource, request);
      return 0;
    }
    if (timeoutMs === 0) return -1;
    return this.wait(name, resource, request, timeoutMs, signal);
  }

  private wait(
    name: string,
    resource: Resource,
    request: { holder: Holder; owner: LockOwner; mode: LockMode },
    timeoutMs: number | null,
    signal: AbortSignal,
  ): Promise<1 | -1> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        cancelTimer?.();
        signal.removeEventListener('abort', onAbort);
        const at = resource.waiters.indexOf(waiter);
        if (at >= 0) resource.waiters.splice(at, 1);
        this.grantWaiters(name);
      };
      const waiter: Waiter = {
        ...request,
        grant: () => {
          settle();
          resolve(1);
        },
      };
      const onAbort = () => {
        settle();
        reject(signal.reason);
      };
      const onTimeout = () => {
        settle();
        resolve(-1);
      };
      const cancelTimer = timeoutMs === null ? null : this.clock.schedule(timeoutMs, onTimeout);
      signal.addEventListener('abort', onAbort, { once: true });
      resource.waiters.push(waiter);
    });
  }

  /** False where the holder does not hold it. */
  release(name: string, holder: Holder, owner: LockOwner): boolean {
    const resource = this.resources.get(name);
    const at = resource?.grants.findIndex((grant) => grant.holder === holder && grant.owner === owner) ?? -1;
    const held = resource?.grants[at];
    if (!resource || !held) return false;
    held.count--;
    if (held.count === 0) resource.grants.splice(at, 1);
    this.grantWaiters(name);
    return true;
  }

  /** Everything the holder holds, or only what its transaction holds. */
  releaseAll(holder: Holder, owner: LockOwner | null): void {
    for (const [name, resource] of [...this.resources]) {
      const kept = resource.grants.filter(
        (grant) => grant.holder !== holder || (owner !== null && grant.owner !== owner),
      );
      resource.grants.splice(0, resource.grants.length, ...kept);
      this.grantWaiters(name);
    }
  }

  /** NoLock, or the strongest mode the holder has it in. */
  modeOf(name: string, holder: Holder, owner: LockOwner): LockMode | 'NoLock' {
    const modes = (this.resources.get(name)?.grants ?? [])
      .filter((grant) => grant.holder === holder && grant.owner === owner)
      .map((grant) => grant.mode);
    return STRENGTH.findLast((mode) => modes.includes(mode)) ?? 'NoLock';
  }

  /** Everything that is held, a line for each holder of a name. */
  held(): readonly {
    readonly name: string;
    readonly holder: Holder;
    readonly owner: LockOwner;
    readonly mode: LockMode;
  }[] {
    return [...this.resources].flatMap(([name, { grants }]) => grants.map((grant) => ({ ...grant, name })));
  }

  private grantWaiters(name: string): void {
    const resource = this.resources.get(name);
    const [first] = resource?.waiters ?? [];
    if (resource && first && canGrant(resource, first)) {
      grant(resource, first);
      first.grant();
    } else if (resource && resource.grants.length === 0 && resource.waiters.length === 0) {
      this.resources.delete(name);
    }
  }
}

function canGrant(
  resource: Resource,
  request: { readonly holder: Holder; readonly mode: LockMode },
): boolean {
  return resource.grants.every(
    (held) => held.holder === request.holder || COMPATIBLE[request.mode].includes(held.mode),
  );
}

function grant(
  resource: Resource,
  request: { readonly holder: Holder; readonly owner: LockOwner; readonly mode: LockMode },
): void {
  const held = resource.grants.find(
    (other) =>
      other.holder === request.holder && other.owner === request.owner && other.mode === request.mode,
  );
  if (held) held.count++;
  else resource.grants.push({ holder: request.holder, owner: request.owner, mode: request.mode, count: 1 });
}
