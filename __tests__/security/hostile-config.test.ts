// Whoever may change the configuration file may not thereby read other files of the machine, act as the job, keep the run
// busy, or speak to the runner. (A command that it names runs as the job's user: that is what the key is for.)
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { stringify } from 'yaml';
import type { Config } from '../../src/config/config.ts';
import { speaksForJob } from '../../src/config/job-variables.ts';
import { loadConfig } from '../../src/config/load.ts';
import { loadServiceConfig } from '../../src/config/service-load.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { scriptFiles } from '../../src/sqlcmd/files.ts';
import { readUpgradeScript } from '../../src/sqlcmd/script.ts';
import { changed, sample } from '../config/sample.ts';
import { cloudService } from '../config/service-sample.ts';

const machine = mkdtempSync(join(tmpdir(), 'rolling-upgrade-machine-'));
const outside = join(machine, 'outside');
const workspace = join(machine, 'workspace');
const SECRET = 'hunter2-of-the-machine';
mkdirSync(outside);
writeFileSync(join(outside, 'secret.sql'), `SELECT '${SECRET}';\nGO;\n`);
writeFileSync(join(outside, 'secret.yml'), `application: [${SECRET}`);
mkdirSync(join(workspace, 'db'), { recursive: true });
writeFileSync(join(workspace, 'db', '1.sql'), 'SELECT 1;\n');
symlinkSync(join(outside, 'secret.sql'), join(workspace, 'db', 'link.sql'));
symlinkSync('1.sql', join(workspace, 'db', 'alias.sql'));
symlinkSync(outside, join(workspace, 'elsewhere'));
symlinkSync(join(outside, 'secret.yml'), join(workspace, 'link.yml'));
symlinkSync('/dev/zero', join(workspace, 'endless.yml'));
afterAll(() => rmSync(machine, { recursive: true, force: true }));

type Loaded = { readonly config: Config | null; readonly error: UpgradeError | null };

function loadText(text: string, environment: Record<string, string> = {}): Loaded {
  writeFileSync(join(workspace, 'config.yml'), text);
  return loadPath('config.yml', environment);
}

function loadPath(path: string, environment: Record<string, string> = {}): Loaded {
  try {
    const options = {
      path,
      workspace,
      environment,
      mask: () => undefined,
      topology: 'single-region',
    } as const;
    return { config: loadConfig(options), error: null };
  } catch (error) {
    if (error instanceof UpgradeError) return { config: null, error };
    throw error;
  }
}

const withScripts = (...scripts: string[]) => stringify(changed(sample(), 'upgrade.scripts', scripts));

