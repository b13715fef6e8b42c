// Domains in numbers: how many instances of each role are on which version, and in which health. Counted before a
// report is shortened, so that a number never is one of what was left of a list.
import type { DomainView, InstanceView, ServiceReport, WalkedDomain } from '../../engine/service-report.ts';

export interface DomainTally {
  readonly domain: number;
  /** `returned`: this run has brought it back to the version before. */
  readonly state: DomainView['state'] | 'returned';
  readonly instances: number;
  readonly roles: readonly RoleTally[];
}

export interface RoleTally {
  readonly role: string;
  readonly instances: number;
  /** The most frequent first. */
  readonly versions: readonly Group[];
  readonly health: readonly Group[];
}

/** Instances of which the same can be said. */
export interface Group {
  readonly words: string;
  readonly instances: number;
}

/** Groups that are named; instances of the others are counted. */
const MOST_GROUPS = 3;

const RUNS: Readonly<Record<InstanceView['runs'], string>> = {
  target: 'the new version',
  previous: 'the version before',
  other: 'a version that is neither',
  unknown: 'an unknown version',
};

export function tallyOf({ domains, walk }: Pick<ServiceReport, 'domains' | 'walk'>): DomainTally[] {
  const version = versionNames(domains.flatMap(({ instances }) => instances));
  return domains.map(({ domain, state, instances }) => ({
    domain,
    state: state === 'untouched' && lastWalk(walk, domain)?.direction === 'back' ? 'returned' : state,
    instances: instances.length,
    roles: [...Map.groupBy(instances, ({ role }) => role)].map(([role, own]) => ({
      role,
      instances: own.length,
      versions: groups(own.map(version)),
      health: groups(own.map(({ health }) => (health === 'none' ? 'health not told' : health))),
    })),
  }));
}

/** What a domain was last given in this run. */
export function lastWalk(walk: readonly WalkedDomain[], domain: number): WalkedDomain | undefined {
  return walk.findLast((walked) => walked.domain === domain);
}

/**
 * Names what an instance runs. Where both versions have the same number, because a size or an extension is what
 * changes, the number alone would say that nothing is updated.
 */
export function versionNames(all: readonly InstanceView[]): (instance: InstanceView) => string {
  const numbers = (runs: InstanceView['runs']) =>
    new Set(all.filter((view) => view.runs === runs).map(({ role, now }) => JSON.stringify([role, now])));
  const [before, after] = [numbers('previous'), numbers('target')];
  const isBoth = (key: string) => before.has(key) && after.has(key);
  return ({ role, now, runs }) => {
    if (now === null) return RUNS[runs];
    if (runs === 'unknown') return now;
    return runs === 'other' || isBoth(JSON.stringify([role, now])) ? `${RUNS[runs]} (${now})` : now;
  };
}

function groups(words: readonly string[]): Group[] {
  return [...Map.groupBy(words, (word) => word)]
    .map(([word, same]) => ({ words: word, instances: same.length }))
    .sort((one, other) => other.instances - one.instances);
}

/** "2 of 3 on 2.0.0, 1 on 1.0.0". */
export function versions({ versions: all, instances: total }: RoleTally): string {
  return inWords(all, ({ words, instances }, index) =>
    index === 0 ? `${instances} of ${total} on ${words}` : `${instances} on ${words}`,
  );
}

/** "healthy"; "2 healthy, 1 unhealthy". */
export function healths({ health: all }: RoleTally): string {
  const only = all.length === 1 ? all[0] : undefined;
  return only?.words ?? inWords(all, ({ words, instances }) => `${instances} ${words}`);
}

function inWords(all: readonly Group[], words: (group: Group, index: number) => string): string {
  const rest = all.slice(MOST_GROUPS).reduce((sum, { instances }) => sum + instances, 0);
  return [...all.slice(0, MOST_GROUPS).map(words), ...(rest > 0 ? [`${rest} others`] : [])].join(', ');
}
