// Reports of every shape, with the strings that break tables, HTML, Mermaid and terminals.
import fc from 'fast-check';
import {
  type EndpointView,
  PHASES,
  type Plan,
  RESULTS,
  type RunReport,
  type StepRecord,
  type TimelineSpan,
  UPGRADE_STATES,
} from '../../src/engine/report.ts';
import type { ServiceReport } from '../../src/engine/service-report.ts';
import { REASON_CODES } from '../../src/reasons.ts';

const HOSTILE = [
  '|',
  '\\|',
  '`|`',
  '``` \n```',
  'a\nb\r\nc\u2028d',
  '<script>alert(1)</script>',
  '</details><script src=x>',
  '<!-- ',
  '"]; end; x["',
  '%%{init: {}}%%',
  'style a:#35;',
  '#quot;',
  '**bold** _it_ ~~no~~ [a](b) ![c](d)',
  '- item',
  '1. item',
  '---',
  '$x$ @octocat #1 :tada:',
  '🎉👩‍👩‍👧🇩🇪',
  '\ud800',
  '\u202egnp.exe',
  '\u001b[31mred',
  '::error::x',
  '##[error]x',
  '',
  ' ',
  '|'.repeat(5000),
  'ü'.repeat(3000),
];

export const anyString = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.tuple(fc.constantFrom(...HOSTILE), fc.constantFrom(...HOSTILE)).map((pair) => pair.join('')),
);

