// Law 10 of the product: the database that serves users has a caught-up geo-secondary at every moment.
import type { Picture } from './picture.ts';

/** What breaks the law in one look, in a sentence; null where it holds. */
export function unprotected({ serving, databases, links }: Picture): string | null {
  if (serving === null) return 'users were sent to nobody';
  const regionOf = (server: string) => databases.find((database) => database.server === server)?.region;
  const protectors = links.filter(
    ({ from, to, state }) => from === serving && state === 'caught up' && regionOf(to) !== regionOf(serving),
  );
  return protectors.length > 0 ? null : `${serving} served users without a caught-up geo-secondary`;
}
