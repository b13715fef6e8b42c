// Reports of services as the product would write them: 14 instances over 5 domains, two roles over 2, a cloud service.
import type { RunReport } from '../../src/engine/report.ts';
import type {
  CapacityView,
  DomainView,
  InstanceView,
  ServiceChangeView,
  ServiceReport,
  WalkedDomain,
} from '../../src/engine/service-report.ts';
import { PLAN, PLANNED_ONLY, step } from './sample-reports.ts';

const START = Date.parse('2026-03-01T10:00:00Z');

/** Seconds after the start of the walk, as ISO 8601. */
export function at(seconds: number): string {
  return new Date(START + seconds * 1000).toISOString();
}

export function instance(id: string, change: Partial<InstanceView> = {}): InstanceView {
  return {
    role: 'web',
    id,
    before: '1.0.0',
    now: '1.0.0',
    runs: 'previous',
    health: 'healthy',
    since: null,
    ...change,
  };
}

export const UPDATED = { now: '2.0.0', runs: 'target' } as const satisfies Partial<InstanceView>;

/** Domains of these sizes, their instances numbered as they are spread: 0, 5, 10 in domain 0. */
export function domains(
  sizes: readonly number[],
  of: (domain: number) => { state: DomainView['state']; change?: Partial<InstanceView> },
): DomainView[] {
  return sizes.map((size, domain) => {
    const { state, change } = of(domain);
    const instances = Array.from({ length: size }, (_, index) =>
      instance(String(domain + index * sizes.length), change),
    );
    return { domain, state, instances };
  });
}

export function walked(
  domain: number,
  from: number,
  to: number,
  change: Partial<WalkedDomain> = {},
): WalkedDomain {
  return {
    domain,
    direction: 'forward',
    from: at(from),
    to: at(to),
    platformSeconds: to - from - 1.2,
    instances: 3,
    outcome: 'good',
    ...change,
  };
}

/** A look every five seconds. */
export function capacity(
  instances: number,
  seconds: number,
  inService: (second: number) => number,
  roles: CapacityView['roles'] = [],
): CapacityView {
  const series = Array.from({ length: Math.floor(seconds / 5) + 1 }, (_, index) => ({
    at: at(index * 5),
    inService: inService(index * 5),
    instances,
  }));
  const lowest = series.reduce((one, other) => (other.inService < one.inService ? other : one));
  return { lowest, series, roles: roles.length > 0 ? roles : [{ role: 'web', by: 'health', lowest }] };
}

export function change(what: string, rest: Partial<ServiceChangeView> = {}): ServiceChangeView {
  return {
    role: 'web',
    what,
    class: 'in-place-with-reimage',
    rule: 'Deploy new code, operating system version: the image of a scale set',
    data: 'the OS disk is replaced, data disks are kept',
    wayBack: 'the value before is written again',
    ...rest,
  };
}

const SIZES = [3, 3, 3, 3, 2];

export const WEB: ServiceReport = {
  kind: 'scale-sets',
  roles: [
    {
      role: 'web',
      resource: 'contoso-web',
      instances: 14,
      placement: 'platform',
      minimumHealthy: '75 %',
      chosen: true,
    },
  ],
  domains: domains(SIZES, () => ({ state: 'untouched' })),
  progress: 'no update is in progress',
  locked: { locked: false, reasons: [] },
  rollbackAllowed: {
    allowed: false,
    refusals: ['No update is in progress: there is nothing to go back from.'],
  },
  changes: [change('image 1.0.0 → 2.0.0')],
  notKnowable: ['whether protected settings of an extension differ: Azure never returns them'],
  held: [],
  walk: [],
  capacity: null,
};

const BASE: RunReport = {
  ...PLANNED_ONLY,
  application: 'contoso service',
  topology: 'upgrade-domains',
  phases: ['prepare', 'upgrade'],
  upgradeId: '20260301-095912-7f3a',
  startedAt: at(-48),
  endedAt: at(364),
  result: 'succeeded',
  productionSlot: null,
  publicName: null,
  before: [],
  after: [],
  plan: null,
  service: WEB,
};

const PREPARED = [
  step({ id: 'guards', phase: 'prepare', title: 'Guards', seconds: 6.1, evidence: ['12 of 12 passed'] }),
  step({
    id: 'write-down',
    phase: 'prepare',
    title: 'Write the update down',
    seconds: 2.3,
    evidence: ['in 3 tags of `contoso-web`: the model before, the target, 5 domains'],
  }),
  step({
    id: 'hold',
    title: 'Hold automation',
    seconds: 3.4,
    evidence: ['autoscale setting `contoso-web-autoscale` is off'],
  }),
];

