// Runs jest, one line a test file, and reads its counts and failures from its own report.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import { runNode } from '../command.ts';

export interface JestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed, each with its message. */
  readonly failures: readonly string[];
}

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string(),
      status: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/**
 * `quick`: what is run after every change. `long`: tests that take their time, files called *.long.test.ts.
 * `files`: those that match a pattern, whichever they are.
 */
export type Selection =
  | { readonly kind: 'quick' | 'long' }
  | { readonly kind: 'files'; readonly patterns: readonly string[] };

const LONG = '\\.long\\.test\\.ts$';

function argumentsFor(selection: Selection): readonly string[] {
  if (selection.kind === 'files') return selection.patterns;
  return selection.kind === 'long' ? [LONG] : ['--testPathIgnorePatterns', LONG];
}

export async function runJest(
  root: string,
  selection: Selection,
  onLine: (line: string) => void,
): Promise<JestCounts> {
  const temporary = mkdtempSync(join(tmpdir(), 'rolling-upgrade-jest-'));
  try {
    const file = join(temporary, 'report.json');
    const { output } = await runNode(
      [
        '--experimental-vm-modules',
        '--disable-warning=ExperimentalWarning',
        'node_modules/jest/bin/jest.js',
        '--json',
        `--outputFile=${file}`,
        ...argumentsFor(selection),
      ],
      // Thousands of folders of tests, those that were killed included, go with this one.
      { cwd: root, onLine: (line) => showProgress(line, onLine), environment: { TMPDIR: temporary } },
    );
    if (!existsSync(file))
      return { passed: 0, failed: 1, skipped: 0, failures: [`jest did not run\n${output}`] };
    return countsOf(report.parse(JSON.parse(readFileSync(file, 'utf8'))), root);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function showProgress(line: string, onLine: (line: string) => void): void {
  const text = stripVTControlCharacters(line);
  if (/^(?:PASS|FAIL) /.test(text)) onLine(text);
}

function countsOf(result: z.infer<typeof report>, root: string): JestCounts {
  // A file that could not be loaded has no tests to count, and is a failure all the same.
  const broken = result.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const failures = result.testResults.flatMap((file) => {
    const name = file.name.startsWith(root) ? file.name.slice(root.length + 1) : file.name;
    if (broken.includes(file)) return [`${name}\n${file.message}`];
    return file.assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => `${name}: ${test.fullName}\n${(test.failureMessages ?? []).join('\n')}`);
  });
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + broken.length,
    skipped: result.numPendingTests + result.numTodoTests,
    failures: failures.map(stripVTControlCharacters),
  };
}
