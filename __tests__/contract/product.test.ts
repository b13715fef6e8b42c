import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { PRODUCT } from '../../src/action/product.ts';

test('reports, logs and the user agent show the name and the version of package.json', () => {
  const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(PRODUCT).toEqual({ name, version });
});
