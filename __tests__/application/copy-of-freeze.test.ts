import { describe, expect, test } from '@jest/globals';
import { isCopyOfFreeze, isOfFreeze } from '../../src/application/copy-of-freeze.ts';
import type { JournalEntry } from '../../src/engine/journal.ts';
import { entry } from '../steps/two-servers.ts';

const BLUE = 'contoso-sql-blue';
const GREEN = 'contoso-sql-green';
const frozen = entry('blue', 'freezing');

type Case = [string, string, JournalEntry | null, JournalEntry | null];

describe('a copy of this freeze', () => {
  test.each<Case>([
    ['production’s own entry', BLUE, frozen, { ...frozen }],
    ['Azure writes server names as it likes', 'CONTOSO-SQL-BLUE', frozen, { ...frozen }],
  ])('%s', (_, server, production, stage) => {
    expect(isCopyOfFreeze(server, production, stage)).toBe(true);
    expect(isOfFreeze(server, production, stage)).toBe(true);
  });

  test.each<Case>([
    [
      'the copy of another freeze of the same upgrade',
      BLUE,
      frozen,
      { ...frozen, at: '2025-12-31T00:00:00Z' },
    ],
    ['the copy of another upgrade', BLUE, frozen, { ...frozen, upgradeId: 'u2' }],
    ['V1’s original, of V2 frozen under the same id', GREEN, entry('green', 'freezing'), frozen],
    ['V1’s original, of V2 frozen at the same moment', GREEN, frozen, frozen],
    ['V1’s original, while V2 is on the way back', GREEN, entry('green', 'returning'), frozen],
    ['of a production that was given back', BLUE, entry('blue', 'unfrozen'), frozen],
    ['without entries', BLUE, null, null],
    ['without an entry', BLUE, frozen, null],
    ['left by its users for V1', BLUE, frozen, entry('green', 'returning')],
    ['begun by hand on production’s server', BLUE, frozen, entry('blue', 'upgraded')],
  ])('is not %s', (_, server, production, stage) => {
    expect(isCopyOfFreeze(server, production, stage)).toBe(false);
    expect(isOfFreeze(server, production, stage)).toBe(false);
  });

  test.each([
    'upgrading',
    'upgraded',
    'switching',
    'serving',
    'moved',
  ] as const)('has become %s', (status) => {
    expect(isCopyOfFreeze(BLUE, frozen, entry('green', status))).toBe(false);
    expect(isOfFreeze(BLUE, frozen, entry('green', status))).toBe(true);
    expect(isOfFreeze(BLUE, frozen, entry('green', status, { upgradeId: 'u2' }))).toBe(false);
  });
});
