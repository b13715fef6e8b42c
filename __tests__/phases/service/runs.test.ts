// Whole runs of the phases on a service in memory: what becomes of it, and what is said.
import { describe, expect, test } from '@jest/globals';
import { outputsOf } from '../../../src/action/outputs.ts';
import { AzureError } from '../../../src/azure/errors.ts';
import type { Phase } from '../../../src/engine/report.ts';
import { UpgradeError } from '../../../src/reasons.ts';
import type { ServiceTarget } from '../../../src/service/target.ts';
import { type Asked, INSTANCES, run, running, type World, world } from './fake-service.ts';

const OLD = `1.0.0 × ${INSTANCES}`;
const NEW = `2.0.0 × ${INSTANCES}`;
const BOTH: readonly Phase[] = ['prepare', 'upgrade'];
const refusal = new AzureError('Azure said no.', {
  status: 409,
  code: 'OperationNotAllowed',
  correlationId: null,
  outcomeUnknown: false,
});

const walksOf = ({ calls }: World) => calls.filter((call) => call.startsWith('walk'));
const untouched = (one: World) => expect(one).toMatchObject({ record: null, lease: null, automation: 'on' });

/** Domains 0 and 1 on the new version, one a run. */
async function halfWay(changes: Partial<World> = {}): Promise<World> {
  const one = world(changes);
  await run(one, { phases: ['prepare'] });
  for (const domain of ['next', 1] as const) await run(one, { phases: ['upgrade'], domain });
  one.calls.length = 0;
  return one;
}

describe('an update that goes well', () => {
  test('is prepared and walked in one run; automation is given back, and no record is left', async () => {
    const one = world();
    const { report, lease } = await run(one, { phases: BOTH });
    expect(report).toMatchObject({ result: 'succeeded', state: 'updated', reasonCode: null, error: null });
    expect(running(one)).toBe(NEW);
    untouched(one);
    expect(lease).toEqual(['taking', 'given', 'taking', 'given']);
    expect(report.verdict.headline).toBe(
      'Updated: 14 instances in 5 domains run 2.0.0; at least 11 of 14 were in service whenever this run looked.',
    );
  });

  test('its report has domains, the walk and the capacity; its outputs say where it stands', async () => {
    const { report } = await run(world(), { phases: BOTH });
    expect(report.upgradeId).toMatch(/^update-/);
    expect(report.service?.domains.map(({ instances }) => instances.length)).toEqual([3, 3, 3, 3, 2]);
    expect(report.service?.domains[0]?.instances[0]).toMatchObject({
      role: 'web',
      id: '0',
      before: '1.0.0',
      now: '2.0.0',
      runs: 'target',
      health: 'healthy',
    });
    expect(report.service?.walk.map(({ domain, outcome }) => `${domain} ${outcome}`)).toEqual(
      [0, 1, 2, 3, 4].map((domain) => `${domain} good`),
    );
    expect(report.service?.capacity?.lowest).toMatchObject({ inService: 11, instances: 14 });
    expect(outputsOf(report, 'r.json')).toMatchObject({
      result: 'succeeded',
      state: 'updated',
      'reason-code': '',
      locked: 'false',
      'rollback-allowed': 'false',
      'production-slot': '',
      'read-only-seconds': '0',
    });
  });

  test('prepared alone, nothing is taken down, and the next run is told how to begin', async () => {
    const one = world();
    const { report } = await run(one, { phases: ['prepare'] });
    expect(report).toMatchObject({ result: 'succeeded', state: 'prepared' });
    expect(walksOf(one)).toEqual([]);
    expect(one).toMatchObject({ lease: null, automation: 'on', model: '1.0.0' });
    expect(report.verdict.next).toContain('To begin: phase: upgrade.');
  });

  test('run again, there is nothing to do, and nothing is written', async () => {
    const one = world();
    await run(one, { phases: BOTH });
    one.calls.length = 0;
    const { report } = await run(one, { phases: BOTH });
    expect(report).toMatchObject({ result: 'nothing-to-do', state: 'updated' });
    expect(new Set(one.calls)).toEqual(new Set(['look']));
  });

  test('upgrade without prepare is refused', async () => {
    const one = world();
    const { report } = await run(one, { phases: ['upgrade'] });
    expect(report).toMatchObject({
      result: 'refused',
      reasonCode: 'phase-not-applicable',
      state: 'not-prepared',
    });
    expect(one.calls).not.toContain('claim');
  });

  test('status and plan change nothing', async () => {
    const one = world();
    const { report } = await run(one, { phases: ['status', 'plan'] });
    expect(report).toMatchObject({ result: 'succeeded', state: 'not-prepared' });
    expect(new Set(one.calls)).toEqual(new Set(['look']));
    expect(report.plan?.steps.filter(({ id }) => id.startsWith('walk-domain'))).toHaveLength(5);
    expect(report.verdict.headline).toBe('Looked, changed nothing. All 14 instances run 1.0.0.');
  });
});

