// How instances are spread over domains, and that a run that was killed finds them where they were.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ServiceInstance } from '../../src/azure/ports/compute.ts';
import { type DomainMap, readDomainMap, writeDomainMap } from '../../src/service/domain-map.ts';
import { type PlacedRole, type Spread, spreadOverDomains } from '../../src/service/domains.ts';
import { keyOf } from '../../src/service/role-instance.ts';
import { anyFlexible, flexible, instance, uniform } from './instances.ts';

const virtual = (instances: readonly ServiceInstance[], role = 'web'): PlacedRole => ({
  role,
  placement: 'virtual',
  instances,
});
const platform = (instances: readonly ServiceInstance[], role = 'web'): PlacedRole => ({
  role,
  placement: 'platform',
  instances,
});

const sizes = ({ domains }: Spread, role?: string) =>
  domains.map(({ instances }) => instances.filter((each) => role === undefined || each.role === role).length);
const asRead = (map: DomainMap): DomainMap => {
  const read = readDomainMap(writeDomainMap(map));
  if (read === null) throw new Error('a map that was written cannot be read');
  return read;
};

describe('virtual domains', () => {
  test.each([
    [10, 5, [2, 2, 2, 2, 2]],
    [14, 5, [3, 3, 3, 3, 2]],
    [8, 2, [4, 4]],
    [9, 2, [5, 4]],
    [3, 5, [1, 1, 1]],
    [0, 5, []],
  ])('%i instances over %i', (count, domains, expected) => {
    expect(sizes(spreadOverDomains([virtual(flexible(count))], domains))).toEqual(expected);
  });

  test('take a zone, then a fault domain, before the next', () => {
    const places = [
      ['c', '1', 1],
      ['a', '2', 0],
      ['b', '1', 0],
      ['d', '2', 0],
    ] as const;
    const instances = places.map(([id, zone, faultDomain]) => instance(id, { zone, faultDomain }));
    const { domains } = spreadOverDomains([virtual(instances)], 2);
    expect(domains.map((each) => each.instances.map(({ id }) => id))).toEqual([
      ['b', 'c'],
      ['a', 'd'],
    ]);
  });

  test('differ by one at most, whatever stands where; every instance is in one', () => {
    fc.assert(
      fc.property(anyFlexible(), fc.integer({ min: 1, max: 20 }), (instances, count) => {
        const spread = spreadOverDomains([virtual(instances)], count);
        const all = sizes(spread);
        const least = instances.length < count ? 1 : Math.min(...all);
        expect(all.every((size) => size - least <= 1)).toBe(true);
        expect(all).toEqual(all.toSorted((one, other) => other - one));
        const placed = spread.domains.flatMap((each) => each.instances.map(({ id }) => id));
        expect(placed.toSorted()).toEqual(instances.map(({ id }) => id).toSorted());
      }),
    );
  });

  test('do not depend on the order in which Azure lists', () => {
    fc.assert(
      fc.property(anyFlexible(), fc.integer({ min: 1, max: 20 }), (instances, count) => {
        const one = spreadOverDomains([virtual(instances)], count);
        const other = spreadOverDomains([virtual(instances.toReversed())], count);
        expect(other.domains).toEqual(one.domains);
      }),
    );
  });

  test('of less than one are refused', () => {
    expect(() => spreadOverDomains([virtual(flexible(2))], 0)).toThrow(RangeError);
  });
});

describe('update domains', () => {
  test('are the platform’s, and hold the instances of every role', () => {
    const spread = spreadOverDomains(
      [platform(uniform(8, 2), 'front'), platform(uniform(9, 2), 'worker')],
      5,
    );
    expect(sizes(spread, 'front')).toEqual([4, 4]);
    expect(sizes(spread, 'worker')).toEqual([5, 4]);
    expect(spread.domains.map(({ number }) => number)).toEqual([0, 1]);
  });

  test('keep their numbers where one is empty, and ids their order', () => {
    const some = ['10', '9', '2'].map((id) => instance(id, { updateDomain: id === '2' ? 0 : 3 }));
    const { domains } = spreadOverDomains([platform(some)], 5);
    expect(domains.map(({ number, instances }) => [number, instances.map(({ id }) => id)])).toEqual([
      [0, ['2']],
      [3, ['9', '10']],
    ]);
  });

  test('that the platform does not tell are known from before, or told to be unknown', () => {
    const { map } = spreadOverDomains([platform(uniform(3, 3))], 5);
    const silent = [...uniform(2, 3), instance('2'), instance('9')];
    const { domains, unplaced } = spreadOverDomains([platform(silent)], 5, asRead(map));
    expect(domains.map(({ number }) => number)).toEqual([0, 1, 2]);
    expect(unplaced.map(keyOf)).toEqual(['web/9']);
  });

  test('that the platform has changed are where it says now', () => {
    const { map } = spreadOverDomains([platform(uniform(2, 2))], 5);
    const now = [instance('0', { updateDomain: 4 }), instance('1', { updateDomain: 1 })];
    const { domains } = spreadOverDomains([platform(now)], 5, map);
    expect(domains.map(({ instances }) => instances.map(keyOf))).toEqual([['web/1'], ['web/0']]);
    expect(domains.map(({ number }) => number)).toEqual([1, 4]);
  });
});

describe('a map that was written down', () => {
  test('keeps everybody in place; new ones go where there are fewest', () => {
    const anyTwo = anyFlexible(40).chain((all) =>
      fc.record({
        before: fc.constant(all),
        stayed: fc.subarray(all),
        count: fc.integer({ min: 1, max: 20 }),
        changedCount: fc.integer({ min: 1, max: 20 }),
        added: fc.nat(10),
      }),
    );
    fc.assert(
      fc.property(anyTwo, ({ before, stayed, count, changedCount, added }) => {
        const first = spreadOverDomains([virtual(before)], count);
        const fresh = Array.from({ length: added }, (_, at) => instance(`new/${at}`));
        const known = asRead(first.map);
        const second = spreadOverDomains([virtual([...stayed, ...fresh])], changedCount, known);
        const placeOf = (spread: Spread, id: string) => spread.map.roles.get('web')?.get(id);
        for (const { id } of stayed) expect(placeOf(second, id)).toBe(placeOf(first, id));
        for (const { id } of fresh) expect(placeOf(second, id)).toBeLessThan(count);
        expect(second.map.roles.get('web')?.size).toBe(stayed.length + added);
        expect(second.domains.every(({ number }) => number < count)).toBe(true);
        expect(asRead(second.map)).toEqual(second.map);
        if (stayed.length === before.length) {
          const all = Array.from(
            { length: count },
            (_, at) => second.domains.find(({ number }) => number === at)?.instances.length ?? 0,
          );
          expect(Math.max(...all) - Math.min(...all)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test('is short: a hundred machines in less than 1,200 characters', () => {
    expect(writeDomainMap(spreadOverDomains([virtual(flexible(100))], 5).map).length).toBeLessThan(1_200);
  });

  test('that is damaged is none', () => {
    const text = writeDomainMap(spreadOverDomains([virtual(flexible(4))], 2).map);
    expect(readDomainMap(text.slice(0, -3))).toBeNull();
    expect(readDomainMap('')).toBeNull();
    expect(readDomainMap(text.replace('"format":1', '"format":2'))).toBeNull();
    expect(
      readDomainMap(
        '{"format":1,"virtualDomains":2,"roles":[{"role":"web","prefix":"","domains":[[0,["a"]],[1,["a"]]]}]}',
      ),
    ).toBeNull();
  });

  test('can be any text without an error', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => readDomainMap(text) === null));
  });
});
