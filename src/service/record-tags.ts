// An update's record and lease, as tags of the resources that are updated: there is no other place that everybody who
// may update a service can write to. Tags are for everybody to read, so nothing that is secret gets into them.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { secretsIn } from '../azure/scale-sets-secrets.ts';
import { UpgradeError } from '../reasons.ts';
import { readDomainMap } from './domain-map.ts';
import type { Lease, ModelPatch, UpdateRecord } from './update-record.ts';
import { readWalkRecord, writeWalkRecord } from './walk-record.ts';
import { count } from './words.ts';

export type Tags = Readonly<Record<string, string>>;
/** What is to be written: a null takes the tag away. */
export type TagChanges = Readonly<Record<string, string | null>>;

/** "APPLICATION UPDATEID", for people, on every resource that is being updated. */
export const MARK_TAG = 'rolling-upgrade';
export const LEASE_TAG = 'rolling-upgrade-lease';
const CHUNK = /^rolling-upgrade-(\d+)$/i;

/** Azure's limits of a tag's value, and of a resource's tags; and our own share of these. */
const LONGEST_VALUE = 256;
const MOST_TAGS = 50;
const MOST_CHUNKS = 30;
/** The mark and the lease are tags too. */
const OTHER_TAGS = 2;
/** Far more than the longest record; a text that unpacks to more is none of ours. */
const LONGEST_TEXT = 1 << 20;

const extension = z.strictObject({
  publisher: z.string(),
  type: z.string(),
  typeHandlerVersion: z.string(),
  settings: z.record(z.string(), z.unknown()),
});
const patch = z.strictObject({
  image: z.string().exactOptional(),
  skuName: z.string().exactOptional(),
  extensions: z.record(z.string(), extension).exactOptional(),
});
const version = z.enum(['previous', 'target']);
const walk = z.string().transform((text, context) => {
  const read = readWalkRecord(text);
  if (read !== null) return read;
  context.addIssue('no record of a walk');
  return z.NEVER;
});
const written = z.strictObject({
  format: z.literal(1),
  application: z.string(),
  updateId: z.string(),
  startedAt: z.iso.datetime(),
  runUrl: z.string().nullable(),
  roles: z.array(z.string()),
  models: z.record(
    z.string(),
    z.strictObject({ previous: patch, target: patch, superseded: z.array(patch).exactOptional() }),
  ),
  cloud: z.strictObject({ previous: z.string(), target: z.string(), standing: version }).nullable(),
  map: z.string().nullable(),
  walk,
  turnedBack: z.boolean(),
  held: z.strictObject({
    autoscale: z.array(z.string()),
    repairs: z.array(z.string()),
    modes: z.record(z.string(), z.enum(['Automatic', 'Rolling'])),
  }),
});

/**
 * The tags of the service's first resource: mark and record. Those that `before` has too many are nulls; null takes the
 * whole record away. Throws 'record-not-kept' where it would not fit, or would hold a secret.
 */
export function tagsOfRecord(record: UpdateRecord | null, before: Tags): TagChanges {
  const chunks = record === null ? [] : chunksOf(record, before);
  const gone = Object.keys(before).filter((name) => numberOf(name) > chunks.length);
  return {
    ...tagOfMark(record),
    ...Object.fromEntries(gone.map((name) => [name, null])),
    ...Object.fromEntries(chunks.map((chunk, at) => [`${MARK_TAG}-${at + 1}`, chunk])),
  };
}

/** Null where there is none, where it is cut off, and where it is none of this product's. */
export function recordOfTags(tags: Tags): UpdateRecord | null {
  const chunks = Object.entries(tags)
    .filter(([name]) => numberOf(name) > 0)
    .toSorted(([one], [other]) => numberOf(one) - numberOf(other))
    .map(([, value]) => value);
  const [, number, packed] = /^(\d+):(.*)$/.exec(chunks.join('')) ?? [];
  if (packed === undefined || Number(number) !== packed.length) return null;
  const read = written.safeParse(unpacked(packed));
  return read.success ? read.data : null;
}

/** The mark on a resource that is updated and does not hold the record. */
export function tagOfMark(record: Pick<UpdateRecord, 'application' | 'updateId'> | null): TagChanges {
  const value = record === null ? null : `${record.application} ${record.updateId}`;
  return { [MARK_TAG]: value?.slice(0, LONGEST_VALUE) ?? null };
}

/** Which update a resource is in, and whose; null where it is in none. Names of applications may hold blanks. */
export function markOf(tags: Tags): { readonly application: string; readonly updateId: string } | null {
  const mark = tagNamed(tags, MARK_TAG);
  if (mark === null) return null;
  const [, application = mark, updateId = 'unknown'] = /^(.*) ([^ ]*)$/.exec(mark) ?? [];
  return { application, updateId };
}