describe('prepare in the middle of an update', () => {
  test('has nothing to do', async () => {
    const { report } = await run(await halfWay(), { phases: ['prepare'] });
    expect(report).toMatchObject({ result: 'nothing-to-do', state: 'in-progress' });
  });

  test('does not call another version prepared', async () => {
    const one = await halfWay();
    const { report } = await run(one, { phases: ['prepare'], to: '3.0.0' });
    expect(report).toMatchObject({ result: 'refused', reasonCode: 'update-in-progress' });
    expect(new Set(one.calls)).toEqual(new Set(['look']));
  });

  test('leaves one that is to be written over it to upgrade', async () => {
    const asked = { to: '3.0.0', walk: { onStuck: 'supersede' } } as const;
    const { report } = await run(await halfWay(), { phases: BOTH, ...asked });
    expect(report).toMatchObject({ result: 'succeeded', state: 'updated' });
  });
});

describe('one domain a run', () => {
  test('other runs see where it stands, and the last one finishes', async () => {
    const one = await halfWay();
    const third = await run(one, { phases: ['upgrade'], domain: 'next' });
    expect(third.report).toMatchObject({ result: 'succeeded', state: 'in-progress' });
    expect(third.report.verdict.headline).toMatch(
      /^Updated domain 2: domains 0, 1 and 2 run 2\.0\.0, domains 3 and 4 run 1\.0\.0; users are served by both versions;/,
    );
    expect(third.report.verdict.next.join('\n')).toContain('phase: upgrade, domain: next.');
    expect(third.report.verdict.remarks?.join('\n')).toContain('/autoscale/contoso-web');
    expect(outputsOf(third.report, '')).toMatchObject({ 'rollback-allowed': 'true', locked: 'false' });
    expect(one).toMatchObject({ lease: null, automation: 'held' });

    await run(one, { phases: ['upgrade'], domain: 'next' });
    const last = await run(one, { phases: ['upgrade'], domain: 'next' });
    expect(last.report).toMatchObject({ result: 'succeeded', state: 'updated' });
    untouched(one);
  });

  test('a domain that is not there is refused, and takes nothing back', async () => {
    const one = await halfWay();
    const { report } = await run(one, { phases: ['upgrade'], domain: 7 });
    expect(report).toMatchObject({ result: 'refused', reasonCode: 'input-invalid', state: 'in-progress' });
    expect(running(one)).toBe('1.0.0 × 8, 2.0.0 × 6');
    expect(one.lease).toBeNull();
  });

  test('an update of earlier runs is not taken back for what this run did not touch', async () => {
    const one = await halfWay();
    one.automation = 'on';
    one.failing.set('hold', refusal);
    const { report } = await run(one, { phases: ['upgrade'], domain: 'next' });
    expect(report.result).toMatch(/^(refused|held)$/);
    expect(running(one)).toBe('1.0.0 × 8, 2.0.0 × 6');
    expect(one.lease).toBeNull();
  });

  test('one that breaks takes all domains back, the last first, and leaves untouched ones alone', async () => {
    const one = await halfWay();
    one.before = (call) => {
      if (call === 'walk 2 2.0.0') one.broken.add('2.0.0');
    };
    const { report } = await run(one, { phases: ['upgrade'], domain: 'next' });
    expect(report).toMatchObject({ result: 'rolled-back', state: 'not-prepared' });
    expect(walksOf(one)).toEqual(['walk 2 2.0.0', 'walk 2 1.0.0', 'walk 1 1.0.0', 'walk 0 1.0.0']);
    untouched(one);
  });
});

