// An update's record in tags: what was written is read again, whatever else is on the resource; what was cut off is
// nobody's record.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { writeDomainMap } from '../../src/service/domain-map.ts';
import { spreadOverDomains } from '../../src/service/domains.ts';
import {
  LEASE_TAG,
  leaseOfTags,
  MARK_TAG,
  markOf,
  recordOfTags,
  type Tags,
  tagOfLease,
  tagsOfRecord,
} from '../../src/service/record-tags.ts';
import { type Lease, NOTHING_HELD, type UpdateRecord } from '../../src/service/update-record.ts';
import { recordedVersion } from '../../src/service/walk-record.ts';
import { extension, flexible, image } from './instances.ts';

const RECORD: UpdateRecord = {
  format: 1,
  application: 'contoso',
  updateId: '20261121-210000-a1b2',
  startedAt: '2026-11-21T21:00:00.000Z',
  runUrl: 'https://github.example/contoso/orders/actions/runs/1234567890',
  roles: ['web'],
  models: { web: { previous: { image: image('1.0.0') }, target: { image: image('2.0.0') } } },
  cloud: null,
  map: null,
  walk: [],
  held: NOTHING_HELD,
  turnedBack: false,
};

/** What a resource has after a write. */
function written(before: Tags, changes: Readonly<Record<string, string | null>>): Tags {
  const after = new Map(Object.entries(before));
  for (const [name, value] of Object.entries(changes)) {
    for (const key of [...after.keys()]) if (key.toLowerCase() === name.toLowerCase()) after.delete(key);
    if (value !== null) after.set(name, value);
  }
  return Object.fromEntries(after);
}

const mapOf = (instances: number) =>
  writeDomainMap(
    spreadOverDomains([{ role: 'web', placement: 'virtual', instances: flexible(instances) }], 5).map,
  );

/** Names of real machines have eight digits that nothing compresses. */
function randomMap(instances: number): string {
  let seed = 7;
  const digits = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed.toString(16).padStart(8, '0').slice(0, 4);
  };
  const all = flexible(instances).map((each) => ({ ...each, id: `contoso-flex_${digits()}${digits()}` }));
  return writeDomainMap(spreadOverDomains([{ role: 'web', placement: 'virtual', instances: all }], 5).map);
}

const anyPatch = fc.record(
  {
    image: fc.string(),
    skuName: fc.string(),
    extensions: fc.dictionary(
      fc.stringMatching(/^[a-z]{1,8}$/),
      fc.record({
        publisher: fc.string(),
        type: fc.string(),
        typeHandlerVersion: fc.string(),
        settings: fc.dictionary(fc.stringMatching(/^[a-f]{1,8}$/), fc.jsonValue()) as fc.Arbitrary<
          Record<string, unknown>
        >,
      }),
      { maxKeys: 2 },
    ),
  },
  { requiredKeys: [] },
);
const anyRecord: fc.Arbitrary<UpdateRecord> = fc.record({
  format: fc.constant(1 as const),
  application: fc.stringMatching(/^[a-z][a-z0-9-]{0,40}$/),
  updateId: fc.stringMatching(/^[a-z0-9-]{1,30}$/),
  startedAt: fc.constant(RECORD.startedAt),
  runUrl: fc.option(fc.webUrl(), { nil: null }),
  roles: fc.array(fc.string(), { maxLength: 4 }),
  models: fc.dictionary(
    fc.stringMatching(/^[a-z]{1,8}$/),
    fc.record(
      { previous: anyPatch, target: anyPatch, superseded: fc.array(anyPatch, { maxLength: 1 }) },
      { requiredKeys: ['previous', 'target'] },
    ),
    { maxKeys: 2 },
  ),
  turnedBack: fc.boolean(),
  cloud: fc.option(
    fc.record({
      previous: fc.string(),
      target: fc.string(),
      standing: fc.constantFrom('previous' as const, 'target' as const),
    }),
    { nil: null },
  ),
  map: fc.option(fc.nat(40).map(mapOf), { nil: null }),
  walk: fc.array(
    fc.record({
      domain: fc.nat(19),
      to: fc.constantFrom('target' as const, 'previous' as const),
      state: fc.constantFrom('begun' as const, 'done' as const),
    }),
    { maxLength: 30 },
  ),
  held: fc.record({
    autoscale: fc.array(fc.string(), { maxLength: 2 }),
    repairs: fc.array(fc.string(), { maxLength: 2 }),
    modes: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.constantFrom('Automatic', 'Rolling'), {
      maxKeys: 2,
    }),
  }),
});
/** Of people and other programs; Azure's names have no case. */
const anyForeignTags = fc.dictionary(
  fc.oneof(
    fc.stringMatching(/^[a-z]{1,12}$/),
    fc.constantFrom('rolling-upgrade-policy', 'Rolling-Upgrader', 'rolling-upgrade-1x'),
  ),
  fc.string({ maxLength: 256 }),
  { maxKeys: 8 },
);

