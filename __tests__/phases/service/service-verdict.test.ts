// What a person reads first of a service: what happened, and which version serves users at this moment.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type GuardRecord, PHASES, RESULTS, SERVICE_STATES } from '../../../src/engine/report.ts';
import { type ServiceVerdictFacts, serviceVerdict } from '../../../src/phases/service/service-verdict.ts';
import { REASON_CODES, UpgradeError } from '../../../src/reasons.ts';
import { facts, HALF, PREVIOUS, serviceView, TARGET } from './service-sample.ts';

const broken = new UpgradeError(
  'update-failed',
  'domain 1 of contoso-web did not become healthy (web_7: unhealthy).\nmore lines',
  { advice: ['Look at web_7.'] },
);
const cancelled = new UpgradeError('cancelled', 'The run was cancelled (SIGINT).');

const OTHER_RUN = {
  holder: 'run 7 of contoso',
  run: '7',
  application: 'contoso',
  until: '2026-11-21T23:10:00.000Z',
};
const NO_QUOTA: GuardRecord = {
  id: 'quota',
  title: 'Cores',
  verdict: 'fail',
  reason: 'quota-exceeded',
  evidence: 'The new size needs 112 more cores; the quota has 4. Others use 16.',
  advice: 'Ask for a larger quota.',
};

const headline = (changes: Partial<ServiceVerdictFacts>) => serviceVerdict(facts(changes)).headline;
const next = (changes: Partial<ServiceVerdictFacts>) => serviceVerdict(facts(changes)).next.join('\n');

describe('the headline', () => {
  test.each<[string, Partial<ServiceVerdictFacts>, string]>([
    [
      'an update',
      {},
      'Updated: 14 instances in 5 domains run 2.0.0; at least 11 of 14 were in service whenever this run looked.',
    ],
    [
      'a preparation',
      { phases: ['prepare'], state: 'prepared', service: PREVIOUS },
      'Prepared: no instance was touched; all 14 instances run 1.0.0.',
    ],
    [
      'one domain, by hand',
      {
        state: 'in-progress',
        service: serviceView(['target', 'target', 'previous', 'previous', 'previous'], {
          walk: [
            {
              domain: 1,
              direction: 'forward',
              from: '',
              to: '',
              platformSeconds: 60,
              instances: 3,
              outcome: 'good',
            },
          ],
        }),
      },
      'Updated domain 1: domains 0 and 1 run 2.0.0, domains 2, 3 and 4 run 1.0.0; users are served by both versions; at least 11 of 14 were in service whenever this run looked.',
    ],
    [
      'an update that broke and was taken back',
      { result: 'rolled-back', state: 'not-prepared', service: PREVIOUS, error: broken },
      'Rolled back: domain 1 of contoso-web did not become healthy (web_7: unhealthy); all 14 instances run 1.0.0 again; at least 11 of 14 were in service whenever this run looked.',
    ],
    [
      'one that stays as it is',
      { result: 'held', state: 'in-progress', service: HALF, error: broken },
      'Held: domain 1 of contoso-web did not become healthy (web_7: unhealthy); domains 0 and 1 run 2.0.0, domains 2, 3 and 4 run 1.0.0; users are served by both versions.',
    ],
    [
      'one that was cancelled in the middle of a domain',
      {
        result: 'held',
        state: 'in-progress',
        service: serviceView([
          'target',
          ['target', 'previous', 'previous'],
          'previous',
          'previous',
          'previous',
        ]),
        error: cancelled,
      },
      'Held: The run was cancelled (SIGINT); domain 0 runs 2.0.0, domains 2, 3 and 4 run 1.0.0, domain 1 is mixed (2.0.0 × 1, 1.0.0 × 2); users are served by both versions.',
    ],
    [
      'a way back that failed',
      { result: 'rollback-failed', state: 'going-back', service: HALF, error: broken },
      'Upgrade failed AND THE ROLLBACK FAILED: domain 1 of contoso-web did not become healthy (web_7: unhealthy). Domains 0 and 1 run 2.0.0, domains 2, 3 and 4 run 1.0.0; users are served by both versions.',
    ],
    [
      'a look',
      { phases: ['status'], state: 'not-prepared', service: PREVIOUS, changed: false },
      'Looked, changed nothing. All 14 instances run 1.0.0.',
    ],
    [
      'a refusal while an update is in progress',
      { result: 'refused', state: 'in-progress', service: HALF, changed: false, error: broken },
      'Upgrade was refused, nothing was changed: domain 1 of contoso-web did not become healthy (web_7: unhealthy). Domains 0 and 1 run 2.0.0, domains 2, 3 and 4 run 1.0.0; users are served by both versions.',
    ],
    [
      'a swap',
      { phases: ['switch'], state: 'switched', usersOn: 'contoso-web' },
      'Switched: users are on contoso-web, where all 14 instances run 2.0.0.',
    ],
    [
      'an update beside users',
      { phases: ['upgrade'], state: 'upgraded', usersOn: 'contoso-old' },
      'Updated: users are on contoso-old; on contoso-web all 14 instances run 2.0.0.',
    ],
    [
      'an instance that runs neither version',
      {
        phases: ['status'],
        state: 'unknown',
        service: serviceView(['previous', 'previous', 'previous', 'previous', ['previous', 'other']]),
      },
      'Looked, changed nothing. Domains 0, 1, 2 and 3 run 1.0.0, domain 4 is mixed (1.0.0 × 1, 0.9.0 × 1); web/9 runs neither version.',
    ],
    [
      'a domain of which nothing tells what it runs',
      {
        phases: ['status'],
        state: 'in-progress',
        service: serviceView(['unknown', 'previous', 'previous', 'previous', 'previous']),
      },
      'Looked, changed nothing. Domains 1, 2, 3 and 4 run 1.0.0, what domain 0 runs is not told; web/0, web/5 and web/10 run what nothing tells.',
    ],
    [
      'a service that could not be read',
      { result: 'held', state: 'unknown', service: null, error: cancelled },
      'Held: The run was cancelled (SIGINT); what the instances run now could not be read.',
    ],
  ])('tells of %s', (_, changes, expected) => {
    expect(headline(changes)).toBe(expected);
  });

  test('says which role, where the update is of one of two', () => {
    const roles = [...TARGET.roles, { ...TARGET.roles[0], role: 'worker', chosen: false }];
    const service = { ...TARGET, roles: roles.map((role) => ({ ...PREVIOUS.roles[0], ...role })) };
    expect(headline({ service: service as typeof TARGET })).toContain(
      '14 instances of web in 5 domains run 2.0.0',
    );
  });

  test('is not misled by looks between which instances were restarted', () => {
    const lowest = { inService: 14, instances: 14, at: '' };
    const capacity = { lowest, series: [], roles: [{ role: 'web', by: 'health' as const, lowest }] };
    const walk = [
      {
        domain: 0,
        direction: 'forward' as const,
        from: '',
        to: '',
        platformSeconds: 60,
        instances: 3,
        outcome: 'good' as const,
      },
    ];
    expect(headline({ service: { ...TARGET, capacity, walk } })).toContain(
      '; up to 3 of 14 were restarted at a time, and all 14 were in service whenever this run looked.',
    );
  });

  test('of what was never updated speaks of no version before', () => {
    const domains = PREVIOUS.domains.map((domain) => ({
      ...domain,
      instances: domain.instances.map((one) => ({ ...one, now: 'the version that runs' })),
    }));
    const service = { ...PREVIOUS, domains };
    const looked = { phases: ['status'], state: 'not-prepared', service } as const;
    expect(headline(looked)).toBe('Looked, changed nothing. No update is in progress.');
    expect(headline({ ...looked, usersOn: 'contoso-old' })).toBe(
      'Looked, changed nothing. Users are on contoso-old; on contoso-web no update is in progress.',
    );
  });

  test('claims health only where health is told', () => {
    const lowest = { inService: 11, instances: 14, at: '' };
    const capacity = { lowest, series: [], roles: [{ role: 'web', by: 'power' as const, lowest }] };
    expect(headline({ service: { ...TARGET, capacity } })).toContain(
      'at least 11 of 14 were running whenever this run looked',
    );
  });
});

