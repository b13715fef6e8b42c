import { describe, expect, test } from '@jest/globals';
import type { DatabaseObservation, DatabaseSide } from '../../src/application/observe.ts';
import { wereSentBack } from '../../src/application/sent-back.ts';
import type { JournalEntry } from '../../src/engine/journal.ts';
import { type Color, entry } from '../steps/two-servers.ts';

const side = (color: Color, access: DatabaseSide['access'], journal: JournalEntry | null): DatabaseSide => ({
  ref: { resourceGroup: 'g', server: `contoso-sql-${color}`, database: 'd' },
  info: null,
  links: [],
  access,
  why: '',
  journal,
});

/** One database, with users on blue. */
const pair = (
  v1: readonly [DatabaseSide['access'], JournalEntry | null],
  v2: JournalEntry | null,
): DatabaseObservation => ({
  name: 'd',
  production: side('blue', ...v1),
  stage: side('green', 'read-write', v2),
  link: null,
  protection: null,
});

const CLOSED = ['read-only', entry('blue', 'freezing')] as const;
const GIVEN_BACK = ['read-write', entry('blue', 'unfrozen')] as const;
const MOVED = entry('green', 'moved');

describe('users were sent back', () => {
  test.each<[string, DatabaseObservation[]]>([
    ['they were moved, and V1 is closed', [pair(CLOSED, MOVED)]],
    ['V2 was seen to serve them', [pair(CLOSED, entry('green', 'serving'))]],
    ['one of several databases says so', [pair(CLOSED, entry('green', 'switching')), pair(CLOSED, MOVED)]],
    ['V1 does not answer', [pair(['unreachable', null], MOVED)]],
  ])('%s', (_, databases) => {
    expect(wereSentBack(databases)).toBe(true);
  });

  test.each<[string, DatabaseObservation[]]>([
    ['where the switch was only tried', [pair(CLOSED, entry('green', 'switching'))]],
    ['where V2 does not answer', [pair(CLOSED, null)]],
    ['in another upgrade', [pair(CLOSED, entry('green', 'serving', { upgradeId: 'u0' }))]],
    ['of a copy that tells what production said', [pair(CLOSED, entry('blue', 'serving'))]],
    ['where V1 takes writes', [pair(['read-write', entry('blue', 'freezing')], MOVED)]],
    [
      'where some of it was given back, which somebody has asked for',
      [pair(GIVEN_BACK, MOVED), pair(CLOSED, MOVED)],
    ],
    [
      'once they have left V2 for V1',
      [pair(['read-write', entry('blue', 'returned')], entry('green', 'returning'))],
    ],
  ])('not %s', (_, databases) => {
    expect(wereSentBack(databases)).toBe(false);
  });
});
