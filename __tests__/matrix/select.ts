// Which of the enumerated cases are tried.
import { createRandom } from '../../local-azure/random.ts';
import type { Asked } from './command-line.ts';
import type { Planned } from './jobs.ts';

/** @param done ids that have a result of this bundle. */
export function select(
  cases: readonly Planned[],
  { case: only, sample, shard, seed, goesOn }: Pick<Asked, 'case' | 'sample' | 'shard' | 'seed' | 'goesOn'>,
  done: ReadonlySet<string>,
): Planned[] {
  if (only !== null) return cases.filter(({ id }) => id === only);
  const drawn = sample === null ? cases : drawFrom(cases, sample, seed);
  const part = shard === null ? drawn : drawn.filter((_one, index) => index % shard.of === shard.index - 1);
  return part.filter(({ id }) => !(goesOn && done.has(id)));
}

/** One of every group in turn, until there are enough: a sample tells something of everything. */
export function drawFrom(cases: readonly Planned[], count: number, seed: number): Planned[] {
  const random = createRandom(seed);
  const groups = [
    ...Map.groupBy(cases, ({ route, kind, group }) => JSON.stringify([kind, route, group])).values(),
  ];
  const piles = shuffled(groups, () => random.next()).map((group) => shuffled(group, () => random.next()));
  const drawn: Planned[] = [];
  while (drawn.length < count && piles.some((pile) => pile.length > 0)) {
    for (const pile of piles) {
      const one = pile.pop();
      if (one && drawn.length < count) drawn.push(one);
    }
  }
  return drawn;
}

function shuffled<T>(items: readonly T[], next: () => number): T[] {
  return items
    .map((item) => ({ item, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
