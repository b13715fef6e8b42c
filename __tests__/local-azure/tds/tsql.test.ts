import { spawn, spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { done, error, info, rows, startScriptedServer } from './scripted-host.ts';

const installed = spawnSync('tsql', ['-C']).status === 0;

describe("FreeTDS's tsql, a client that nobody here wrote", () => {
  if (!installed) {
    test('skipped: tsql is not installed', () => {
      expect(installed).toBe(false);
    });
    return;
  }

  test('logs in, reads rows, messages and errors', async () => {
    const server = await startScriptedServer({
      script: (text) => {
        if (text.includes('nothing')) return [error(208, "Invalid object name 'nothing'.", 16, 2)];
        return [
          info('working'),
          ...rows(
            [
              ['id', 'int'],
              ['name', 'nvarchar'],
            ],
            [
              [1, 'Müller'],
              [2, null],
            ],
          ),
          done(1),
        ];
      },
    });
    const { status, output } = await run(
      server.port,
      'select * from t\ngo\nselect * from nothing\ngo\nexit\n',
    );
    expect(output).toContain('id\tname\n1\tMüller\n2\tNULL\n(2 rows affected)');
    expect(output).toContain('working');
    expect(output).toMatch(
      /Msg 208 \(severity 16, state 1\) from contoso-sql-blue Line 2:\s+"Invalid object name/,
    );
    expect(status).toBe(0);
    expect(server.logins).toMatchObject([
      { login: { kind: 'password', user: 'contoso-admin', password: 'Pass-w0rd' }, database: 'contoso' },
    ]);
    await server.close();
  });
});

function run(port: number, input: string): Promise<{ status: number | null; output: string }> {
  const arguments_ = [
    '-H',
    '127.0.0.1',
    '-p',
    String(port),
    '-U',
    'contoso-admin',
    '-P',
    'Pass-w0rd',
    '-D',
    'contoso',
  ];
  const child = spawn('tsql', arguments_, { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, output })));
}
