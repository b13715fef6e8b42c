// How long users could not write, and what the time went on.
import type { ReadOnlyWindow, RunReport } from '../../engine/report.ts';
import { duration, moment } from './format.ts';
import { paragraphs, prose, table, text } from './markdown.ts';

const BAR_CELLS = 24;

export function renderWindow({ readOnly }: RunReport): string {
  if (readOnly === null) return '';
  return paragraphs(['### Read-only window', sentence(readOnly), spent(readOnly)]);
}

function sentence(window: ReadOnlyWindow): string {
  const from = text(moment(window.from));
  if (window.to === null) {
    return `**Users cannot write.** Read-only since ${from}, ${duration(window.seconds)} when this run ended.`;
  }
  return `Users could not write for **${duration(window.seconds)}**, from ${from} to ${text(moment(window.to))}.`;
}

function spent(window: ReadOnlyWindow): string {
  if (window.spentOn.length === 0) return '';
  const columns = [{ title: 'Spent on' }, { title: 'Time', align: 'right' as const }, { title: '' }];
  return table(
    columns,
    window.spentOn.map(({ what, seconds }) => [prose(what), duration(seconds), bar(seconds, window.seconds)]),
  );
}

function bar(part: number, whole: number): string {
  if (!(part > 0 && whole > 0)) return '';
  return '█'.repeat(Math.min(BAR_CELLS, Math.max(1, Math.round((part / whole) * BAR_CELLS))));
}
