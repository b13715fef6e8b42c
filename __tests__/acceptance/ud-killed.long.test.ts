// Killed anywhere: the next run sees in Azure which instances run what, and goes on, or back.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type Acted,
  killAt,
  type ServiceScenario,
  serviceOf,
  setRole,
  startServices,
} from './ud-scenario.ts';

const FRONT = setRole('contoso-front');
const SET = '/virtualMachineScaleSets/contoso-front';
const PREPARE = { phase: 'prepare' };
const UPGRADE = { phase: 'upgrade' };

let scenario: ServiceScenario;
/** One after another there and back again. */
let [before, target] = ['1.0.0', '2.0.0'];
beforeAll(async () => {
  scenario = await startServices();
});
beforeEach(() => {
  before = scenario.idsOn(FRONT, '1.0.0').length > 0 ? '1.0.0' : '2.0.0';
  target = before === '1.0.0' ? '2.0.0' : '1.0.0';
  update(target);
});
afterAll(() => scenario?.close());

/** One role of 8 instances over 2 domains, which is quick. */
function update(version: string): void {
  scenario.configure('two-roles', {
    version,
    edit: (text) =>
      text.replace('walk:\n', 'walk:\n  roles: [front]\n').replace('consecutive: 2', 'consecutive: 1'),
  });
}

interface Moment {
  readonly name: string;
  readonly call: RegExp;
  readonly nth: number;
}

const write = new RegExp(`^arm PATCH .*${SET}$`);
const MOMENTS: readonly Moment[] = [
  { name: 'before anything is held', call: write, nth: 1 },
  { name: 'once what is held is written down', call: write, nth: 2 },
  {
    name: 'while automation is held',
    call: new RegExp(`^arm POST .*${SET}/setOrchestrationServiceState$`),
    nth: 1,
  },
  { name: 'while the model is written', call: write, nth: 3 },
  { name: 'while domain 0 is updated', call: new RegExp(`^arm POST .*${SET}/manualupgrade$`), nth: 1 },
  { name: 'while domain 1 is updated', call: new RegExp(`^arm POST .*${SET}/manualupgrade$`), nth: 2 },
  {
    name: 'while automation is given back',
    call: new RegExp(`^arm POST .*${SET}/setOrchestrationServiceState$`),
    nth: 2,
  },
];

function expectNothingLeft(): void {
  expect(scenario.tags()).toEqual([]);
  expect(scenario.automation()).toContain('repairs of contoso-front');
}

/** What the post step says is what stands: it looks, tells, and gives the lease back. */
function expectTruth({ run, report }: Acted): void {
  expect(run.post?.exitCode).not.toBeNull();
  expect(['prepared', 'in-progress', 'updated']).toContain(report.state);
  const told = serviceOf({ run, report, calls: [] }).domains.flatMap(({ instances }) => instances);
  const onTarget = told.filter(({ runs }) => runs === 'target').length;
  expect(onTarget).toBe(scenario.running(FRONT)[target] ?? 0);
}

describe.each(MOMENTS)('killed $name', ({ call, nth }) => {
  test('the next run goes on to the end, and no instance is updated twice', async () => {
    await scenario.act(PREPARE);
    const killed = await killAt(scenario, UPGRADE, call, nth);
    expectTruth(killed);
    const history = scenario.history(FRONT);
    const next = await scenario.act(UPGRADE);
    expect(['succeeded', 'nothing-to-do']).toContain(next.report.result);
    expect(next.report.state).toBe('updated');
    expect(scenario.running(FRONT)).toEqual({ [target]: 8 });
    expect(new Set(history.wentDown).size).toBe(history.wentDown.length);
    expect(history.mostDomainsDown).toBeLessThanOrEqual(1);
    expectNothingLeft();
  });
});

