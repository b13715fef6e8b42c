// One picture of the databases as SVG: a slot a row, a region a column, so that pictures side by side can be compared.
import type { ContosoPlace } from '../../local-azure/topologies/contoso.ts';
import { escapeHtml } from '../html.ts';
import type { DatabaseSeen, LinkSeen, Picture } from './picture.ts';

export type Grid = readonly (readonly ContosoPlace[])[];

interface Box {
  readonly x: number;
  readonly y: number;
}

const [WIDTH, HEIGHT] = [128, 50];
const [LEFT, TOP] = [8, 32];
const [COLUMN, ROW] = [WIDTH + 52, HEIGHT + 36];
/** Between an arrow and its boxes. */
const GAP = 3;

/** An SVG element; its classes are in style.ts. */
export function drawPicture(picture: Picture, grid: Grid): string {
  const columns = Math.max(...grid.map((row) => row.length));
  const [width, height] = [
    LEFT * 2 + WIDTH + (columns - 1) * COLUMN,
    TOP + HEIGHT + (grid.length - 1) * ROW + 8,
  ];
  const boxes = new Map(
    grid.flatMap((row, slot) =>
      row.map(
        ({ sqlServer }, region) => [sqlServer, { x: LEFT + region * COLUMN, y: TOP + slot * ROW }] as const,
      ),
    ),
  );
  return [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(inWords(picture))}">`,
    ...(grid[0] ?? []).map(({ region }, column) =>
      text('region', LEFT + column * COLUMN + WIDTH / 2, 13, region.displayName),
    ),
    ...[...boxes].map(([server, box]) => drawDatabase(server, box, picture)),
    ...picture.links.map((link) => drawLink(link, boxes)),
    '</svg>',
  ].join('');
}

function drawDatabase(server: string, { x, y }: Box, { serving, databases }: Picture): string {
  const database = databases.find((one) => one.server === server);
  const look = lookOf(database, serving === server);
  const centre = x + WIDTH / 2;
  const lines = database ? [server, stateOf(database)] : [server];
  return [
    `<g class="database ${look}"><rect x="${x}" y="${y}" width="${WIDTH}" height="${HEIGHT}" rx="7"/>`,
    ...lines.map((line, at) =>
      text(at === 0 ? 'name' : 'state', centre, y + (lines.length === 1 ? 29 : 21 + at * 17), line),
    ),
    serving === server
      ? `<rect class="badge" x="${x + WIDTH - 50}" y="${y - 9}" width="44" height="16" rx="8"/>${text('users', x + WIDTH - 28, y + 3, 'users')}`
      : '',
    '</g>',
  ].join('');
}

function stateOf({ access, schema }: DatabaseSeen): string {
  return access === 'lost' ? 'does not answer' : `${access}, ${schema}`;
}

function lookOf(database: DatabaseSeen | undefined, serves: boolean): string {
  if (!database) return 'absent';
  if (database.access === 'lost') return 'lost';
  if (serves) return database.access === 'read-write' ? 'live' : 'frozen';
  return 'waits';
}

/** Along the row where both are of one slot, else from row to row. */
function drawLink({ from, to, state }: LinkSeen, boxes: ReadonlyMap<string, Box>): string {
  const [source, target] = [boxes.get(from), boxes.get(to)];
  if (!source || !target) return '';
  const [start, end] =
    source.y === target.y
      ? [beside(source, Math.sign(target.x - source.x)), beside(target, Math.sign(source.x - target.x))]
      : [below(source, Math.sign(target.y - source.y)), below(target, Math.sign(source.y - target.y))];
  const angle = (Math.atan2(end.y - start.y, end.x - start.x) * 180) / Math.PI;
  return [
    `<g class="link ${state.replace(' ', '-')}"><path class="line" d="M${start.x} ${start.y}L${end.x} ${end.y}"/>`,
    `<path class="head" d="M0 0L-9 -4.5L-9 4.5Z" transform="translate(${end.x} ${end.y}) rotate(${angle.toFixed(1)})"/></g>`,
  ].join('');
}

function beside({ x, y }: Box, direction: number): Box {
  return { x: direction > 0 ? x + WIDTH + GAP : x - GAP, y: y + HEIGHT / 2 };
}

function below({ x, y }: Box, direction: number): Box {
  return { x: x + WIDTH / 2, y: direction > 0 ? y + HEIGHT + GAP : y - GAP };
}

function text(look: string, x: number, y: number, content: string): string {
  return `<text class="${look}" x="${x}" y="${y}">${escapeHtml(content)}</text>`;
}

function inWords({ serving, databases, links }: Picture): string {
  return [
    `Users are on ${serving ?? 'nothing'}`,
    ...databases.map(({ server, access, schema }) => `${server} ${access} ${schema}`),
    ...links.map(({ from, to, state }) => `${from} to ${to} ${state}`),
  ].join('; ');
}
