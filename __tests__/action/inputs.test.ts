import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readInputs } from '../../src/action/inputs.ts';
import { parsePhases } from '../../src/action/phases.ts';
import { PHASES } from '../../src/engine/report.ts';
import { UpgradeError } from '../../src/reasons.ts';

const SUBSCRIPTION = '5b2c7a10-0f3e-4d1c-9a55-3f1d2b6c8e01';
const right = { INPUT_PHASE: 'plan', 'INPUT_SUBSCRIPTION-ID': SUBSCRIPTION };

function errorOf(environment: Record<string, string>): UpgradeError {
  try {
    readInputs(environment);
  } catch (error) {
    if (error instanceof UpgradeError) return error;
    throw error;
  }
  throw new Error('the inputs were accepted');
}

describe('inputs', () => {
  test('have defaults for everything but phase and subscription', () => {
    expect(readInputs(right)).toEqual({
      phases: ['plan'],
      topology: 'single-region',
      config: '.github/rolling-upgrade.yml',
      azureEnvironment: 'AzureCloud',
      tenantId: null,
      clientId: null,
      subscriptionId: SUBSCRIPTION,
      domain: null,
      onFailure: 'rollback',
      confirm: null,
      githubToken: null,
    });
  });

  test.each(['single-region', 'geo-redundant', 'upgrade-domains'])('know topology %s', (topology) => {
    expect(readInputs({ ...right, INPUT_TOPOLOGY: topology }).topology).toBe(topology);
  });

  test.each([
    ['next', 'next'],
    ['0', 0],
    [' 19 ', 19],
    ['', null],
  ])('domain "%s" is one domain of a service', (given, domain) => {
    expect(readInputs({ ...right, INPUT_TOPOLOGY: 'upgrade-domains', INPUT_DOMAIN: given }).domain).toBe(
      domain,
    );
  });

  test.each(['first', '-1', '1.5', '0, 1'])('domain "%s" is none', (given) => {
    const error = errorOf({ ...right, INPUT_TOPOLOGY: 'upgrade-domains', INPUT_DOMAIN: given });
    expect(error.message).toMatch(/domain: found .*; allowed: next, or the number of a domain/);
  });

  test('a domain belongs to a service, not to slots', () => {
    expect(errorOf({ ...right, INPUT_DOMAIN: 'next' }).message).toContain('for topology upgrade-domains');
  });

  test('are read without the blanks around them', () => {
    const inputs = readInputs({ ...right, INPUT_CONFIRM: '  remove blue\n', 'INPUT_ON-FAILURE': ' hold ' });
    expect(inputs).toMatchObject({ confirm: 'remove blue', onFailure: 'hold' });
  });

  test('may have underscores instead of hyphens, for shells; the exact name wins', () => {
    const underscores = {
      INPUT_PHASE: 'plan',
      INPUT_SUBSCRIPTION_ID: SUBSCRIPTION,
      INPUT_ON_FAILURE: 'hold',
    };
    expect(readInputs(underscores)).toMatchObject({ subscriptionId: SUBSCRIPTION, onFailure: 'hold' });
    expect(readInputs({ ...underscores, 'INPUT_ON-FAILURE': 'rollback' }).onFailure).toBe('rollback');
  });

  test('take the identity from the environment where they are empty', () => {
    const inputs = readInputs({
      INPUT_PHASE: 'plan',
      'INPUT_SUBSCRIPTION-ID': '',
      AZURE_SUBSCRIPTION_ID: SUBSCRIPTION,
      AZURE_TENANT_ID: 'contoso.onmicrosoft.com',
      AZURE_CLIENT_ID: SUBSCRIPTION,
    });
    expect(inputs).toMatchObject({
      subscriptionId: SUBSCRIPTION,
      tenantId: 'contoso.onmicrosoft.com',
      clientId: SUBSCRIPTION,
    });
  });

  test('that are wrong are told all at once', () => {
    const error = errorOf({
      INPUT_PHASE: 'swich, plan, plan',
      'INPUT_ON-FAILURE': 'rolback',
      INPUT_TOPOLOGY: 'geo-redundent',
      'INPUT_CLIENT-ID': 'my-app',
    });
    expect(error.reason).toBe('input-invalid');
    expect(error.message.split('\n').slice(1)).toEqual([
      expect.stringMatching(/phase: "swich" is not a phase.*Did you mean "switch"\?/),
      expect.stringMatching(/phase: "plan" is given twice/),
      expect.stringMatching(
        /topology: found "geo-redundent"; allowed: single-region, geo-redundant, upgrade-domains\. Did you mean/,
      ),
      expect.stringMatching(/client-id: found 6 characters that are not a GUID/),
      expect.stringMatching(/subscription-id: is required/),
      expect.stringMatching(/on-failure: found "rolback".*Did you mean "rollback"\?/),
    ]);
  });

  test('never show what was put where an id belongs: it may be a secret', () => {
    const error = errorOf({ ...right, 'INPUT_CLIENT-ID': 's3cr3t~value', 'INPUT_TENANT-ID': 's3cr3t value' });
    expect(error.message).not.toMatch(/s3cr3t/);
  });

  test('that are missing and misspelt are recognised', () => {
    const error = errorOf({ INPUT_PHASES: 'plan', 'INPUT_SUBSCRIPTION-ID': SUBSCRIPTION });
    expect(error.message).toMatch(/phase: is required.*"phases", which does not exist/);
  });
});

describe('phases', () => {
  test.each([
    ['upgrade, switch', ['upgrade', 'switch']],
    ['upgrade\nswitch\n', ['upgrade', 'switch']],
    ['status plan prepare', ['status', 'plan', 'prepare']],
    ['plan, cleanup', ['plan', 'cleanup']],
    ['status, rollback', ['status', 'rollback']],
    ['prepare,upgrade,switch,cleanup', ['prepare', 'upgrade', 'switch', 'cleanup']],
  ])('%j', (text, phases) => expect(parsePhases(text)).toEqual({ kind: 'phases', phases }));

  test.each([
    ['switch, upgrade', /the order is "upgrade, switch"/],
    ['upgrade, plan', /the order is "plan, upgrade"/],
    ['prepare, switch', /"upgrade" is missing/],
    ['prepare, cleanup', /"upgrade, switch" is missing/],
    ['upgrade, rollback', /cannot share a run with upgrade/],
    ['Upgrade', /"Upgrade" is not a phase.*Did you mean "upgrade"\?/],
    [' , ', /give one of/],
  ])('%j is refused', (text, problem) =>
    expect(parsePhases(text)).toEqual({ kind: 'problems', problems: [expect.stringMatching(problem)] }));

  test('are never accepted out of order or twice', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PHASES), { minLength: 1, maxLength: 5 }), (phases) => {
        const parsed = parsePhases(phases.join(','));
        if (parsed.kind === 'problems') return;
        expect(parsed.phases).toEqual(PHASES.filter((phase) => phases.includes(phase)));
        expect(parsed.phases).toHaveLength(phases.length);
      }),
    );
  });
});
