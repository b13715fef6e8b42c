// What ran when, drawn as bars below each other. Hours of seeding beside a window of seconds stay readable: the window
// is drawn once more by itself, as wide as the whole.
import type { ReadOnlyWindow, RunReport, TimelineSpan } from '../../engine/report.ts';
import { duration, timeOfDay } from './format.ts';
import { type Column, details, paragraphs, prose, table, text } from './markdown.ts';

const CELLS = 40;
/** A window that takes more of the run than this is seen well enough beside the rest. */
const WIDE_ENOUGH = 0.6;

/** Milliseconds since the epoch. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

interface Row extends Stretch {
  readonly span: TimelineSpan;
}

/** Empty where nothing ran, or where no time is told. */
export function renderTimeline({ timeline = [], readOnly, endedAt }: RunReport): string {
  const rows = timeline.flatMap(rowOf);
  if (rows.length === 0) return '';
  const whole = { from: least(rows), to: most(rows) };
  const window = readOnly && windowOf(readOnly, endedAt);
  const inWindow = rows.filter(({ span }) => span.readOnlySeconds > 0);
  const isNarrow = window !== null && window.to - window.from < WIDE_ENOUGH * (whole.to - whole.from);
  const isDrawnTwice = window !== null && isNarrow && inWindow.length > 0;
  const run = paragraphs([
    chart(rows.map(inRun), whole, window),
    window === null ? '' : '`▒` users could only read.',
  ]);
  if (!isDrawnTwice) return paragraphs(['### Timeline', run]);
  return paragraphs([
    '### Timeline',
    '**While users could only read**',
    chart(
      inWindow.map((row) => inside(row, window)),
      window,
      null,
    ),
    details('<b>The whole run</b>', run),
  ]);
}

function rowOf(span: TimelineSpan): Row[] {
  const [from, to] = [Date.parse(span.from), Date.parse(span.to)];
  return to >= from ? [{ span, from, to }] : [];
}

function windowOf({ from, to }: ReadOnlyWindow, endedAt: string): Stretch | null {
  const window = { from: Date.parse(from), to: Date.parse(to ?? endedAt) };
  return window.to > window.from ? window : null;
}

const COLUMNS: readonly Column[] = [
  { title: 'From' },
  { title: 'What' },
  { title: '' },
  { title: 'Time', align: 'right' },
  { title: 'Waited for' },
];

/** A row as it is drawn: when it began and how long it took, in words. */
interface DrawnRow extends Row {
  readonly begun: string;
  readonly took: string;
}

function inRun(row: Row): DrawnRow {
  return { ...row, begun: text(timeOfDay(row.span.from)), took: duration((row.to - row.from) / 1000) };
}

/** What lies outside of the window is not told of. */
function inside(row: Row, window: Stretch): DrawnRow {
  const [from, to] = [Math.max(row.from, window.from), Math.min(row.to, window.to)];
  const begun = `+${duration((from - window.from) / 1000)}`.replaceAll(' ', '\u00a0');
  return { ...row, from, to, begun, took: duration(row.span.readOnlySeconds) };
}

/** @param window is shaded where a row itself is not. */
function chart(rows: readonly DrawnRow[], whole: Stretch, window: Stretch | null): string {
  return table(
    COLUMNS,
    rows.map((row) => [
      row.begun,
      what(row.span),
      bar(row, whole, window),
      row.took,
      prose(row.span.waitedFor ?? ''),
    ]),
  );
}

function what({ what: name, kind }: TimelineSpan): string {
  const told = prose(name);
  switch (kind) {
    case 'step':
    case 'wait':
      return told;
    case 'undo':
      return `↶ ${told}`;
    case 'part':
      return `└ ${told}`;
    case 'between':
      return `<i>${told}</i>`;
  }
}

/** In code, so that every cell is as wide as the others. */
function bar(stretch: Stretch, whole: Stretch, window: Stretch | null): string {
  const length = whole.to - whole.from;
  if (!(length > 0)) return '';
  const cellOf = (at: number) => ((at - whole.from) / length) * CELLS;
  const covers = ({ from, to }: Stretch, cell: number) => {
    const first = Math.min(CELLS - 1, Math.floor(cellOf(from)));
    return cell >= first && cell < Math.max(first + 1, Math.round(cellOf(to)));
  };
  const cells = Array.from({ length: CELLS }, (_, cell) => {
    if (covers(stretch, cell)) return '█';
    return window !== null && covers(window, cell) ? '▒' : '·';
  });
  return `\`${cells.join('')}\``;
}

function least(rows: readonly Row[]): number {
  return rows.reduce((found, { from }) => Math.min(found, from), Number.POSITIVE_INFINITY);
}

function most(rows: readonly Row[]): number {
  return rows.reduce((found, { to }) => Math.max(found, to), Number.NEGATIVE_INFINITY);
}
