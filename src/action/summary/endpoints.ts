// One table of the endpoints: what was, what is now, and what this run changed.
import type { DatabaseView, EndpointView, RunReport } from '../../engine/report.ts';
import { type Column, code, paragraphs, table, text } from './markdown.ts';

const COLUMNS: readonly Column[] = [
  { title: 'Endpoint' },
  { title: 'Slot' },
  { title: 'Role' },
  { title: 'Region' },
  { title: 'Status' },
  { title: 'Monitor' },
  { title: 'Priority' },
  { title: 'Databases' },
  { title: 'Version' },
];

const NONE = '–';

export function renderEndpoints({ before, after }: RunReport): string {
  if (before.length === 0 && after.length === 0) return '';
  if (after.length === 0) {
    return section(before.map(row), 'As they were before this run; they could not be read afterwards.');
  }
  if (before.length === 0) return section(after.map(row), 'As they are now; they were not read before.');
  const rows = pairs(before, after).map(merged);
  const changed = rows.some((cells) => cells.some((cell) => cell.includes('→')));
  return section(rows, changed ? 'Before → **now**, where it differs.' : 'Nothing changed.');
}

function section(rows: readonly (readonly string[])[], note: string): string {
  return paragraphs(['### Endpoints', table(COLUMNS, rows), note]);
}

type Pair = readonly [before: EndpointView | null, after: EndpointView | null];

function pairs(before: readonly EndpointView[], after: readonly EndpointView[]): Pair[] {
  const same = (one: EndpointView) => (other: EndpointView) =>
    one.slot === other.slot && one.endpoint === other.endpoint;
  const kept = after.map((view): Pair => [before.find(same(view)) ?? null, view]);
  const gone = before.filter((view) => !after.some(same(view))).map((view): Pair => [view, null]);
  return [...kept, ...gone];
}

function merged([before, after]: Pair): string[] {
  const view = after ?? before;
  if (view === null) return COLUMNS.map(() => NONE);
  if (before === null) return mark(row(view), 'new');
  if (after === null) return mark(row(view), 'gone');
  const [old, now] = [row(before), row(after)];
  return now.map((cell, index) => {
    if (COLUMNS[index]?.title === 'Databases') return databaseChanges(before.databases, after.databases);
    return change(old[index] ?? NONE, cell);
  });
}

function mark([first = '', ...rest]: readonly string[], word: string): string[] {
  return [`${first} **${word}**`, ...rest];
}

export const STATUS_WORDS: Readonly<Record<EndpointView['status'], string>> = {
  Enabled: 'Enabled',
  Disabled: 'Disabled',
  absent: 'not in the profile',
  unknown: 'not known',
};

function row(view: EndpointView): string[] {
  return [
    view.site === view.endpoint ? code(view.endpoint) : `${code(view.endpoint)}<br>${text(view.site)}`,
    code(view.slot),
    role(view),
    text(view.region ?? '') || NONE,
    STATUS_WORDS[view.status],
    text(view.monitorStatus ?? '') || NONE,
    view.priority === null ? NONE : String(view.priority),
    view.databases.map((database) => databaseLines(database, database.access)).join('<br>') || NONE,
    text(view.version ?? '') || 'no answer',
  ];
}

/** The standby of a slot has the slot's role, and stands by. */
function role(view: EndpointView): string {
  return view.standby ? `${view.role}, standby` : view.role;
}

function databaseChanges(before: readonly DatabaseView[], after: readonly DatabaseView[]): string {
  const same = (one: DatabaseView) => (other: DatabaseView) =>
    one.name === other.name && one.server === other.server;
  const kept = after.map((now) => {
    const old = before.find(same(now));
    if (old === undefined) return databaseLines(now, `${now.access} **new**`);
    return databaseLines(now, change(old.access, now.access), linkChange(old, now));
  });
  const gone = before
    .filter((old) => !after.some(same(old)))
    .map((old) => databaseLines(old, `${old.access} → **gone**`));
  return [...kept, ...gone].join('<br>') || NONE;
}

function databaseLines(
  database: DatabaseView,
  accessCell: string,
  replication = text(database.replication ?? ''),
): string {
  const name = `${code(database.name)} on ${code(database.server)}`;
  return [name, accessCell, replication].filter((line) => line !== '').join('<br>');
}

/** A database that does not answer has not lost its link by that. */
function linkChange(old: DatabaseView, now: DatabaseView): string {
  const [was, is] = [text(old.replication ?? ''), text(now.replication ?? '')];
  if (is === '' && now.access === 'unreachable') return was === '' ? '' : `${was} → link not known`;
  if (was === '' && is === '') return '';
  return change(was || 'no link', is || 'no link');
}

function change(before: string, now: string): string {
  return before === now ? now : `${before} → **${now}**`;
}
