// How a platform spreads instances over domains: evenly, so that sizes differ by one at most.

/**
 * The domain of the next instance: the smallest, of equal ones the first. Fourteen over five make 3,3,3,3,2.
 * @param taken the domain of every instance that is there
 */
export function nextDomain(taken: readonly number[], count: number): number {
  const sizes = Array.from({ length: count }, (_, domain) => taken.filter((each) => each === domain).length);
  return sizes.indexOf(Math.min(...sizes));
}
