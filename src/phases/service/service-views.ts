// The service as the report shows it: roles, domains with their instances, and the instances in service over time.
import type { Minimum } from '../../config/service-config.ts';
import type { CapacityView, DomainView, InstanceView, ServiceRoleView } from '../../engine/service-report.ts';
import { type CapacityLook, type CapacityPoint, capacityOf } from '../../service/capacity.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import { keyOf, type RoleInstance } from '../../service/role-instance.ts';
import { VERSION_BEFORE, VERSION_THAT_RUNS, versionName } from './version-names.ts';

export function roleViews({ look }: ServiceObservation): ServiceRoleView[] {
  return look.roles.map(({ role, resource, placement, minimum, chosen, instances }) => ({
    role,
    resource,
    instances: instances.length,
    placement,
    minimumHealthy: minimumInWords(minimum),
    chosen,
  }));
}

function minimumInWords(minimum: Minimum): string {
  return minimum.kind === 'count' ? String(minimum.count) : `${minimum.percent} %`;
}

/**
 * @param first the first look of the run, by which it is known what instances ran before the update
 * @param isOfUpdate whether some look of the run has found an update written down
 */
export function domainViews(
  now: ServiceObservation,
  first: ServiceObservation,
  isOfUpdate = false,
): DomainView[] {
  // After a swap has been cleaned up it is the other of two services that is looked at.
  const before = isSameService(now, first) ? first : now;
  const called = callerOf(isOfUpdate, now, first);
  const ranBefore = new Map(
    before.spread.domains.flatMap(({ instances }) =>
      instances.map((instance) => [keyOf(instance), called(nameBefore(instance, before))] as const),
    ),
  );
  const states = new Map(now.progress.domains.map(({ domain, state }) => [domain, state]));
  return now.spread.domains.map(({ number, instances }) => ({
    domain: number,
    state: states.get(number) ?? 'in-flight',
    instances: instances.map((instance) => ({
      ...instanceView(instance, now),
      before: ranBefore.get(keyOf(instance)) ?? null,
      now: called(nameOf(instance, now)),
    })),
  }));
}

function isSameService(one: ServiceObservation, other: ServiceObservation): boolean {
  const names = ({ look }: ServiceObservation) => look.resources.map(({ name }) => name).join();
  return names(one) === names(other);
}

/** What was never updated as far as is known runs no "version before". */
function callerOf(
  wasWrittenDown: boolean,
  ...looks: readonly ServiceObservation[]
): (name: string | null) => string | null {
  const isOfUpdate =
    wasWrittenDown ||
    looks.some(({ look, progress }) => look.record !== null || progress.instances.target.length > 0);
  return (name) => (name === VERSION_BEFORE && !isOfUpdate ? VERSION_THAT_RUNS : name);
}

/** What has the new version, or a part of it, ran the one before when the update that is written down was begun. */
function nameBefore(instance: RoleInstance, observed: ServiceObservation): string | null {
  const version = versionOf(instance, observed);
  const isWalked = version === 'target' || version === 'unknown';
  if (observed.look.record === null || !isWalked) return nameOf(instance, observed);
  return versionName(instance, 'previous', observed.update);
}

/** Where it could not be read afterwards: which instances there were, and of what they are now nothing. */
export function domainViewsUnread(before: ServiceObservation): DomainView[] {
  const called = callerOf(false, before);
  return before.spread.domains.map(({ number, instances }) => ({
    domain: number,
    state: 'in-flight',
    instances: instances.map((instance) => ({
      role: instance.role,
      id: instance.id,
      before: called(nameBefore(instance, before)),
      now: null,
      runs: 'unknown',
      health: 'unknown',
      since: null,
    })),
  }));
}

function instanceView(instance: RoleInstance, now: ServiceObservation): Omit<InstanceView, 'before' | 'now'> {
  const { role, id, powerState, health, healthAt } = instance;
  const isRunning = powerState === 'running';
  return {
    role,
    id,
    runs: versionOf(instance, now),
    health: isRunning ? health : powerState,
    since: (isRunning && healthAt?.toISOString()) || null,
  };
}

function versionOf(instance: RoleInstance, { versions }: ServiceObservation) {
  return versions.get(keyOf(instance))?.version ?? 'unknown';
}

function nameOf(instance: RoleInstance, observed: ServiceObservation): string | null {
  return versionName(instance, versionOf(instance, observed), observed.update);
}

/** A chart needs no more. */
const MOST_POINTS = 120;

/** As the looks of a run have seen it; null where there was one at most. */
export function capacityView(looks: readonly CapacityLook[]): CapacityView | null {
  const { series, lowest, roles } = capacityOf(looks);
  if (series.length < 2 || lowest === null) return null;
  return {
    lowest: pointView(lowest),
    series: downsampled(series, MOST_POINTS).map(pointView),
    roles: roles.flatMap(({ role, by, lowest: least }) =>
      least === null ? [] : [{ role, by, lowest: pointView(least) }],
    ),
  };
}

function pointView({ at, inService, instances }: CapacityPoint) {
  return { at: new Date(at).toISOString(), inService, instances };
}

/**
 * At most so many points: the first, the last, and of each stretch between them the lowest, so that no fall is lost.
 * @param most at least 3
 */
export function downsampled(series: readonly CapacityPoint[], most: number): CapacityPoint[] {
  const [first] = series;
  const last = series.at(-1);
  if (series.length <= most || first === undefined || last === undefined) return [...series];
  const between = series.slice(1, -1);
  const stretch = between.length / (most - 2);
  const lowest = Array.from({ length: most - 2 }, (_, at) =>
    between
      .slice(Math.floor(at * stretch), Math.floor((at + 1) * stretch))
      .reduce((least, point) => (point.inService < least.inService ? point : least)),
  );
  return [first, ...lowest, last];
}