/** Null takes it away. The holder's name is cut where it is too long: it is for people. */
export function tagOfLease(lease: Lease | null): TagChanges {
  if (lease === null) return { [LEASE_TAG]: null };
  const { until, run, application, holder } = lease;
  const words = [
    `until=${until}`,
    `run=${word(run)}`,
    `application=${word(application)}`,
    `holder=${holder}`,
  ];
  return { [LEASE_TAG]: words.join(' ').slice(0, LONGEST_VALUE) };
}

/** Null where there is none, and where what is there cannot be read. */
export function leaseOfTags(tags: Tags): Lease | null {
  const [, until = '', run = '', application = '', holder = ''] =
    /^until=(\S+) run=(\S+) application=(\S+) holder=(.*)$/.exec(tagNamed(tags, LEASE_TAG) ?? '') ?? [];
  if (Number.isNaN(Date.parse(until))) return null;
  return { holder, run: plain(run), application: plain(application), until };
}

function chunksOf(record: UpdateRecord, before: Tags): string[] {
  refuseSecrets(record);
  const text = JSON.stringify({ ...record, walk: writeWalkRecord(record.walk) });
  const packed = deflateRawSync(text, { level: 9 }).toString('base64');
  // How long it is stands before it: what was cut off is missed, also where the rest can be read.
  const whole = `${packed.length}:${packed}`;
  const chunks = Math.ceil(whole.length / LONGEST_VALUE);
  const others = Object.keys(before).filter((name) => !isOurs(name)).length;
  const free = Math.min(MOST_CHUNKS, MOST_TAGS - OTHER_TAGS - others);
  if (chunks > free) throw tooLong(record, chunks, free, others);
  return whole.match(/.{1,256}/g) ?? [];
}

/** Whether a tag is the mark, the lease or a part of a record. */
export function isOurs(name: string): boolean {
  return numberOf(name) > 0 || [MARK_TAG, LEASE_TAG].includes(name.toLowerCase());
}

/** 0 for a tag that holds no part of the record. Azure does not tell tags apart by case. */
function numberOf(name: string): number {
  return Number(CHUNK.exec(name)?.[1] ?? 0);
}

function tagNamed(tags: Tags, name: string): string | null {
  return Object.entries(tags).find(([key]) => key.toLowerCase() === name)?.[1] ?? null;
}

function unpacked(packed: string): unknown {
  try {
    const bytes = inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: LONGEST_TEXT });
    return JSON.parse(bytes.toString());
  } catch {
    return null;
  }
}

const word = (text: string): string => text.replace(/[\s%]/g, encodeURIComponent);

function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function refuseSecrets({ models }: UpdateRecord): void {
  for (const [role, { previous, target, superseded = [] }] of Object.entries(models)) {
    const patches = [previous, target, ...superseded];
    const name = patches.map(extensionWithSecret).find((found) => found !== undefined);
    if (name === undefined) continue;
    throw new UpgradeError(
      'record-not-kept',
      `The update of ${role} cannot be written down: the public settings of extension ${name} hold what looks like a secret, and the way back is kept in tags, which everybody reads who sees the resource.`,
      {
        advice: [
          `Move it to the extension's protected settings, or give the instances an identity that needs none; then start again.`,
        ],
      },
    );
  }
}

function extensionWithSecret({ extensions = {} }: ModelPatch): string | undefined {
  return Object.entries(extensions).find(([, { settings }]) => secretsIn(settings).length > 0)?.[0];
}

function tooLong(record: UpdateRecord, chunks: number, free: number, others: number): UpgradeError {
  const map = record.map === null ? null : readDomainMap(record.map);
  const placed = [...(map?.roles.values() ?? [])].reduce((sum, { size }) => sum + size, 0);
  const holds = [
    ...(placed > 0 ? [`the domains of ${count(placed, 'instance')}`] : []),
    `the models of ${count(record.roles.length, 'role')}`,
  ];
  return new UpgradeError(
    'record-not-kept',
    `The record of this update does not fit into the tags of its first resource: it holds ${holds.join(' and ')} and needs ${count(chunks, 'tag')}, and ${free} are free (${others} others are there; Azure takes ${MOST_TAGS} a resource, this product ${MOST_CHUNKS} of them). Without it a run that ends early could not be gone on with, nor gone back from.`,
    {
      advice: [
        ...(free < MOST_CHUNKS ? ['Remove tags that nobody needs from that resource.'] : []),
        'Update fewer roles at once (walk.roles), or change fewer settings of extensions.',
        ...(placed > 0
          ? ['Flexible scale sets write down where every instance stands; Uniform ones do not need it.']
          : []),
      ],
    },
  );
}