export const GOOD_WALK: RunReport = {
  ...BASE,
  state: 'updated',
  verdict: {
    headline:
      'All 14 instances of contoso-web run 2.0.0 and are healthy; never fewer than 11 of 14 were in service.',
    next: ['Watch version 2.0.0. The way back is now an update to the version before.'],
  },
  steps: [
    ...PREPARED,
    step({
      id: 'model',
      title: 'Write the model',
      seconds: 4,
      evidence: ['image 2.0.0, no instance was touched'],
    }),
    ...SIZES.map((size, domain) =>
      step({
        id: `domain-${domain}`,
        title: `Walk domain ${domain}`,
        seconds: 70,
        evidence: [`${size} of ${size} instances run 2.0.0 and are healthy, 2 looks in a row`],
      }),
    ),
  ],
  service: {
    ...WEB,
    domains: domains(SIZES, (domain) => ({
      state: 'updated',
      change: { ...UPDATED, since: at(66 + domain * 72) },
    })),
    progress: 'every instance runs the new version',
    rollbackAllowed: {
      allowed: false,
      refusals: [
        'The update is finished: every instance runs the new version. Update to the version before.',
      ],
    },
    walk: SIZES.map((size, domain) => walked(domain, domain * 72, domain * 72 + 70, { instances: size })),
    capacity: capacity(14, 364, (second) => {
      const domain = Math.floor(second / 72);
      return second % 72 < 64 && domain < 5 ? 14 - (SIZES[domain] ?? 0) : 14;
    }),
  },
};

export const TAKEN_BACK: RunReport = {
  ...BASE,
  phases: ['upgrade'],
  result: 'rolled-back',
  reasonCode: 'update-failed',
  state: 'not-prepared',
  verdict: {
    headline:
      'Version 3.0.0 broke in domain 1 and was taken back: all 14 instances of contoso-web run 1.0.0 and are healthy.',
    next: ['Look at what instances 1 and 6 wrote, correct 3.0.0, then run `phase: upgrade` again.'],
  },
  steps: [
    ...PREPARED.slice(2),
    step({ id: 'domain-0', title: 'Walk domain 0', seconds: 70, evidence: ['3 of 3 instances are healthy'] }),
    step({
      id: 'domain-1',
      title: 'Walk domain 1',
      state: 'failed',
      seconds: 130,
      evidence: ['web: 1 of 3 healthy, 75 % are needed; unhealthy: 1 and 6'],
    }),
    step({ id: 'domain-2', title: 'Walk domain 2', state: 'not-reached', startedAt: null, seconds: null }),
  ],
  rollback: [
    step({
      id: 'model-back',
      title: 'Put the model back',
      state: 'undone',
      seconds: 4,
      evidence: ['image 1.0.0'],
    }),
    step({ id: 'domain-1-back', title: 'Walk domain 1 back', state: 'undone', seconds: 66 }),
    step({ id: 'domain-0-back', title: 'Walk domain 0 back', state: 'undone', seconds: 66 }),
  ],
  service: {
    ...WEB,
    changes: [change('image 1.0.0 → 3.0.0')],
    domains: domains(SIZES, (domain) => ({
      state: 'untouched',
      change: { since: domain < 2 ? at(206 + 68 * (2 - domain)) : at(-86_400) },
    })),
    walk: [
      walked(0, 0, 70),
      walked(1, 72, 202, { outcome: 'failed', platformSeconds: 66 }),
      walked(1, 206, 272, { direction: 'back' }),
      walked(0, 273, 339, { direction: 'back' }),
    ],
    capacity: capacity(14, 345, (second) => {
      if (second < 64) return 11;
      if (second < 72) return 14;
      if (second < 138) return 11;
      if (second < 206) return 12;
      return second < 272 || (second > 273 && second < 335) ? 11 : 14;
    }),
  },
  error: {
    reason: 'update-failed',
    message: 'Domain 1 did not become healthy: 1 of 3 instances of web are, 75 % are needed.',
    advice: ['Look at what instances 1 and 6 wrote, correct 3.0.0, then run `phase: upgrade` again.'],
    causes: ['HealthState/unhealthy: 500 from http://localhost:8080/health on instance 1'],
  },
};

