// What the instances of a service run, in a sentence: the part of a headline that users are interested in.
import type { DomainView, InstanceView, ServiceReport } from '../../engine/service-report.ts';
import { count, formatList } from '../../service/words.ts';
import { NEW_VERSION, VERSION_BEFORE, VERSION_THAT_RUNS } from './version-names.ts';

/** Without capital and full stop: "all 14 instances run 1.0.0"; with both versions, domain by domain. */
export function standingWords(service: ServiceReport): string {
  const instances = instancesOf(service);
  const [first] = instances;
  if (first === undefined) return 'the service has no instances';
  const unexplained = instances.filter(({ runs }) => runs !== 'target' && runs !== 'previous');
  if (unexplained.length > 0) return `${byDomain(service)}; ${unexplainedWords(unexplained)}`;
  if (areBothThere(service)) return byDomain(service);
  if (nameOf(instances, VERSION_BEFORE) === VERSION_THAT_RUNS) return 'no update is in progress';
  const whose = roleWords(service);
  const all =
    instances.length === 1 ? `the instance${whose} runs` : `all ${instances.length} instances${whose} run`;
  return `${all} ${nameOf(instances, first.runs === 'target' ? NEW_VERSION : VERSION_BEFORE)}`;
}

export function areBothThere(service: ServiceReport): boolean {
  const runs = new Set(instancesOf(service).map((instance) => instance.runs));
  return runs.has('target') && runs.has('previous');
}

/** "14 instances in 5 domains". */
export function extentWords(service: ServiceReport): string {
  const instances = count(instancesOf(service).length, 'instance');
  return `${instances}${roleWords(service)} in ${count(service.domains.length, 'domain')}`;
}

/**
 * The lowest that the looks of this run have seen, after a semicolon; empty where they have seen none. What is restarted
 * between two looks they do not see, so it is said beside it.
 */
export function lowestWords({ capacity, walk }: Pick<ServiceReport, 'capacity' | 'walk'>): string {
  if (capacity === null) return '';
  const { lowest, roles } = capacity;
  // Of instances that tell no health running is all that is known.
  const served = roles.some(({ by }) => by === 'power') ? 'running' : 'in service';
  const seen =
    lowest.inService === lowest.instances
      ? `all ${lowest.instances}`
      : `at least ${lowest.inService} of ${lowest.instances}`;
  const atOnce = Math.max(0, ...walk.map(({ instances }) => instances));
  const words = `${seen} were ${served} whenever this run looked`;
  return lowest.inService <= lowest.instances - atOnce
    ? `; ${words}`
    : `; ${upTo(atOnce, lowest.instances)}, and ${words}`;
}

function upTo(atOnce: number, all: number): string {
  return atOnce === 1
    ? `1 of ${all} was restarted at a time`
    : `up to ${atOnce} of ${all} were restarted at a time`;
}

/** How the new version is called. */
export function newVersionOf(service: ServiceReport): string {
  return nameOf(
    instancesOf(service).filter(({ runs }) => runs === 'target'),
    NEW_VERSION,
  );
}

/** Whether the instances all run one version that has a name of its own. */
export function isNamed(service: ServiceReport): boolean {
  const name = nameOf(instancesOf(service), VERSION_BEFORE);
  return name !== VERSION_BEFORE && name !== VERSION_THAT_RUNS;
}

/** What a finished update went from, where that has a name of its own; null where it has none, or several. */
export function versionToGoBackTo(service: ServiceReport): string | null {
  const updated = instancesOf(service).filter(({ before, now }) => before !== now);
  const names = new Set(updated.map(({ before }) => before));
  const [name] = names;
  const unnamed: (string | null | undefined)[] = [VERSION_BEFORE, VERSION_THAT_RUNS, undefined, null];
  return names.size !== 1 || !name || unnamed.includes(name) ? null : name;
}

function instancesOf({ domains }: ServiceReport): readonly InstanceView[] {
  return domains.flatMap(({ instances }) => instances);
}

/** Only where the update is not of every role. */
function roleWords({ roles }: ServiceReport): string {
  const chosen = roles.filter((role) => role.chosen).map(({ role }) => role);
  return chosen.length === roles.length ? '' : ` of ${formatList(chosen)}`;
}

/** What they run, if that is one thing and is told. */
function nameOf(instances: readonly InstanceView[], otherwise: string): string {
  const names = new Set(instances.map(({ now }) => now));
  const [name] = names;
  return names.size === 1 && name ? name : otherwise;
}

/** "domains 0 and 1 run 2.0.0, domains 2, 3 and 4 run 1.0.0, domain 5 is mixed (2.0.0 × 1, 1.0.0 × 2)". */
function byDomain(service: ServiceReport): string {
  const groups = Map.groupBy(service.domains, versionOfDomain);
  const whole = [...groups].filter(([runs]) => runs !== null);
  const split = groups.get(null) ?? [];
  return [
    ...whole.map(
      ([runs, domains]) => `${domainNumbers(domains)} ${domains.length > 1 ? 'run' : 'runs'} ${runs}`,
    ),
    ...split.map((domain) =>
      isSilent(domain)
        ? `what ${domainNumbers([domain])} runs is not told`
        : `${domainNumbers([domain])} is mixed (${tally(domain)})`,
    ),
  ].join(', ');
}

/** A cloud service's, of which a walk was begun and no end was seen. */
function isSilent({ instances }: DomainView): boolean {
  return instances.every(({ runs }) => runs === 'unknown');
}

/** Null where not all its instances run one of the two versions. */
function versionOfDomain({ instances }: DomainView): string | null {
  const [runs, ...others] = new Set(instances.map((instance) => instance.runs));
  if (others.length > 0 || (runs !== 'target' && runs !== 'previous')) return null;
  return nameOf(instances, runs === 'target' ? NEW_VERSION : VERSION_BEFORE);
}

export function domainNumbers(domains: readonly Pick<DomainView, 'domain'>[]): string {
  const numbers = [...new Set(domains.map(({ domain }) => String(domain)))];
  return `domain${numbers.length > 1 ? 's' : ''} ${formatList(numbers)}`;
}

/** "2.0.0 × 1, 1.0.0 × 2". */
function tally({ instances }: DomainView): string {
  const groups = Map.groupBy(instances, ({ now, runs }) => now ?? OTHERWISE[runs]);
  return [...groups].map(([version, some]) => `${version} × ${some.length}`).join(', ');
}

const OTHERWISE: Readonly<Record<InstanceView['runs'], string>> = {
  target: NEW_VERSION,
  previous: VERSION_BEFORE,
  other: 'neither version',
  unknown: 'not told',
};

function unexplainedWords(instances: readonly InstanceView[]): string {
  const told = (runs: InstanceView['runs'], words: string) => {
    const names = instances.filter((one) => one.runs === runs).map(({ role, id }) => `${role}/${id}`);
    if (names.length === 0) return [];
    return [`${formatList(names)} ${names.length === 1 ? 'runs' : 'run'} ${words}`];
  };
  return [...told('other', 'neither version'), ...told('unknown', 'what nothing tells')].join(', ');
}