describe('the record of an update', () => {
  test('is read as it was written, and leaves other tags alone', () => {
    fc.assert(
      fc.property(anyRecord, anyForeignTags, (record, foreign) => {
        const tags = written(foreign, tagsOfRecord(record, foreign));
        const read = recordOfTags(tags);
        expect({ ...read, walk: [] }).toEqual(JSON.parse(JSON.stringify({ ...record, walk: [] })));
        for (let domain = 0; domain < 20; domain++)
          expect(recordedVersion(read?.walk ?? [], domain)).toBe(recordedVersion(record.walk, domain));
        expect(tags).toMatchObject(foreign);
        expect(Object.values(tags).every((value) => value.length <= 256)).toBe(true);
        expect(markOf(tags)?.application).toBe(record.application);
      }),
    );
  });

  test('takes the place of a longer one, and is taken away without a trace', () => {
    const long = { ...RECORD, map: randomMap(60) };
    const before = written({ team: 'orders' }, tagsOfRecord(long, {}));
    const after = written(before, tagsOfRecord(RECORD, before));
    expect(Object.keys(after).length).toBeLessThan(Object.keys(before).length);
    expect(recordOfTags(after)).toEqual(RECORD);
    expect(written(after, tagsOfRecord(null, after))).toEqual({ team: 'orders' });
  });

  test('is none when a part of it is missing, or is another’s', () => {
    const tags = tagsOfRecord({ ...RECORD, map: randomMap(60) }, {}) as Tags;
    const parts = Object.keys(tags).filter((name) => name !== MARK_TAG);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) {
      const { [part]: cut = '', ...rest } = tags;
      expect(recordOfTags(rest)).toBeNull();
      expect(recordOfTags({ ...tags, [part]: cut.slice(0, -2) })).toBeNull();
      expect(recordOfTags({ ...tags, [part]: 'somebody’s own note' })).toBeNull();
    }
    expect(recordOfTags({})).toBeNull();
    expect(recordOfTags({ 'rolling-upgrade-1': '1:' })).toBeNull();
  });

  test('is found whatever the case of the tags', () => {
    const tags = tagsOfRecord(RECORD, {}) as Tags;
    const shouted = Object.fromEntries(
      Object.entries(tags).map(([name, value]) => [name.toUpperCase(), value]),
    );
    expect(recordOfTags(shouted)).toEqual(RECORD);
    expect(markOf(shouted)?.application).toBe('contoso');
  });

  test.each([14, 60, 600])('of %i Flexible instances fits', (instances) => {
    const record = { ...RECORD, map: randomMap(instances) };
    expect(recordOfTags(written({}, tagsOfRecord(record, {})))).toEqual(record);
  });

  test('that does not fit is refused with what makes it long, and what to do', () => {
    const refused = () => tagsOfRecord({ ...RECORD, map: randomMap(2000) }, {});
    expect(refused).toThrow(expect.objectContaining({ reason: 'record-not-kept' }));
    expect(refused).toThrow(/domains of 2000 instances.*needs \d+ tags, and 30 are free/s);
  });

  test('that finds no room beside others’ tags is refused', () => {
    const others = Object.fromEntries(Array.from({ length: 47 }, (_, at) => [`tag-${at}`, '']));
    const record = { ...RECORD, map: randomMap(60) };
    expect(() => tagsOfRecord(record, others)).toThrow(/and 1 are free \(47 others are there/);
    expect(recordOfTags(written({}, tagsOfRecord(record, {})))).toEqual(record);
  });

  test('never holds a secret: settings with one are refused by the extension’s name', () => {
    const app = extension('2.1', { commandToExecute: 'start', storageAccountKey: 'c2VjcmV0LXNlY3JldA==' });
    const record: UpdateRecord = {
      ...RECORD,
      models: {
        web: { previous: { extensions: { app } }, target: { extensions: { app: extension('2.1') } } },
      },
    };
    expect(() => tagsOfRecord(record, {})).toThrow(/extension app .*secret/);
    expect(() => tagsOfRecord(record, {})).not.toThrow(/c2Vj/);
  });
});

describe('a lease', () => {
  const anyLease: fc.Arbitrary<Lease> = fc.record({
    holder: fc.webUrl({ size: 'small' }),
    run: fc
      .string({ minLength: 1, maxLength: 20 })
      .filter((text) => text.isWellFormed() && text.trim() !== ''),
    application: fc.stringMatching(/^[A-Za-z][A-Za-z0-9 -]{0,30}$/),
    until: fc
      .date({ noInvalidDate: true, min: new Date('2020-01-01'), max: new Date('2100-01-01') })
      .map((date) => date.toISOString()),
  });

  test('is read as it was written', () => {
    fc.assert(
      fc.property(anyLease, (lease) => {
        const read = leaseOfTags(tagOfLease(lease) as Tags);
        expect({ ...read, holder: '' }).toEqual({ ...lease, holder: '' });
        expect(lease.holder.startsWith(read?.holder ?? '?')).toBe(true);
      }),
    );
  });

  test('of a holder with a long name fits into a tag, and says still whose it is', () => {
    const lease = {
      holder: `https://github.example/${'x'.repeat(400)}`,
      run: '42',
      application: 'contoso',
      until: RECORD.startedAt,
    };
    const tags = tagOfLease(lease) as Tags;
    expect(tags[LEASE_TAG]).toHaveLength(256);
    expect(leaseOfTags(tags)).toMatchObject({ run: '42', application: 'contoso', until: RECORD.startedAt });
  });

  test.each(['', 'mine', 'until=tomorrow run=1 application=a holder=b'])('is none: %j', (text) => {
    expect(leaseOfTags({ [LEASE_TAG]: text })).toBeNull();
  });
});
