// How long a walk takes: what Azure typically needs, and the time that the configuration gives it at most.
import type { ServiceObservation } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';

/** Typical: update-instances was recorded with 60 to 62 s; that an instance is healthy after it, about as much again. */
const PLATFORM_MS = 60_000;
const START_MS = 60_000;

export interface WalkEstimate {
  /** That this run walks. */
  readonly domains: number;
  readonly typicalMs: number;
  /** Where every domain needs all the time that it is given. */
  readonly longestMs: number;
}

/** @param walks the domains that this run walks, or all that are left */
export function walkEstimate(
  { config, domain }: Pick<ServiceContext, 'config' | 'domain'>,
  { progress }: Pick<ServiceObservation, 'progress'>,
  walks: 'this run' | 'all' = 'this run',
): WalkEstimate {
  const left = progress.domains.filter(({ state }) => state !== 'updated').length;
  const one = walks === 'this run' && (domain !== null || config.walk.mode === 'manual');
  const domains = one ? Math.min(1, left) : left;
  const { consecutive, intervalMs, timeoutMs } = config.health;
  return {
    domains,
    typicalMs: domains * (PLATFORM_MS + START_MS + consecutive * intervalMs),
    longestMs: domains * (config.walk.startTimeoutMs + timeoutMs),
  };
}
