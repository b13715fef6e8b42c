// Whether what was shown was so.
import type { RunReport } from '../src/engine/report.ts';
import type { LinkSeen } from './databases/picture.ts';
import type { Expected } from './story.ts';

/**
 * How a run differs from what the story says; empty where it is as expected.
 * @param links that there are after it, seen in the embedded Azure itself.
 */
export function differences(
  expected: Expected,
  report: RunReport,
  exitCode: number | null,
  links: readonly LinkSeen[],
): string[] {
  const { result, productionSlot, writableOn } = expected;
  const green = result === 'succeeded' || result === 'nothing-to-do';
  const writable = report.after
    .filter(({ role }) => role === 'production')
    .flatMap(({ databases }) => databases)
    .flatMap(({ access, server }) => (access === 'read-write' ? [server] : []));
  const there = inOrder(links.map(({ from, to }) => `${from} → ${to}`));
  return [
    report.result === result ? null : `result ${report.result}, not ${result}`,
    (exitCode === 0) === green ? null : `exit code ${exitCode}`,
    report.productionSlot === productionSlot
      ? null
      : `users are on ${report.productionSlot}, not ${productionSlot}`,
    writable.join() === (writableOn ?? '')
      ? null
      : `users can write on ${writable.join() || 'no server'}, not ${writableOn ?? 'none'}`,
    there === inOrder(expected.links)
      ? null
      : `links are ${there || 'none'}, not ${inOrder(expected.links) || 'none'}`,
  ].filter((difference) => difference !== null);
}

function inOrder(links: readonly string[]): string {
  return links.toSorted().join(', ');
}
