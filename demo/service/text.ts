// The moments of a service as lines: a column a domain, a character an instance.
import { textTable } from '../../src/action/summary/text-table.ts';
import type { Moment } from '../sampler.ts';
import { majorOf } from './drawing.ts';
import { type InstanceSeen, instancesOf, type Picture, serving } from './picture.ts';

export const LEGEND =
  '1, 2, 3: an instance that serves on version 1, 2, 3   ·: down, while it is updated   x: broken';

/** At least one moment. */
export function momentLines(moments: readonly Moment<Picture>[]): string[] {
  const [first] = moments;
  if (!first) return [];
  const rows = moments.map(({ seconds, changes, picture }) => [
    seconds.toFixed(1).padStart(6),
    ...picture.flatMap(({ domains }) => domains.map(({ instances }) => instances.map(glyph).join(''))),
    `${serving(instancesOf(picture))}`.padStart(10),
    changes.join('; ') || 'before',
  ]);
  return textTable([['SECOND', ...headings(first.picture), 'IN SERVICE', 'WHAT CHANGED'], ...rows]);
}

function headings(picture: Picture): string[] {
  return picture.flatMap(({ role, domains }) =>
    domains.map(({ domain }) => (picture.length === 1 ? `DOMAIN ${domain}` : `${role} ${domain}`)),
  );
}

function glyph({ state, version }: InstanceSeen): string {
  switch (state) {
    case 'serves':
      return majorOf(version);
    case 'down':
      return '·';
    case 'broken':
      return 'x';
  }
}
