// Traffic Manager at work: it probes the endpoints of every profile and decides which one DNS answers with.
import type { Clock } from '../clock.ts';
import type { Latency } from '../latency.ts';
import {
  chooseEndpoint,
  endpointStatus,
  isProbed,
  NOT_PROBED,
  type ProbeHistory,
  profileStatus,
} from './monitor-status.ts';
import type { Probe } from './probe.ts';
import type {
  EndpointMonitorStatus,
  TrafficEndpoint,
  TrafficFabric,
  TrafficProfile,
  TrafficStatus,
} from './traffic-fabric.ts';

export interface TrafficManagerOptions {
  readonly clock: Clock;
  readonly latency: Latency;
  readonly probe: Probe;
}

export type TrafficAnswer =
  | { readonly kind: 'endpoint'; readonly target: string; readonly ttlSeconds: number }
  /** The profile is disabled, or all of its endpoints are: NXDOMAIN. */
  | { readonly kind: 'no-endpoint' }
  | { readonly kind: 'unknown-name' };

export interface TrafficManagerService extends TrafficFabric {
  /** What DNS answers for a profile's name now. */
  resolve(fqdn: string): TrafficAnswer;
  profiles(): readonly TrafficProfile[];
  /** DNS knows every profile as it is now: for what was there long before. */
  settle(): void;
  close(): void;
}

interface Watched {
  /** As last written; probed. */
  profile: TrafficProfile;
  /** As DNS knows it, oldest first: a write shows after a while. */
  published: { readonly from: number; readonly profile: TrafficProfile | null }[];
  readonly histories: Map<string, ProbeHistory>;
  stop: AbortController;
}

/** Without latencies probes still need a pause between them. */
const SHORTEST_INTERVAL_MS = 100;
const FAST_PROBING_SECONDS = 10;

export function createTrafficManager(options: TrafficManagerOptions): TrafficManagerService {
  const watched = new Map<string, Watched>();
  const removed: Watched[] = [];

  function statusIn({ profile, histories }: Watched, endpoint: TrafficEndpoint): EndpointMonitorStatus {
    return endpointStatus(profile, endpoint, histories.get(endpoint.name.toLowerCase()) ?? NOT_PROBED);
  }

  function publish(entry: Watched, profile: TrafficProfile | null): void {
    const now = options.clock.now().getTime();
    const shown = entry.published.findLastIndex((version) => version.from <= now);
    entry.published = entry.published.slice(Math.max(shown, 0));
    entry.published.push({ from: now + options.latency.of('dns-change'), profile });
  }

  function answer(entry: Watched): TrafficAnswer {
    const now = options.clock.now().getTime();
    const profile = entry.published.findLast((version) => version.from <= now)?.profile;
    if (!profile) return { kind: 'unknown-name' };
    const shown = { ...entry, profile };
    const endpoint = chooseEndpoint(profile.endpoints, (e) => statusIn(shown, e));
    if (!endpoint?.target) return { kind: 'no-endpoint' };
    return { kind: 'endpoint', target: endpoint.target, ttlSeconds: profile.ttlSeconds };
  }

  function watch(entry: Watched): void {
    entry.stop.abort();
    entry.stop = new AbortController();
    for (const endpoint of entry.profile.endpoints) {
      if (isProbed(entry.profile, endpoint)) void probeUntilStopped(entry, endpoint, options);
    }
  }

  return {
    profileChanged: (profile) => {
      const key = profile.id.toLowerCase();
      const entry = watched.get(key) ?? newEntry(profile);
      forgetChanged(entry, profile);
      entry.profile = profile;
      watched.set(key, entry);
      publish(entry, profile);
      watch(entry);
    },
    profileRemoved: (id) => {
      const entry = watched.get(id.toLowerCase());
      if (!entry) return;
      entry.stop.abort();
      publish(entry, null);
      watched.delete(id.toLowerCase());
      removed.push(entry);
    },
    status: (id) => {
      const entry = watched.get(id.toLowerCase());
      return entry ? statusOf(entry, (endpoint) => statusIn(entry, endpoint)) : null;
    },
    resolve: (fqdn) => {
      const named = [...watched.values(), ...removed.toReversed()].filter(
        (entry) => entry.profile.fqdn.toLowerCase() === fqdn.toLowerCase(),
      );
      const answers = named.map(answer);
      return answers.find((a) => a.kind !== 'unknown-name') ?? { kind: 'unknown-name' };
    },
    profiles: () => [...watched.values()].map((entry) => entry.profile),
    settle: () => {
      const from = options.clock.now().getTime();
      for (const entry of watched.values()) entry.published = [{ from, profile: entry.profile }];
    },
    close: () => {
      for (const entry of watched.values()) entry.stop.abort();
      watched.clear();
    },
  };
}

function newEntry(profile: TrafficProfile): Watched {
  return { profile, published: [], histories: new Map(), stop: new AbortController() };
}

/** An endpoint that was off, points elsewhere or is probed otherwise is checked anew. */
function forgetChanged(entry: Watched, next: TrafficProfile): void {
  const before = entry.profile;
  const sameMonitor = JSON.stringify(before.monitor) === JSON.stringify(next.monitor);
  for (const name of [...entry.histories.keys()]) {
    const [old, now] = [before, next].map((p) => p.endpoints.find((e) => e.name.toLowerCase() === name));
    const same = old && now && old.target === now.target && isProbed(before, old) && isProbed(next, now);
    if (!same || !sameMonitor) entry.histories.delete(name);
  }
}

function statusOf(
  { profile }: Watched,
  statusIn: (endpoint: TrafficEndpoint) => EndpointMonitorStatus,
): TrafficStatus {
  const endpoints = Object.fromEntries(profile.endpoints.map((e) => [e.name.toLowerCase(), statusIn(e)]));
  return { profile: profileStatus(profile, Object.values(endpoints)), endpoints };
}

async function probeUntilStopped(
  entry: Watched,
  endpoint: TrafficEndpoint,
  { clock, latency, probe }: TrafficManagerOptions,
): Promise<void> {
  const { signal } = entry.stop;
  const { monitor } = entry.profile;
  const pace = monitor.intervalInSeconds / FAST_PROBING_SECONDS;
  const interval = Math.max(latency.of('health-probe-interval') * pace, SHORTEST_INTERVAL_MS);
  const name = endpoint.name.toLowerCase();
  while (!signal.aborted) {
    const healthy = await probe(endpoint.target ?? '', monitor, monitor.timeoutInSeconds * 1000, signal);
    if (signal.aborted) return;
    const { failuresInARow } = entry.histories.get(name) ?? NOT_PROBED;
    // A first success ends CheckingEndpoint; failures before it count towards Degraded.
    const history = healthy
      ? { answered: true, failuresInARow: 0 }
      : { answered: entry.histories.get(name)?.answered ?? false, failuresInARow: failuresInARow + 1 };
    entry.histories.set(name, history);
    await clock.sleep(interval, signal).catch(() => undefined);
  }
}
