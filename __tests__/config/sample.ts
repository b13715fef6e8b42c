// A right configuration file, and a way to load changed copies of it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { FileOptions } from '../../src/config/checked-file.ts';
import type { Config, SlotTopology } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { UpgradeError } from '../../src/reasons.ts';

export type Data = Record<string, unknown>;

/** The smallest file that is right. */
export function sample(): Data {
  return {
    version: 1,
    application: 'contoso',
    slots: {
      blue: { 'resource-group': 'contoso-blue', 'sql-server': 'contoso-sql-blue', 'web-app': 'contoso-blue' },
      green: {
        'resource-group': 'contoso-green',
        'sql-server': 'contoso-sql-green',
        'web-app': 'contoso-green',
      },
    },
    databases: ['contoso'],
    'traffic-manager': {
      'resource-group': 'contoso-traffic',
      profile: 'contoso',
      'public-name': 'www.contoso.example',
    },
    upgrade: { scripts: ['db/*.sql'] },
    health: { 'expected-version': '2.0.0' },
  };
}

/** The same for slot-swap. */
export function swapSample(): Data {
  const { 'traffic-manager': _, ...rest } = sample();
  return {
    ...rest,
    slots: {
      blue: { 'resource-group': 'contoso', 'sql-server': 'contoso-sql-blue', 'web-app': 'contoso' },
      green: { 'resource-group': 'contoso', 'sql-server': 'contoso-sql-green', 'web-app': 'contoso' },
    },
    switch: { method: 'slot-swap' },
  };
}

/** The smallest file that is right for topology geo-redundant. */
export function geoSample(): Data {
  return {
    ...sample(),
    slots: {
      blue: {
        'resource-group': 'contoso-blue',
        'sql-server': 'contoso-sql-1',
        'web-app': 'contoso-1',
        backup: {
          'resource-group': 'contoso-blue-dr',
          'sql-server': 'contoso-sql-dr',
          'web-app': 'contoso-dr',
        },
      },
      green: {
        'resource-group': 'contoso-green',
        'sql-server': 'contoso-sql-2',
        'web-app': 'contoso-2',
        backup: {
          'resource-group': 'contoso-green-dr',
          'sql-server': 'contoso-sql-3',
          'web-app': 'contoso-3',
        },
      },
    },
  };
}

/** The same for slot-swap: one web app a region. */
export function geoSwapSample(): Data {
  const { 'traffic-manager': _, ...rest } = geoSample();
  let file: Data = { ...rest, switch: { method: 'slot-swap' } };
  for (const slot of ['blue', 'green']) {
    file = changed(file, `slots.${slot}.web-app`, { name: 'contoso', 'resource-group': 'contoso-blue' });
    const backup = { name: 'contoso-dr', 'resource-group': 'contoso-blue-dr' };
    file = changed(file, `slots.${slot}.backup.web-app`, backup);
  }
  return file;
}

/** A copy with `value` at `path` ("slots.blue.web-app"); undefined removes the key. */
export function changed(data: Data, path: string, value: unknown): Data {
  const [key = '', ...rest] = path.split('.');
  const copy = { ...data };
  if (rest.length > 0) copy[key] = changed((copy[key] ?? {}) as Data, rest.join('.'), value);
  else if (value === undefined) delete copy[key];
  else copy[key] = value;
  return copy;
}

export function workspace(files: Readonly<Record<string, string | Buffer>> = { 'db/1.sql': '' }): string {
  const folder = mkdtempSync(join(tmpdir(), 'rolling-upgrade-config-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export interface Loaded<Of = Config> {
  readonly config: Of | null;
  readonly error: UpgradeError | null;
  readonly masked: readonly string[];
}

/** @param file the file's data, or its text. */
export function load(
  file: Data | string | Buffer,
  environment: Record<string, string> = {},
  files: Readonly<Record<string, string>> = { 'db/1.sql': '' },
  topology: SlotTopology = 'single-region',
): Loaded {
  return loadBy((options) => loadConfig({ ...options, topology }), file, environment, files);
}

/** @param loader what is to be called with the file, written beside `files`. */
export function loadBy<Of>(
  loader: (options: FileOptions) => Of,
  file: Data | string | Buffer,
  environment: Record<string, string>,
  files: Readonly<Record<string, string>>,
): Loaded<Of> {
  const text = typeof file === 'string' || Buffer.isBuffer(file) ? file : stringify(file);
  const folder = workspace({ ...files, 'upgrade.yml': text });
  const masked: string[] = [];
  try {
    const mask = (secret: string) => masked.push(secret);
    const config = loader({ path: 'upgrade.yml', workspace: folder, environment, mask });
    return { config, error: null, masked };
  } catch (error) {
    if (error instanceof UpgradeError) return { config: null, error, masked };
    throw error;
  } finally {
    // Property tests load thousands.
    rmSync(folder, { recursive: true });
  }
}

export function loadGeo(file: Data, environment: Record<string, string> = {}): Loaded {
  return load(file, environment, undefined, 'geo-redundant');
}

/** The lines of the error that name problems, without the file's name: "3:5 slots.blue: found …". */
export function problemsOf({ error }: Pick<Loaded, 'error'>): string[] {
  return (error?.message ?? '')
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/^ {2}upgrade\.yml:?/, ''));
}
