// What does not answer after the lock was lost: a database that this run goes by may say by then that another run has acted.
import { expect, test } from '@jest/globals';
import { createKnownEntries, goBy } from '../../src/application/known-entries.ts';
import { observeDatabases } from '../../src/application/observe.ts';
import { ensureRunLock, lockTakings, noteLookedAt } from '../../src/application/run-lock.ts';
import { ensureStillAlone, goByProduction } from '../../src/application/still-alone.ts';
import { contestedLock } from '../steps/contested-lock.ts';
import { byProfile } from '../steps/switching.ts';
import { entry } from '../steps/two-servers.ts';

const THEIRS = { runUrl: 'https://github.com/contoso/infrastructure/actions/runs/77' };

test.each([
  ['was read', true, 'azure-error'],
  ['was never read', false, 'alone'],
] as const)('a copy that %s and is silent', async (_, wasRead, expected) => {
  const world = byProfile();
  const lock = contestedLock(world.context.sessions, 'nobody', () => {});
  const known = createKnownEntries();
  const context = { ...world.context, sessions: lock.sessions, known };
  await ensureRunLock(context, 'production');
  world.green.unreachable = !wasRead;
  goBy(known, (await observeDatabases(context)).databases);
  noteLookedAt(context, lockTakings(context));
  world.green.unreachable = true;
  await lock.loseFree();
  const asked = ensureStillAlone(context).then(
    () => 'alone',
    ({ reason }) => reason,
  );
  await world.clock.advance(60_000);
  expect(await asked).toBe(expected);
});

test('what production says is what a run goes by that is to give it back; of what it does not say nothing is known', async () => {
  const world = byProfile();
  const known = createKnownEntries();
  const context = { ...world.context, known };
  goBy(known, (await observeDatabases(context)).databases);
  const later = entry('blue', 'freezing', { at: '2026-01-01T00:50:00.000Z', ...THEIRS });
  const place = { server: 'contoso-sql-blue', database: 'contoso' };
  expect(known.isForeign(place, later)).toBe(true);
  world.blue.unreachable = true;
  await goByProduction(context);
  expect(known.isForeign(place, later)).toBe(false);
  world.blue.unreachable = false;
  world.blue.entry = later;
  await goByProduction(context);
  expect(known.isForeign(place, later)).toBe(false);
  expect(known.isForeign(place, { ...later, at: '2026-01-01T00:55:00.000Z' })).toBe(true);
});
