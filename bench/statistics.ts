// Medians and their spread. One run tells nothing on a machine that others work on too.

/** Of at least one number. */
export interface Sample {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly count: number;
}

/** Throws RangeError where there is nothing to tell of. */
export function sampleOf(values: readonly number[]): Sample {
  const sorted = [...values].sort((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  if (least === undefined || most === undefined || low === undefined || high === undefined)
    throw new RangeError('no value');
  return { median: (low + high) / 2, least, most, count: sorted.length };
}

/** Round by round: what drifts between rounds falls out. Throws RangeError where a round misses one of the two. */
export function ratios(of: readonly number[], to: readonly number[]): number[] {
  if (of.length !== to.length) throw new RangeError(`${of.length} rounds beside ${to.length}`);
  return of.map((value, round) => value / (to[round] ?? Number.NaN));
}

/** "1.02 (1.01 … 1.04)"; a single one without its spread. */
export function spread({ median, least, most, count }: Sample, digits = 2): string {
  const told = median.toFixed(digits);
  return count === 1 ? told : `${told} (${least.toFixed(digits)} … ${most.toFixed(digits)})`;
}
