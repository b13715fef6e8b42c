// What somebody is told who only looks, or asks for what cannot be now, at every place an update can stand at.
import { describe, expect, test } from '@jest/globals';
import { renderDomainTableText } from '../../../src/action/summary/domains-text.ts';
import { renderSummary } from '../../../src/action/summary/summary.ts';
import type { Phase, RunReport } from '../../../src/engine/report.ts';
import { run, type World, world } from './fake-service.ts';

async function halfWay(): Promise<World> {
  const one = world();
  await run(one, { phases: ['prepare'] });
  await run(one, { phases: ['upgrade'], domain: 'next' });
  return one;
}

const look = async (one: World, phase: Phase = 'status') => (await run(one, { phases: [phase] })).report;
const firstLineOf = (report: RunReport) => renderSummary(report).split('\n')[0];
const befores = ({ service }: RunReport) =>
  new Set(service?.domains.flatMap(({ instances }) => instances.map(({ before }) => before)));

/** Of a run that has it for an hour. */
const leased = (one: World): World => {
  const until = new Date(one.now + 3_600_000).toISOString();
  one.lease = { holder: 'https://github.com/contoso/9', run: 'run 9', application: 'contoso', until };
  return one;
};

describe('a plan whose guards fail', () => {
  test('is refused by their reason, says so first, and is not green', async () => {
    const report = await look(leased(world()), 'plan');
    expect(report).toMatchObject({
      result: 'refused',
      reasonCode: 'locked-by-another-run',
      state: 'not-prepared',
    });
    expect(report.verdict.headline).toMatch(/^Looked, changed nothing\. 1 guard fails: .*would be refused\./);
    expect(report.plan?.steps.length).toBeGreaterThan(5);
    expect(report.plan?.factors).toHaveLength(4);
    expect(firstLineOf(report)).not.toContain('✅');
    expect(report.verdict.next.join('\n')).not.toContain('To begin');
  });
});

describe('a status', () => {
  test('of instances that are ill names them, with commands, and has no green tick for their domains', async () => {
    const one = world({ down: new Set(['3']) });
    const report = await look(one);
    expect(report.verdict.headline).toContain('web/3 is stopped');
    expect(report.verdict.next[0]).toMatch(/^Look at what is not in service:\naz .*--instance-id 3/);
    expect(firstLineOf(report)).toMatch(/^🟡/);
    const row = renderSummary(report)
      .split('\n')
      .find((line) => line.startsWith('| **3**'));
    expect(row).toMatch(/⚠️.untouched,.not.healthy/);
    if (report.service) expect(renderDomainTableText(report.service)).toContain('untouched, not healthy');
  });

  test('while another run is at work advises nobody to go on', async () => {
    const report = await look(leased(await halfWay()));
    expect(report.verdict.headline).toContain('another run has the service: https://github.com/contoso/9');
    expect(report.verdict.next.join('\n')).not.toMatch(/phase: (upgrade|rollback)/);
  });

  test('after one domain was asked for advises the next one', async () => {
    const { next } = (await look(await halfWay())).verdict;
    expect(next[0]).toMatch(/^To go on: phase: upgrade, domain: next\. Without domain: every domain/);
  });

  test('knows what the instances ran before the update, whoever has updated them', async () => {
    const report = await look(await halfWay());
    expect(befores(report)).toEqual(new Set(['1.0.0']));
    expect(report.service?.domains[0]?.instances[0]).toMatchObject({ before: '1.0.0', now: '2.0.0' });
  });

  test('of a prepared update says that one is, and that rollback gives it up', async () => {
    const one = world();
    await run(one, { phases: ['prepare'] });
    const { service, verdict } = await look(one);
    expect(verdict.headline).toContain('an update to 2.0.0 is prepared; no instance has it');
    expect(service?.progress).toBe('an update to 2.0.0 is prepared; no instance has it');
    expect(service?.rollbackAllowed.allowed).toBe(false);
    expect(service?.rollbackAllowed.refusals.join()).toContain('Phase rollback gives it up');
  });
});

test('the run that finishes an update which another one began names the version before', async () => {
  const report = await look(await halfWay(), 'upgrade');
  expect(report).toMatchObject({ result: 'succeeded', state: 'updated' });
  expect(befores(report)).toEqual(new Set(['1.0.0']));
  expect(report.verdict.next.join()).toContain('configure 1.0.0, the version before, as the new one');
});

test('nobody cleans up in the middle of an update', async () => {
  const one = await halfWay();
  const { record } = one;
  const report = await look(one, 'cleanup');
  expect(report).toMatchObject({
    result: 'refused',
    reasonCode: 'phase-not-applicable',
    state: 'in-progress',
  });
  expect(report.verdict.next.join('\n')).toContain('Run phase upgrade');
  expect(one.record).toBe(record);
});

test('a domain that is not there is refused, and no step of it has failed', async () => {
  const { report } = await run(await halfWay(), { phases: ['upgrade'], domain: 9 });
  expect(report).toMatchObject({ result: 'refused', reasonCode: 'input-invalid', state: 'in-progress' });
  expect(report.steps.map(({ state }) => state)).not.toContain('failed');
  expect(report.steps.find(({ id }) => id === 'walk-domain')).toMatchObject({ state: 'refused' });
});
