// The same upgrade in other shapes: sites and profile that prepare creates, SQL logins, a command instead of
// scripts, other ways to sign in.
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Acted, type Scenario, slotView, startScenario, writes } from './scenario.ts';

let scenario: Scenario;
afterEach(() => scenario?.close());

function ending({ run, report }: Acted) {
  return [run.main.exitCode, report.result, report.reasonCode];
}
const SUCCEEDED = [0, 'succeeded', null];

describe.each(['present', 'absent'] as const)('the stage site is created; profile: %s', (profile) => {
  test('prepare makes what is missing, the owner binds the public name, the upgrade goes through', async () => {
    scenario = await startScenario({ createWebApp: true, profile });
    const prepared = await scenario.act({ phase: 'prepare' });
    expect([...ending(prepared), prepared.report.state]).toEqual([...SUCCEEDED, 'prepared']);
    expect(slotView(prepared.report.after, 'blue')).toMatchObject({ status: 'Enabled', role: 'production' });
    expect(slotView(prepared.report.after, 'green')).toMatchObject({ status: 'Disabled', role: 'stage' });

    const early = await scenario.act({ phase: 'upgrade, switch' });
    expect(ending(early)).toEqual([1, 'refused', 'same-region-endpoints']);
    expect(early.report.error?.advice.join('\n')).toContain('www.contoso.example');
    expect(writes(early.calls)).toEqual([]);
    expect(scenario.readOnly('contoso-sql-blue')).toBe(false);

    await scenario.azure.deploy('contoso-green', null, '2.0.0');
    const upgraded = await scenario.act({ phase: 'upgrade, switch' });
    expect([...ending(upgraded), upgraded.report.productionSlot]).toEqual([...SUCCEEDED, 'green']);

    const cleaned = await scenario.act({ phase: 'cleanup', confirm: 'remove blue' });
    expect(ending(cleaned)).toEqual(SUCCEEDED);
    // The company made blue, not the action.
    expect(writes(cleaned.calls)).toEqual([
      expect.stringMatching(/DELETE .*contoso-sql-blue\/databases\/contoso$/i),
    ]);
  });
});

describe('created sites, there and back', () => {
  test('cleanup of the second upgrade removes the site that the first one created, and not its own', async () => {
    scenario = await startScenario({ createWebApp: true, profile: 'absent' });
    await scenario.act({ phase: 'prepare' });
    await scenario.azure.deploy('contoso-green', null, '2.0.0');
    await scenario.act({ phase: 'upgrade, switch, cleanup', confirm: 'remove blue' });
    await scenario.azure.deploy('contoso-blue', null, '2.0.0');
    scenario.editConfig((text) => text.replace('db/v2/*.sql', 'db/nothing.sql'));
    scenario.write('db/nothing.sql', "PRINT 'nothing to change';\n");
    const second = await scenario.act({
      phase: 'prepare, upgrade, switch, cleanup',
      confirm: 'remove green',
    });
    expect([...ending(second), second.report.productionSlot]).toEqual([...SUCCEEDED, 'blue']);
    expect(second.calls.filter((call) => /^arm DELETE (?!.*replicationLinks)/i.test(call))).toEqual([
      expect.stringMatching(/contoso-sql-green\/databases\/contoso$/i),
      expect.stringMatching(/sites\/contoso-green$/i),
    ]);
  });
});

