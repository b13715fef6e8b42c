// The moments of a service as a part of the page, run by run.
import { escapeHtml } from '../html.ts';
import type { Moment } from '../sampler.ts';
import { drawPicture } from './drawing.ts';
import { domainsOf, instancesOf, type Picture, serving } from './picture.ts';

const LEGEND =
  'Square: an instance, with its version; grey 1, green 2, blue 3. Dashed: down, while it is updated. Red: it runs, and takes no requests. Box: an update domain.';

export interface ActMoments {
  readonly title: string;
  readonly moments: readonly Moment<Picture>[];
}

export function momentsHtml(acts: readonly ActMoments[]): string {
  return [`<p><sub>${LEGEND}</sub></p>`, ...acts.map(actHtml)].join('\n');
}

function actHtml({ title, moments }: ActMoments): string {
  const narrow = moments.some(({ picture }) => domainsOf(picture).length < 4) ? ' narrow' : '';
  const figures = moments.map(
    ({ seconds, changes, picture }) =>
      `<figure>${drawPicture(picture)}<figcaption><span class="at">${seconds.toFixed(1)} s</span> ${escapeHtml(changes.join('; ') || 'before')}<br><span class="at">${inService(picture)}</span></figcaption></figure>`,
  );
  return `<h3>${escapeHtml(title)}</h3><div class="walk${narrow}">${figures.join('\n')}</div>`;
}

/** "11 of 14 in service". */
export function inService(picture: Picture): string {
  const instances = instancesOf(picture);
  return `${serving(instances)} of ${instances.length} in service`;
}
