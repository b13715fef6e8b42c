// The moments of the databases as lines: a column a database.
import { textTable } from '../../src/action/summary/text-table.ts';
import type { Moment } from '../sampler.ts';
import type { DatabaseSeen, LinkSeen, Picture } from './picture.ts';

const ACCESS: Readonly<Record<DatabaseSeen['access'], string>> = {
  'read-write': 'rw',
  'read-only': 'ro',
  lost: 'lost',
};
const ARROW: Readonly<Record<LinkSeen['state'], string>> = {
  'caught up': '→',
  seeding: '»',
  suspended: '×',
};

const LEGEND =
  '● users are here   rw, ro: may be written, only read   → caught up   » being seeded   × suspended';

/** @param servers in the order of the columns. */
export function momentLines(moments: readonly Moment<Picture>[], servers: readonly string[]): string[] {
  const rows = moments.map(({ seconds, changes, picture }) => [
    seconds.toFixed(1).padStart(6),
    ...servers.map((server) => cell(picture, server)),
    picture.links
      .map(({ from, to, state }) => `${shortName(from)}${ARROW[state]}${shortName(to)}`)
      .join('  '),
    changes.join('; ') || 'before',
  ]);
  return [
    ...textTable([
      ['SECOND', ...servers.map((server) => `sql-${shortName(server)}`), 'LINKS', 'WHAT CHANGED'],
      ...rows,
    ]),
    LEGEND,
  ];
}

function cell({ serving, databases }: Picture, server: string): string {
  const database = databases.find((one) => one.server === server);
  if (!database) return '-';
  const mark = serving === server ? '● ' : '';
  return database.access === 'lost' ? `${mark}lost` : `${mark}${ACCESS[database.access]} ${database.schema}`;
}

/** What tells the servers apart: `contoso-sql-dr` is `dr`. */
function shortName(server: string): string {
  return server.slice(server.lastIndexOf('-') + 1);
}
