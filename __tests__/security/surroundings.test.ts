// What a run is started in: where that takes its safety away nothing begins, and what can be mended is.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { commandRunner } from '../../src/action/spawn-command.ts';
import { insistOnCertificates, refuseUnsafe } from '../../src/action/surroundings.ts';
import { runPiece } from '../action/runner.ts';

const RUN = `const { runAction } = await load('action/run-action.ts'); process.exitCode = await runAction(process.env);`;
const INPUTS = {
  GITHUB_ACTIONS: 'true',
  INPUT_PHASE: 'status',
  'INPUT_SUBSCRIPTION-ID': '5b2c7a10-0f3e-4d1c-9a55-3f1d2b6c8e01',
};

function reportOf(temporary: string): { result: string; reasonCode: string; error: { message: string } } {
  const [path = ''] = globSync(join(temporary, 'rolling-upgrade-report-*.json'));
  return JSON.parse(readFileSync(path, 'utf8'));
}

describe('a run', () => {
  test.each([
    ['certificates that are not checked', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, /NODE_EXTRA_CA_CERTS/],
    [
      'a proposal with the rights of the repository',
      { GITHUB_EVENT_NAME: 'pull_request_target' },
      /workflow_dispatch/,
    ],
  ])('with %s is refused before anything is read', (_what, surroundings, advice) => {
    const { code, outputs, stdout, temporary } = runPiece(RUN, {
      environment: { ...INPUTS, ...surroundings },
    });
    expect(code).toBe(1);
    expect(outputs).toMatchObject({ result: 'refused', 'reason-code': 'unsafe-environment' });
    expect(reportOf(temporary)).toMatchObject({ result: 'refused', reasonCode: 'unsafe-environment' });
    expect(stdout).toMatch(advice);
  });

  test.each(['workflow_dispatch', 'push', 'pull_request', 'schedule', undefined])('by %s is not', (event) => {
    expect(() => refuseUnsafe({ GITHUB_EVENT_NAME: event, NODE_TLS_REJECT_UNAUTHORIZED: '1' })).not.toThrow();
  });

  test('that has to give production back is not refused, and checks certificates all the same', () => {
    const environment = {
      ...INPUTS,
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      STATE_main: 'started',
      STATE_window: 'open',
    };
    const { outputs } = runPiece(RUN, { environment });
    // There is no configuration file here: that is what it comes to.
    expect(outputs).toMatchObject({ 'reason-code': 'config-not-found' });
  });

  test('takes the switch away for every connection that follows', () => {
    const piece = `
      const { insistOnCertificates } = await load('action/surroundings.ts');
      const { createCertificates } = await load('../local-azure/certificates.ts');
      const { createServer, get } = await import('node:https');
      const server = createServer(await createCertificates(['127.0.0.1']), (_, response) => response.end('hi'));
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      const ask = () => new Promise((resolve) => {
        get({ host: '127.0.0.1', port: server.address().port, agent: false }, (answer) => resolve(answer.statusCode))
          .on('error', (error) => resolve(error.code));
      });
      const before = await ask();
      insistOnCertificates(process.env);
      console.log(JSON.stringify([before, await ask()]));
      server.close();
      server.closeAllConnections();`;
    const { stdout } = runPiece(piece, { environment: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    const [before, after] = JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]');
    expect(before).toBe(200);
    expect(after).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED/);
    const environment: Record<string, string | undefined> = { NODE_TLS_REJECT_UNAUTHORIZED: '0', PATH: 'p' };
    insistOnCertificates(environment);
    expect(environment).toEqual({ PATH: 'p' });
  });
});

test('a command gets nothing that speaks for the job: it has its own database and no more', async () => {
  const secrets = {
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 's',
    ACTIONS_ID_TOKEN_REQUEST_URL: 's',
    ACTIONS_RUNTIME_TOKEN: 's',
    AZURE_CLIENT_SECRET: 's',
    AZURE_FEDERATED_TOKEN_FILE: 's',
    IDENTITY_HEADER: 's',
    GITHUB_OUTPUT: 's',
    GITHUB_ENV: 's',
    GITHUB_PATH: 's',
    GITHUB_STATE: 's',
    STATE_main: 's',
    'INPUT_GITHUB-TOKEN': 's',
  };
  const run = commandRunner('.', { ...secrets, PATH: process.env.PATH ?? '', FLYWAY_LICENSE: 'mine' });
  const lines: string[] = [];
  await run({
    command: [process.execPath, '-p', 'JSON.stringify(process.env)'],
    environment: { SQL_ACCESS_TOKEN: 'token' },
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    onLine: (line) => lines.push(line),
  });
  const seen = JSON.parse(lines.join(''));
  expect(seen).toMatchObject({ FLYWAY_LICENSE: 'mine', SQL_ACCESS_TOKEN: 'token' });
  expect(Object.keys(seen).filter((name) => name in secrets)).toEqual([]);
});

describe('workflows', () => {
  interface Workflow {
    readonly on: unknown;
    readonly permissions?: Readonly<Record<string, string>>;
    readonly jobs: Readonly<
      Record<
        string,
        {
          readonly permissions?: Readonly<Record<string, string>>;
          readonly environment?: unknown;
          readonly steps: readonly {
            readonly run?: string;
            readonly with?: Readonly<Record<string, unknown>>;
          }[];
        }
      >
    >;
  }

  const readme = [...readFileSync('README.md', 'utf8').matchAll(/^```yaml\n(.*?)^```/gms)]
    .map(([, text = '']) => text)
    .filter((text) => /^jobs:/m.test(text) && /^on:/m.test(text));
  const files = globSync(['examples/*.yml', '.github/workflows/*.yml'])
    .map((path): [string, string] => [path, readFileSync(path, 'utf8')])
    .filter(([, text]) => /^jobs:/m.test(text));
  const workflows = [
    ...files,
    ...readme.map((text, at): [string, string] => [`README.md, ${at + 1}`, text]),
  ].map(([path, text]): [string, Workflow] => [path, parse(text)]);

  test('there are those of the examples, the README and this repository', () => {
    expect(workflows.length).toBeGreaterThanOrEqual(5);
  });

  test.each(workflows)('%s gives a fork nothing', (_path, workflow) => {
    const events = typeof workflow.on === 'string' ? [workflow.on] : Object.keys(workflow.on as object);
    for (const event of [
      'pull_request_target',
      'workflow_run',
      'issue_comment',
      'issues',
      'repository_dispatch',
    ])
      expect(events).not.toContain(event);
    const text = JSON.stringify(workflow);
    if (!events.includes('pull_request')) return;
    expect(text).not.toMatch(/id-token|secrets\./);
    expect(workflow.permissions).toEqual({ contents: 'read' });
  });

  test.each(workflows)('%s hands an identity only to jobs of an environment', (_path, workflow) => {
    for (const job of Object.values(workflow.jobs)) {
      if (job.permissions?.['id-token'] !== 'write') continue;
      expect(job.environment).toBeTruthy();
      expect(Object.values({ ...job.permissions, 'id-token': '' })).not.toContain('write');
    }
  });

  test.each(workflows)('%s puts nothing that somebody typed into a shell', (_path, workflow) => {
    const scripts = Object.values(workflow.jobs).flatMap(({ steps }) => steps.map(({ run = '' }) => run));
    for (const script of scripts) expect(script).not.toContain('${{');
  });
});
