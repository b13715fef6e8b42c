// What a phase does not need it does not load: each library is in a file of the bundle of its own, and a run reads those it
// has a use for.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { bundlesBeside, msToFirstWord, nameOf } from '../../bench/start/beside.ts';
import { type FilesRead, filesRead, requestsTo } from '../../bench/start/one-start.ts';
import { bundlePath } from '../../demo/acts/bundle.ts';
import { startLocalAzure } from '../../local-azure/start.ts';
import { type AnyOptions, DEFAULTS, UPGRADE_DOMAINS_DEFAULTS } from '../../local-azure/topologies/options.ts';

/** Words that stand nowhere but in the library. */
const LIBRARIES = {
  compute: 'azsdk-js-arm-compute/',
  sql: 'azsdk-js-arm-sql/',
  sites: 'azsdk-js-arm-appservice/',
  'traffic manager': 'azsdk-js-arm-trafficmanager/',
  tds: 'LOGINACK',
  github: 'octokit-core.js/',
} as const;

const directory = mkdtempSync(join(tmpdir(), 'rolling-upgrade-start-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function statusOf(options: AnyOptions): Promise<FilesRead> {
  const azure = await startLocalAzure(options);
  try {
    return await filesRead({ azure, requests: requestsTo(azure), bundle: bundlePath(), directory }, 'status');
  } finally {
    await azure.close();
  }
}

function librariesIn(files: readonly string[]): string[] {
  const text = files.map((file) => readFileSync(join(dirname(bundlePath()), file), 'utf8')).join('\n');
  return Object.entries(LIBRARIES).flatMap(([name, words]) => (text.includes(words) ? [name] : []));
}

test('status of an application reads nothing of instances, and the databases’ protocol only after its first request', async () => {
  const { files, beforeFirstRequest } = await statusOf(DEFAULTS);
  const read = librariesIn(files);
  expect(read).toEqual(expect.arrayContaining(['sql', 'tds']));
  expect(read.filter((name) => ['compute', 'github'].includes(name))).toEqual([]);
  const atFirst = librariesIn(files.slice(0, beforeFirstRequest));
  expect(atFirst.filter((name) => name !== 'traffic manager')).toEqual([]);
});

test('status of a service reads nothing of databases, sites and Traffic Manager', async () => {
  const { files } = await statusOf(UPGRADE_DOMAINS_DEFAULTS);
  expect(librariesIn(files)).toEqual(['compute']);
});

test('bundles beside are those that are named, each timed to its first word', async () => {
  expect(bundlesBeside({})).toEqual([]);
  expect(bundlesBeside({ BENCH_BESIDE: '/a/checkout/dist/index.js, /b/dist/main.js' }).map(nameOf)).toEqual([
    join('checkout', 'dist', 'index.js'),
    join('b', 'dist', 'main.js'),
  ]);
  expect(await msToFirstWord(bundlePath(), directory)).toBeGreaterThan(0);
});
