// A peer that failed is not measured: it says so, and users of this embedded Azure can write again.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { missingPrograms, runAzProcedure } from '../../bench/peers/az.ts';
import type { PeerSetting } from '../../bench/peers/places.ts';
import { runSdkProcedure } from '../../bench/peers/sdk.ts';
import { upgradeScript } from '../../bench/window/script.ts';
import { type LocalAzure, startLocalAzure } from '../../local-azure/start.ts';
import { DATABASE } from '../../local-azure/topologies/contoso.ts';
import { DEFAULTS } from '../../local-azure/topologies/options.ts';

const [BLUE, GREEN] = ['contoso-sql-blue', 'contoso-sql-green'];
const BROKEN = 'ALTER TABLE [dbo].[NoSuchTable] ADD [Currency] char(3);\nGO\n';

let directory: string;
let azure: LocalAzure;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'peers-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));
beforeEach(async () => {
  azure = await startLocalAzure({ ...DEFAULTS, orders: 20 });
});
afterEach(() => azure.close());

async function settingWith(script: string): Promise<PeerSetting> {
  const own = await mkdtemp(join(directory, 'setting-'));
  const path = join(own, 'script.sql');
  await writeFile(path, script);
  return { azure, directory: own, script: path, version: '2.0.0' };
}

/** What DNS answers for the public name, as text. */
const servedBy = () => JSON.stringify(azure.state().publicName);

describe('the SDKs', () => {
  test('move users to version 2', async () => {
    const setting = await settingWith(upgradeScript(0));
    await runSdkProcedure(setting, 'prepare');
    await runSdkProcedure(setting, 'upgrade');
    expect(servedBy()).toContain('contoso-green');
    expect(azure.fabric.isReadOnly(GREEN, DATABASE)).toBe(false);
    expect(azure.fabric.links(BLUE, DATABASE)).toEqual([]);
  });

  test('a script that fails is an error, and production takes writes again', async () => {
    const setting = await settingWith(BROKEN);
    await runSdkProcedure(setting, 'prepare');
    await expect(runSdkProcedure(setting, 'upgrade')).rejects.toThrow('NoSuchTable');
    expect(azure.fabric.isReadOnly(BLUE, DATABASE)).toBe(false);
    expect(servedBy()).toContain('contoso-blue');
  });
});

const missing = missingPrograms();
const describeAz = missing.length === 0 ? describe : describe.skip;

describeAz('az and FreeTDS', () => {
  test('move users to version 2, and remove V1', async () => {
    const setting = await settingWith(upgradeScript(0));
    for (const phase of ['login', 'prepare', 'upgrade', 'cleanup'] as const)
      await runAzProcedure(setting, phase);
    expect(servedBy()).toContain('contoso-green');
    expect(azure.fabric.isReadOnly(GREEN, DATABASE)).toBe(false);
    expect(azure.fabric.hasDatabase(BLUE, DATABASE)).toBe(false);
  });

  test('a script that fails is an error, and production takes writes again', async () => {
    const setting = await settingWith(BROKEN);
    await runAzProcedure(setting, 'login');
    await expect(runAzProcedure(setting, 'upgrade')).rejects.toThrow('prepare first');
    await runAzProcedure(setting, 'prepare');
    await expect(runAzProcedure(setting, 'upgrade')).rejects.toThrow('NoSuchTable');
    expect(azure.fabric.isReadOnly(BLUE, DATABASE)).toBe(false);
    expect(servedBy()).toContain('contoso-blue');
  });
});