describe('SQL logins', () => {
  test('a whole upgrade, and none of it with a token', async () => {
    scenario = await startScenario({ sqlLogins: true });
    const whole = await scenario.act({ phase: 'prepare, upgrade, switch, cleanup', confirm: 'remove blue' });
    expect([...ending(whole), whole.report.productionSlot]).toEqual([...SUCCEEDED, 'green']);
    expect(scenario.rows('contoso-sql-green', 'SELECT Version FROM SchemaVersion')).toEqual([{ Version: 2 }]);
  });

  test('a wrong password: refused before anything is changed, and not repeated', async () => {
    scenario = await startScenario({ sqlLogins: true });
    const { run, report, calls } = await scenario.act({ phase: 'prepare' }, undefined, {
      SQL_PASSWORD: 'not-the-Password-1',
    });
    expect([run.main.exitCode, report.result]).toEqual([1, 'refused']);
    expect(JSON.stringify(report.error)).toContain('18456');
    expect(run.main.log.replaceAll(/::add-mask::.*/g, '')).not.toContain('not-the-Password-1');
    expect(writes(calls)).toEqual([]);
  });
});

/** Reaches the database as sqlpackage, Flyway or dotnet would: by what its environment holds. */
const COMMAND = `import { createRequire } from 'node:module';
const { Connection, Request } = createRequire(process.argv[2])('tedious');
const parts = Object.fromEntries(
  process.env.SQL_CONNECTION_STRING.split(';').map((part) => {
    const at = part.indexOf('=');
    return [part.slice(0, at), part.slice(at + 1).replace(/^"(.*)"$/, '$1')];
  }),
);
const [server, port] = parts.Server.replace('tcp:', '').split(',');
const token = process.env.SQL_ACCESS_TOKEN;
const connection = new Connection({
  server,
  authentication: token
    ? { type: 'azure-active-directory-access-token', options: { token } }
    : { type: 'default', options: { userName: process.env.SQL_USER, password: process.env.SQL_PASSWORD } },
  options: { port: Number(port), database: parts.Database, encrypt: true, serverName: process.env.SQL_SERVER },
});
const run = (sql) => new Promise((resolve, reject) => {
  connection.execSqlBatch(new Request(sql, (error) => (error ? reject(error) : resolve())));
});
await new Promise((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
console.log('connected to ' + process.env.SQL_SERVER + '/' + process.env.SQL_DATABASE);
await run("ALTER TABLE dbo.Orders ADD Currency char(3) NOT NULL CONSTRAINT DF_Currency DEFAULT ('EUR')");
await run('CREATE TABLE dbo.SchemaVersion (Version int NOT NULL)');
await run('INSERT INTO dbo.SchemaVersion (Version) VALUES (2)');
console.log('inputs: ' + Object.keys(process.env).filter((name) => name.startsWith('INPUT_')).join(','));
await END_OF_COMMAND;
connection.close();
`;

