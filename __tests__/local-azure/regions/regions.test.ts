import { describe, expect, test } from '@jest/globals';
import { createRegions } from '../../../local-azure/regions.ts';

describe('regions', () => {
  test('go and return by either of their names, and tell each change once', () => {
    const regions = createRegions();
    const told: unknown[] = [];
    regions.onChange((location, down) => told.push([location, down]));
    regions.setDown('North Europe', true);
    regions.setDown('northeurope', true);
    expect([regions.isDown('northeurope'), regions.isDown('North Europe')]).toEqual([true, true]);
    expect(regions.isDown('westeurope')).toBe(false);
    regions.setDown('NorthEurope', false);
    expect(regions.isDown('northeurope')).toBe(false);
    expect(told).toEqual([
      ['northeurope', true],
      ['northeurope', false],
    ]);
  });

  test('are lost already when a listener is told', () => {
    const regions = createRegions();
    let seen: boolean | null = null;
    regions.onChange((location) => {
      seen = regions.isDown(location);
    });
    regions.setDown('westeurope', true);
    expect(seen).toBe(true);
    expect(regions.lost()).toEqual(['westeurope']);
  });

  test('that Azure does not have cannot be lost', () => {
    expect(() => createRegions().setDown('north-europe', true)).toThrow('There is no region north-europe.');
  });
});
