// Scripts of any size, one for each thing that the reader could be slow at, and the test that it is not.
import { expect, test } from '@jest/globals';
import { parse } from './memory-files.ts';

const ROW = "INSERT INTO [dbo].[Orders] VALUES ('it''s', N'$', /* c */ 1.5) -- one\n";
const SHAPES: Readonly<Record<string, (size: number) => string>> = {
  'many batches': (size) => `${ROW}GO\n`.repeat(size / (ROW.length + 3)),
  'one batch': (size) => ROW.repeat(size / ROW.length),
  'one string': (size) => `SELECT '${"a''b\nGO\n".repeat(size / 8)}'`,
  'one comment': (size) => `/*${' /* GO */\n'.repeat(size / 10)}*/ SELECT 1`,
  'one line': (size) => `SELECT ${'a, '.repeat(size / 3)} b`,
  blanks: (size) => `SELECT 1${' '.repeat(size / 2)}\n${'\n'.repeat(size / 2)}`,
  'statements that are looked at': (size) => 'SET a, b ALTER DATABASE x SET y '.repeat(size / 32),
};

/**
 * Ten times the size costs about ten times as much; a quadratic reader would cost a hundred times. Of this process
 * alone, and the best of three: what else the machine does is none of it.
 */
export function testLinearTime(megabytes: number): void {
  test.each(Object.entries(SHAPES))(`${megabytes} MB are read in linear time: %s`, async (_, build) => {
    const [small, large] = [build(megabytes * 100_000), build(megabytes * 1_000_000)];
    await cost(small);
    const limit = Math.max(await cost(small), 20) * 40;
    const costs: number[] = [];
    while (costs.length < 3 && !costs.some((one) => one < limit)) costs.push(await cost(large));
    expect(Math.min(...costs)).toBeLessThan(limit);
  });
}

/** Milliseconds of processor time. */
async function cost(script: string): Promise<number> {
  const content = Buffer.from(script);
  const before = process.cpuUsage();
  await parse({ 'a.sql': content });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
