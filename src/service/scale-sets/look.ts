// One look at a service of scale sets: the sets, their instances, and what an update has written on them.
import type { PlatformUpgrade, ScaleSet, ServiceInstance } from '../../azure/ports/compute.ts';
import type { ScaleSetRole } from '../../config/service-config.ts';
import { partsOf, targetModel } from '../model-parts.ts';
import { leaseOfTags, recordOfTags } from '../record-tags.ts';
import type { RoleLook, ServiceLook } from '../target.ts';
import type { Lease, UpdateRecord } from '../update-record.ts';
import { runningVersion } from '../versions.ts';
import { readSet, refOf, roleNamed, type ScaleSetParts, setsInOrder } from './parts.ts';

interface SetLook {
  readonly set: ScaleSet;
  readonly instances: readonly ServiceInstance[];
  readonly platformUpgrade: PlatformUpgrade | null;
}

/** See ServiceTarget.look. */
export async function lookAtScaleSets(parts: ScaleSetParts): Promise<ServiceLook> {
  // From before it was read: what is told as of then may be older, never newer.
  const at = parts.clock.now();
  const looks = await Promise.all(setsInOrder(parts).map((ref) => lookAtSet(parts, ref)));
  const record = recordOn(parts, looks);
  const roles = parts.service.roles.map((role) => roleLook(parts, role, record, looks));
  return {
    at,
    roles: record === null ? withoutUpToDate(parts, roles) : roles,
    resources: looks.map(({ set, platformUpgrade }) => ({
      name: set.ref.name,
      provisioningState: set.provisioningState,
      platformUpgrade,
    })),
    record,
    lease: leaseOn(
      looks.map(({ set }) => set),
      at,
    ),
    usersOn: null,
  };
}

async function lookAtSet(parts: ScaleSetParts, ref: ScaleSet['ref']): Promise<SetLook> {
  const { compute, orchestrations } = parts;
  const key = `${ref.resourceGroup}/${ref.name}`;
  const reading = readSet(parts, ref);
  const orchestration = orchestrations.get(key) ?? (await reading).orchestration;
  orchestrations.set(key, orchestration);
  const [set, instances, platformUpgrade] = await Promise.all([
    reading,
    compute.scaleSets.listInstances({ ref, orchestration }),
    compute.scaleSets.platformUpgrade(ref),
  ]);
  return { set, instances, platformUpgrade };
}

/**
 * The first set has it, unless another one was the first when it was written: roles come and go in a configuration. One
 * of another application is none of ours: its mark tells (see markOf).
 */
function recordOn({ config }: ScaleSetParts, looks: readonly SetLook[]): UpdateRecord | null {
  const records = looks.map(({ set }) => recordOfTags(set.tags));
  return records.find((record) => record?.application === config.application) ?? null;
}

/** Where sets have different ones, one that still binds, and of these the first set's. */
function leaseOn(sets: readonly ScaleSet[], now: number): Lease | null {
  const leases = sets.map(({ tags }) => leaseOfTags(tags)).filter((lease) => lease !== null);
  return leases.find(({ until }) => Date.parse(until) > now) ?? leases[0] ?? null;
}

function roleLook(
  { config }: ScaleSetParts,
  role: ScaleSetRole,
  record: UpdateRecord | null,
  looks: readonly SetLook[],
): RoleLook {
  const { resourceGroup, name } = refOf(role);
  const isIts = ({ set: { ref } }: SetLook) =>
    [ref.resourceGroup, ref.name].join('/').toLowerCase() === `${resourceGroup}/${name}`.toLowerCase();
  const look = looks.find(isIts);
  const chosen = record?.roles ?? config.walk.roles;
  return {
    role: role.name,
    resource: name,
    placement: look?.set.orchestration === 'Flexible' ? 'virtual' : 'platform',
    minimum: role.minimumHealthy,
    // An empty list in the configuration means all; a record names them.
    chosen: (record === null && chosen.length === 0) || chosen.includes(role.name),
    instances: look?.instances ?? [],
    set: look?.set ?? null,
    tellsHealth: look?.set.tellsHealth ?? false,
  };
}

/**
 * An update is of the roles that it changes: one that was updated alone before is left as it is, and is nothing that its
 * way back would touch. Where all are as they are to be, all are shown.
 */
function withoutUpToDate(parts: ScaleSetParts, roles: readonly RoleLook[]): readonly RoleLook[] {
  const isBehind = (role: RoleLook) => role.chosen && !isUpToDate(parts, role);
  if (!roles.some(isBehind)) return roles;
  return roles.map((role) => ({ ...role, chosen: isBehind(role) }));
}

function isUpToDate(parts: ScaleSetParts, { role, set, instances }: RoleLook): boolean {
  if (set === null) return false;
  const { model } = set;
  const wanted = targetModel(model, roleNamed(parts, role).change);
  const differs = partsOf(model, wanted).some((part) => part.inModel(model) !== part.inModel(wanted));
  const pair = { target: model, previous: model, standing: 'target' } as const;
  return !differs && instances.every((instance) => runningVersion(instance, pair).version === 'target');
}
