// Nothing is lost: what users were told is written, and what was there before them, is where users are in the end.
import type { Evidence, Rule } from './rule.ts';
import { rowsByKey } from './rule.ts';

export const nothingIsLost: Rule = (evidence) => {
  const { history, end, serving } = evidence;
  if (end.serving === null || serving === null) return ['law 5: in the end nobody serves users'];
  const there = rowsByKey(serving.rows);
  const initial = history.before
    .filter(({ key }) => !there.has(key))
    .map(({ key }) => `law 4: order ${key}, which was there before, is not in ${serving.database}`);
  return [...initial, ...lostWrites(evidence, there, end.serving.version)];
};

function lostWrites(
  { orders, losses }: Evidence,
  there: ReadonlyMap<string, unknown>,
  servingVersion: number,
): string[] {
  return [...orders.values()].flatMap(({ key, acknowledged: [write] }) => {
    if (write === undefined || there.has(key)) return [];
    const version = write.servedBy?.version ?? servingVersion;
    if (losses.mayBeLost(version, write.begun)) return [];
    const law = version > servingVersion ? 6 : 4;
    const by = write.servedBy?.site ?? 'a site that nobody knows';
    return `law ${law}: order ${key} ("${write.content}"), acknowledged by ${by}, is not where users are in the end`;
  });
}
