// A cloud service tells neither what its instances run nor its package, and has no ETags: killed anywhere, the next run
// still knows, and a version that breaks is taken back.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Acted, cloudRole, killAt, type ServiceScenario, startServices, walked } from './ud-scenario.ts';

const ROLES = ['WebRole', 'WorkerRole'].map((role) => cloudRole('contoso-cloud', role));
const STAGE = ['WebRole', 'WorkerRole'].map((role) => cloudRole('contoso-cloud-stage', role));

let scenario: ServiceScenario;
beforeEach(async () => {
  scenario = await startServices();
});
afterEach(() => scenario?.close());

const versions = (roles = ROLES) => [
  ...new Set(roles.flatMap((role) => Object.keys(scenario.running(role)))),
];
const told = (acted: Acted) => `${acted.report.result} ${acted.report.state}`;

describe('killed', () => {
  const MOMENTS: readonly (readonly [string, RegExp])[] = [
    ['while the record is written', /^arm PATCH .*cloudServices\/contoso-cloud$/],
    ['while the version is written', /^arm PUT .*cloudServices\/contoso-cloud$/],
    ['while the first domain is walked', /^arm PUT .*updateDomains\/0$/],
    ['while the second domain is walked', /^arm PUT .*updateDomains\/1$/],
  ];

  test.each(MOMENTS)('%s, the next run goes on to the end', async (_, moment) => {
    scenario.configure('cloud-service');
    const history = scenario.history(...ROLES);
    await killAt(scenario, { phase: 'prepare, upgrade' }, moment);
    const acted = await scenario.act({ phase: 'prepare, upgrade' });
    expect(told(acted)).toBe('succeeded updated');
    expect(versions()).toEqual(['2.0.0']);
    expect(history.mostDomainsDown).toBe(1);
  });

  test.each(MOMENTS.slice(1))('%s, a rollback brings back what ran', async (_, moment) => {
    scenario.configure('cloud-service');
    await killAt(scenario, { phase: 'prepare, upgrade' }, moment);
    const acted = await scenario.act({ phase: 'rollback' });
    expect(told(acted)).toBe('succeeded not-prepared');
    expect(versions()).toEqual(['1.0.0']);
    expect(scenario.tags()).not.toContain('contoso-cloud rolling-upgrade');
    // Whatever Azure would give to an instance that it makes anew is the version before, too.
    await scenario.azure.compute.restart(ROLES[0] ?? '', 'WebRole_IN_0');
    expect(versions()).toEqual(['1.0.0']);
  });
});

describe('a version that breaks', () => {
  /** Its roles are Busy: to Azure they have not started, so that the time that one may take for it is what counts. */
  const impatient = (text: string) => text.replace('start-timeout: 5m', 'start-timeout: 5s');

  test('is taken back by the run itself, domain by domain', async () => {
    scenario.configure('cloud-service', { version: '3.0.0', edit: impatient });
    const acted = await scenario.act({ phase: 'prepare, upgrade' });
    expect(told(acted)).toBe('rolled-back not-prepared');
    expect(acted.report.verdict.headline).toContain('; all 17 instances run the version before');
    expect(walked(acted).at(-1)).toBe('0 back good');
    expect(versions()).toEqual(['1.0.0']);
  });

  test('on the service that is to be swapped, users notice nothing of', async () => {
    scenario.configure('swap', { version: '3.0.0', edit: impatient });
    const acted = await scenario.act({ phase: 'prepare, upgrade' });
    expect(acted.report.result).toBe('rolled-back');
    expect([versions(), versions(STAGE)]).toEqual([['1.0.0'], ['1.0.0']]);
  });
});

describe('the version before', () => {
  test('whose configuration nobody has is no way back: the update is refused', async () => {
    scenario.configure('cloud-service', {
      edit: (text) => text.replace(/ *previous-configuration: .*\n/, ''),
    });
    const acted = await scenario.act({ phase: 'prepare' });
    expect(acted.report.result).toBe('refused');
    expect(acted.run.main.log).toContain('"previous-configuration" has to name');
  });
});
