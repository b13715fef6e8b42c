// One wait: how long Azure took, how late its end was acted on, and what was asked meanwhile. Times by performance.now() or
// the wall clock, one and the same within a wait; milliseconds.

export interface Wait {
  readonly began: number;
  /** In Azure. */
  readonly ended: number;
  /** By the product. */
  readonly seen: number;
  /** What was asked about it, from its beginning until its end was seen. */
  readonly requests: number;
}

export function lateMs({ ended, seen }: Wait): number {
  return Math.max(0, seen - ended);
}

/** Of how long Azure took. Throws RangeError where it took no time. */
export function latePercent(wait: Wait): number {
  const took = wait.ended - wait.began;
  if (!(took > 0)) throw new RangeError('a wait that took no time');
  return (100 * lateMs(wait)) / took;
}
