// Where descriptions and recordings of the real Azure lie, on machines that have them: ../shared beside the checkout.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { JsonValue } from '../../../../local-azure/arm/core/json.ts';
import { isObject } from '../../../../local-azure/arm/core/json.ts';

const SHARED = join(process.cwd(), '..', 'shared');

export const sharedPath = (...parts: string[]) => join(SHARED, ...parts);

/** Tests that need ../shared; where it is absent, one test says so by its name. */
export function describeWithShared(name: string, folder: string, tests: () => void): void {
  describe(name, () => {
    if (existsSync(sharedPath(folder))) tests();
    else
      test('skipped: ../shared is not beside this checkout', () => {
        expect(existsSync(sharedPath(folder))).toBe(false);
      });
  });
}

/** Azure says null for what is not set, and takes it back; descriptions know no nulls. */
export function withoutNulls(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}