describe('what to do next', () => {
  test.each<[string, Partial<ServiceVerdictFacts>, string]>([
    ['prepared', { phases: ['prepare'], state: 'prepared', service: PREVIOUS }, 'phase: upgrade.'],
    [
      'prepared, by hand',
      { phases: ['prepare'], state: 'prepared', service: PREVIOUS, isOneDomainARun: true },
      'phase: upgrade, domain: next.',
    ],
    ['in progress', { state: 'in-progress', service: HALF }, 'phase: rollback.'],
    [
      'in progress, by hand',
      { state: 'in-progress', service: HALF, isOneDomainARun: true },
      'phase: upgrade, domain: next.',
    ],
    ['on the way back', { state: 'going-back', service: HALF, result: 'held' }, 'phase: rollback.'],
    ['to be finished', { isWrittenDown: true, result: 'held', error: broken }, 'To finish: phase: upgrade.'],
    ['finished', {}, 'configure 1.0.0, the version before, as the new one, and run phase: prepare, upgrade.'],
    ['upgraded beside users', { state: 'upgraded' }, 'phase: switch.'],
    ['switched', { phases: ['switch'], state: 'switched' }, 'phase: cleanup;'],
  ])('%s: the very inputs', (_, changes, expected) => {
    expect(next(changes)).toContain(expected);
  });

  test('automation that is switched off is never forgotten, and is nothing to be done', () => {
    const service = { ...HALF, held: ['autoscale setting contoso-web-autoscale'] };
    const told = serviceVerdict(facts({ state: 'in-progress', service }));
    expect(told.remarks?.join()).toContain('autoscale setting contoso-web-autoscale');
    expect(told.next.join()).not.toContain('autoscale setting');
  });

  test('a status in the middle does not send everybody to the new version by leaving an input out', () => {
    const looked = { phases: ['status'], state: 'in-progress', service: HALF } as const;
    expect(next(looked)).toContain(
      'To go on: phase: upgrade, domain: next. Without domain: every domain that is left, one after the other.',
    );
    expect(next({ ...looked, mode: 'manual' })).not.toContain('every domain that is left');
  });

  test('a finished update names the version to configure for going back', () => {
    expect(next({})).toContain('configure 1.0.0, the version before, as the new one');
  });
});

