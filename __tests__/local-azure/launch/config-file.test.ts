// The configuration that is written for every variant is one that the action takes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import type { ConfigVariant } from '../../../local-azure/topologies/config-file.ts';
import { DEFAULTS } from '../../../local-azure/topologies/options.ts';
import { writeWorkspace } from '../../../local-azure/topologies/workspace.ts';
import { type LoadOptions, loadConfig } from '../../../src/config/load.ts';

const workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

const BASES: readonly Partial<ConfigVariant>[] = [
  { topology: 'single-region' },
  { topology: 'geo-redundant' },
  { topology: 'geo-redundant', standby: 'after-termination' },
  { topology: 'geo-redundant', failoverGroup: true },
];
const CHANGES: readonly Partial<ConfigVariant>[] = [
  {},
  { switchMethod: 'slot-swap' },
  { sqlLogins: true },
  { createWebApp: true },
];
const VARIANTS = BASES.flatMap((base) =>
  CHANGES.map(
    (change) => [JSON.stringify({ ...base, ...change }), { ...DEFAULTS, ...base, ...change }] as const,
  ),
);

async function load(variant: ConfigVariant, version: '2.0.0' | '3.0.0') {
  const { configs } = await writeWorkspace(workspace, variant);
  const options: LoadOptions = {
    path: configs[version],
    topology: variant.topology,
    workspace,
    environment: { SQL_PASSWORD: 'a-password' },
    mask: () => undefined,
  };
  return loadConfig(options);
}

test.each(VARIANTS)('%s', async (_name, variant) => {
  for (const version of ['2.0.0', '3.0.0'] as const) {
    const config = await load(variant, version);
    expect(config.health.expectedVersion).toBe(version);
    const swapped = variant.switchMethod === 'slot-swap';
    const geo = variant.topology === 'geo-redundant';
    expect(config.slots.map((slot) => slot.backup?.webApp ?? null)).toEqual(
      !geo ? [null, null] : swapped ? ['contoso-dr', 'contoso-dr'] : ['contoso-dr', 'contoso-3'],
    );
    expect(config.slots.map((slot) => slot.failoverGroup)).toEqual(
      variant.failoverGroup ? ['contoso-fog-blue', 'contoso-fog-green'] : [null, null],
    );
    expect(config.standbyMode).toBe(variant.standby);
  }
});
