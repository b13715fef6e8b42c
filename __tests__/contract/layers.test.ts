// Arrows point down only: what each folder of src may know of the others, and of the world outside.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { describe, expect, test } from '@jest/globals';

interface Layer {
  /** Other folders and files directly under src that may be imported. */
  readonly layers: readonly string[];
  /** Packages and Node modules; a name with "/" at its end stands for a whole scope. */
  readonly packages: readonly string[];
}

const BASE = ['reasons', 'clock', 'message-of'];
/** What the upgrade itself is written in: everything but GitHub and the clients of Azure. */
const APPLICATION = ['application', 'engine', 'azure', 'sqlcmd', 'config', ...BASE];
/** The same, with what topology upgrade-domains is thought of in. */
const UPGRADES = ['service', ...APPLICATION];

/** From top to bottom. Whatever knows Azure or GitHub stands here by name. */
const LAYERS: Readonly<Record<string, Layer>> = {
  main: { layers: ['action'], packages: [] },
  action: {
    layers: ['phases', 'topologies', 'guards', 'steps', ...UPGRADES],
    packages: ['@actions/', 'node:'],
  },
  phases: { layers: ['topologies', 'guards', 'steps', ...UPGRADES], packages: [] },
  topologies: { layers: ['guards', 'steps', ...UPGRADES], packages: [] },
  guards: { layers: UPGRADES, packages: [] },
  steps: { layers: UPGRADES, packages: [] },
  service: { layers: ['engine', 'azure', 'config', ...BASE], packages: ['zod', 'node:crypto', 'node:zlib'] },
  application: { layers: APPLICATION, packages: [] },
  engine: { layers: BASE, packages: ['zod'] },
  azure: {
    layers: BASE,
    packages: [
      '@azure/',
      'tedious',
      'zod',
      'node:dns/promises',
      'node:http',
      'node:https',
      'node:net',
      'node:util',
    ],
  },
  sqlcmd: { layers: BASE, packages: ['node:crypto', 'node:fs/promises', 'node:path'] },
  config: { layers: BASE, packages: ['zod', 'yaml', 'node:fs', 'node:path'] },
  reasons: { layers: [], packages: [] },
  clock: { layers: [], packages: [] },
  'message-of': { layers: [], packages: [] },
};

/**
 * Of the folder azure these are for everyone: the ports, their errors, resource ids, what is told to be a secret, and
 * the T-SQL written over them.
 */
const AZURE_FOR_EVERYONE =
  /^src\/azure\/(?:ports(?:\/[a-z-]+)?|errors|resource-id|scale-sets-secrets|tsql\/[a-z-]+)\.ts$/;

interface Import {
  readonly from: string;
  /** A file of this repository ("src/reasons.ts"), or a package. */
  readonly to: string;
  /** Gone when the types are stripped. */
  readonly typeOnly: boolean;
}

const FILES = globSync('src/**/*.ts').map(withSlashes);
const IMPORTS = FILES.flatMap((file) => importsOf(file, readFileSync(file, 'utf8')));

function withSlashes(path: string): string {
  return path.split(sep).join('/');
}

function importsOf(file: string, source: string): Import[] {
  const statement = /^(?:import|export)\s+(type\s)?(?:[^;'"]*?from\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;
  return [...source.matchAll(statement)].map(([, type, fixed, dynamic]) => {
    const specifier = fixed ?? dynamic ?? '';
    const to = specifier.startsWith('.') ? withSlashes(join(dirname(file), specifier)) : specifier;
    return { from: file, to, typeOnly: type !== undefined };
  });
}

/** `engine` of src/engine/run.ts, `clock` of src/clock.ts; null for what lies outside src. */
function layerOf(path: string): string | null {
  return /^src\/([a-z-]+)(?:\/|\.ts$)/.exec(path)?.[1] ?? null;
}

function isAllowed({ from, to }: Import): boolean {
  const own = layerOf(from) ?? '';
  const allowed = LAYERS[own];
  if (allowed === undefined) return false;
  const target = layerOf(to);
  if (target === null) {
    return allowed.packages.some((name) => to === name || (/[/:]$/.test(name) && to.startsWith(name)));
  }
  if (target === own) return true;
  const onlyPorts = target === 'azure' && own !== 'action';
  return allowed.layers.includes(target) && (!onlyPorts || AZURE_FOR_EVERYONE.test(to));
}

const forbidden = (imports: readonly Import[]) =>
  imports.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} imports ${to}`);

describe('the layers of src', () => {
  test('are all of it', () => {
    const layers = [...new Set(FILES.map(layerOf))];
    expect(layers.sort()).toEqual(Object.keys(LAYERS).sort());
  });

  test('may only know what lies below them', () => {
    const order = Object.keys(LAYERS);
    const upwards = Object.entries(LAYERS).flatMap(([name, { layers }]) =>
      layers
        .filter((below) => order.indexOf(below) < order.indexOf(name))
        .map((above) => `${name}: ${above}`),
    );
    expect(upwards).toEqual([]);
  });

  test('know nothing else: neither each other nor packages, and never the embedded Azure', () => {
    expect(forbidden(IMPORTS)).toEqual([]);
  });

  test.each([
    ['src/engine/run.ts', `import type { Azure } from '../azure/ports.ts';`],
    ['src/engine/run.ts', `import {\n  type Config,\n} from '../config/config.ts';`],
    ['src/steps/freeze.ts', `import * as core from '@actions/core';`],
    ['src/steps/freeze.ts', `import { createSqlConnector } from '../azure/sql-connection.ts';`],
    ['src/steps/freeze.ts', `export * from '../guards/guard.ts';`],
    ['src/azure/tsql/sessions.ts', `import { x } from '../../engine/step.ts';`],
    ['src/azure/azure.ts', `const core = await import('@actions/core');`],
    ['src/phases/act.ts', `import 'tedious';`],
    ['src/action/run-action.ts', `import { start } from '../../local-azure/start.ts';`],
    ['src/somewhere/new.ts', `import { UpgradeError } from '../reasons.ts';`],
  ])('%s may not: %s', (file, source) => {
    expect(forbidden(importsOf(file, source))).toHaveLength(1);
  });
});

test('no file of src needs itself, by whatever way round', () => {
  const needs = new Map(FILES.map((file) => [file, new Set<string>()]));
  for (const { from, to, typeOnly } of IMPORTS) if (!typeOnly) needs.get(from)?.add(to);
  // Whoever needs nobody that is left is taken away; a circle stays.
  for (let taken = true; taken; ) {
    taken = false;
    for (const [file, others] of needs) {
      if ([...others].some((other) => needs.has(other))) continue;
      needs.delete(file);
      taken = true;
    }
  }
  expect([...needs.keys()]).toEqual([]);
});
