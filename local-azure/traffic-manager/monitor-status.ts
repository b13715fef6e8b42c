// How Traffic Manager judges endpoints and profiles (documentation "Traffic Manager endpoint monitoring").
import type {
  EndpointMonitorStatus,
  ProfileMonitorStatus,
  TrafficEndpoint,
  TrafficProfile,
} from './traffic-fabric.ts';

/** What probing has found so far. */
export interface ProbeHistory {
  readonly answered: boolean;
  readonly failuresInARow: number;
}

export const NOT_PROBED: ProbeHistory = { answered: false, failuresInARow: 0 };

export function isProbed(profile: TrafficProfile, endpoint: TrafficEndpoint): boolean {
  return (
    profile.status === 'Enabled' &&
    endpoint.status === 'Enabled' &&
    !endpoint.alwaysServe &&
    !endpoint.targetStopped &&
    endpoint.target !== null
  );
}

export function endpointStatus(
  profile: TrafficProfile,
  endpoint: TrafficEndpoint,
  history: ProbeHistory,
): EndpointMonitorStatus {
  if (endpoint.status === 'Disabled') return 'Disabled';
  if (profile.status === 'Disabled') return 'Inactive';
  if (endpoint.targetStopped || endpoint.target === null) return 'Stopped';
  if (endpoint.alwaysServe) return 'Unmonitored';
  // Degraded on the probe after the tolerated ones: N + 1.
  if (history.failuresInARow > profile.monitor.toleratedNumberOfFailures) return 'Degraded';
  return history.answered ? 'Online' : 'CheckingEndpoint';
}

export function profileStatus(
  profile: TrafficProfile,
  statuses: readonly EndpointMonitorStatus[],
): ProfileMonitorStatus {
  if (profile.status === 'Disabled') return 'Disabled';
  if (statuses.includes('Degraded')) return 'Degraded';
  if (statuses.includes('Online') || statuses.includes('Unmonitored')) return 'Online';
  if (statuses.includes('CheckingEndpoint')) return 'CheckingEndpoints';
  return 'Inactive';
}

/**
 * The endpoint that DNS answers with under Priority routing; null is NXDOMAIN. A CheckingEndpoint gets
 * traffic; where all that could serve are Degraded, they are answered with as if they were Online.
 */
export function chooseEndpoint(
  endpoints: readonly TrafficEndpoint[],
  statusOf: (endpoint: TrafficEndpoint) => EndpointMonitorStatus,
): TrafficEndpoint | null {
  const byPriority = [...endpoints].sort((a, b) => a.priority - b.priority);
  const serving = byPriority.find((e) => ['Online', 'CheckingEndpoint', 'Unmonitored'].includes(statusOf(e)));
  return serving ?? byPriority.find((e) => statusOf(e) === 'Degraded') ?? null;
}
