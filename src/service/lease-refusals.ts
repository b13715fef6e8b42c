// Who may write a resource of a service: nobody while another run has it, and no other application while an update of
// this one is written down on it. The same for scale sets and for cloud services.
import { UpgradeError } from '../reasons.ts';
import { azFor } from './az-command.ts';
import { LEASE_TAG, leaseOfTags, MARK_TAG, markOf, type Tags } from './record-tags.ts';
import type { Lease } from './update-record.ts';

export interface ClaimedResource {
  /** "scale set contoso-web" */
  readonly what: string;
  readonly id: string;
  readonly tags: Tags;
}

/** Throws 'locked-by-another-run' where a run that is not this one has the resource now. */
export function refuseForeignLease(resource: ClaimedResource, run: string | null, now: number): void {
  const lease = leaseOfTags(resource.tags);
  if (lease !== null && lease.run !== run && Date.parse(lease.until) > now) throw lockedBy(resource, lease);
}

/**
 * Throws 'overtaken-by-another-run' where the lease that a run had has run out and is not there any more: its machine stood still, and
 * whoever came next may have done all it was asked to, and be gone. As long as it has not run out nobody else takes it: tags that
 * somebody has written over are written again.
 */
export function refuseOvertaken(resource: ClaimedResource, own: Lease | null, now: number): void {
  if (own === null || Date.parse(own.until) > now) return;
  if (leaseOfTags(resource.tags)?.run === own.run) return;
  throw new UpgradeError(
    'overtaken-by-another-run',
    `This run's claim on the ${resource.what} ended at ${own.until}, while the run stood still, and is not there any more: another run may have updated it since.`,
    {
      advice: [
        'Run phase: status. It changes nothing, and tells what the instances run and what can be done.',
      ],
    },
  );
}

/** Throws 'update-in-progress'. */
export function refuseOtherApplication(resource: ClaimedResource, own: string): void {
  const application = markOf(resource.tags)?.application ?? own;
  if (application === own) return;
  throw new UpgradeError(
    'update-in-progress',
    `The ${resource.what} is in an update of another application, ${application}.`,
    {
      advice: [
        `Finish or roll back that update first. If nobody needs its record any more: ${withoutTag(resource, MARK_TAG)}`,
      ],
    },
  );
}

function lockedBy(resource: ClaimedResource, { holder, application, until }: Lease): UpgradeError {
  return new UpgradeError(
    'locked-by-another-run',
    `Another run is updating ${application}: ${holder} has ${resource.what} until ${until}, unless it renews that.`,
    {
      advice: [
        'Wait until that run has ended, look at its summary, then start this phase again.',
        `Where that run is dead, its claim ends by itself at ${until}. To end it by hand: ${withoutTag(resource, LEASE_TAG)}`,
      ],
    },
  );
}

/** The command for a person. With its value: what was written anew meanwhile stays. */
export function withoutTag({ id, tags }: Pick<ClaimedResource, 'id' | 'tags'>, name: string): string {
  const [key, value] = Object.entries(tags).find(([each]) => each.toLowerCase() === name) ?? [name, ''];
  const tag = `${key}=${value}`;
  return azFor(id, 'tag', 'update', '--resource-id', id, '--operation', 'Delete', '--tags', tag);
}
