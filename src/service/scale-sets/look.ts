// One look at a service of scale sets: the sets, their instances, and what an update has written on them.
import type { PlatformUpgrade, ScaleSet, ServiceInstance } from '../../azure/ports/compute.ts';
import type { ScaleSetRole } from '../../config/service-config.ts';
import { leaseOfTags, recordOfTags } from '../record-tags.ts';
import type { RoleLook, ServiceLook } from '../target.ts';
import type { Lease, UpdateRecord } from '../update-record.ts';
import { readSet, refOf, type ScaleSetParts, setsInOrder } from './parts.ts';

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
  const record = recordOn(parts, looks[0]);
  return {
    at,
    roles: parts.service.roles.map((role) => roleLook(parts, role, record, looks)),
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

/** The first set has it. One of another application is none of ours: its mark tells (see markOf). */
function recordOn({ config }: ScaleSetParts, home: SetLook | undefined): UpdateRecord | null {
  const record = home === undefined ? null : recordOfTags(home.set.tags);
  return record?.application === config.application ? record : null;
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
