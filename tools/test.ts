// What `npm test` runs: every check, a line each with its time; details of what failed; one last line with the counts.
//
//   npm test                         every check, and every test that does not take long
//   npm test -- types lint           only these checks
//   npm test -- jest __tests__/x     only jest, only these files, long or not
//   npm test -- long                 the tests that take long: files called *.long.test.ts
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './checks/bundle.ts';
import { type Check, failed, type Outcome } from './checks/check.ts';
import { type JestCounts, runJest, type Selection } from './checks/jest.ts';
import { documents, lint, types, workflows } from './checks/static.ts';

const CHECKS: readonly Check[] = [types, lint, documents, workflows, bundle];
const JEST = 'jest';
const LONG = 'long';

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

async function main(root: string, args: readonly string[]): Promise<void> {
  const usual = [...CHECKS.map((check) => check.name), JEST];
  const names = [...usual, LONG];
  const wanted = args.length === 0 ? usual : args.filter((arg) => names.includes(arg));
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
  if (wanted.includes(JEST)) {
    await runTests(root, patterns.length > 0 ? { kind: 'files', patterns } : { kind: 'quick' }, totals);
  }
  if (wanted.includes(LONG)) await runTests(root, { kind: 'long' }, totals);
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

async function runTests(root: string, selection: Selection, totals: Totals): Promise<void> {
  const started = performance.now();
  const name = selection.kind === 'long' ? 'long tests' : 'tests';
  console.log(`  ${name}`);
  const counts = await runJest(root, selection, (line) => console.log(`    ${line}`));
  totals.passed += counts.passed;
  totals.failed += counts.failed;
  totals.skipped += counts.skipped;
  console.log(`${counts.failed === 0 ? '✓' : '✗'} ${name} (${describe(counts)}, ${seconds(started)})`);
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
