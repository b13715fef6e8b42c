// The service in the job's log.
import { expect, test } from '@jest/globals';
import { renderDomainTableText } from '../../src/action/summary/domains-text.ts';
import { domains, instance, UPDATED, WEB } from './service-samples.ts';

test('the log says where the update stands, in aligned tables of domains and of instances', () => {
  const service = {
    ...WEB,
    domains: domains([2, 1], (domain) =>
      domain === 0 ? { state: 'updated', change: UPDATED } : { state: 'untouched' },
    ),
    progress: 'in progress: domain 0 updated, domain 1 untouched',
    locked: { locked: true, reasons: ['another run has it: run 17'] },
    rollbackAllowed: { allowed: true, refusals: [] },
    held: ['autoscale setting a', 'automatic repairs of web'],
  };
  expect(renderDomainTableText(service)).toBe(
    [
      'Where the update stands: in progress: domain 0 updated, domain 1 untouched',
      'DOMAIN  STATE      ROLE  INSTANCES        HEALTH',
      '0       updated    web   2 of 2 on 2.0.0  healthy',
      '1       untouched  web   1 of 1 on 1.0.0  healthy',
      '',
      'DOMAIN  ROLE  INSTANCE  BEFORE  NOW    HEALTH   SINCE',
      '0       web   0         1.0.0   2.0.0  healthy  -',
      '0       web   2         1.0.0   2.0.0  healthy  -',
      '1       web   1         1.0.0   1.0.0  healthy  -',
      '',
      'Locked: yes: another run has it: run 17',
      'Rollback allowed: yes',
      'Switched off while the update lasts: autoscale setting a; automatic repairs of web',
    ].join('\n'),
  );
});

test('of many instances it names those that are not as they should be', () => {
  const all = domains([60], () => ({ state: 'in-flight', change: UPDATED })).map((domain) => ({
    ...domain,
    instances: [...domain.instances, instance('ill', { ...UPDATED, health: 'unhealthy' })],
  }));
  const text = renderDomainTableText({ ...WEB, domains: all });
  expect(text).toContain('61 of 61 on 2.0.0  60 healthy, 1 unhealthy');
  expect(text.split('\n').filter((line) => line.startsWith('0 '))).toHaveLength(2);
  expect(text).toMatch(/0 +web +ill +1\.0\.0 +2\.0\.0 +unhealthy/);
});

test('a service whose domains could not be read is told without them', () => {
  expect(renderDomainTableText({ ...WEB, domains: [] }).split('\n')).toEqual([
    'Where the update stands: no update is in progress',
    'Locked: no',
    'Rollback allowed: no: No update is in progress: there is nothing to go back from.',
  ]);
});
