// What headline and next steps are composed from, and what it says of production.
import type {
  DatabaseView,
  EndpointView,
  GuardRecord,
  Phase,
  Result,
  UpgradeState,
} from '../engine/report.ts';
import type { UpgradeError } from '../reasons.ts';

export interface VerdictFacts {
  readonly result: Result;
  readonly phases: readonly Phase[];
  readonly state: UpgradeState;
  readonly productionSlot: string | null;
  readonly after: readonly EndpointView[];
  readonly error: UpgradeError | null;
  readonly also: readonly UpgradeError[];
  /** Whether any step of this run changed something. */
  readonly changed: boolean;
  readonly notes: readonly string[];
  readonly readOnlySeconds: number | null;
  /** One command for each database, which gives it back. */
  readonly unfreezeCommands: readonly string[];
  /** Where production is lost: what is left, and how it can be made to serve. */
  readonly canServe: readonly string[];
  /** Where slots are swapped, and users open a site whose database can only be read: production was failed over. */
  readonly leftBehind: EndpointView | null;
  /** Users were sent to the other version again, which is closed: what is to be done about that. */
  readonly sentBack: UpgradeError | null;
  /** Where production's databases are in two regions: which is where, in a sentence without its full stop. */
  readonly apart: string | null;
  /** Guards of the plan that was asked for which do not pass. */
  readonly failing: readonly GuardRecord[];
  /** What that plan's guards could not judge, and somebody should look at. */
  readonly toLookAt: readonly GuardRecord[];
}

/** Production's endpoint in the region that users are in. */
export function serving(after: readonly EndpointView[]): EndpointView | undefined {
  return after.find((endpoint) => endpoint.role === 'production' && !endpoint.standby);
}

/** Of several databases the access that users notice: one that is known to be read-only is never kept quiet. */
export function tellingAccess(databases: readonly DatabaseView[]): DatabaseView['access'] {
  const order: DatabaseView['access'][] = ['read-only', 'unreachable', 'absent', 'read-write'];
  return order.find((access) => databases.some((database) => database.access === access)) ?? 'unreachable';
}

/** Production does not answer, and something else could serve. */
export function isLost(facts: VerdictFacts): boolean {
  return facts.canServe.length > 0 && isSilent(facts) && !isUnread(facts);
}

/** The database gives no answer to this run, and the site does: as usersNow, no region is lost. */
export function isUnread(facts: VerdictFacts): boolean {
  return isSilent(facts) && serving(facts.after)?.version !== null;
}

function isSilent({ after }: VerdictFacts): boolean {
  const production = serving(after);
  return production !== undefined && tellingAccess(production.databases) === 'unreachable';
}

/** Where Traffic Manager sees an endpoint so, users are sent to the next one. */
const PASSED_OVER: readonly string[] = ['Degraded', 'Stopped', 'Inactive'];

/** Production's endpoint in the other region, where users are sent there first and its database can only be read. */
export function sentFirst(
  after: readonly EndpointView[],
  production: EndpointView,
): EndpointView | undefined {
  const rank = ({ status, monitorStatus, priority }: EndpointView) =>
    status === 'Enabled' && !PASSED_OVER.includes(monitorStatus ?? '')
      ? (priority ?? Number.MAX_SAFE_INTEGER)
      : Number.POSITIVE_INFINITY;
  return after.find(
    (endpoint) =>
      endpoint.role === 'production' &&
      endpoint.standby &&
      endpoint.monitorStatus === 'Online' &&
      rank(endpoint) < rank(production) &&
      tellingAccess(endpoint.databases) === 'read-only',
  );
}
