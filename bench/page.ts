// What was found, as docs/performance.md and as a person reads it in a terminal.
import { textTable } from '../src/action/summary/text-table.ts';
import type { Benchmark, Findings, Table, Target } from './benchmark.ts';
import type { Kept } from './findings-store.ts';

/** One benchmark for the page; null findings: it was not measured. */
export interface Measured {
  readonly benchmark: Benchmark;
  readonly kept: Kept | null;
}

export function renderPage(all: readonly Measured[]): string {
  const targets = all.flatMap(({ kept }) => kept?.findings.targets ?? []);
  return `${[
    '# Performance',
    '',
    '<!-- Made by `npm run bench`; change what makes it, not this page. -->',
    '',
    ...INTRODUCTION,
    '',
    '## Targets',
    '',
    ...markdownTable(TARGET_COLUMNS, targets.map(targetRow)),
    '',
    ...all.flatMap(section),
  ].join('\n')}\n`;
}

const INTRODUCTION = [
  "The product's measure is the time in which users can only read. Here it is measured, beside what a person would use instead,",
  'in the same run and on the same [embedded Azure](local-azure.md), whose operations take as long as was recorded from Azure or',
  'is assumed of it ([the numbers](../local-azure/latency.ts)). Nothing here was measured on Azure itself.',
  '',
  'Absolute times are of one machine on one day; ratios are made round by round, side by side. Medians are told, with the least',
  'and the most in brackets.',
  '',
  '```sh',
  'npm run bench                      # everything; writes this page',
  'npm run bench -- --only window     # one of them; prints its tables',
  'npm run bench -- --help',
  '```',
];

const TARGET_COLUMNS = [{ title: 'What' }, { title: 'Wanted' }, { title: 'Found' }, { title: '' }];

function targetRow({ what, wanted, found, met }: Target): string[] {
  return [what, wanted, found, met === null ? 'not measured' : met ? 'met' : '**missed**'];
}

function section({ benchmark, kept }: Measured): string[] {
  const heading = [`## ${benchmark.title}`, '', ...benchmark.about.flatMap((paragraph) => [paragraph, ''])];
  if (kept === null) return [...heading, 'Not measured yet.', ''];
  const { findings, bundle, rounds, at, machine } = kept;
  return [
    ...heading,
    ...findings.tables.flatMap((table) => [
      `**${table.title}**`,
      '',
      ...markdownTable(table.columns, table.rows),
      '',
    ]),
    ...findings.notes.map((note) => `- ${note}`),
    ...(findings.notes.length > 0 ? [''] : []),
    `<sub>${at.slice(0, 10)}, ${rounds === 1 ? '1 round' : `${rounds} rounds`}, bundle ${bundle}, ${machine}.</sub>`,
    '',
  ];
}

function markdownTable(columns: Table['columns'], rows: Table['rows']): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((one) => one.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...rows.map(line),
  ];
}

/** For a terminal. */
export function linesOf({ tables, targets, notes }: Findings): string[] {
  return [
    ...tables.flatMap(({ title, columns, rows }) => [
      title,
      ...textTable([columns.map((column) => column.title.toUpperCase()), ...rows]).map((line) => `  ${line}`),
      '',
    ]),
    ...targets.map(
      ({ what, wanted, found, met }) =>
        `${met === null ? '?' : met ? '✓' : '✗'} ${what}: ${found}, wanted ${wanted}`,
    ),
    ...notes.map((note) => `  ${note}`),
  ];
}
