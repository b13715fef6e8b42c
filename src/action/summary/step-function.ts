// A series of looks as the step function that it is: between two looks, what the earlier one has seen.
import type { CapacityView } from '../../engine/service-report.ts';

export type CapacityPoint = CapacityView['series'][number];

/** Below what limit.ts would cut out of the middle. */
const MOST_POINTS = 150;

/**
 * The points at which something changed, and the last one: a walk of an hour is looked at hundreds of times. Where it
 * changed more often than can be shown, the lowest of each few neighbours.
 */
export function condensed(series: readonly CapacityPoint[]): readonly CapacityPoint[] {
  const changes = series.filter(
    (point, index) => index === series.length - 1 || !same(point, series[index - 1]),
  );
  if (changes.length <= MOST_POINTS) return changes;
  const inner = changes.slice(1, -1);
  const size = Math.ceil(inner.length / (MOST_POINTS - 2));
  const lowest = Array.from({ length: Math.ceil(inner.length / size) }, (_, index) =>
    inner.slice(index * size, (index + 1) * size).reduce(lower),
  );
  return [...changes.slice(0, 1), ...lowest, ...changes.slice(-1)];
}

/** The lowest in each of `cells` equal spans of time; empty where the series has no duration. */
export function sampled(series: readonly CapacityPoint[], cells: number): number[] {
  const points = series
    .map(({ at, inService }) => ({ at: Date.parse(at), inService }))
    .filter(({ at, inService }) => Number.isFinite(at) && Number.isFinite(inService))
    .sort((one, other) => one.at - other.at);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || !(last.at > first.at)) return [];
  const width = (last.at - first.at) / cells;
  return Array.from({ length: cells }, (_, cell) => {
    const from = first.at + cell * width;
    const until = cell === cells - 1 ? Number.POSITIVE_INFINITY : from + width;
    const before = points.findLast(({ at }) => at <= from) ?? first;
    const within = points.filter(({ at }) => at > from && at < until);
    return Math.min(before.inService, ...within.map(({ inService }) => inService));
  });
}

/** Seconds from the first to the last moment; null where there are not two. */
export function spanOf(series: readonly Pick<CapacityPoint, 'at'>[]): number | null {
  const times = series.map(({ at }) => Date.parse(at)).filter(Number.isFinite);
  if (times.length < 2) return null;
  return (Math.max(...times) - Math.min(...times)) / 1000;
}

function lower(one: CapacityPoint, other: CapacityPoint): CapacityPoint {
  return other.inService < one.inService ? other : one;
}

function same(one: CapacityPoint, other: CapacityPoint | undefined): boolean {
  return one.inService === other?.inService && one.instances === other.instances;
}
