// The moments of the databases as a part of the page, by what the demo did then.
import { escapeHtml } from '../html.ts';
import type { Moment } from '../sampler.ts';
import { drawPicture, type Grid } from './drawing.ts';
import type { Picture } from './picture.ts';

const LEGEND =
  'Box: the application’s database on a server. Green: users are here and can write; amber: users can only read; red: does not answer; dashed: not there. Arrow: geo-replication; solid has caught up, amber is being seeded, red is suspended. V1, V2: whose tables are in it.';

export function momentsHtml(moments: readonly Moment<Picture>[], grid: Grid): string {
  const acts = Map.groupBy(moments, ({ during }) => during);
  return [
    `<p><sub>${LEGEND}</sub></p>`,
    ...[...acts].map(([during, some]) => actHtml(during, some, grid)),
  ].join('\n');
}

function actHtml(during: string, moments: readonly Moment<Picture>[], grid: Grid): string {
  const figures = moments.map(
    ({ seconds, changes, picture }) =>
      `<figure>${drawPicture(picture, grid)}<figcaption><span class="at">${seconds.toFixed(1)} s</span> ${escapeHtml(changes.join('; ') || 'before')}</figcaption></figure>`,
  );
  return `<h3>${escapeHtml(during)}</h3><div class="moments">${figures.join('\n')}</div>`;
}
