// What the engineer got wrong: told at once, in one annotation, with everything that is wrong; nothing is written.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Acted, type Scenario, startScenario, writes } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
  const { report } = await scenario.act({ phase: 'prepare' });
  expect(report.result).toBe('succeeded');
});
afterAll(() => scenario?.close());

/** Holds for every run that was refused. */
function expectRefused({ run, report, calls }: Acted, reason: string): string {
  const errors = run.main.log.split('\n').filter((line) => line.startsWith('::error'));
  expect([run.main.exitCode, report.result, report.reasonCode]).toEqual([1, 'refused', reason]);
  expect(errors).toHaveLength(1);
  expect(run.main.outputs).toMatchObject({ result: 'refused', 'reason-code': reason });
  expect(Object.keys(run.main.outputs).sort()).toEqual([
    'domains',
    'endpoints',
    'locked',
    'production-slot',
    'read-only-seconds',
    'reason-code',
    'report',
    'result',
    'rollback-allowed',
    'state',
  ]);
  expect(run.main.summary).not.toBe('');
  expect([run.post?.exitCode, run.post?.log, run.post?.summary]).toEqual([0, '', '']);
  expect(writes(calls)).toEqual([]);
  expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
  return (errors[0] ?? '').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

/** Calls that the action has made; the sites and their probes go on meanwhile. */
function ofTheAction(calls: readonly string[]): string[] {
  return calls.filter((call) => /^(arm|entra|github)/.test(call));
}

describe('inputs', () => {
  test.each([
    ['a phase that does not exist', { phase: 'upgrad' }, ['"upgrad" is not a phase', 'upgrade']],
    ['no phase', {}, ['phase', 'is required']],
    ['phases in the wrong order', { phase: 'switch, upgrade' }, ['the order is "upgrade, switch"']],
    ['a gap between phases', { phase: 'prepare, switch' }, ['"upgrade" is missing']],
    ['a phase twice', { phase: 'upgrade, upgrade' }, ['"upgrade" is given twice']],
    ['rollback with others', { phase: 'upgrade, rollback' }, ['"rollback" goes back']],
    ['another topology', { phase: 'plan', topology: 'two-regions' }, ['topology', 'single-region']],
    ['on-failure misspelt', { phase: 'plan', 'on-failure': 'rollbak' }, ['on-failure', 'rollback']],
    [
      'several at once',
      { phase: 'upgrade, fly', 'subscription-id': 'contoso', 'on-failure': 'stop' },
      ['3 inputs are wrong', '"fly"', 'subscription-id', 'on-failure'],
    ],
  ])('%s', async (_what, inputs, said) => {
    const acted = await scenario.act(inputs);
    const annotation = expectRefused(acted, 'input-invalid');
    for (const text of said) expect(annotation).toContain(text);
    expect(ofTheAction(acted.calls)).toEqual([]);
  });

  test('a secret in the wrong input is not repeated', async () => {
    const acted = await scenario.act({ phase: 'plan', 'client-id': 'Xy7~a-client-secret.Q9' });
    expectRefused(acted, 'input-invalid');
    expect(JSON.stringify(acted.report) + acted.run.main.log + acted.run.main.summary).not.toContain(
      'Xy7~a-client-secret.Q9',
    );
  });

  test('an environment of Azure that does not exist', async () => {
    const acted = await scenario.act({ phase: 'plan' }, undefined, { INPUT_AZURE_ENVIRONMENT: 'AzureMoon' });
    expect(expectRefused(acted, 'input-invalid')).toContain('AzureMoon');
    expect(ofTheAction(acted.calls)).toEqual([]);
  });
});

describe('configuration', () => {
  test('missing: the path, and what to do', async () => {
    const acted = await scenario.act({ phase: 'upgrade', config: '.github/nowhere.yml' });
    expect(expectRefused(acted, 'config-not-found')).toContain('.github/nowhere.yml');
    expect(ofTheAction(acted.calls)).toEqual([]);
  });

  test('wrong: every mistake at once, each with its place', async () => {
    scenario.write(
      '.github/wrong.yml',
      [
        'version: 1',
        'application: contoso-orders',
        'slots:',
        '  blue: { resource-group: contoso-blue, sql-server: contoso_sql, web-app: contoso-blue }',
        '  green: { resource-group: contoso-green, sql-server: contoso-sql-green, web-app: contoso-green }',
        'databases: []',
        'upgrade:',
        '  scripts: [db/none/*.sql]',
        'freese: { grace: 2s }',
        'max-read-only: soon',
        'health: { expected-version: "2.0.0", timeout: 99d }',
        '',
      ].join('\n'),
    );
    const acted = await scenario.act({ phase: 'upgrade', config: '.github/wrong.yml' });
    const annotation = expectRefused(acted, 'config-invalid');
    for (const place of [
      'wrong.yml:4:53 slots.blue.sql-server',
      'wrong.yml:6:12 databases',
      'wrong.yml:8:13 upgrade.scripts[0]',
      'wrong.yml:9:1 freese',
      'wrong.yml:10:16 max-read-only',
      'wrong.yml:11:47 health.timeout',
    ]) {
      expect(annotation).toContain(place);
    }
    expect(ofTheAction(acted.calls)).toEqual([]);
  });

  test('a password that stands in it is told by its place, and not repeated', async () => {
    scenario.editConfig(
      (text) => `${text}sql-login: { user: contoso-admin, password: Hunter2-in-the-file }\n`,
      '.github/rolling-upgrade-v3.yml',
    );
    const acted = await scenario.act({ phase: 'upgrade', config: '.github/rolling-upgrade-v3.yml' });
    expect(expectRefused(acted, 'config-invalid')).toContain('sql-login.password');
    const told = JSON.stringify(acted.report) + acted.run.main.log + acted.run.main.summary;
    expect(told.replaceAll(/::add-mask::.*/g, '')).not.toContain('Hunter2-in-the-file');
  });
});

describe('upgrade scripts, before the freeze', () => {
  test('GO with a semicolon, a lost separator, sqlcmd commands: all told by file and line', async () => {
    scenario.write('db/v2/80-wrong.sql', 'SELECT 1;\nGO;\nSELECT 2; GO\n:connect elsewhere\n');
    scenario.write('db/v2/90-wrong.sql', 'PRINT 1\nGO\nALTER DATABASE CURRENT SET READ_WRITE;\nGO\n');
    const acted = await scenario.act({ phase: 'upgrade, switch' });
    const annotation = expectRefused(acted, 'script-invalid');
    for (const place of ['db/v2/80-wrong.sql:2', 'db/v2/80-wrong.sql:3', 'db/v2/80-wrong.sql:4']) {
      expect(annotation).toContain(place);
    }
    expect(annotation).toContain('db/v2/90-wrong.sql:3');
    expect(acted.report.state).toBe('prepared');
    expect(acted.report.readOnly).toBeNull();
  });
});