describe('an update that breaks', () => {
  test('is rolled back by the run itself, and the job is told why', async () => {
    const one = world({ broken: new Set(['2.0.0']) });
    const { report, lease } = await run(one, { phases: BOTH });
    expect(report).toMatchObject({
      result: 'rolled-back',
      state: 'not-prepared',
      reasonCode: 'update-failed',
    });
    expect(running(one)).toBe(OLD);
    untouched(one);
    expect(lease.at(-1)).toBe('given');
    expect(report.verdict.headline).toMatch(/^Rolled back: Domain 0 .*; all 14 instances run 1\.0\.0 again;/);
    expect(report.verdict.headline).not.toContain('At that moment');
    expect(report.verdict.next.join('\n')).not.toMatch(/Go on where it stands|Go back: run phase rollback/);
    expect(report.steps.find(({ id }) => id === 'walk-domain-4')?.state).toBe('not-reached');
  });

  test('after the last domain too: it was not finished', async () => {
    const one = world();
    one.before = (call) => {
      if (call === 'walk 4 2.0.0') one.broken.add('2.0.0');
    };
    const { report } = await run(one, { phases: BOTH });
    expect(report).toMatchObject({ result: 'rolled-back', state: 'not-prepared' });
    expect(running(one)).toBe(OLD);
  });

  test('with on-failure: hold it stays as it is; phase rollback then goes back', async () => {
    const one = world({ broken: new Set(['2.0.0']) });
    const held = await run(one, { phases: BOTH, onFailure: 'hold' });
    expect(held.report).toMatchObject({ result: 'held', state: 'in-progress', reasonCode: 'update-failed' });
    expect(held.report.verdict.headline).toContain('users are served by both versions');
    expect(running(one)).toBe('1.0.0 × 11, 2.0.0 × 3');
    expect(one.lease).toBeNull();
    const back = await run(one, { phases: ['rollback'] });
    expect(back.report).toMatchObject({ result: 'succeeded', state: 'not-prepared' });
    expect(back.report.verdict.headline).toMatch(/^Rolled back: all 14 instances run 1\.0\.0 again/);
    untouched(one);
  });

  test('where the way back is not open it is held, and both reasons are told', async () => {
    const one = world({ broken: new Set(['2.0.0']), cores: 0 });
    one.before = (call) => {
      if (call === 'walk 0 2.0.0') one.cores = 99;
    };
    const { report } = await run(one, { phases: BOTH });
    expect(report).toMatchObject({ result: 'held', state: 'in-progress', reasonCode: 'update-failed' });
    expect(report.verdict.next.join('\n')).toContain('needs 99 more cores');
    expect(report.verdict.next.join('\n')).toContain('az vm list-usage');
    expect(walksOf(one)).toEqual(['walk 0 2.0.0']);
  });

  test.each([
    'locked-by-another-run',
    'overtaken-by-another-run',
  ] as const)('in the middle of which another run has had the service is left as it is: %s', async (reason) => {
    const one = world();
    one.before = (call) => {
      if (call === 'walk 2 2.0.0') throw new UpgradeError(reason, 'run 7 has scale set contoso-web');
    };
    const { report } = await run(one, { phases: BOTH });
    expect(report).toMatchObject({ result: 'held', reasonCode: reason });
    expect(walksOf(one)).toEqual(['walk 0 2.0.0', 'walk 1 2.0.0', 'walk 2 2.0.0']);
    expect(report.verdict.headline).toMatch(
      /^Held: run 7 has scale set contoso-web; domains 0 and 1 run 2\.0\.0, /,
    );
  });

  test('a rollback that fails is said first of all', async () => {
    const one = world({ broken: new Set(['2.0.0']) });
    one.before = (call) => {
      if (call === 'walk 0 1.0.0') throw refusal;
    };
    const { report } = await run(one, { phases: BOTH });
    expect(report).toMatchObject({ result: 'rollback-failed', state: 'going-back' });
    expect(report.verdict.headline).toContain('AND THE ROLLBACK FAILED');
    expect(report.verdict.next).toContain('To try the way back again: phase: rollback.');
    expect(one.lease).toBeNull();
  });

  test.each<[keyof ServiceTarget, Asked['phases']]>([
    ['hold', BOTH],
    ['writeModel', BOTH],
    ['walk', BOTH],
    ['claim', BOTH],
    ['keep', BOTH],
  ])('a call %s that Azure refuses leaves no lease, and no instance on the new version beside others', async (call, phases) => {
    const one = world();
    one.failing.set(call, refusal);
    const { report } = await run(one, { phases });
    expect(['rolled-back', 'rollback-failed', 'held', 'refused']).toContain(report.result);
    expect(running(one)).toBe(OLD);
    expect(one.lease).toBeNull();
  });

  test('is not taken back for what comes after it: automation that cannot be given back is told, and the next run does it', async () => {
    const one = world();
    one.failing.set('giveBack', refusal);
    const held = await run(one, { phases: BOTH });
    expect(held.report).toMatchObject({ result: 'held', state: 'updated', reasonCode: 'azure-error' });
    expect(held.report.verdict.next.join('\n')).toContain('To finish: phase: upgrade.');
    expect(held.report.verdict.remarks?.join('\n')).toContain('switched off: /autoscale/contoso-web');
    expect(running(one)).toBe(NEW);
    one.failing.clear();
    const { report } = await run(one, { phases: ['upgrade'] });
    expect(report).toMatchObject({ result: 'succeeded', state: 'updated' });
    untouched(one);
  });
});