describe('a look', () => {
  const looked = { phases: ['status'], changed: false } as const;
  const absent = [
    { key: 'web/3', how: 'unhealthy' },
    { key: 'web/4', how: 'stopped' },
    { key: 'web/9', how: 'stopped' },
  ] as const;

  test('says which instances are not in service, and how to look at them', () => {
    const lookAt = ['az vmss get-instance-view --instance-id 3'];
    expect(headline({ ...looked, absent, lookAt })).toBe(
      'Looked, changed nothing. All 14 instances run 2.0.0; web/3 is unhealthy, web/4 and web/9 are stopped.',
    );
    expect(next({ ...looked, absent, lookAt })).toContain(
      'Look at what is not in service, the first 1 of 3:\naz vmss get-instance-view --instance-id 3',
    );
  });

  test('while another run has the service says who and until when, and not to run upgrade', () => {
    const told = serviceVerdict(
      facts({ ...looked, state: 'in-progress', service: HALF, otherRun: OTHER_RUN }),
    );
    expect(told.headline).toContain('another run has the service: run 7 of contoso, until 2026-11-21T23:10');
    expect(told.next.join()).not.toMatch(/phase: (upgrade|rollback)/);
    expect(told.next.join()).toMatch(/^Wait until the other run, run 7 of contoso/);
  });

  test('that plans says which guard fails, and what to do about it', () => {
    const error = new UpgradeError('quota-exceeded', NO_QUOTA.evidence, { advice: [NO_QUOTA.advice] });
    const plan = { phases: ['plan'], state: 'not-prepared', service: PREVIOUS, failing: [NO_QUOTA] } as const;
    expect(headline({ ...plan, result: 'refused', changed: false, error })).toBe(
      'Looked, changed nothing. 1 guard fails: The new size needs 112 more cores; the quota has 4; the upgrade would be refused. All 14 instances run 1.0.0.',
    );
    expect(next({ ...plan, result: 'refused', error })).toBe('Ask for a larger quota.');
  });

  test('what an error advises comes first, and what went wrong besides is told', () => {
    const also = [new UpgradeError('rollback-not-allowed', 'No cores.', { advice: ['Free cores.'] })];
    const lines = serviceVerdict(
      facts({ result: 'held', state: 'in-progress', service: HALF, error: broken, also }),
    ).next;
    expect(lines.slice(0, 3)).toEqual(['Look at web_7.', 'No cores.', 'Free cores.']);
  });
});

const anyFacts: fc.Arbitrary<ServiceVerdictFacts> = fc.record({
  result: fc.constantFrom(...RESULTS),
  phases: fc.constantFrom(...PHASES).map((phase) => [phase]),
  lastPhase: fc.constantFrom(...PHASES),
  state: fc.constantFrom(...SERVICE_STATES),
  service: fc.option(
    fc
      .array(
        fc.array(fc.constantFrom('target', 'previous', 'other', 'unknown'), { minLength: 1, maxLength: 4 }),
        { maxLength: 6 },
      )
      .map((runs) => serviceView(runs)),
  ),
  error: fc.option(
    fc
      .tuple(fc.constantFrom(...REASON_CODES), fc.constantFrom('it broke.', 'it broke:\nhere'))
      .map(([reason, message]) => new UpgradeError(reason, message)),
  ),
  also: fc.constant([]),
  changed: fc.boolean(),
  notes: fc.constantFrom([], ['a note']),
  mode: fc.constantFrom('automatic', 'manual'),
  isOneDomainARun: fc.boolean(),
  isWrittenDown: fc.boolean(),
  usersOn: fc.constantFrom(null, 'contoso-cloud'),
  absent: fc.constantFrom([], [{ key: 'web/3', how: 'unhealthy' }]),
  lookAt: fc.constantFrom([], ['az vmss get-instance-view --instance-id 3']),
  otherRun: fc.constantFrom(null, OTHER_RUN),
  failing: fc.constantFrom([], [NO_QUOTA]),
});

describe('whatever happens', () => {
  test('the headline is one line, and both versions serving is said if and only if they do', () => {
    fc.assert(
      fc.property(anyFacts, (one) => {
        const told = serviceVerdict(one);
        expect(told.headline).not.toContain('\n');
        expect(told.headline).not.toMatch(/undefined|null|\[object/);
        const runs = new Set(
          one.service?.domains.flatMap(({ instances }) => instances.map((each) => each.runs)),
        );
        const isMixed = runs.has('target') && runs.has('previous') && one.usersOn === null;
        if (!isMixed) expect(told.headline).not.toContain('served by both versions');
        if (runs.size !== 1) expect(told.headline).not.toMatch(/all \d+ instances run/);
      }),
    );
  });
});
