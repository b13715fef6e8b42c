// The full matrix, `npm run test:matrix`: every crash, cancellation and fault that can be enumerated from recordings of real
// runs, tried with the bundle against the embedded Azure. Ends with status 1 where a law did not hold or a case broke.
import { writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOfBundle } from '../../tools/bundle-digest.ts';
import { BUNDLE } from '../acceptance/scenario.ts';
import { type Asked, parseCommandLine, USAGE } from './command-line.ts';
import { casesOf, KINDS_TRIED, ROUTES, type Route } from './enumerate.ts';
import type { Planned } from './jobs.ts';
import { openPool, type Pool } from './pool.ts';
import { recordAll } from './recordings.ts';
import { renderReliability } from './reliability.ts';
import { openResults } from './results.ts';
import { runCases } from './run-cases.ts';
import { select } from './select.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Two hours of waiting for a lost region are none of it; what takes longer than this hangs. */
const LONGEST_CASE_MS = 20 * 60_000;

async function main(args: readonly string[]): Promise<number> {
  const asked = parseCommandLine(args);
  if (asked === 'help') {
    console.log(USAGE);
    return 0;
  }
  const pool = openPool({ workers: asked.jobs, atOnce: asked.atOnce, longestMs: LONGEST_CASE_MS });
  try {
    return await carryOut(asked, pool);
  } finally {
    pool.close();
  }
}

async function carryOut(asked: Asked, pool: Pool): Promise<number> {
  const { seed } = asked;
  const bundle = digestOfBundle(BUNDLE);
  const results = openResults(resolve(root, asked.results));
  const tell = (line: string) => console.log(line);
  const all = await enumerate(asked, pool, bundle);
  if (asked.does === 'document') {
    writeFileSync(join(root, 'docs', 'reliability.md'), renderReliability(all, results.kept, bundle));
    return 0;
  }
  const done = new Set([...results.kept.values()].filter((one) => one.bundle === bundle).map(({ id }) => id));
  const cases = select(all, asked, done);
  if (asked.case !== null && cases.length === 0) {
    throw new Error(
      `There is no case "${asked.case}": --list with the same --kind, --world and --journey prints those there are.`,
    );
  }
  if (asked.does === 'list') {
    for (const { id } of cases) tell(id);
    return 0;
  }
  tell(
    `Trying ${cases.length} of ${all.length} cases, seed ${seed}, bundle ${bundle}; results go to ${asked.results}`,
  );
  if (cases.length === 0) return 0;
  const now = () => performance.now();
  const { violating, broken } = await runCases(cases, { pool, results, seed, bundle, tell, now });
  return violating + broken === 0 ? 0 : 1;
}

async function enumerate(asked: Asked, pool: Pool, bundle: string): Promise<Planned[]> {
  const wanted = <T>(names: readonly T[], name: T) => names.length === 0 || names.includes(name);
  const routes = ROUTES.filter(
    ({ world, journey }) => wanted(asked.worlds, world) && wanted(asked.journeys, journey),
  );
  assertJourneys(asked);
  const kinds = KINDS_TRIED.filter((kind) => wanted(asked.kinds, kind));
  const recorded = await recordAll(routes, {
    pool,
    folder: join(root, '.matrix', 'recordings'),
    bundle,
    seed: asked.seed,
    // Not among the ids that --list prints.
    tell: (line) => console.error(line),
  });
  return recorded.flatMap(({ route, recording }) =>
    casesOf(route, recording, kinds).map((one) => plannedOf(route, one)),
  );
}

/** A name that is none would try nothing, and end well. */
function assertJourneys({ worlds, journeys }: Asked): void {
  const there = new Set(
    ROUTES.filter(({ world }) => worlds.length === 0 || worlds.includes(world)).map(({ journey }) => journey),
  );
  const wrong = journeys.find((journey) => !there.has(journey));
  if (wrong === undefined) return;
  const names = [...there].map((name) => `"${name}"`).join(', ');
  const where = worlds.length === 0 ? 'any world' : worlds.join(', ');
  throw new Error(`--journey is "${wrong}": the journeys of ${where} are ${names}.`);
}

function plannedOf(route: Route, { id, kind, group }: Pick<Planned, 'id' | 'kind' | 'group'>): Planned {
  return { id, kind, group, route };
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