describe('a look that fails once, before a run has done anything', () => {
  test.each([1, 2, 3, 4, 5, 6])('takes nothing back that earlier runs have walked: look %i', async (at) => {
    const one = await halfWay();
    let looks = 0;
    one.before = (call) => {
      if (call === 'look' && ++looks === at) throw refusal;
    };
    const { report } = await run(one, { phases: ['upgrade'], domain: 'next' });
    const isTouched = one.calls.some((call) => call === 'walk 2 2.0.0');
    if (isTouched) return;
    expect(report.result).toBe('refused');
    expect(running(one)).toBe('1.0.0 × 8, 2.0.0 × 6');
    expect(report.state).toBe('in-progress');
    expect(one.lease).toBeNull();
  });
});

describe('a way back that was killed', () => {
  async function killed(): Promise<World> {
    const one = await halfWay();
    one.model = '1.0.0';
    return one;
  }

  test.each<Phase>(['prepare', 'upgrade'])('is finished by %s, before anything else', async (phase) => {
    const one = await killed();
    const { report } = await run(one, { phases: [phase] });
    expect(report).toMatchObject({ result: 'rolled-back', state: 'not-prepared', reasonCode: 'interrupted' });
    expect(running(one)).toBe(OLD);
    untouched(one);
  });

  /** Every instance is back, and the end of the way back never came. */
  async function killedAtItsEnd(): Promise<World> {
    const one = await halfWay();
    one.failing.set('giveBack', new Error('killed'));
    await run(one, { phases: ['rollback'] });
    one.failing.clear();
    expect(running(one)).toBe(OLD);
    expect(one.record).not.toBeNull();
    return one;
  }

  test('when its last domain was back already is seen, and nothing is updated again', async () => {
    const one = await killedAtItsEnd();
    expect((await run(one, { phases: ['status'] })).report.state).toBe('going-back');
    const before = one.calls.length;
    const { report } = await run(one, { phases: ['upgrade'] });
    expect(report).toMatchObject({ result: 'rolled-back', state: 'not-prepared', reasonCode: 'interrupted' });
    expect(one.calls.slice(before).filter((call) => /^(?:walk|model)/.test(call))).toEqual([]);
    untouched(one);
  });

  test('that Azure does not allow at all does not stand in the way of going on', async () => {
    const one = await halfWay();
    one.failing.set(
      'writeModel',
      new UpgradeError('rollback-not-allowed', 'The local resources have grown.'),
    );
    const { report } = await run(one, { phases: ['rollback'] });
    expect(report).toMatchObject({ result: 'rollback-failed', reasonCode: 'rollback-not-allowed' });
    one.failing.clear();
    expect((await run(one, { phases: ['upgrade'] })).report.state).toBe('updated');
  });

  test('when its last domain was back already is ended by rollback too', async () => {
    const { report } = await run(await killedAtItsEnd(), { phases: ['rollback'] });
    expect(report).toMatchObject({ result: 'succeeded', state: 'not-prepared' });
  });

  test('is seen as such', async () => {
    const { report } = await run(await killed(), { phases: ['status'] });
    expect(report).toMatchObject({ result: 'succeeded', state: 'going-back' });
    expect(report.verdict.next).toContain('To finish the way back: phase: rollback.');
  });
});

