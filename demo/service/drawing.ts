// One picture of a service as SVG: a role a row, a domain a column, a square an instance.
import { escapeHtml } from '../html.ts';
import { type DomainSeen, domainsOf, type InstanceSeen, type Picture, serving } from './picture.ts';

const SQUARE = 20;
const STEP = SQUARE + 4;
const IN_A_LINE = 3;
const PADDING = 7;
const BOX = IN_A_LINE * STEP - 4 + 2 * PADDING;
const COLUMN = BOX + 10;
const [LEFT, TOP, NAME] = [2, 18, 18];

/** An SVG element; its classes are in style.ts. */
export function drawPicture(picture: Picture): string {
  const columns = domainsOf(picture);
  const width = LEFT * 2 + columns.length * COLUMN - 10;
  let y = TOP;
  const rows = picture.map(({ role, domains }) => {
    const lines = Math.max(...domains.map(({ instances }) => Math.ceil(instances.length / IN_A_LINE)));
    const height = lines * STEP - 4 + 2 * PADDING;
    const boxes = domains.map((domain) => {
      const x = LEFT + columns.indexOf(domain.domain) * COLUMN;
      return drawDomain(domain, x, y + NAME, height);
    });
    const row = [text('role', LEFT, y + 13, role), ...boxes];
    y += NAME + height + 6;
    return row.join('');
  });
  return [
    `<svg viewBox="0 0 ${width} ${y}" style="max-width: ${width}px" role="img" aria-label="${escapeHtml(inWords(picture))}">`,
    ...columns.map((domain, at) => text('domain', LEFT + at * COLUMN + BOX / 2, 12, `domain ${domain}`)),
    ...rows,
    '</svg>',
  ].join('');
}

function drawDomain({ instances }: DomainSeen, x: number, y: number, height: number): string {
  return [
    `<g class="box ${lookOf(instances)}"><rect x="${x}" y="${y}" width="${BOX}" height="${height}" rx="6"/></g>`,
    ...instances.map((instance, at) =>
      drawInstance(
        instance,
        x + PADDING + (at % IN_A_LINE) * STEP,
        y + PADDING + Math.floor(at / IN_A_LINE) * STEP,
      ),
    ),
  ].join('');
}

function lookOf(instances: readonly InstanceSeen[]): string {
  if (instances.some(({ state }) => state === 'broken')) return 'broken';
  return serving(instances) < instances.length ? 'down' : 'serves';
}

function drawInstance({ state, version }: InstanceSeen, x: number, y: number): string {
  const look = state === 'serves' ? `v${majorOf(version)}` : state;
  const square = `<rect x="${x}" y="${y}" width="${SQUARE}" height="${SQUARE}" rx="4"/>`;
  const label = state === 'down' ? '' : text('', x + SQUARE / 2, y + 14, majorOf(version));
  return `<g class="instance ${look}">${square}${label}</g>`;
}

/** "2" of 2.0.0. */
export function majorOf(version: string | null): string {
  return version?.split('.')[0] ?? '';
}

function text(look: string, x: number, y: number, content: string): string {
  return `<text class="${look}" x="${x}" y="${y}">${escapeHtml(content)}</text>`;
}

function inWords(picture: Picture): string {
  return picture
    .flatMap(({ role, domains }) =>
      domains.map(
        ({ domain, instances }) =>
          `${role}, domain ${domain}: ${instances.map(({ state, version }) => (state === 'down' ? state : `${state} ${version}`)).join(', ')}`,
      ),
    )
    .join('; ');
}
