import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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

  test('a flag it does not know is one clear error', async () => {
    const refused = await run(process.execPath, [MAIN, '--latencyy', 'off']);
    expect(refused.code).toBe(2);
    expect(refused.err.split('\n')[0]).toContain('--latencyy');
    expect(refused.out).toBe('');
  });
});
