// One look at a cloud service: roles, instances, and what an update has written down on it.
import type { CloudService, ServiceInstance } from '../../azure/ports/compute.ts';
import type { Minimum } from '../../config/service-config.ts';
import { leaseOfTags } from '../record-tags.ts';
import type { RoleLook, ServiceLook } from '../target.ts';
import type { Lease } from '../update-record.ts';
import { type CloudParts, isInTransition, readPair, type ServicePair } from './service-pair.ts';
import { type WatchedWalks, withHealthTime } from './watched-walks.ts';

export interface CloudLook {
  readonly look: ServiceLook;
  readonly subject: CloudService;
}

/** Of a role that the configuration does not name, and that is walked all the same: the platform knows no other way. */
const ALL: Minimum = { kind: 'percent', percent: 100 };

/** Throws 'resource-not-found' and 'production-slot-unclear'. */
export async function lookAtService(parts: CloudParts, walks: WatchedWalks): Promise<CloudLook> {
  const at = parts.clock.now();
  const pair = await readPair(parts);
  const { subject, record, partner } = pair;
  const unfinished = walks.unfinished(record?.walk ?? [], isInTransition(subject));
  const instances = await parts.compute.cloudServices.listInstances(subject);
  const timed = instances.map((instance) => withHealthTime(instance, unfinished, at));
  const look: ServiceLook = {
    at,
    roles: rolesOf(parts, subject, timed),
    resources: [subject, ...(partner === null ? [] : [partner])].map(({ ref, provisioningState }) => ({
      name: ref.name,
      provisioningState,
      platformUpgrade: null,
    })),
    record,
    lease: lastLease(pair),
    usersOn: usersOn(pair),
  };
  return { look, subject };
}

/** Both have one; where a run was killed between the two, the one that binds longer. */
function lastLease({ subject, partner }: ServicePair): Lease | null {
  const leases = [subject, ...(partner === null ? [] : [partner])].map(({ tags }) => leaseOfTags(tags));
  const [last = null] = leases
    .filter((lease) => lease !== null)
    .toSorted((one, other) => Date.parse(other.until) - Date.parse(one.until));
  return last;
}

function usersOn({ subject, partner }: ServicePair): ServiceLook['usersOn'] {
  if (partner === null) return null;
  if (subject.slotType === 'Production' || partner.slotType === 'Staging') return 'this';
  return subject.slotType === 'Staging' || partner.slotType === 'Production' ? 'other' : null;
}

/** Those of the configuration, then those that it does not name: a walk updates them as well. */
function rolesOf(
  { service, config }: CloudParts,
  subject: CloudService,
  instances: readonly (ServiceInstance & { readonly role: string })[],
): RoleLook[] {
  const { roles: walked } = config.walk;
  const known = service.roles.map(({ name }) => name.toLowerCase());
  const others = subject.roles
    .filter(({ name }) => !known.includes(name.toLowerCase()))
    .map(({ name }) => ({ name, minimumHealthy: ALL, chosen: false }));
  const named = service.roles.map((role) => ({
    ...role,
    chosen: walked.length === 0 || walked.includes(role.name),
  }));
  return [...named, ...others].map(({ name, minimumHealthy, chosen }) => ({
    role: name,
    resource: subject.ref.name,
    placement: 'platform',
    minimum: minimumHealthy,
    chosen,
    instances: instances.filter(({ role }) => role.toLowerCase() === name.toLowerCase()),
    set: null,
    // Of every role instance Azure tells a state.
    tellsHealth: true,
  }));
}
