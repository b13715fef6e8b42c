// Which entries are another run's.
import { describe, expect, test } from '@jest/globals';
import { createKnownEntries, goBy } from '../../src/application/known-entries.ts';
import type { DatabaseObservation } from '../../src/application/observe.ts';
import { entry } from '../steps/two-servers.ts';

const BLUE = { server: 'contoso-sql-blue', database: 'contoso' };
const GREEN = { server: 'contoso-sql-green', database: 'contoso' };
const frozen = entry('blue', 'freezing');

describe('an entry is foreign', () => {
  const known = createKnownEntries();
  known.note(BLUE, frozen);

  test('where it is in a database that was read, and was not there', () => {
    expect(known.isForeign(BLUE, { ...frozen, status: 'unfrozen' })).toBe(true);
    expect(known.isForeign(BLUE, { ...frozen, at: '2027-01-01T00:00:00.000Z' })).toBe(true);
    expect(known.isForeign(BLUE, { ...frozen, runUrl: 'https://github.com/a/b/actions/runs/2' })).toBe(true);
    expect(known.isForeign(BLUE, { ...frozen, upgradeId: 'u2' })).toBe(true);
    expect(known.isForeign(BLUE, { ...frozen, writer: 'another attempt of the same run' })).toBe(true);
  });
  test('also by the name of the host that was connected to', () => {
    const host = { server: 'CONTOSO-SQL-BLUE.database.windows.net', database: 'contoso' };
    expect(known.isForeign(host, { ...frozen, status: 'unfrozen' })).toBe(true);
    expect(known.isForeign(host, frozen)).toBe(false);
  });
  test('where there was none before', () => {
    const empty = createKnownEntries();
    empty.note(GREEN, null);
    expect(empty.isForeign(GREEN, entry('green', 'upgraded'))).toBe(true);
  });
});

describe('an entry is not', () => {
  test('where it was read from the original, and the copy bears it by now', () => {
    const known = createKnownEntries();
    known.note(BLUE, frozen);
    known.note(GREEN, null);
    expect(known.isForeign(GREEN, frozen)).toBe(false);
  });
  test('where the original is on another server, which answers for it: a copy may lag', () => {
    const known = createKnownEntries();
    known.note(GREEN, null);
    expect(known.isForeign(GREEN, { ...frozen, at: '2026-01-01T00:00:30.000Z' })).toBe(false);
  });
  test('where that database did not answer when the application was looked at: nothing is known of what it said', () => {
    const known = createKnownEntries();
    const silent = { ref: BLUE, access: 'unreachable', journal: null };
    const readable = { ref: GREEN, access: 'read-only', journal: null };
    goBy(known, [{ production: silent, stage: readable }] as unknown as DatabaseObservation[]);
    expect(known.isForeign(BLUE, frozen)).toBe(false);
    expect(known.isForeign(GREEN, entry('green', 'upgraded'))).toBe(true);
  });
});
