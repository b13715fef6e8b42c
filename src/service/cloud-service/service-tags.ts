// Tags of cloud services, written so that two runs never both believe that a service is theirs. There are no ETags here:
// a write is read back after a pause, which is longer than the gap between another run's look and its write, and the
// one whose lease was written over loses. A write that took longer is met at the next renewal.
import { AzureError } from '../../azure/errors.ts';
import type { CloudService, ComputeRef } from '../../azure/ports/compute.ts';
import { UpgradeError } from '../../reasons.ts';
import { refuseOtherApplication } from '../lease-refusals.ts';
import { persist } from '../persist.ts';
import { leaseOfTags, type TagChanges, tagOfLease, tagsOfRecord } from '../record-tags.ts';
import type { Lease, UpdateRecord } from '../update-record.ts';
import {
  type CloudParts,
  claimed,
  isInTransition,
  readPair,
  readService,
  refsOf,
  refuseForeign,
} from './service-pair.ts';
import { swapEndsAt } from './swap-mark.ts';

const WITHIN_MS = 3 * 60_000;
const RELEASE_WITHIN_MS = 60_000;
const GAP_MS = 1_000;
const REST_WITHIN_MS = 60_000;
const REST_INTERVAL_MS = 1_000;

/** As ServiceTarget.claim. Throws 'locked-by-another-run' and 'service-busy'. */
export async function claim(parts: CloudParts, lease: Lease): Promise<void> {
  parts.ours.lease = lease;
  for (const ref of refsOf(parts)) await keepOn(parts, ref, lease, () => tagOfLease(lease));
}

/** As ServiceTarget.keep. Throws 'locked-by-another-run', 'overtaken-by-another-run', 'record-not-kept' and 'service-busy'. */
export async function keep(parts: CloudParts, lease: Lease, record: UpdateRecord | null): Promise<void> {
  const { subject } = await readPair(parts);
  parts.ours.lease ??= lease;
  for (const ref of refsOf(parts)) {
    const isSubject = ref.name === subject.ref.name;
    await keepOn(parts, ref, lease, ({ tags }) => ({
      ...(isSubject ? tagsOfRecord(record, tags) : {}),
      ...tagOfLease(lease),
    }));
  }
  parts.ours.lease = lease;
}

/** As ServiceTarget.release. Throws 'service-busy' where it cannot be written now: then the lease lapses. */
export async function release(parts: CloudParts, lease: Lease): Promise<void> {
  for (const ref of refsOf(parts).toReversed()) {
    if (leaseOfTags((await readService(parts, ref)).tags)?.run !== lease.run) continue;
    await refuseDuringSwap(parts);
    await writeTags(parts, {
      ref,
      changes: ({ tags }) => (leaseOfTags(tags)?.run === lease.run ? tagOfLease(null) : {}),
      withinMs: RELEASE_WITHIN_MS,
    });
  }
}

async function keepOn(
  parts: CloudParts,
  ref: ComputeRef,
  lease: Lease,
  changes: (service: CloudService) => TagChanges,
): Promise<void> {
  await untilSwapped(parts);
  const held = leaseOfTags((await readService(parts, ref)).tags);
  await writeTags(parts, {
    ref,
    withinMs: WITHIN_MS,
    changes: (service) => {
      refuseForeign(parts, service);
      refuseOtherApplication(claimed(service), lease.application);
      return changes(service);
    },
  });
  if (held?.run === lease.run) return;
  await parts.clock.sleep(GAP_MS);
  const now = await readService(parts, ref);
  refuseForeign(parts, now);
}

interface TagsWrite {
  readonly ref: ComputeRef;
  /** By what is there. May throw. */
  changes(service: CloudService): TagChanges;
  readonly withinMs: number;
}

/** Reads, writes and reads back, until what was to be written is there. */
export async function writeTags(parts: CloudParts, { ref, changes, withinMs }: TagsWrite): Promise<void> {
  const what = `the tags of cloud service ${ref.name}`;
  await persist(parts, { what, withinMs }, async () => {
    const service = await readService(parts, ref);
    const wanted = changes(service);
    if (areThere(service, wanted)) return;
    await parts.compute.cloudServices.writeTags(service, wanted);
    const after = await atRest(parts, ref);
    if (!areThere(after, wanted)) throw notThere(ref);
  });
}

/** Azure calls the write of a tag done, and the service is Updating a little longer: the next write would be refused. */
async function atRest(parts: CloudParts, ref: ComputeRef): Promise<CloudService> {
  const until = parts.clock.now() + REST_WITHIN_MS;
  for (;;) {
    const service = await readService(parts, ref);
    if (!isInTransition(service) || parts.clock.now() >= until) return service;
    await parts.clock.sleep(REST_INTERVAL_MS);
  }
}

/** A write that meets a swap breaks both services for good. */
async function untilSwapped(parts: CloudParts): Promise<void> {
  const rest = (await swapEndsAt(parts)) - parts.clock.now();
  if (rest > 0) await parts.clock.sleep(rest);
}

async function refuseDuringSwap(parts: CloudParts): Promise<void> {
  const end = await swapEndsAt(parts);
  if (end <= parts.clock.now()) return;
  const until = new Date(end).toISOString();
  throw new UpgradeError(
    'service-busy',
    `A swap may be under way until ${until}: nothing else may be written to the two cloud services by then.`,
  );
}

function areThere({ tags }: CloudService, wanted: TagChanges): boolean {
  return Object.entries(wanted).every(([name, value]) => (tags[name] ?? null) === value);
}

function notThere({ name }: ComputeRef): AzureError {
  return new AzureError(`Cloud service ${name} does not have the tags that were written to it.`, {
    status: 412,
    code: null,
    correlationId: null,
    outcomeUnknown: false,
  });
}
