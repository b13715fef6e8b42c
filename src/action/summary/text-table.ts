// Plain text for the job's log and for terminals: aligned columns, no colour, one entry a line.
import { oneLine } from './markdown.ts';

/**
 * Data on one line of a log. The runner obeys `::command::` at the start of a line and `##[command]`
 * anywhere in it; data must not command it.
 */
export function logText(data: string): string {
  return oneLine(data).replaceAll('##[', '## [').replace(/^::/, ': :');
}

/** Columns padded to their widest cell, two spaces apart. The last column is not padded. */
export function textTable(rows: readonly (readonly string[])[]): string[] {
  const clean = rows.map((row) => row.map(logText));
  const widths: number[] = [];
  for (const row of clean) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, width(cell));
    });
  }
  return clean.map((row) =>
    row
      .map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - width(cell)))
      .join('  ')
      .trimEnd(),
  );
}

/** Characters as a person counts them. */
function width(cell: string): number {
  return [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(cell)].length;
}
