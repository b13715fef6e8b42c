// Instances of one domain do not go down in the same instant: what belongs together is shown as one moment.
import type { Moment } from '../sampler.ts';
import { changesBetween } from './changes.ts';
import type { Picture } from './picture.ts';

const TOGETHER_SECONDS = 0.2;

/** Of moments close to each other the last, with all that changed; the first of all stays. */
export function settled(moments: readonly Moment<Picture>[]): Moment<Picture>[] {
  const kept: Moment<Picture>[] = [];
  let since = Number.NEGATIVE_INFINITY;
  for (const moment of moments) {
    if (kept.length > 1 && moment.seconds - since < TOGETHER_SECONDS) kept.pop();
    else since = moment.seconds;
    const before = kept.at(-1);
    const changes = before ? changesBetween(before.picture, moment.picture) : [];
    kept.push({ ...moment, seconds: kept.length === 0 ? moment.seconds : since, changes });
  }
  return kept;
}