export const MANUAL: RunReport = {
  ...BASE,
  phases: ['upgrade'],
  state: 'in-progress',
  verdict: {
    headline: 'Domain 1 of contoso-web is updated; domains 2, 3 and 4 still run 1.0.0. Both versions serve.',
    next: ['Walk the next domain:\ngh workflow run upgrade.yml -f phase=upgrade -f domain=next'],
  },
  steps: [
    step({ id: 'domain-1', title: 'Walk domain 1', seconds: 70, evidence: ['3 of 3 instances are healthy'] }),
  ],
  service: {
    ...WEB,
    domains: domains(SIZES, (domain) => {
      if (domain === 0)
        return { state: 'updated', change: { ...UPDATED, before: '2.0.0', since: at(-7200) } };
      if (domain === 1) return { state: 'updated', change: { ...UPDATED, since: at(66) } };
      return { state: 'untouched', change: { since: at(-86_400) } };
    }),
    progress: 'in progress: domains 0 and 1 updated, domains 2, 3 and 4 untouched',
    rollbackAllowed: { allowed: true, refusals: [] },
    held: ['autoscale setting contoso-web-autoscale', 'automatic repairs of web'],
    walk: [walked(1, 0, 70)],
    capacity: capacity(14, 70, (second) => (second < 64 ? 11 : 14)),
  },
};

export const HELD: RunReport = {
  ...MANUAL,
  result: 'held',
  reasonCode: 'update-stuck',
  verdict: {
    headline:
      'The update is stuck in domain 1: instances 1 and 6 do not start. Both versions serve; nothing was taken back.',
    next: ['Take it back:\ngh workflow run upgrade.yml -f phase=rollback'],
  },
  steps: [
    step({ id: 'domain-0', title: 'Walk domain 0', seconds: 70, evidence: ['3 of 3 instances are healthy'] }),
    step({
      id: 'domain-1',
      title: 'Walk domain 1',
      state: 'failed',
      seconds: 1800,
      evidence: ['web: 1 of 3 healthy, 75 % are needed; unhealthy: 1, starting: 6'],
    }),
  ],
  service: {
    ...WEB,
    domains: domains(SIZES, (domain) => {
      if (domain === 0) return { state: 'updated', change: UPDATED };
      return { state: 'untouched' };
    }).map((domain) =>
      domain.domain === 1
        ? {
            ...domain,
            state: 'in-flight',
            instances: [
              instance('1', { ...UPDATED, health: 'unhealthy', since: at(90) }),
              instance('6', { ...UPDATED, health: 'starting' }),
              instance('11', { ...UPDATED, since: at(60) }),
            ],
          }
        : domain,
    ),
    progress: 'in progress: domain 0 updated, domain 1 in flight, domains 2, 3 and 4 untouched',
    locked: { locked: true, reasons: ['instances are being changed: web/6'] },
    rollbackAllowed: { allowed: true, refusals: [] },
    held: ['autoscale setting contoso-web-autoscale'],
    walk: [walked(0, 0, 70), walked(1, 72, 1872, { outcome: 'stuck', platformSeconds: 66 })],
    capacity: capacity(14, 1870, (second) => (second < 64 ? 11 : second < 72 ? 14 : second < 138 ? 11 : 12)),
  },
  error: {
    reason: 'update-stuck',
    message: 'Domain 1 is stuck: instances 1 and 6 have not become healthy in 30 minutes.',
    advice: [],
    causes: [],
  },
};

function cloudInstances(
  role: string,
  count: number,
  domain: number,
  runs: InstanceView['runs'],
): InstanceView[] {
  return Array.from({ length: count }, (_, index) =>
    instance(`${role}_IN_${index * 2 + domain}`, { role, before: null, now: null, runs, health: 'none' }),
  );
}

