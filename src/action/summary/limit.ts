// GitHub drops a summary above 1 MiB whole. So a report is shortened until what is drawn from it fits:
// long texts are cut at their end, long lists in their middle, and the summary says so.
import type { DrawnReport } from './drawn-report.ts';
import { count } from './markdown.ts';
import { mapStrings } from './strings.ts';

/** 1 MiB, less room for what else the step may have written. */
export const MAX_BYTES = 1_000_000;

interface Limits {
  /** UTF-16 code units a text may have. */
  readonly text: number;
  /** Elements a list may have. */
  readonly list: number;
}

// The first is for readers, the others for GitHub. With the last no report exceeds the limit: a character
// becomes six bytes at most (markdown.ts), and a test draws the largest report there can be.
const LEVELS: readonly Limits[] = [
  { text: 4000, list: 200 },
  { text: 1000, list: 100 },
  { text: 300, list: 40 },
  { text: 80, list: 16 },
  { text: 40, list: 8 },
];

/** What a person needs first is shortened last, and not below this. */
const VERDICT: Limits = { text: 1200, list: 8 };

interface Cuts {
  readonly texts: number;
  readonly entries: number;
  /** Characters that remain. */
  readonly kept: number;
}

/**
 * The Markdown that `draw` makes of the report, shortened until it has at most `maxBytes` bytes of UTF-8.
 * `draw` gets a sentence that says what was cut, empty where nothing was.
 */
export function limitSummary(
  report: DrawnReport,
  draw: (report: DrawnReport, cut: string) => string,
  maxBytes = MAX_BYTES,
): string {
  let markdown = '';
  for (const limits of LEVELS) {
    const shortened = shorten(report, limits);
    // Not worth drawing, and what is drawn of a really large report would not fit into a string.
    if (limits !== LEVELS.at(-1) && shortened.cuts.kept > maxBytes) continue;
    markdown = draw(shortened.report, cutSentence(shortened.cuts));
    if (Buffer.byteLength(markdown) <= maxBytes) break;
  }
  return markdown;
}

function shorten(report: DrawnReport, limits: Limits): { readonly report: DrawnReport; readonly cuts: Cuts } {
  const { verdict, error, ...rest } = report;
  const first = cutter(limits.text < VERDICT.text ? VERDICT : limits);
  const other = cutter(limits);
  const shortened: DrawnReport = {
    ...other.cut(rest),
    verdict: first.cut(verdict),
    error:
      error === null ? null : { ...first.cut({ ...error, causes: [] }), causes: other.cut(error.causes) },
  };
  const [one, two] = [first.cuts(), other.cuts()];
  return {
    report: shortened,
    cuts: { texts: one.texts + two.texts, entries: one.entries + two.entries, kept: one.kept + two.kept },
  };
}

function cutter(limits: Limits): { cut: <T>(value: T) => T; cuts: () => Cuts } {
  let texts = 0;
  let entries = 0;
  let kept = 0;
  const onString = (string: string) => {
    kept += Math.min(string.length, limits.text);
    if (string.length <= limits.text) return string;
    texts += 1;
    return `${string.slice(0, limits.text - 1).replace(/[\ud800-\udbff]$/, '')}…`;
  };
  const onArray = (array: readonly unknown[]) => {
    if (array.length <= limits.list) return array;
    entries += array.length - limits.list;
    const head = Math.ceil(limits.list / 2);
    return [...array.slice(0, head), ...array.slice(head - limits.list)];
  };
  return { cut: (value) => mapStrings(value, onString, onArray), cuts: () => ({ texts, entries, kept }) };
}

function cutSentence({ texts, entries }: Cuts): string {
  const parts = [
    texts > 0 ? `${count(texts, 'long text')} cut at the end` : '',
    entries > 0
      ? `${entries} ${entries === 1 ? 'entry' : 'entries'} left out in the middle of long lists`
      : '',
  ].filter((part) => part !== '');
  if (parts.length === 0) return '';
  return `_Shortened: ${parts.join(', ')}. The full report is the JSON file that the output \`report\` names._`;
}