describe('files', () => {
  test.each([
    ['a path that leads out', '../*/secret.sql'],
    ['an absolute path', join(outside, 'secret.sql')],
    ['an absolute glob', `${outside}/*.sql`],
    ['a symbolic link', 'db/link.sql'],
    ['a folder that is a link', 'elsewhere/secret.sql'],
    ['a glob through a link', 'elsewhere/*.sql'],
  ])('by %s are no scripts', (_how, entry) => {
    const { error } = loadText(withScripts(entry));
    expect(error?.reason).toBe('config-invalid');
    expect(error?.message).toContain('matches no file of the workspace');
    expect(error?.message).not.toContain(SECRET);
  });

  test('that a glob finds besides are left out, and links within the workspace are followed', () => {
    expect(loadText(withScripts('db/*.sql')).error).toBeNull();
    expect(loadText(withScripts('db/alias.sql')).error).toBeNull();
  });

  test.each([
    '../secret.sql',
    'link.sql',
    '../elsewhere/secret.sql',
  ])('are not included by :r %s', async (target) => {
    writeFileSync(join(workspace, 'db', 'includes.sql'), `:r ${target}\nSELECT 1;\n`);
    const script = readUpgradeScript({
      files: ['db/includes.sql'],
      variables: {},
      ...scriptFiles(workspace),
    });
    const error = await script.then(
      () => null,
      (refusal: UpgradeError) => refusal,
    );
    expect(error).toMatchObject({ reason: 'script-invalid' });
    expect(error?.message).not.toContain(SECRET);
  });

  test.each([
    'link.yml',
    'endless.yml',
    '../config.yml',
    'elsewhere/secret.yml',
  ])('are not quoted through %s', (path) => {
    const { error } = loadPath(path);
    expect(error?.reason).toBe('config-not-found');
    expect(error?.message).not.toContain(SECRET);
  });

  test('of a cloud service are those of the workspace', () => {
    const file = changed(
      { ...cloudService() },
      'service.cloud-service.configuration',
      'elsewhere/secret.yml',
    );
    writeFileSync(join(workspace, 'service.yml'), stringify(file));
    const load = () =>
      loadServiceConfig({ path: 'service.yml', workspace, environment: {}, mask: () => undefined });
    expect(load).toThrow(/elsewhere\/secret.yml", which is no file of the workspace/);
  });
});

describe('variables', () => {
  const variable = (name: string) => `\${${name}}`;
  const OF_THE_JOB = [
    ...['ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_RUNTIME_TOKEN'],
    ...['AZURE_CLIENT_SECRET', 'AZURE_FEDERATED_TOKEN', 'INPUT_CONFIRM', 'STATE_main', 'GITHUB_OUTPUT'],
  ];

  test.each(OF_THE_JOB)('%s does not go into a name, a path or an address', (name) => {
    expect(speaksForJob(name)).toBe(true);
    for (const path of [
      'application',
      'health.path',
      'health.expected-version',
      'traffic-manager.public-name',
    ]) {
      const { error } = loadText(stringify(changed(sample(), path, `/a${variable(name)}`)), {
        [name]: SECRET,
      });
      expect(error?.message).toContain(`${name} lets whoever has it act as this job`);
      expect(error?.message).not.toContain(SECRET);
    }
  });

  test('of one’s own do', () => {
    for (const name of ['VERSION', 'SQL_PASSWORD', 'AZURE_SUBSCRIPTION_ID', 'GITHUB_SHA', 'STATE_STORE'])
      expect(speaksForJob(name)).toBe(false);
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('%s is none', (name) => {
    const { error } = loadText(stringify(changed(sample(), 'health.expected-version', variable(name))));
    expect(error?.message).toContain(`the environment variable ${name} is not set`);
  });
});

describe('keys', () => {
  test.each([
    'application',
    'upgrade.variables',
    'upgrade.scripts',
    'slots',
    'health',
  ])('called __proto__ are refused at %s, and nothing is polluted', (path) => {
    const inner = path === 'application' ? '' : path;
    const at = inner === '' ? '__proto__' : `${inner}.X__proto__X`;
    const text = stringify(changed(sample(), at.replace('__proto__', '__PROTO__'), { polluted: 'yes' }));
    const { error } = loadText(text.replace(/X?__PROTO__X?/, '__proto__'));
    expect(error?.message).toMatch(/config\.yml:\d+:\d+ the file: found the key "__proto__"/);
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });

  test('called like what every object has are names like others', () => {
    const file = changed(changed(sample(), 'databases', ['constructor']), 'upgrade.scripts', {
      constructor: ['db/1.sql'],
    });
    const { config } = loadText(stringify(file));
    expect(config?.upgrade).toMatchObject({ scripts: { constructor: ['db/1.sql'] } });
    const none = changed(changed(sample(), 'databases', ['valueOf']), 'upgrade.scripts', { contoso: [] });
    expect(loadText(stringify(none)).error?.message).toContain('nothing for the database valueOf');
  });
});

describe('a file that is meant to keep the run busy', () => {
  const stairs = (step: string) => {
    let text = '';
    for (let depth = 0; text.length < 120_000; depth++) text += `${' '.repeat(depth)}${step}\n`;
    return text;
  };
  const LAUGHS = Array.from({ length: 12 }, (_, at) => `a${at}: &a${at} [${`*a${at - 1},`.repeat(9)}]`);
  test.each([
    ['brackets', '['.repeat(120_000)],
    ['closed brackets', `${'['.repeat(60_000)}${']'.repeat(60_000)}`],
    ['mappings', `${'{a: '.repeat(20_000)}${'}'.repeat(20_000)}`],
    ['lists', `a:\n${'- '.repeat(60_000)}x`],
    ['explicit keys', `${'? '.repeat(60_000)}x`],
    ['steps', stairs('a:')],
    ['steps of lists', stairs('-')],
    ['mistakes', '}\n'.repeat(60_000)],
    ['tags', '!a '.repeat(40_000)],
    ['keys', Array.from({ length: 12_000 }, (_, at) => `k${at}: 1`).join('\n')],
    ['aliases', LAUGHS.join('\n').replace(/\*a-1/g, 'x')],
    ['an alias of itself', 'a: &a [*a]'],
    ['one line', `a: ${'x'.repeat(10_000_000)}`],
    ['a variable in a variable', `a: "${'$'.repeat(60_000)}"`],
  ])('with %s is refused in words, and soon', (_what, text) => {
    const before = process.cpuUsage().user;
    const { error } = loadText(text);
    expect(error?.reason).toBe('config-invalid');
    expect(error?.message.split('\n').length).toBeLessThan(250);
    expect((process.cpuUsage().user - before) / 1e6).toBeLessThan(20);
  });
});

test.each([
  'upgrade.command',
  'upgrade.scripts',
])('U+0000 in %s is refused before the freeze, not by the system after it', (path) => {
  const { upgrade: _, ...rest } = sample();
  const file = stringify({ ...rest, upgrade: { [path.slice('upgrade.'.length)]: ['a\0b', 'c'] } });
  expect(loadText(file).error?.message).toContain(path);
});

test('warnings of the parser do not go past the log', () => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  loadText(`${stringify(sample())}{[a, "\\n::error::x"]: 1}: 2\n`);
  loadText('? [a, "::error::x"]\n: 1\n');
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});
