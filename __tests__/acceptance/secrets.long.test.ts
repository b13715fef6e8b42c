// No secret is written anywhere: log, summary, outputs, report, the state between main and post, the files a run
// leaves. Only ::add-mask:: lines hold them, which the runner swallows.
import type { ChildProcess } from 'node:child_process';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Acted, type Scenario, startScenario } from './scenario.ts';

const TOKEN = /eyJ[A-Za-z0-9_-]{10,}\./;
const PASSWORD = /\b(password|pwd)\s*=\s*(?!\*)[^;"'\s]/i;
/** In settings of the sites, which the action reads and copies. */
const SETTINGS = { PAYMENT_KEY: 'sk-live-4c0ffee7Kq', auditPassword: 'Audit-Secret-77x' };

let scenario: Scenario;
afterEach(() => scenario?.close());

async function start(options: Parameters<typeof startScenario>[0] = {}): Promise<void> {
  scenario = await startScenario(options);
  const change = {
    appSettings: { PAYMENT_KEY: SETTINGS.PAYMENT_KEY },
    connectionStrings: {
      audit: { value: `Server=audit.example;Password=${SETTINGS.auditPassword}`, type: 'Custom' },
    },
  };
  scenario.azure.arm.web.changeSite('contoso-blue', null, change);
  if (!options.createWebApp) scenario.azure.arm.web.changeSite('contoso-green', null, change);
}

function secrets(): Record<string, string | undefined> {
  const { environment, sqlLogin } = scenario.azure.description;
  return {
    'the client secret': environment.AZURE_CLIENT_SECRET,
    'the OIDC request token': environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN,
    'the SQL password': sqlLogin.password,
    'a setting of the site': SETTINGS.PAYMENT_KEY,
    'a connection string of the site': SETTINGS.auditPassword,
  };
}

/** What a run has left, by where. */
function leftBy({ run }: Acted): [string, string][] {
  const temporary = scenario.azure.description.environment.RUNNER_TEMP ?? '';
  const files = globSync('**/*', { cwd: temporary }).filter((file) =>
    statSync(join(temporary, file)).isFile(),
  );
  return [
    ['the log of main', withoutMasks(run.main.log)],
    ['the log of post', withoutMasks(run.post?.log ?? '')],
    ['the summary of main', run.main.summary],
    ['the summary of post', run.post?.summary ?? ''],
    ['the outputs', JSON.stringify([run.main.outputs, run.post?.outputs])],
    ['the state', JSON.stringify(run.state)],
    ...files.map((file): [string, string] => [file, readFileSync(join(temporary, file), 'utf8')]),
  ];
}

/** The lines that tell the runner what to mask are not shown by it. */
function withoutMasks(log: string): string {
  return log.replaceAll(/^::add-mask::.*$/gm, '');
}

function expectNoSecret(acted: Acted): void {
  const left = leftBy(acted);
  // The report of the run is among the files.
  expect(left.map(([where]) => where).join()).toMatch(/\.json/);
  const found = left.flatMap(([where, text]) => [
    ...Object.entries(secrets())
      .filter(([, secret]) => text.includes(secret ?? '\0'))
      .map(([what]) => `${what} in ${where}`),
    ...(TOKEN.test(text) ? [`a token in ${where}`] : []),
    ...(PASSWORD.test(text) ? [`a password in ${where}`] : []),
  ]);
  expect(found).toEqual([]);
}

describe.each([
  ['with tokens', false],
  ['with SQL logins', true],
])('%s', (_how, sqlLogins) => {
  test('a whole upgrade', async () => {
    await start({ sqlLogins });
    const whole = await scenario.act({ phase: 'status, plan, prepare, upgrade, switch' });
    expect([whole.report.result, whole.report.productionSlot]).toEqual(['succeeded', 'green']);
    expectNoSecret(whole);
  });

  test('one that fails, and goes back', async () => {
    await start({ sqlLogins });
    await scenario.act({ phase: 'prepare' });
    const failed = await scenario.act({ phase: 'upgrade', config: '.github/rolling-upgrade-v3.yml' });
    expect(failed.report.result).toBe('rolled-back');
    expectNoSecret(failed);
  });

  test('one that is killed, and its post step, which connects anew', async () => {
    await start({ sqlLogins });
    await scenario.act({ phase: 'prepare' });
    let main: ChildProcess | null = null;
    scenario.azure.faults.onCall((call) => {
      if (/arm DELETE .*replicationLinks/.test(call)) main?.kill('SIGKILL');
    });
    const killed = await scenario.act(
      { phase: 'upgrade' },
      {
        onMain: (child) => {
          main = child;
        },
      },
    );
    expect([killed.run.main.signal, killed.report.result]).toEqual(['SIGKILL', 'rolled-back']);
    expectNoSecret(killed);
  });
});

test('a client secret instead of OIDC, and a site that is created with the settings of the other one', async () => {
  await start({ createWebApp: true });
  const prepared = await scenario.act({ phase: 'prepare' }, undefined, {
    ACTIONS_ID_TOKEN_REQUEST_URL: undefined,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined,
  });
  expect(prepared.report.state).toBe('prepared');
  expectNoSecret(prepared);
});

test('calls of Azure that fail, their answers quoted', async () => {
  await start();
  const at = 'arm PUT .*/databases/contoso$';
  const message = `Bearer ${scenario.azure.description.environment.AZURE_CLIENT_SECRET} was not accepted`;
  scenario.azure.faults.add({ at, fault: { kind: 'error', status: 400, code: 'BadRequest', message } });
  const failed = await scenario.act({ phase: 'prepare' }, undefined, {
    ACTIONS_ID_TOKEN_REQUEST_URL: undefined,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined,
  });
  expect(failed.report.error?.message + String(failed.report.error?.causes)).toContain(
    '*** was not accepted',
  );
  // In the log it is the runner that masks: it was told beforehand.
  const { AZURE_CLIENT_SECRET = '' } = scenario.azure.description.environment;
  expect(failed.run.main.log.indexOf(`::add-mask::${AZURE_CLIENT_SECRET}`)).toBe(
    failed.run.main.log.indexOf(AZURE_CLIENT_SECRET) - '::add-mask::'.length,
  );
  expect(failed.run.main.summary).not.toContain(AZURE_CLIENT_SECRET);
});

describe('what the user’s own script or command prints', () => {
  /** As the runner shows it: whatever it was told to mask is masked from then on. */
  function shown(log: string): string {
    const masked: string[] = [];
    return log
      .split('\n')
      .flatMap((line) => {
        const secret = /^::add-mask::(.*)$/.exec(line)?.[1];
        if (secret === undefined) return [masked.reduce((text, one) => text.replaceAll(one, '***'), line)];
        masked.push(secret.replaceAll('%25', '%'));
        return [];
      })
      .join('\n');
  }

  function expectHidden({ run, report }: Acted, secret: RegExp | string): void {
    const told = [
      shown(run.main.log),
      run.main.summary,
      JSON.stringify(report),
      JSON.stringify(run.main.outputs),
    ];
    for (const text of told) expect(text).not.toMatch(typeof secret === 'string' ? RegExp(secret) : secret);
  }

  test.each([
    ['its access token', false],
    ['its password', true],
  ])('a command that prints %s and fails', async (_what, sqlLogins) => {
    await start({ sqlLogins });
    const program =
      'console.log(JSON.stringify(process.env)); console.error(process.env.SQL_CONNECTION_STRING); process.exit(1)';
    scenario.write('print.mjs', program);
    const argv = JSON.stringify([process.execPath, 'print.mjs']);
    scenario.editConfig((text) => text.replace(/scripts: \[.*\]/, `command: ${argv}`));
    const failed = await scenario.act({ phase: 'prepare, upgrade' });
    expect(failed.report.reasonCode).toBe('script-failed');
    expect(failed.run.main.log).toContain('SQL_CONNECTION_STRING');
    expectHidden(failed, TOKEN);
    expectHidden(failed, scenario.azure.description.sqlLogin.password);
  });

  test('a script variable from the environment', async () => {
    await start();
    const KEY = 'Zq81-script-variable';
    scenario.write(
      'db/v2/90-key.sql',
      "PRINT 'the key is $(ApiKey)';\nRAISERROR('no such key: $(ApiKey)', 16, 1);\n",
    );
    scenario.editConfig((text) =>
      text.replace('upgrade:\n', `upgrade:\n  variables: { ApiKey: "${'$'}{SCRIPT_API_KEY}" }\n`),
    );
    const failed = await scenario.act({ phase: 'prepare, upgrade' }, undefined, { SCRIPT_API_KEY: KEY });
    expect(failed.report.reasonCode).toBe('script-failed');
    expect(failed.run.main.log).toContain(KEY);
    expectHidden(failed, KEY);
  });
});
