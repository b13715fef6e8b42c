// Which cloud service is updated: in place the one; with `switch: swap` one of two, which change places at every swap.
import type { CloudService, ComputeRef } from '../../azure/ports/compute.ts';
import type { CloudServiceConfig } from '../../config/service-config.ts';
import { command } from '../../engine/command-line.ts';
import { UpgradeError } from '../../reasons.ts';
import { type ClaimedResource, refuseForeignLease, refuseOvertaken } from '../lease-refusals.ts';
import { recordOfTags } from '../record-tags.ts';
import { resourceNotFound } from '../resource-not-found.ts';
import type { TargetParts } from '../targets.ts';
import type { Lease, UpdateRecord } from '../update-record.ts';

export interface CloudParts extends TargetParts {
  readonly service: CloudServiceConfig;
  /** What this run has, once this driver has taken it: only then are others' leases told from our own. */
  readonly ours: { lease: Lease | null };
}

export interface ServicePair {
  readonly subject: CloudService;
  readonly record: UpdateRecord | null;
  /** Null in place. */
  readonly partner: CloudService | null;
}

/** Asked before every write, so that a run that has lost its lease does nothing any more. */
export function refuseForeign({ ours, clock }: CloudParts, service: CloudService): void {
  refuseForeignLease(claimed(service), ours.lease?.run ?? null, clock.now());
  refuseOvertaken(claimed(service), ours.lease, clock.now());
}

export function claimed({ id, ref, tags }: CloudService): ClaimedResource {
  return { what: `cloud service ${ref.name}`, id, tags };
}

/** Of Resource Manager: an operation is under way. */
const IN_TRANSITION = ['creating', 'updating', 'deleting'];

export function isInTransition({ provisioningState }: CloudService): boolean {
  return IN_TRANSITION.includes(provisioningState.toLowerCase());
}

/** Throws 'resource-not-found', and 'production-slot-unclear' where nothing tells which one users are on. */
export async function readPair(parts: CloudParts): Promise<ServicePair> {
  const [first, second] = await Promise.all(refsOf(parts).map((ref) => readService(parts, ref)));
  if (first === undefined) throw new RangeError('a configuration names a cloud service');
  if (second === undefined) return { subject: first, record: recordOfTags(first.tags), partner: null };
  const subject = subjectOf(first, second);
  return { subject, record: recordOfTags(subject.tags), partner: subject === first ? second : first };
}

/** Of the configuration, in the order in which they are written: two runs never have one each. */
export function refsOf({ service }: Pick<CloudParts, 'service'>): ComputeRef[] {
  const names = [service.service, ...(service.stagingService === null ? [] : [service.stagingService])];
  return names
    .toSorted((one, other) => (one.toLowerCase() < other.toLowerCase() ? -1 : 1))
    .map((name) => ({ resourceGroup: service.resourceGroup, name }));
}

export async function readService(
  { compute, subscriptionId }: Pick<CloudParts, 'compute' | 'subscriptionId'>,
  ref: ComputeRef,
): Promise<CloudService> {
  const service = await compute.cloudServices.get(ref);
  if (service !== null) return service;
  const listed = ['resource', 'list', '--resource-type', 'Microsoft.Compute/cloudServices'];
  const place = { ...ref, subscriptionId };
  throw resourceNotFound(`cloud service (extended support) ${ref.name}`, place, listed);
}

/** An update that is written down counts before the slots: after the swap users are on the service that it updated. */
function subjectOf(one: CloudService, other: CloudService): CloudService {
  const recorded = [one, other].filter(({ tags }) => recordOfTags(tags) !== null);
  const [alone, ...others] = recorded.length > 0 ? recorded : [one, other];
  if (alone !== undefined && others.length === 0) return alone;
  if (one.slotType === 'Staging' || other.slotType === 'Production') return one;
  if (other.slotType === 'Staging' || one.slotType === 'Production') return other;
  throw new UpgradeError(
    'production-slot-unclear',
    `Azure does not tell which of ${one.ref.name} and ${other.ref.name} is in the slot Production: it is not known which one users are on, so neither is updated.`,
    {
      advice: [
        `See what Azure says of its slot: ${command('az', 'rest', '--method', 'get', '--url', `${one.id}/providers/Microsoft.Network/cloudServiceSlots/swap?api-version=2026-01-01`)}`,
        'Both have to be made as a pair: the second one with networkProfile.swappableCloudService.',
      ],
    },
  );
}
