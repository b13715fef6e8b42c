import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { run, startProcess } from './running.ts';

const MAIN = fileURLToPath(new URL('../../../local-azure/main.ts', import.meta.url));

describe('npm run local-azure', () => {
  test('prints one line when it is ready, and nothing is left when it was told to stop', async () => {
    const azure = await startProcess('--topology', 'single-region', '--orders', '5');
    const { ready, environment, arm, authority, ca, dns, sql, subscription, config, control } = azure.ready;
    expect({ ready, subscription, config }).toEqual({
      ready: true,
      subscription: '5b2c7a10-0f3e-4d1c-9a55-3f1d2b6c8e01',
      config: '.github/rolling-upgrade.yml',
    });
    expect([azure.ready.pid, azure.ready.node]).toEqual([azure.child.pid, process.execPath]);
    expect([arm, authority, control].every((url) => URL.canParse(url))).toBe(true);
    expect([dns, ...Object.values(sql)].every((place) => /^127\.0\.0\.1:\d+$/.test(place))).toBe(true);
    expect(await readFile(ca, 'utf8')).toContain('BEGIN CERTIFICATE');
    const workspace = environment.GITHUB_WORKSPACE ?? '';
    expect(existsSync(join(workspace, config))).toBe(true);
    expect(existsSync(join(workspace, 'db/v2/001-currency.sql'))).toBe(true);
    expect((await fetch(`${control}/state`)).status).toBe(200);

    expect(await azure.stop()).toBe(0);
    expect(azure.lines.length).toBe(1);
    expect(existsSync(workspace)).toBe(false);
    expect(existsSync(ca)).toBe(false);
  });

  test('ends with the program that started it, however that one ended', async () => {
    const starter = `
      import { spawn } from 'node:child_process';
      const stdio = ['ignore', 'inherit', 'inherit', 'ipc'];
      spawn(process.execPath, [${JSON.stringify(MAIN)}, '--orders', '5'], { stdio });`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', starter], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const { ca }: { ca: string } = JSON.parse(String(line));
    expect(existsSync(ca)).toBe(true);
    const ended = once(child.stdout, 'close'); // the last one that holds it open is the embedded Azure
    child.kill('SIGKILL');
    await ended;
    expect(existsSync(ca)).toBe(false);
  });

  test('--help prints the usage', async () => {
    const helped = await run(process.execPath, [MAIN, '--help']);
    expect(helped).toMatchObject({ code: 0, err: '' });
    expect(helped.out).toMatch(/^Usage: .*--workspace DIRECTORY/s);
  });

  test('a flag it does not know is one clear error', async () => {
    const refused = await run(process.execPath, [MAIN, '--latencyy', 'off']);
    expect(refused.code).toBe(2);
    expect(refused.err.split('\n')[0]).toContain('--latencyy');
    expect(refused.out).toBe('');
  });
});
