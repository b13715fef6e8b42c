// What the report of a service calls its versions, and how it draws many looks as few.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { capacityView, downsampled } from '../../../src/phases/service/service-views.ts';
import { versionName } from '../../../src/phases/service/version-names.ts';
import type { RoleModels } from '../../../src/service/update-record.ts';
import { extension, image, NOON, roleInstance } from '../../service/instances.ts';

const web = (exactVersion: string | null) => roleInstance('web', '0', { exactVersion });
const by = (previous: RoleModels['previous'], target: RoleModels['target']) => ({
  models: { web: { previous, target } },
  cloud: null,
});

describe('a version is called', () => {
  const images = by({ image: image('1.0.0') }, { image: image('2.0.0') });
  const sizes = by(
    { image: image('1.0.0'), skuName: 'Standard_DS1_v2' },
    { image: image('1.0.0'), skuName: 'Standard_DS2_v2' },
  );
  const handlers = by({ extensions: { app: extension('1.0') } }, { extensions: { app: extension('2.1') } });
  const settings = by(
    { extensions: { app: extension('1.0', { build: 1 }) } },
    { extensions: { app: extension('1.0', { build: 2 }) } },
  );
  const cloud = { models: {}, cloud: { previous: 'a', target: 'b', standing: 'target' as const } };

  test.each([
    ['by its image', images, web('2.0.0'), 'target', '2.0.0'],
    ['by its image, before', images, web('1.0.0'), 'previous', '1.0.0'],
    ['as the instance tells, where it is neither', images, web('0.9.0'), 'other', '0.9.0'],
    ['nothing, where nothing tells', images, web(null), 'unknown', null],
    ['by the size, where the image stays', sizes, web('1.0.0'), 'target', 'Standard_DS2_v2'],
    ['by an extension', handlers, web('1.0.0'), 'previous', 'app 1.0'],
    ['in words, where only settings differ', settings, web(null), 'target', 'the new version'],
    ['in words, of a cloud service', cloud, web(null), 'previous', 'the version before'],
  ] as const)('%s', (_, update, instance, version, expected) => {
    expect(versionName(instance, version, update)).toBe(expected);
  });

  test('no version by the value of a setting, which may be a secret', () => {
    fc.assert(
      fc.property(fc.constantFrom('target', 'previous', 'other', 'unknown'), (version) => {
        expect(versionName(web(null), version, settings) ?? '').not.toMatch(/build/);
      }),
    );
  });
});

describe('the instances in service over time', () => {
  const point = fc.record({ inService: fc.nat(14), at: fc.nat() });
  const series = fc
    .array(point, { maxLength: 400 })
    .map((points) =>
      points.map(({ inService }, index) => ({ at: NOON + index * 1000, inService, instances: 14 })),
    );

  test('are drawn with few points, and the lowest and both ends are among them', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 3, max: 120 }), (all, most) => {
        const few = downsampled(all, most);
        expect(few.length).toBe(Math.min(all.length, most));
        expect(few[0]).toBe(all[0]);
        expect(few.at(-1)).toBe(all.at(-1));
        expect(Math.min(...few.map(({ inService }) => inService))).toBe(
          Math.min(...all.map(({ inService }) => inService)),
        );
        expect(few.map(({ at }) => at)).toEqual(
          few.map(({ at }) => at).toSorted((one, other) => one - other),
        );
      }),
    );
  });

  test('are nothing to draw after one look', () => {
    expect(capacityView([])).toBeNull();
    expect(capacityView([{ at: NOON, instances: [web('1.0.0')] }])).toBeNull();
  });
});