describe('phase rollback', () => {
  test('takes a preparation away without touching an instance', async () => {
    const one = world();
    await run(one, { phases: ['prepare'] });
    const { report } = await run(one, { phases: ['rollback'] });
    expect(report).toMatchObject({ result: 'succeeded', state: 'not-prepared' });
    expect(walksOf(one)).toEqual([]);
    untouched(one);
  });

  test('has nothing to do where nothing is in progress', async () => {
    const { report } = await run(world(), { phases: ['rollback'] });
    expect(report).toMatchObject({ result: 'nothing-to-do', state: 'not-prepared' });
  });

  test('is refused where the update is finished, with what can be done instead', async () => {
    const one = world();
    await run(one, { phases: BOTH });
    const { report } = await run(one, { phases: ['rollback'] });
    expect(report).toMatchObject({ result: 'refused', reasonCode: 'rollback-not-allowed', state: 'updated' });
    expect(report.error?.message).toContain('finished');
    expect(report.verdict.next.join('\n')).toContain('configure the version before as the new one');
    expect(running(one)).toBe(NEW);
  });

  test('of an update that every instance has, before its run finished it, is refused likewise', async () => {
    const one = world();
    await run(one, { phases: BOTH, onFailure: 'hold' });
    const before = await halfWay();
    before.runs.fill('2.0.0');
    const { report } = await run(before, { phases: ['rollback'] });
    expect(report).toMatchObject({ result: 'refused', reasonCode: 'rollback-not-allowed' });
    expect(report.verdict.next[0]).toContain('Run phase upgrade: it finishes this update');
    expect(before.calls).not.toContain('claim');
  });

  test('is refused where its cores are gone, with how to see them', async () => {
    const one = await halfWay();
    one.cores = 11;
    const { report } = await run(one, { phases: ['rollback'] });
    expect(report).toMatchObject({
      result: 'refused',
      reasonCode: 'rollback-not-allowed',
      state: 'in-progress',
    });
    expect(report.error?.message).toContain('11 more cores');
    expect(report.verdict.next.join('\n')).toContain('az vm list-usage --location northeurope');
    expect(outputsOf(report, '')['rollback-allowed']).toBe('false');
  });
});

test('phase rollback is refused where an image or a size of the version before is gone, with what to do', async () => {
  const one = await halfWay();
  one.gone = ['Azure offers no size Standard_D2s_v5 in northeurope.'];
  const { report } = await run(one, { phases: ['rollback'] });
  expect(report).toMatchObject({ result: 'refused', reasonCode: 'rollback-not-allowed' });
  expect(report.error?.message).toContain('offers no size');
  expect(report.verdict.next[0]).toMatch(/image version .* of a size wait until Azure offers it again/);
});

