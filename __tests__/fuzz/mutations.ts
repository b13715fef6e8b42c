// Bytes with something wrong in them: cut off, drawn out, turned over, lengths that lie.
import fc from 'fast-check';

type Mutation = (bytes: Buffer) => Buffer;

const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const overwritten = fc.tuple(at, fc.uint8Array({ minLength: 1, maxLength: 8 })).map(
  ([place, put]): Mutation =>
    (bytes) => {
      const changed = Buffer.from(bytes);
      changed.set(put.subarray(0, Math.max(0, changed.length - index(place, bytes))), index(place, bytes));
      return changed;
    },
);

/** What lengths and counts lie by. */
const EXTREMES = [
  Buffer.from([0]),
  Buffer.from([0xff]),
  Buffer.from([0xff, 0xff]),
  Buffer.from([0xff, 0xff, 0xff, 0x7f]),
  Buffer.from([0xff, 0xff, 0xff, 0xff]),
  Buffer.from([0, 0, 0, 0x80]),
];
const lying = fc.tuple(at, fc.constantFrom(...EXTREMES)).map(
  ([place, put]): Mutation =>
    (bytes) => {
      const changed = Buffer.from(bytes);
      const where = index(place, bytes);
      put.copy(changed, where, 0, Math.min(put.length, changed.length - where));
      return changed;
    },
);

const cut = at.map(
  (place): Mutation =>
    (bytes) =>
      bytes.subarray(0, index(place, bytes)),
);

const inserted = fc.tuple(at, fc.uint8Array({ maxLength: 40 })).map(
  ([place, put]): Mutation =>
    (bytes) => {
      const where = index(place, bytes);
      return Buffer.concat([bytes.subarray(0, where), put, bytes.subarray(where)]);
    },
);

const removed = fc.tuple(at, fc.integer({ min: 1, max: 40 })).map(
  ([place, count]): Mutation =>
    (bytes) => {
      const where = index(place, bytes);
      return Buffer.concat([bytes.subarray(0, where), bytes.subarray(where + count)]);
    },
);

/** One to four of them, one after the other. */
export const mutation: fc.Arbitrary<Mutation> = fc
  .array(fc.oneof(overwritten, lying, cut, inserted, removed), { minLength: 1, maxLength: 4 })
  .map(
    (all): Mutation =>
      (bytes) =>
        all.reduce((changed, next) => next(changed), bytes),
  );

function index(place: number, bytes: Buffer): number {
  return Math.floor(place * bytes.length);
}
