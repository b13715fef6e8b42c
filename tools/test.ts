// What `npm test` runs: every check, a line each with its time; details of what failed; one last line with the counts.
//
//   npm test                         everything
//   npm test -- types lint           only these checks
//   npm test -- jest __tests__/x     only jest, only these files
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './checks/bundle.ts';
import { type Check, failed, type Outcome } from './checks/check.ts';
import { type JestCounts, runJest } from './checks/jest.ts';
import { documents, lint, types, workflows } from './checks/static.ts';

const CHECKS: readonly Check[] = [types, lint, documents, workflows, bundle];
const JEST = 'jest';

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

async function main(root: string, args: readonly string[]): Promise<void> {
  const names = [...CHECKS.map((check) => check.name), JEST];
  const wanted = args.length === 0 ? names : args.filter((arg) => names.includes(arg));
  const patterns = args.filter((arg) => !names.includes(arg));
  if (patterns.length > 0 && !wanted.includes(JEST)) {
    console.error(`There is no check "${patterns.join('", "')}". They are: ${names.join(', ')}.`);
    process.exitCode = 1;
    return;
  }
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  for (const check of CHECKS) {
    if (wanted.includes(check.name)) await runCheck(check, root, totals);
  }
  if (wanted.includes(JEST)) await runTests(root, patterns, totals);
  if (totals.skipped > 0) console.log(`${totals.skipped} skipped`);
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  process.exitCode = totals.failed === 0 ? 0 : 1;
}

async function runCheck(check: Check, root: string, totals: Totals): Promise<void> {
  const started = performance.now();
  const outcome = await outcomeOf(check, root);
  totals[outcome.kind]++;
  const time = seconds(started);
  if (outcome.kind === 'failed') {
    console.log(`✗ ${check.name} (${time})`);
    console.log(indented(outcome.details));
    return;
  }
  const note = outcome.kind === 'skipped' ? `skipped: ${outcome.why}` : outcome.note;
  console.log(
    `${outcome.kind === 'skipped' ? '-' : '✓'} ${check.name} (${note === undefined ? '' : `${note}, `}${time})`,
  );
}

/** A check that breaks has failed; the others still run. */
async function outcomeOf(check: Check, root: string): Promise<Outcome> {
  try {
    return await check.run(root);
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

async function runTests(root: string, patterns: readonly string[], totals: Totals): Promise<void> {
  const started = performance.now();
  console.log('  tests');
  const counts = await runJest(root, patterns, (line) => console.log(`    ${line}`));
  totals.passed += counts.passed;
  totals.failed += counts.failed;
  totals.skipped += counts.skipped;
  console.log(`${counts.failed === 0 ? '✓' : '✗'} tests (${describe(counts)}, ${seconds(started)})`);
  for (const failure of counts.failures) console.log(indented(failure));
}

function describe({ passed, failed, skipped }: JestCounts): string {
  return [`${passed} passed`, failed > 0 ? `${failed} failed` : '', skipped > 0 ? `${skipped} skipped` : '']
    .filter((part) => part !== '')
    .join(', ');
}

function seconds(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

function indented(text: string): string {
  return text.trim().replaceAll(/^/gm, '    ');
}

await main(dirname(dirname(fileURLToPath(import.meta.url))), process.argv.slice(2));
