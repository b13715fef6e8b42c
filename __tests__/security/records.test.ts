// Where an upgrade stands is kept where others can write: in the application's databases, and in tags.
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeJournal, encodeJournal, type JournalEntry } from '../../src/engine/journal.ts';
import { leaseOfTags, MARK_TAG, markOf, recordOfTags } from '../../src/service/record-tags.ts';

const ENTRY: JournalEntry = {
  version: 1,
  application: 'contoso',
  upgradeId: '2026-11-22T00:00-abcdef',
  server: 'contoso-sql-blue',
  status: 'freezing',
  at: '2026-11-22T00:00:00.000Z',
  frozenAt: null,
  scriptDigest: null,
  runUrl: null,
};

const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value));
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), json);

describe('the journal in a database', () => {
  test('is an entry of ours, or none', () => {
    const changed = fc
      .tuple(fc.constantFrom(...Object.keys(ENTRY), '__proto__', 'constructor', 'other'), fc.jsonValue())
      .map(
        ([key, value]) =>
          `${JSON.stringify(ENTRY).slice(0, -1)},${JSON.stringify(key)}:${JSON.stringify(value)}}`,
      );
    fc.assert(
      fc.property(fc.oneof(text, changed), (written) => {
        const entry = decodeJournal(written);
        if (entry === null) return;
        expect(decodeJournal(encodeJournal(entry))).toEqual(entry);
        const known = [...Object.keys(ENTRY), 'was'];
        expect(Object.keys(entry).filter((key) => !known.includes(key))).toEqual([]);
        expect(Object.getPrototypeOf(entry)).toBe(Object.prototype);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the tags of a service', () => {
  const packed = (content: string) => {
    const base64 = deflateRawSync(content).toString('base64');
    return `${base64.length}:${base64}`;
  };

  test('are a record of ours, or none', () => {
    const tags = fc.oneof(
      fc.dictionary(fc.oneof(fc.constantFrom(MARK_TAG, `${MARK_TAG}-1`, `${MARK_TAG}-lease`), text), text),
      json.map((content) => ({ [`${MARK_TAG}-1`]: packed(content) })),
    );
    fc.assert(
      fc.property(tags, (written) => {
        expect(recordOfTags(written)).toBeNull();
        const lease = leaseOfTags(written);
        if (lease !== null) expect(Number.isNaN(Date.parse(lease.until))).toBe(false);
        expect(() => markOf(written)).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });

  test('that would unpack to gigabytes are none', () => {
    expect(recordOfTags({ [`${MARK_TAG}-1`]: packed(' '.repeat(50_000_000)) })).toBeNull();
  });
});
