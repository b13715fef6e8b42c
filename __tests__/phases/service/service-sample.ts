// A service as its report shows it, for the tests of what is said about it: 14 instances of one role over 5 domains.
import type { DomainView, InstanceView, ServiceReport } from '../../../src/engine/service-report.ts';
import type { ServiceVerdictFacts } from '../../../src/phases/service/service-verdict.ts';

export const SIZES = [3, 3, 3, 3, 2];

type Runs = InstanceView['runs'];
const NAMES: Readonly<Record<Runs, string | null>> = {
  target: '2.0.0',
  previous: '1.0.0',
  other: '0.9.0',
  unknown: null,
};

export function instanceView(id: number, runs: Runs, changes: Partial<InstanceView> = {}): InstanceView {
  return {
    role: 'web',
    id: String(id),
    before: '1.0.0',
    now: NAMES[runs],
    runs,
    health: 'healthy',
    since: null,
    ...changes,
  };
}

/** @param runs what the instances of each domain run; a list where they differ */
export function serviceView(
  runs: readonly (Runs | readonly Runs[])[],
  changes: Partial<ServiceReport> = {},
): ServiceReport {
  const domains = runs.map((own, domain): DomainView => {
    const size = SIZES[domain] ?? 1;
    const each = typeof own === 'string' ? Array.from({ length: size }, () => own) : own;
    const instances = each.map((one, at) => instanceView(domain + at * runs.length, one));
    const state = own === 'target' ? 'updated' : own === 'previous' ? 'untouched' : 'in-flight';
    return { domain, state, instances };
  });
  return {
    kind: 'scale-sets',
    roles: [
      {
        role: 'web',
        resource: 'contoso-web',
        instances: 14,
        placement: 'platform',
        minimumHealthy: '100 %',
        chosen: true,
      },
    ],
    domains,
    progress: 'in progress',
    locked: { locked: false, reasons: [] },
    rollbackAllowed: { allowed: true, refusals: [] },
    changes: [],
    notKnowable: [],
    held: [],
    walk: [],
    capacity: {
      lowest: { inService: 11, instances: 14, at: '2026-11-28T12:01:00.000Z' },
      series: [],
      roles: [
        {
          role: 'web',
          by: 'health',
          lowest: { inService: 11, instances: 14, at: '2026-11-28T12:01:00.000Z' },
        },
      ],
    },
    ...changes,
  };
}

export const PREVIOUS = serviceView(SIZES.map(() => 'previous'));
export const TARGET = serviceView(SIZES.map(() => 'target'));
export const HALF = serviceView(['target', 'target', 'previous', 'previous', 'previous']);

export function facts(changes: Partial<ServiceVerdictFacts> = {}): ServiceVerdictFacts {
  return {
    result: 'succeeded',
    phases: ['upgrade'],
    lastPhase: changes.phases?.at(-1) ?? 'upgrade',
    state: 'updated',
    service: TARGET,
    error: null,
    also: [],
    changed: true,
    notes: [],
    mode: 'automatic',
    isOneDomainARun: false,
    isWrittenDown: false,
    usersOn: null,
    absent: [],
    lookAt: [],
    otherRun: null,
    failing: [],
    ...changes,
  };
}