describe('two runs', () => {
  const theirs = {
    holder: 'https://run/2',
    run: 'run 2',
    application: 'contoso',
    until: '2099-01-01T00:00:00Z',
  };

  test('never act on one service at once; the other one keeps it', async () => {
    const one = world({ lease: theirs });
    const { report, lease } = await run(one, { phases: BOTH });
    expect(report).toMatchObject({ result: 'refused', reasonCode: 'locked-by-another-run' });
    expect(outputsOf(report, '').locked).toBe('true');
    expect(one).toMatchObject({ lease: theirs, record: null });
    expect(lease).toEqual(['taking', 'given']);
  });

  test('what the other one has written down, or taken off the record, in the last moment counts', async () => {
    const one = await halfWay();
    one.before = (call) => {
      if (call !== 'claim') return;
      one.before = () => undefined;
      Object.assign(one, { record: null, model: '1.0.0', automation: 'on' });
      one.runs.fill('1.0.0');
    };
    const { report } = await run(one, { phases: ['upgrade'] });
    expect(report).toMatchObject({ result: 'refused', reasonCode: 'phase-not-applicable' });
    expect(running(one)).toBe(OLD);
    untouched(one);
  });

  test('one that died blocks nobody for ever', async () => {
    const one = world({ lease: { ...theirs, until: '2000-01-01T00:00:00Z' } });
    const { report } = await run(one, { phases: BOTH });
    expect(report.result).toBe('succeeded');
  });

  test('one that loses it in the middle stops, and takes nothing back from the other', async () => {
    const one = world();
    one.before = (call) => {
      if (call === 'walk 1 2.0.0') one.lease = theirs;
    };
    const { report } = await run(one, { phases: BOTH });
    expect(report).toMatchObject({ result: 'held', reasonCode: 'locked-by-another-run' });
    expect(walksOf(one)).toEqual(['walk 0 2.0.0', 'walk 1 2.0.0']);
    expect(one.lease).toBe(theirs);
  });
});

describe('that cloud services are retired', () => {
  test('is said once in every run on one, and in no other', async () => {
    const { warnings } = await run(world({ kind: 'cloud-service' }), { phases: ['status', 'plan'] });
    expect(warnings.filter((line) => line.includes('2027-03-31'))).toHaveLength(1);
    expect((await run(world(), { phases: ['status'] })).warnings).toEqual([]);
  });
});

describe('what cannot be read', () => {
  test('at the beginning is refused with what Azure said', async () => {
    const one = world();
    one.failing.set('look', refusal);
    const { report, warnings } = await run(one, { phases: BOTH });
    expect(report).toMatchObject({
      result: 'refused',
      state: 'unknown',
      service: null,
      reasonCode: 'azure-error',
    });
    expect(report.verdict.headline).toContain('could not be read');
    expect(warnings).toHaveLength(1);
  });

  test('at the end only is told as such: nothing that was so before is told as if it were so still', async () => {
    const one = world();
    one.before = (call) => {
      if (call === 'release' && one.model === '2.0.0') one.failing.set('look', refusal);
    };
    const { report } = await run(one, { phases: BOTH });
    expect(report).toMatchObject({ result: 'succeeded', state: 'unknown' });
    expect(report.service).toMatchObject({ progress: expect.stringContaining('could not be read') });
    const instances = report.service?.domains.flatMap((domain) => domain.instances) ?? [];
    expect(instances).toHaveLength(INSTANCES);
    for (const view of instances) expect(view).toMatchObject({ before: '1.0.0', now: null, runs: 'unknown' });
    expect(outputsOf(report, '')).toMatchObject({ locked: 'true', 'rollback-allowed': 'false' });
    expect(report.verdict.headline).toContain('could not be read');
  });
});
