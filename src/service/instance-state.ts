// Whether an instance that was updated has come back: the article's "satisfactory terminal state".
import type { RoleInstance } from './role-instance.ts';

export interface WalkedInstance {
  readonly instance: RoleInstance;
  /** When its domain's walk began, in milliseconds since the epoch, by the clock that Azure's times are told by. */
  readonly walkedAt: number;
  /** From when on its time to start counts, where that is not the beginning of the walk: an earlier run walked it. */
  readonly startsAt?: number;
  /** Why it is not yet what it was walked to, in a few words; null or absent where it is. */
  readonly notYet?: string | null;
}

export interface InstanceState {
  /** `waiting`: not yet terminal, or nobody has said; time can mend it. `failed`: terminal, and not satisfactory. */
  readonly kind: 'good' | 'waiting' | 'unhealthy' | 'failed';
  /** In a few words, for people. */
  readonly why: string;
}

/** Provisioned, running, and told to be healthy since the walk began. What tells nothing is never healthy. */
export function instanceState({ instance, walkedAt, notYet }: WalkedInstance): InstanceState {
  const { provisioningState, powerState, health, healthAt } = instance;
  const waiting = (why: string): InstanceState => ({ kind: 'waiting', why });
  if (provisioningState === 'Failed') return { kind: 'failed', why: 'Azure could not provision it' };
  if (provisioningState !== 'Succeeded') return waiting(`it is ${provisioningState.toLowerCase()}`);
  if (notYet) return waiting(notYet);
  // Stopped too: a cloud service calls a walk done before its instances have started.
  if (powerState !== 'running') return waiting(`its machine is ${powerState}`);
  if (health === 'none') return waiting('it tells no health');
  if (healthAt === null) return waiting('it is not said when its health was told');
  if (healthAt.getTime() < walkedAt) return waiting('its health was told before the walk');
  switch (health) {
    case 'healthy':
      return { kind: 'good', why: 'healthy' };
    case 'unhealthy':
      return { kind: 'unhealthy', why: 'it tells that it is unhealthy' };
    case 'initializing':
      return waiting('it is initializing');
    case 'unknown':
      return waiting('its health is unknown');
  }
}

/** Updated, provisioned and running: what the article's start time-out waits for. Health comes after it. */
export function hasStarted({ instance, notYet }: WalkedInstance): boolean {
  return !notYet && instance.provisioningState === 'Succeeded' && instance.powerState === 'running';
}