const strings = fc.array(anyString, { maxLength: 6 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const number = fc.oneof(fc.double(), fc.integer({ min: 0, max: 100_000 }));

const endpoint: fc.Arbitrary<EndpointView> = fc.record({
  endpoint: anyString,
  slot: anyString,
  role: fc.constantFrom('production' as const, 'stage' as const),
  standby: fc.boolean(),
  region: maybe(anyString),
  site: anyString,
  status: fc.constantFrom('Enabled' as const, 'Disabled' as const, 'absent' as const),
  monitorStatus: maybe(anyString),
  priority: maybe(fc.integer()),
  databases: fc.array(
    fc.record({
      name: anyString,
      server: anyString,
      access: fc.constantFrom(
        'read-write' as const,
        'read-only' as const,
        'absent' as const,
        'unreachable' as const,
      ),
      replication: maybe(anyString),
    }),
    { maxLength: 4 },
  ),
  version: maybe(anyString),
});

const step: fc.Arbitrary<StepRecord> = fc.record({
  id: anyString,
  title: anyString,
  article: maybe(anyString),
  phase: fc.constantFrom(...PHASES),
  state: fc.constantFrom(
    'done' as const,
    'failed' as const,
    'refused' as const,
    'undo-failed' as const,
    'not-reached' as const,
  ),
  startedAt: maybe(anyString),
  seconds: maybe(number),
  evidence: strings,
});

const plan: fc.Arbitrary<Plan> = fc.record({
  steps: fc.array(
    fc.record({
      id: anyString,
      title: anyString,
      article: maybe(anyString),
      phase: fc.constantFrom(...PHASES),
      state: fc.constantFrom('done' as const, 'to-do' as const, 'blocked' as const, 'later' as const),
      changes: anyString,
      undo: maybe(anyString),
      pointOfNoReturn: fc.boolean(),
      evidence: strings,
    }),
    { maxLength: 5 },
  ),
  guards: fc.array(
    fc.record({
      id: anyString,
      title: anyString,
      verdict: fc.constantFrom('pass' as const, 'fail' as const, 'not-knowable' as const),
      reason: maybe(fc.constantFrom(...REASON_CODES)),
      evidence: anyString,
      advice: anyString,
    }),
    { maxLength: 5 },
  ),
  factors: fc.array(
    fc.record({
      factor: fc.constantFrom('availability' as const, 'cost' as const),
      answer: anyString,
      details: strings,
    }),
    { maxLength: 4 },
  ),
  twice: fc.array(fc.record({ resource: anyString, sku: anyString, since: anyString }), { maxLength: 4 }),
});

const whole = fc.integer({ min: 0, max: 30 });
const time = fc.oneof(
  anyString,
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.integer({ min: 0, max: 86_399 }).map((second) => new Date(1.78e12 + second * 1000).toISOString()),
);
const inService = fc.record({ at: time, inService: whole, instances: whole });
const role = fc.oneof(fc.constantFrom('web', 'worker'), anyString);

export const anyService: fc.Arbitrary<ServiceReport> = fc.record({
  kind: fc.constantFrom('scale-sets' as const, 'cloud-service' as const),
  roles: fc.array(
    fc.record({
      role,
      resource: anyString,
      instances: whole,
      placement: fc.constantFrom('platform' as const, 'virtual' as const),
      minimumHealthy: anyString,
      chosen: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
  domains: fc
    .array(
      fc.record({
        state: fc.constantFrom('untouched' as const, 'in-flight' as const, 'updated' as const),
        instances: fc.array(
          fc.record({
            role,
            id: anyString,
            before: maybe(anyString),
            now: maybe(anyString),
            runs: fc.constantFrom(
              'target' as const,
              'previous' as const,
              'other' as const,
              'unknown' as const,
            ),
            health: fc.oneof(fc.constantFrom('healthy', 'unhealthy', 'none', 'stopped'), anyString),
            since: maybe(time),
          }),
          { maxLength: 30 },
        ),
      }),
      { maxLength: 12 },
    )
    .map((all) => all.map((domain, index) => ({ domain: index, ...domain }))),
  progress: anyString,
  locked: fc.record({ locked: fc.boolean(), reasons: strings }),
  rollbackAllowed: fc.record({ allowed: fc.boolean(), refusals: strings }),
  changes: fc.array(
    fc.record({
      role: maybe(role),
      what: anyString,
      class: fc.oneof(fc.constantFrom('in-place', 'refused'), anyString),
      rule: anyString,
      data: anyString,
      wayBack: anyString,
    }),
    { maxLength: 4 },
  ),
  notKnowable: strings,
  held: strings,
  walk: fc.array(
    fc.record({
      domain: fc.integer({ min: 0, max: 12 }),
      direction: fc.constantFrom('forward' as const, 'back' as const),
      from: time,
      to: time,
      platformSeconds: number,
      instances: whole,
      outcome: fc.constantFrom(
        'good' as const,
        'failed' as const,
        'stuck' as const,
        'start-timeout' as const,
        'cut-off' as const,
      ),
    }),
    { maxLength: 12 },
  ),
  capacity: maybe(
    fc.record({
      lowest: inService,
      series: fc.array(inService, { maxLength: 40 }),
      roles: fc.array(
        fc.record({ role, by: fc.constantFrom('health' as const, 'power' as const), lowest: inService }),
        { maxLength: 3 },
      ),
    }),
  ),
});

export const anyPlan = plan;
export const anyEndpoints = fc.array(endpoint, { maxLength: 4 });

const anyTime = fc.oneof(
  anyString,
  fc.integer({ min: 0, max: 10_000_000 }).map((ms) => new Date(1_770_000_000_000 + ms).toISOString()),
);

const anySpan: fc.Arbitrary<TimelineSpan> = fc.record({
  what: anyString,
  kind: fc.constantFrom(
    'step' as const,
    'wait' as const,
    'undo' as const,
    'part' as const,
    'between' as const,
  ),
  phase: maybe(fc.constantFrom(...PHASES)),
  from: anyTime,
  to: anyTime,
  readOnlySeconds: number,
  waitedFor: maybe(anyString),
});

export const anyReport: fc.Arbitrary<RunReport> = fc.record({
  schemaVersion: fc.constant(1 as const),
  product: fc.record({ name: anyString, version: anyString }),
  application: maybe(anyString),
  topology: anyString,
  phases: fc.array(fc.constantFrom(...PHASES), { maxLength: 3 }),
  upgradeId: maybe(anyString),
  runUrl: maybe(anyString),
  startedAt: anyString,
  endedAt: anyString,
  result: fc.constantFrom(...RESULTS),
  reasonCode: maybe(fc.constantFrom(...REASON_CODES)),
  verdict: fc.record({ headline: anyString, next: strings }),
  state: fc.constantFrom(...UPGRADE_STATES),
  productionSlot: maybe(anyString),
  publicName: maybe(anyString),
  before: anyEndpoints,
  after: anyEndpoints,
  steps: fc.array(step, { maxLength: 6 }),
  rollback: fc.array(step, { maxLength: 3 }),
  readOnly: maybe(
    fc.record({
      from: anyTime,
      to: maybe(anyTime),
      seconds: number,
      spentOn: fc.array(fc.record({ what: anyString, seconds: number }), { maxLength: 5 }),
    }),
  ),
  timeline: fc.array(anySpan, { maxLength: 8 }),
  plan: maybe(plan),
  service: maybe(anyService),
  error: maybe(
    fc.record({
      reason: fc.constantFrom(...REASON_CODES),
      message: anyString,
      advice: strings,
      causes: strings,
    }),
  ),
});

/** A report in which every text has `length` characters of the worst kind and every list `size` elements. */
export function hugeReport(length: number, size: number, character = '|'): RunReport {
  const word = character.repeat(length);
  const many = <T>(make: (index: number) => T) => Array.from({ length: size }, (_, index) => make(index));
  const endpoints = (side: string): EndpointView[] =>
    many((index) => ({
      endpoint: side + index + word,
      slot: word,
      role: 'production',
      standby: false,
      region: word,
      site: word,
      status: 'Enabled',
      monitorStatus: word,
      priority: index,
      databases: many((number) => ({
        name: side + number + word,
        server: word,
        access: 'read-only',
        replication: word,
      })),
      version: word,
    }));
  const steps: StepRecord[] = many((index) => ({
    id: word,
    title: word,
    article: word,
    phase: PHASES[index % 2] ?? 'plan',
    state: 'undo-failed',
    startedAt: word,
    seconds: 1,
    evidence: many(() => word),
  }));
  return {
    schemaVersion: 1,
    product: { name: word, version: word },
    application: word,
    topology: word,
    phases: ['upgrade'],
    upgradeId: word,
    runUrl: word,
    startedAt: word,
    endedAt: word,
    result: 'rollback-failed',
    reasonCode: 'unfreeze-failed',
    verdict: { headline: `HEADLINE ${word}`, next: many(() => `${word}\n${word}`) },
    state: 'frozen',
    productionSlot: word,
    publicName: word,
    before: endpoints('before'),
    after: endpoints('after'),
    steps,
    rollback: steps,
    readOnly: { from: word, to: word, seconds: 1, spentOn: many(() => ({ what: word, seconds: 1 })) },
    timeline: many((index) => ({
      what: word,
      kind: 'part',
      phase: 'upgrade',
      from: new Date(index).toISOString(),
      to: new Date(index + size).toISOString(),
      readOnlySeconds: 1,
      waitedFor: word,
    })),
    service: null,
    plan: {
      steps: steps.map((step) => ({
        ...step,
        state: 'blocked',
        changes: word,
        undo: word,
        pointOfNoReturn: true,
      })),
      guards: many(() => ({
        id: word,
        title: word,
        verdict: 'fail',
        reason: 'azure-error',
        evidence: word,
        advice: word,
      })),
      factors: many(() => ({ factor: 'cost', answer: word, details: many(() => word) })),
      twice: many(() => ({ resource: word, sku: word, since: word })),
    },
    error: { reason: 'unfreeze-failed', message: word, advice: many(() => word), causes: many(() => word) },
  };
}

/** The same of a service. */
export function hugeService(length: number, size: number, character = '|'): RunReport {
  const word = character.repeat(length);
  const many = <T>(make: (index: number) => T) => Array.from({ length: size }, (_, index) => make(index));
  const lowest = { inService: 1, instances: 2, at: word };
  const service: ServiceReport = {
    kind: 'cloud-service',
    roles: many((index) => ({
      role: index + word,
      resource: word,
      instances: size,
      placement: 'virtual',
      minimumHealthy: word,
      chosen: true,
    })),
    domains: many((domain) => ({
      domain,
      state: 'in-flight',
      instances: many((index) => ({
        role: index + word,
        id: word,
        before: word,
        now: word,
        runs: 'other',
        health: word,
        since: word,
      })),
    })),
    progress: word,
    locked: { locked: true, reasons: many(() => word) },
    rollbackAllowed: { allowed: false, refusals: many(() => word) },
    changes: many(() => ({ role: word, what: word, class: word, rule: word, data: word, wayBack: word })),
    notKnowable: many(() => word),
    held: many(() => word),
    walk: many((domain) => ({
      domain,
      direction: 'back',
      from: word,
      to: word,
      platformSeconds: 1,
      instances: 1,
      outcome: 'start-timeout',
    })),
    capacity: {
      lowest,
      series: many((index) => ({ at: word, inService: index, instances: size })),
      roles: many(() => ({ role: word, by: 'power', lowest })),
    },
  };
  return { ...hugeReport(length, size, character), before: [], after: [], readOnly: null, service };
}