describe('killed while the update is taken off the record', () => {
  test('the next run finds it, and leaves nothing on any of the scale sets', async () => {
    const own = await startServices();
    own.configure('two-roles');
    let given = 0;
    const takenOff = {
      test: (call: string) => {
        if (/contoso-worker\/setOrchestrationServiceState$/.test(call)) given++;
        return given === 2 && /^arm PATCH .*\/contoso-(front|worker)$/.test(call);
      },
    };
    await killAt(own, { phase: 'prepare, upgrade' }, takenOff);
    expect(own.tags().length).toBeGreaterThan(0);
    const next = await own.act(UPGRADE);
    expect(next.report).toMatchObject({ result: 'succeeded', state: 'updated' });
    expect(own.tags()).toEqual([]);
    await own.close();
  });
});

describe('killed, and then turned back', () => {
  test('only what was updated goes back', async () => {
    await scenario.act(PREPARE);
    // Azure goes on with what it was told.
    await killAt(scenario, UPGRADE, new RegExp(`^arm POST .*${SET}/manualupgrade$`));
    const updated = scenario.idsOn(FRONT, target);
    expect(updated).toHaveLength(4);
    const history = scenario.history(FRONT);
    const back = await scenario.act({ phase: 'rollback' });
    expect(back.report).toMatchObject({ result: 'succeeded', state: 'not-prepared' });
    expect(history.wentDown.toSorted()).toEqual(updated.toSorted());
    expect(scenario.running(FRONT)).toEqual({ [before]: 8 });
    expectNothingLeft();
  });

  test('and killed on the way back as well: the way back is finished', async () => {
    await scenario.act({ phase: 'prepare, upgrade', domain: 'next' });
    await killAt(scenario, { phase: 'rollback' }, new RegExp(`^arm POST .*${SET}/manualupgrade$`));
    const back = await scenario.act({ phase: 'rollback' });
    expect(['succeeded', 'nothing-to-do']).toContain(back.report.result);
    expect(back.report.state).toBe('not-prepared');
    expect(scenario.running(FRONT)).toEqual({ [before]: 8 });
    expectNothingLeft();
  });
});

describe('a runner that is lost, without a post step', () => {
  const LOST = { GITHUB_RUN_ID: '4711' };

  test('its lease keeps other runs away, and the same run takes it over at once', async () => {
    let killed = false;
    scenario.azure.faults.onCall((call) => {
      if (/manualupgrade$/.test(call)) kill?.();
    });
    let kill: (() => void) | null = null;
    await scenario.act(
      { phase: 'prepare, upgrade' },
      {
        runnerLost: true,
        onMain: (main) => {
          kill = () => {
            if (!killed) killed = main.kill('SIGKILL');
          };
        },
      },
      LOST,
    );
    expect(killed).toBe(true);

    const another = await scenario.act(UPGRADE);
    expect(another.report).toMatchObject({ result: 'refused', reasonCode: 'locked-by-another-run' });
    expect(another.run.main.outputs.locked).toBe('true');
    const status = await scenario.act({ phase: 'status' });
    expect(status.report.result).toBe('succeeded');

    const again = await scenario.act(UPGRADE, {}, LOST);
    expect(again.report).toMatchObject({ result: 'succeeded', state: 'updated' });
    expect(scenario.running(FRONT)).toEqual({ [target]: 8 });
    expectNothingLeft();
  });
});

describe('a cancelled job', () => {
  test('stops, says that both versions serve, and goes on in the next run', async () => {
    let cancel: (() => void) | null = null;
    scenario.azure.faults.onCall((call) => {
      if (/manualupgrade$/.test(call)) cancel?.();
    });
    const cancelled = await scenario.act(
      { phase: 'prepare, upgrade' },
      {
        onMain: (main) => {
          cancel = () => main.kill('SIGINT');
        },
      },
    );
    cancel = null;
    expect(cancelled.report).toMatchObject({ result: 'held', reasonCode: 'cancelled' });
    const next = await scenario.act(UPGRADE);
    expect(next.report).toMatchObject({ result: 'succeeded', state: 'updated' });
    expect(scenario.running(FRONT)).toEqual({ [target]: 8 });
    expectNothingLeft();
  });
});
