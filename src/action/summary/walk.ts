// How the service was walked: every domain this run gave a model to, in order, with where its time went.
import type { ServiceReport, WalkedDomain } from '../../engine/service-report.ts';
import { marked, OUTCOMES } from './domain-words.ts';
import type { DrawnReport } from './drawn-report.ts';
import { duration, secondsBetween, timeOfDay } from './format.ts';
import { type Column, count, paragraphs, table, text } from './markdown.ts';
import { spanOf } from './step-function.ts';
import { renderWalkPicture } from './walk-picture.ts';

const CELLS = 16;

const COLUMNS: readonly Column[] = [
  { title: 'Domain' },
  { title: 'Direction' },
  { title: 'Instances', align: 'right' },
  { title: 'From' },
  { title: 'Took', align: 'right' },
  { title: 'Of that Azure', align: 'right' },
  { title: 'Outcome' },
];

export function renderWalk({ service, tally }: DrawnReport): string {
  if (service === null || service.walk.length === 0) return '';
  return paragraphs([
    '### The walk',
    inShort(service),
    renderWalkPicture(service.walk, tally),
    walkTable(service.walk),
  ]);
}

function inShort({ walk }: ServiceReport): string {
  const way = (direction: WalkedDomain['direction']) => {
    const domains = new Set(walk.filter((one) => one.direction === direction).map(({ domain }) => domain));
    return domains.size === 0 ? '' : `${count(domains.size, 'domain')} ${direction}`;
  };
  const ways = [way('forward'), way('back')].filter((part) => part !== '').join(' and ');
  const span = spanOf(walk.flatMap(({ from, to }) => [{ at: from }, { at: to }]));
  const azure = walk.reduce((sum, { platformSeconds }) => sum + platformSeconds, 0);
  if (!span || !(azure >= 0 && azure <= span)) return `Walked ${ways}.`;
  const share = ((span - azure) / span) * 100;
  return `Walked ${ways} in ${duration(span)}. Azure worked on the instances for ${duration(azure)} of it; the rest, ${share.toFixed(1)} %, went on looking whether they are healthy, and on what is between two domains.`;
}

function walkTable(walk: readonly WalkedDomain[]): string {
  const cells = timeline(walk);
  return table(
    cells.length > 1 ? [...COLUMNS, { title: 'In time' }] : COLUMNS,
    walk.map((one, index) => [
      `**${one.domain}**`,
      one.direction === 'forward' ? 'forward' : '↩️\u00a0back',
      String(one.instances),
      text(timeOfDay(one.from)),
      duration(secondsBetween(one.from, one.to)),
      duration(one.platformSeconds),
      marked(OUTCOMES[one.outcome]),
      ...(cells.length > 1 ? [cells[index] ?? ''] : []),
    ]),
  );
}

/** For each domain a bar of when it was walked; empty where the times say nothing. */
function timeline(walk: readonly WalkedDomain[]): string[] {
  const times = walk.map(({ from, to }) => [Date.parse(from), Date.parse(to)] as const);
  const start = Math.min(...times.map(([from]) => from));
  const length = Math.max(...times.map(([, to]) => to)) - start;
  if (!(length > 0)) return [];
  return times.map(([from, to]) => {
    const first = Math.min(CELLS - 1, Math.max(0, Math.floor(((from - start) / length) * CELLS)));
    const last = Math.min(CELLS, Math.max(first + 1, Math.round(((to - start) / length) * CELLS)));
    return '░'.repeat(first) + '█'.repeat(last - first) + '░'.repeat(CELLS - last);
  });
}
