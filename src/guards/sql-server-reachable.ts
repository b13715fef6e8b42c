import type { Observation } from '../application/observe.ts';
import type { Role, UpgradeContext } from '../application/upgrade-context.ts';
import type { Guard, Verdict } from './guard.ts';
import { allOf, notKnowable, pass } from './verdict.ts';

/** Without public access only a runner within the private network gets through: that shows by connecting. */
export const sqlServerReachable: Guard = {
  id: 'sql-server-reachable',
  title: 'The runner reaches both SQL servers',
  phases: ['prepare', 'upgrade'],
  check: async (context, observed) =>
    allOf([reachable(context, observed, 'production'), reachable(context, observed, 'stage')]),
};

function reachable(context: UpgradeContext, { databases }: Observation, role: Role): Verdict {
  const { name, publicNetworkAccess } = context[role].server;
  const sides = databases.map((database) => database[role]);
  if (sides.some((side) => side.access === 'read-write' || side.access === 'read-only')) {
    return pass(`${name} was reached`);
  }
  const why = sides.find((side) => side.why !== '')?.why;
  if (why) return notKnowable(`${name} was not reached: ${why}`);
  if (publicNetworkAccess?.toLowerCase() !== 'disabled') {
    return pass(`${name} has public network access; there is no database on it to connect to yet`);
  }
  return notKnowable(
    `${name} has public network access disabled: the runner, and V2's web app, need its private endpoint; there is no database on it to try yet`,
  );
}