describe('an upgrade by a command', () => {
  async function prepared(end: string, options: Parameters<typeof startScenario>[0] = {}, more = '') {
    scenario = await startScenario(options);
    scenario.write('upgrade.mjs', COMMAND.replace('await END_OF_COMMAND', end));
    const argv = JSON.stringify([process.execPath, 'upgrade.mjs', import.meta.url]);
    scenario.editConfig((text) => `${text.replace(/scripts: \[.*\]/, `command: ${argv}`)}${more}`);
    const { report } = await scenario.act({ phase: 'prepare' });
    expect(report.result).toBe('succeeded');
  }

  test.each([
    ['with a token', false],
    ['with a login', true],
  ])('%s: it gets the stage database, its lines are in the log, users are switched', async (_how, sqlLogins) => {
    await prepared('', { sqlLogins });
    const upgraded = await scenario.act({ phase: 'upgrade, switch' });
    expect([...ending(upgraded), upgraded.report.productionSlot]).toEqual([...SUCCEEDED, 'green']);
    expect(upgraded.run.main.log).toContain('connected to contoso-sql-green.database.windows.net/contoso');
    expect(upgraded.run.main.log).toMatch(/^inputs: $/m);
    expect(scenario.rows('contoso-sql-green', 'SELECT Version FROM SchemaVersion')).toEqual([{ Version: 2 }]);
    expect(() => scenario.rows('contoso-sql-blue', 'SELECT Version FROM SchemaVersion')).toThrow();
  });

  test('exit code 3: V1 is given back, and the code is told', async () => {
    await prepared("console.error('cannot go on'); process.exit(3)");
    const failed = await scenario.act({ phase: 'upgrade, switch' });
    expect(ending(failed)).toEqual([1, 'rolled-back', 'script-failed']);
    expect(failed.report.error?.message).toContain('exit code 3');
    expect(failed.run.main.log).toContain('cannot go on');
    expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
    expect(failed.report.productionSlot).toBe('blue');
  });

  test('one that never ends is ended by max-read-only, and V1 is given back', async () => {
    const forever =
      "console.log('pid', process.pid); setInterval(() => {}, 1000); await new Promise(() => {})";
    await prepared(forever, {}, 'max-read-only: 5s\n');
    const failed = await scenario.act({ phase: 'upgrade, switch' });
    expect(ending(failed)).toEqual([1, 'rolled-back', 'read-only-limit-exceeded']);
    expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
    const pid = Number(/^pid (\d+)$/m.exec(failed.run.main.log)?.[1]);
    expect(pid).toBeGreaterThan(0);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  test('one that cannot be started: V1 is given back', async () => {
    await prepared('');
    scenario.editConfig((text) => text.replace(/command: \[.*\]/, 'command: [no-such-program]'));
    const failed = await scenario.act({ phase: 'upgrade, switch' });
    expect(ending(failed)).toEqual([1, 'rolled-back', 'script-failed']);
    expect(failed.report.error?.message).toContain('no-such-program');
    expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
  });
});

describe('signing in', () => {
  const NO_OIDC = { ACTIONS_ID_TOKEN_REQUEST_URL: undefined, ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined };

  test('with a client secret, where the job has no identity token', async () => {
    scenario = await startScenario();
    const whole = await scenario.act({ phase: 'prepare, upgrade, switch' }, undefined, NO_OIDC);
    expect([...ending(whole), whole.report.productionSlot]).toEqual([...SUCCEEDED, 'green']);
    expect(whole.calls.filter((call) => call.startsWith('github'))).toEqual([]);
  });

  test('with nothing: refused with the ways there are, and Azure is not asked for anything', async () => {
    scenario = await startScenario();
    const none = await scenario.act({ phase: 'prepare' }, undefined, {
      ...NO_OIDC,
      AZURE_CLIENT_SECRET: undefined,
      PATH: '/nowhere',
    });
    expect(ending(none)).toEqual([1, 'refused', 'credentials-missing']);
    expect(none.report.error?.advice.join('\n')).toMatch(/id-token: write[\s\S]*AZURE_CLIENT_SECRET/);
    expect(none.calls.filter((call) => /^(arm|entra token)/.test(call))).toEqual([]);
  });

  test('with a secret that is wrong: refused, and the secret is not repeated', async () => {
    scenario = await startScenario();
    const wrong = await scenario.act({ phase: 'prepare' }, undefined, {
      ...NO_OIDC,
      AZURE_CLIENT_SECRET: 'not~the.Secret-8Q',
    });
    expect(ending(wrong)).toEqual([1, 'refused', 'credentials-refused']);
    expect(wrong.report.error?.message).toContain('AADSTS7000215');
    expect(JSON.stringify(wrong.report)).not.toContain('not~the.Secret-8Q');
    expect(writes(wrong.calls)).toEqual([]);
  });

  test('as a job that Entra does not trust: its subject is told, which has to be entered there', async () => {
    const jobSubject = 'repo:contoso/orders:ref:refs/heads/main';
    scenario = await startScenario({ jobSubject });
    const stranger = await scenario.act({ phase: 'prepare' });
    expect(ending(stranger)).toEqual([1, 'refused', 'credentials-refused']);
    expect(stranger.report.error?.message).toMatch(/AADSTS7002\d+/);
    expect(JSON.stringify(stranger.report.error)).toContain(jobSubject);
    expect(writes(stranger.calls)).toEqual([]);
  });
});