export const CLOUD: RunReport = {
  ...BASE,
  phases: ['upgrade'],
  state: 'in-progress',
  verdict: {
    headline: 'Domain 0 of contoso-cloud is updated; domain 1 runs the version before. Both versions serve.',
    next: ['Walk the last domain:\ngh workflow run upgrade.yml -f phase=upgrade -f domain=next'],
  },
  steps: [step({ id: 'domain-0', title: 'Walk domain 0', seconds: 190 })],
  service: {
    ...WEB,
    kind: 'cloud-service',
    roles: [
      {
        role: 'WebRole',
        resource: 'contoso-cloud',
        instances: 8,
        placement: 'platform',
        minimumHealthy: '75 %',
        chosen: true,
      },
      {
        role: 'WorkerRole',
        resource: 'contoso-cloud',
        instances: 9,
        placement: 'platform',
        minimumHealthy: '3',
        chosen: true,
      },
    ],
    domains: [
      {
        domain: 0,
        state: 'updated',
        instances: [
          ...cloudInstances('WebRole', 4, 0, 'target'),
          ...cloudInstances('WorkerRole', 5, 0, 'target'),
        ],
      },
      {
        domain: 1,
        state: 'untouched',
        instances: [
          ...cloudInstances('WebRole', 4, 1, 'previous'),
          ...cloudInstances('WorkerRole', 4, 1, 'previous'),
        ],
      },
    ],
    progress: 'in progress: domain 0 updated, domain 1 untouched',
    rollbackAllowed: { allowed: true, refusals: [] },
    changes: [
      change('package of the service', {
        role: null,
        class: 'in-place',
        rule: 'Deploy new code',
        data: 'kept on C: and D:, lost on the role drive',
      }),
      change('setting `Orders.Url` of the configuration', {
        role: 'WebRole',
        class: 'in-place',
        rule: 'Values of configuration settings',
        data: 'kept',
        wayBack: 'the configuration before is written again',
      }),
      change('endpoint `Admin` is new', {
        role: 'WorkerRole',
        class: 'swap',
        rule: 'Number or type of endpoints: in place, or deployed anew, not by a swap',
        data: 'kept',
        wayBack: 'possible',
      }),
    ],
    notKnowable: [],
    walk: [walked(0, 0, 190, { instances: 9, platformSeconds: 188 })],
    capacity: capacity(17, 190, (second) => (second < 180 ? 8 : 17), [
      { role: 'WebRole', by: 'power', lowest: { inService: 4, instances: 8, at: at(0) } },
      { role: 'WorkerRole', by: 'power', lowest: { inService: 4, instances: 9, at: at(0) } },
    ]),
  },
};

export const SERVICE_PLAN: RunReport = {
  ...BASE,
  phases: ['plan'],
  state: 'not-prepared',
  verdict: {
    headline:
      'Nothing was changed. `upgrade` would take contoso-web from 1.0.0 to 2.0.0, 5 domains one after the other.',
    next: ['Begin:\ngh workflow run upgrade.yml -f phase=upgrade'],
  },
  plan: {
    steps: [
      ['prepare', 'Write the update down', '3 tags of `contoso-web`', 'the tags are removed'],
      ['upgrade', 'Hold automation', 'autoscale setting `contoso-web-autoscale`', 'it is given back'],
      ['upgrade', 'Write the model', 'image 1.0.0 → 2.0.0', 'the model before is written'],
      ...SIZES.map((size, domain) => [
        'upgrade',
        `Walk domain ${domain}`,
        `${size} instances are stopped, updated and started`,
        'they are walked back',
      ]),
      ['upgrade', 'Verify the whole service', '', null],
    ].map(([phase, title, changes, undo]) => ({
      id: title ?? '',
      title: title ?? '',
      article: null,
      phase: phase === 'prepare' ? 'prepare' : 'upgrade',
      state: 'to-do',
      changes: changes ?? '',
      undo: undo ?? null,
      pointOfNoReturn: false,
      evidence: [],
    })),
    guards: PLAN.guards.slice(0, 1),
    factors: [
      {
        factor: 'availability',
        answer: 'at least 11 of 14 instances serve at any time, for about 6 min',
        details: [],
      },
      {
        factor: 'rollback',
        answer: 'until the last domain is updated, in about 1 min a domain',
        details: [],
      },
      { factor: 'catastrophe', answer: 'nothing is taken apart: no replica is given up', details: [] },
      { factor: 'cost', answer: 'none: no resource exists twice', details: [] },
    ],
    twice: [],
  },
};

/** 1000 instances over 20 domains. */
export const MANY: RunReport = {
  ...MANUAL,
  service: {
    ...WEB,
    roles: WEB.roles.map((role) => ({ ...role, instances: 1000, placement: 'virtual' })),
    domains: domains(
      Array.from({ length: 20 }, () => 50),
      (domain) => ({
        state: domain < 12 ? 'updated' : 'untouched',
        change: domain < 12 ? { ...UPDATED, since: at(domain * 72) } : { since: at(-9000) },
      }),
    ),
    rollbackAllowed: { allowed: true, refusals: [] },
    progress: 'in progress: domains 0 to 11 updated, domains 12 to 19 untouched',
    walk: Array.from({ length: 12 }, (_, domain) =>
      walked(domain, domain * 72, domain * 72 + 70, { instances: 50 }),
    ),
    capacity: capacity(1000, 870, (second) => (second % 72 < 64 ? 950 + (second % 4) : 1000)),
  },
};

export const SERVICES: Readonly<Record<string, RunReport>> = {
  'a good walk': GOOD_WALK,
  'taken back': TAKEN_BACK,
  'one domain by hand': MANUAL,
  held: HELD,
  'a cloud service': CLOUD,
  'the plan of a service': SERVICE_PLAN,
  'many instances': MANY,
};
