// The command: measures, prints, keeps what was found, and writes docs/performance.md.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundlePath } from '../demo/acts/bundle.ts';
import { digestOfBundle } from '../tools/bundle-digest.ts';
import type { Benchmark } from './benchmark.ts';
import { BENCHMARKS } from './benchmarks.ts';
import { type FindingsStore, findingsStore } from './findings-store.ts';
import { linesOf, renderPage } from './page.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const USAGE = `Usage: npm run bench [-- flags]
  --only ID       only this one, may be given several times: ${BENCHMARKS.map(({ id }) => id).join(', ')}
  --rounds N      how often each thing is measured (default 5)
  --document      measures nothing, writes docs/performance.md from what was found before
  --help          this text

Measures everything and writes docs/performance.md; with --only it prints, and keeps what it found in .bench for
--document. ROLLING_UPGRADE_BUNDLE in the environment: another bundle than dist/index.js. Ends with status 1 where a
target is missed. Leave the machine alone meanwhile.`;

process.exitCode = await main();
if (process.connected) process.disconnect();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string', default: '5' },
      document: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  const unknown = values.only.find((id) => !BENCHMARKS.some((one) => one.id === id));
  if (values.help || unknown !== undefined || !Number.isInteger(rounds) || rounds < 1) {
    if (unknown !== undefined) console.error(`There is no benchmark "${unknown}".\n`);
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const store = findingsStore(join(ROOT, '.bench'));
  const asked = BENCHMARKS.filter(({ id }) => values.only.length === 0 || values.only.includes(id));
  const missed = values.document ? false : await measureAll(asked, rounds, store);
  if (values.document || values.only.length === 0) await document(store);
  return missed ? 1 : 0;
}

/** Whether any target was missed. */
async function measureAll(
  asked: readonly Benchmark[],
  rounds: number,
  store: FindingsStore,
): Promise<boolean> {
  let missed = false;
  for (const benchmark of asked) {
    const directory = await mkdtemp(join(tmpdir(), `rolling-upgrade-bench-${benchmark.id}-`));
    console.log(`\n${benchmark.title}`);
    try {
      const bundle = bundlePath();
      const setting = { rounds, bundle, directory, say: (line: string) => console.log(`  ${line}`) };
      const findings = await benchmark.measure(setting);
      store.keep(benchmark.id, {
        findings,
        bundle: digestOfBundle(bundle),
        rounds,
        at: new Date().toISOString(),
        machine: `${availableParallelism()} processors, Node ${process.version}, ${process.platform} ${process.arch}`,
      });
      console.log(`\n${linesOf(findings).join('\n')}`);
      missed ||= findings.targets.some(({ met }) => met === false);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
  return missed;
}

async function document(store: FindingsStore): Promise<void> {
  const page = renderPage(BENCHMARKS.map((benchmark) => ({ benchmark, kept: store.read(benchmark.id) })));
  await writeFile(join(ROOT, 'docs', 'performance.md'), page);
  console.log('\nwrote docs/performance.md');
}
