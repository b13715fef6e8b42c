// The laws of services notice what they are there for: each lie of a report, and each thing left behind.
import { describe, expect, test } from '@jest/globals';
import type { Instance } from '../../local-azure/compute/fabric.ts';
import type { RunReport } from '../../src/engine/report.ts';
import type { ServiceReport } from '../../src/engine/service-report.ts';
import { type Tags, tagOfLease, tagsOfRecord } from '../../src/service/record-tags.ts';
import { NOTHING_HELD, type UpdateRecord } from '../../src/service/update-record.ts';
import type { Acted } from '../acceptance/scenario.ts';
import { HALF, PREVIOUS, serviceView, TARGET } from '../phases/service/service-sample.ts';
import { alwaysHold, LONGEST_LEASE_MS, type ServiceNow, toldTruth } from './laws-services.ts';

const AT = Date.parse('2026-11-22T01:00:00.000Z');
const after = (ms: number) => new Date(AT + ms).toISOString();
const VERSIONS = { before: '1.0.0', target: '2.0.0' };

const RECORD: UpdateRecord = {
  format: 1,
  application: 'contoso-web',
  updateId: 'u1',
  startedAt: after(0),
  runUrl: null,
  roles: ['web'],
  models: {},
  cloud: null,
  map: null,
  walk: [],
  held: NOTHING_HELD,
  turnedBack: false,
};
const recorded = tagsOfRecord(RECORD, {}) as Tags;
const leased = (ms: number) =>
  tagOfLease({ holder: 'run 7', run: '7', application: 'contoso-web', until: after(ms) }) as Tags;

/** Instances that run what the view says, in its domains. */
function really(view: ServiceReport, changes: Partial<ServiceNow> = {}, tags: Tags = {}): ServiceNow {
  const instances = view.domains.flatMap(({ domain, instances: own }) =>
    own.map(({ id, now }) => ({ role: 'web', id, updateDomain: domain, model: { version: now } })),
  ) as unknown as Instance[];
  return {
    at: AT,
    versions: VERSIONS,
    tags: new Map([['contoso-web', tags]]),
    instances: () => instances,
    all: instances,
    updated: instances,
    usersOn: null,
    beside: null,
    automation: { on: ['repairs of contoso-web'], atFirst: ['repairs of contoso-web'] },
    ranSince: (_, { model }) => new Set([model.version]),
    atRestSince: () => true,
    ...changes,
  };
}

function told(
  service: ServiceReport,
  state: RunReport['state'],
  headline: string,
  changes: Partial<RunReport> = {},
): Acted {
  const report = {
    result: 'succeeded',
    state,
    service,
    startedAt: after(-9_000),
    endedAt: after(0),
    verdict: { headline, next: [] },
    phases: ['upgrade'],
    ...changes,
  } as unknown as RunReport;
  const outputs = {
    report: 'report.json',
    result: report.result,
    state,
    locked: String(service.locked.locked),
    'rollback-allowed': String(service.rollbackAllowed.allowed),
  };
  const main = { exitCode: 0, signal: null, log: '', summary: '', outputs };
  return { run: { main, post: null, state: {} }, report, calls: [] };
}

const UPDATED = told(TARGET, 'updated', 'Updated: 14 instances in 5 domains run 2.0.0.');
const IN_PROGRESS = told(
  HALF,
  'in-progress',
  'Updated domain 1: domains 0 and 1 run 2.0.0, domains 2, 3 and 4 run 1.0.0.',
);

