// Tries cases, keeps their results, and tells how far it has come.
import type { JobResult, Planned } from './jobs.ts';
import type { Pool } from './pool.ts';
import type { CaseResult, Results } from './results.ts';

export interface RunOptions {
  readonly pool: Pool;
  readonly results: Results;
  readonly seed: number;
  readonly bundle: string;
  readonly tell: (line: string) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

export interface Totals {
  readonly tried: number;
  readonly violating: number;
  readonly broken: number;
}

const TELL_EVERY_MS = 10_000;
/** Up to so many are told one by one as they end; of more the endings are counted. */
const FEW = 20;
const ENDINGS_TOLD = 10;

/** Tries all of them, whatever becomes of any. */
export async function runCases(cases: readonly Planned[], options: RunOptions): Promise<Totals> {
  const { pool, seed, tell, now } = options;
  const begun = now();
  let toldAt = begun;
  const totals = { tried: 0, violating: 0, broken: 0 };
  const endings = new Map<string, number>();
  await Promise.all(
    cases.map(async (planned) => {
      const result = resultOf(planned, await pool.run({ kind: 'case', planned, seed }), options);
      totals.tried++;
      if (result.violations.length > 0) totals.violating++;
      if (result.broken) totals.broken++;
      endings.set(result.ended, (endings.get(result.ended) ?? 0) + 1);
      const isGood = result.violations.length === 0 && !result.broken;
      if (cases.length <= FEW && isGood)
        tell(`✓ ${result.id}\n    ${result.ended} (${seconds(result.seconds)})`);
      const isLast = totals.tried === cases.length;
      if (isLast || now() - toldAt < TELL_EVERY_MS) return;
      toldAt = now();
      tell(progress(totals, cases.length, toldAt - begun));
    }),
  );
  if (cases.length > FEW) tell(howTheyEnded(endings));
  tell(`${counted(totals, cases.length)}, in ${seconds((now() - begun) / 1000)}`);
  return totals;
}

function resultOf(planned: Planned, came: JobResult, options: RunOptions): CaseResult {
  const { results, seed, bundle, tell } = options;
  const outcome = outcomeOf(came);
  const { ended, violations, seconds, broken } = outcome;
  const result: CaseResult = {
    ...planned,
    seed,
    bundle,
    at: new Date().toISOString(),
    seconds,
    ended,
    violations,
    broken,
  };
  const log = results.add(result, outcome.log);
  if (log !== null) tell(complaint(result, log));
  return result;
}

function outcomeOf(came: JobResult) {
  if (came.kind === 'tried') return { ...came.outcome, seconds: came.seconds, broken: false };
  const why = came.kind === 'broken' ? came.why : 'it was recorded, not tried';
  return { ended: why.split('\n')[0] ?? '', violations: [], log: why, seconds: 0, broken: true };
}

function complaint({ id, seed, ended, violations, broken }: CaseResult, log: string): string {
  return [
    `${broken ? '✗ the case broke' : '✗'} ${id}`,
    `    ${ended}`,
    ...violations.map((violation) => `    ${violation}`),
    `    log: ${log}`,
    `    again: npm run test:matrix -- --seed ${seed} --case ${shellQuoted(id)}`,
  ].join('\n');
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function progress(totals: Totals, all: number, ms: number): string {
  const left = Math.ceil(((ms / totals.tried) * (all - totals.tried)) / 60_000);
  return `${counted(totals, all)}, about ${left} min left`;
}

function counted({ tried, violating, broken }: Totals, all: number): string {
  return `${tried} of ${all} tried, ${violating} with violations${broken > 0 ? `, ${broken} broken` : ''}`;
}

/** The most frequent first. */
function howTheyEnded(endings: ReadonlyMap<string, number>): string {
  const sorted = [...endings].sort(([, a], [, b]) => b - a);
  const others = sorted.length - ENDINGS_TOLD;
  return [
    'How they ended:',
    ...sorted.slice(0, ENDINGS_TOLD).map(([ended, count]) => `${String(count).padStart(6)} × ${ended}`),
    ...(others > 0 ? [`         and in ${others} other ways`] : []),
  ].join('\n');
}

function seconds(count: number): string {
  return `${Math.round(count)} s`;
}
