// The record of an update and the lease of a run, on the scale sets themselves: every write is against the ETag of what
// was read, so that of two runs one wins and the other is told.
import type { ScaleSet, ScaleSetChange } from '../../azure/ports/compute.ts';
import {
  type ClaimedResource,
  refuseForeignLease,
  refuseOtherApplication,
  refuseOvertaken,
} from '../lease-refusals.ts';
import { endOf } from '../persist.ts';
import {
  isOurs,
  LEASE_TAG,
  leaseOfTags,
  type TagChanges,
  type Tags,
  tagOfLease,
  tagOfMark,
  tagsOfRecord,
} from '../record-tags.ts';
import type { Lease, UpdateRecord } from '../update-record.ts';
import { changeSet } from './change-set.ts';
import { readSet, type ScaleSetParts, setsInOrder, writeWithinMs } from './parts.ts';

/** A write of tags takes some seconds, and Azure takes none while it writes the set or its instances. */
const CLAIM_WITHIN_MS = 180_000;
/** A lease that is not given back binds others until it ends by itself: not worth a long wait. */
const RELEASE_WITHIN_MS = 60_000;

type Ref = ScaleSet['ref'];

/** See ServiceTarget.claim. */
export function claim(parts: ScaleSetParts, lease: Lease): Promise<void> {
  parts.ours.lease = null; // that of an earlier phase is over
  return writeTags(parts, lease, { changes: () => ({}), homeLast: false, withinMs: CLAIM_WITHIN_MS });
}

/** See ServiceTarget.keep. */
export function keep(parts: ScaleSetParts, lease: Lease, record: UpdateRecord | null): Promise<void> {
  return writeTags(parts, lease, {
    changes: ({ ref, tags }, isHome) => ({
      // Where another set was the first by the configuration of that time, the record moves.
      ...tagsOfRecord(isHome ? record : null, tags),
      ...tagOfMark(isHome || isOn(record, parts, ref) ? record : null),
    }),
    // Who finds the record takes away what a run that was killed has left on the others.
    homeLast: record === null,
    withinMs: writeWithinMs(parts.config),
  });
}

interface TagsWrite {
  /** Beside the lease. */
  changes(set: ScaleSet, isHome: boolean): TagChanges;
  /** Where the first set is this run's already. */
  readonly homeLast: boolean;
  readonly withinMs: number;
}

async function writeTags(
  parts: ScaleSetParts,
  lease: Lease,
  { changes, homeLast, withinMs }: TagsWrite,
): Promise<void> {
  const refs = setsInOrder(parts);
  const sets = await Promise.all(refs.map((ref) => readSet(parts, ref)));
  // Nothing is written on one set while somebody has another.
  for (const set of sets) refuseOthers(parts, set, lease);
  const written: Ref[] = [];
  const writeOn = async (ref: Ref, isHome: boolean) => {
    await changeSet(parts, {
      ref,
      what: `the tags of scale set ${ref.name}`,
      withinMs,
      change: (set) => {
        refuseOthers(parts, set, lease);
        return tagChange(set.tags, { ...changes(set, isHome), ...tagOfLease(lease) });
      },
    });
    written.push(ref);
  };
  try {
    const [home, ...others] = refs;
    const writeHome = async () => {
      if (home !== undefined) await writeOn(home, true);
    };
    const writeOthers = () => endOf(others.map((ref) => writeOn(ref, false)));
    // Whoever has the first set has them all: others of this service come to it first.
    const isTaken = sets[0] !== undefined && leaseOfTags(sets[0].tags)?.run === lease.run;
    const inOrder = homeLast && isTaken ? [writeOthers, writeHome] : [writeHome, writeOthers];
    for (const next of inOrder) await next();
  } catch (error) {
    const wasOurs = (set: ScaleSet) => leaseOfTags(set.tags)?.run === lease.run;
    if (!sets.some(wasOurs)) await takeBack(parts, lease, sets, written);
    throw error;
  }
  parts.ours.lease = lease;
}

/** See ServiceTarget.release. */
export async function release(parts: ScaleSetParts, lease: Lease): Promise<void> {
  await endOf(
    setsInOrder(parts).map((ref) =>
      changeSet(parts, {
        ref,
        what: `the tag ${LEASE_TAG} of scale set ${ref.name}`,
        withinMs: RELEASE_WITHIN_MS,
        change: ({ tags }) =>
          leaseOfTags(tags)?.run === lease.run ? tagChange(tags, tagOfLease(null)) : null,
      }),
    ),
  );
  parts.ours.lease = null;
}

/**
 * Asked before every write, so that a run that has lost its lease does nothing any more. As refuseForeignLease and
 * refuseOvertaken.
 */
export function refuseOthersLease({ ours, clock }: ScaleSetParts, set: ScaleSet): void {
  refuseForeignLease(claimed(set), ours.lease?.run ?? null, clock.now());
  refuseOvertaken(claimed(set), ours.lease, clock.now());
}

function refuseOthers({ ours, clock }: ScaleSetParts, set: ScaleSet, { run, application }: Lease): void {
  refuseForeignLease(claimed(set), run, clock.now());
  refuseOvertaken(claimed(set), ours.lease, clock.now());
  refuseOtherApplication(claimed(set), application);
}

const claimed = ({ ref, id, tags }: ScaleSet): ClaimedResource => ({
  what: `scale set ${ref.name}`,
  id,
  tags,
});

function isOn(record: UpdateRecord | null, { service }: ScaleSetParts, ref: Ref): boolean {
  return service.roles.some(
    ({ name, scaleSet, resourceGroup }) =>
      record?.roles.includes(name) === true &&
      scaleSet.toLowerCase() === ref.name.toLowerCase() &&
      resourceGroup.toLowerCase() === ref.resourceGroup.toLowerCase(),
  );
}

/** What a run that did not get all sets has written on some: they are as they were before it came. */
async function takeBack(
  parts: ScaleSetParts,
  lease: Lease,
  before: readonly ScaleSet[],
  written: readonly Ref[],
): Promise<void> {
  const undone = written.map((ref) =>
    changeSet(parts, {
      ref,
      what: `the tags of scale set ${ref.name}`,
      withinMs: RELEASE_WITHIN_MS,
      change: ({ tags }) => {
        if (leaseOfTags(tags)?.run !== lease.run) return null;
        return tagChange(tags, ourTagsOf(tags, before.find((set) => set.ref === ref)?.tags ?? {}));
      },
    }),
  );
  // What made it fail is told; a claim that could not be taken back ends by itself.
  await Promise.allSettled(undone);
}

/** Our tags as they were: nulls for those that were not there. */
function ourTagsOf(now: Tags, before: Tags): TagChanges {
  const own = (tags: Tags) => Object.entries(tags).filter(([name]) => isOurs(name));
  return {
    ...Object.fromEntries(own(now).map(([name]) => [name, null])),
    ...Object.fromEntries(own(before)),
  };
}

/** Null where they are so already. */
function tagChange(tags: Tags, changes: TagChanges): ScaleSetChange | null {
  const there = new Map(Object.entries(tags).map(([name, value]) => [name.toLowerCase(), value]));
  const needed = Object.entries(changes).filter(
    ([name, value]) => (there.get(name.toLowerCase()) ?? null) !== value,
  );
  return needed.length === 0 ? null : { tags: Object.fromEntries(needed) };
}