describe('nothing is said against', () => {
  test.each<[string, ServiceNow, Acted]>([
    ['an update', really(TARGET), UPDATED],
    ['one that is in progress', really(HALF, {}, recorded), IN_PROGRESS],
    [
      'one that is prepared',
      really(PREVIOUS, {}, recorded),
      told(PREVIOUS, 'prepared', 'Prepared: all 14 instances run 1.0.0.'),
    ],
    [
      'a look of a run that wrote nothing, where one that died has left a lease that has lapsed',
      really(PREVIOUS, {}, leased(-1)),
      told(PREVIOUS, 'not-prepared', 'All 14 instances run 1.0.0.', { result: 'nothing-to-do' }),
    ],
    [
      'a swap that was refused, which names the services by what they are before it names them',
      really(TARGET, { usersOn: 'contoso-old', beside: 'contoso-web' }, recorded),
      told(
        TARGET,
        'upgraded',
        'Held: The addresses were not swapped: users are on the service with the version before; users are on contoso-old.',
        { result: 'held' },
      ),
    ],
  ])('%s', (_, now, acted) => {
    expect([...alwaysHold(now), ...toldTruth(now, acted)]).toEqual([]);
  });
});

describe('it is noticed that', () => {
  test.each<[string, ServiceNow, Acted, RegExp]>([
    [
      'instances run another version than is said',
      really(HALF),
      UPDATED,
      /law 11: the report says 2\.0\.0 of web\/2/,
    ],
    ['not all of them were updated', really(HALF), UPDATED, /law 2: the headline is wrong, they run/],
    [
      'a domain runs another version than the headline says',
      really(serviceView(['target', 'previous', 'previous', 'previous', 'previous']), {}, recorded),
      IN_PROGRESS,
      /law 2: the headline is wrong, 1,6,11 run 1\.0\.0/,
    ],
    [
      'the record is gone in the middle',
      really(HALF),
      IN_PROGRESS,
      /law 11: the report's state is in-progress, and no record/,
    ],
    [
      'the record is left at the end',
      really(TARGET, {}, recorded),
      told(PREVIOUS, 'not-prepared', ''),
      /law 8: .* tag rolling-upgrade-1 is left/,
    ],
    [
      'a lease is left',
      really(TARGET, {}, leased(60_000)),
      UPDATED,
      /law 9: .* its lease is left on contoso-web/,
    ],
    [
      'automation is left off',
      really(TARGET, { automation: { on: [], atFirst: ['repairs of contoso-web'] } }),
      UPDATED,
      /law 2: .* repairs of contoso-web is still switched off/,
    ],
    [
      'users are on another service than is said',
      really(TARGET, { usersOn: 'contoso-old', beside: 'contoso-web' }, recorded),
      told(TARGET, 'switched', 'Switched: users are on contoso-web, where all 14 instances run 2.0.0.'),
      /law 2: the headline is wrong, users are on contoso-old/,
    ],
    [
      'instances that tell what they run are said to tell nothing',
      really(HALF, {}, recorded),
      told(serviceView(['target', 'unknown', 'previous', 'previous', 'previous']), 'in-progress', ''),
      /law 11: the report says unknown of web\/1/,
    ],
  ])('%s', (_, now, acted, expected) => {
    expect(toldTruth(now, acted).join('\n')).toMatch(expected);
  });

  test('a run could not read what can be read', () => {
    const headline = 'Held: no answer; what the instances run now could not be read.';
    const acted = told(TARGET, 'unknown', headline, { result: 'held' });
    expect(toldTruth(really(TARGET), acted)).toEqual([
      expect.stringMatching(/^law 11: the service could not be read/),
    ]);
  });

  test('a lease binds for longer than is said', () => {
    const now = really(PREVIOUS, {}, leased(LONGEST_LEASE_MS + 60_000));
    expect(alwaysHold(now)).toEqual([expect.stringMatching(/^law 9: /)]);
  });

  test('an instance runs what nobody has asked for', () => {
    const strange = serviceView(['previous', 'previous', 'previous', 'previous', ['previous', 'other']]);
    expect(alwaysHold(really(strange))).toEqual([expect.stringMatching(/^law 8: .*0\.9\.0/)]);
  });

  test('an output says something else than the report', () => {
    const acted = {
      ...UPDATED,
      run: { ...UPDATED.run, main: { ...UPDATED.run.main, outputs: { report: 'x' } } },
    };
    expect(toldTruth(really(TARGET), acted).join('\n')).toMatch(/law 2: output result is undefined/);
  });
});
