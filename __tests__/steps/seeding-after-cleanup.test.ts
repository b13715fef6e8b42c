// phase: cleanup, prepare. The copy that was read is removed, and made anew: it is being seeded when the connection is cut.
import { expect, test } from '@jest/globals';
import { createKnownEntries, goBy } from '../../src/application/known-entries.ts';
import { observeDatabases } from '../../src/application/observe.ts';
import { ensureRunLock, lockTakings, noteLookedAt } from '../../src/application/run-lock.ts';
import { ensureStillAlone } from '../../src/application/still-alone.ts';
import { link } from '../guards/parts.ts';
import { contestedLock } from './contested-lock.ts';
import { byProfile } from './switching.ts';
import { entry } from './two-servers.ts';

test('a copy that this run makes anew, and that is being seeded, does not stop it', async () => {
  const world = byProfile({
    production: 'green',
    green: { entry: entry('green', 'serving') },
    blue: { readOnly: true, entry: entry('blue', 'freezing') },
  });
  const lock = contestedLock(world.context.sessions, 'nobody', () => {});
  const known = createKnownEntries();
  const context = { ...world.context, sessions: lock.sessions, known };
  await ensureRunLock(context, 'production');
  goBy(known, (await observeDatabases(context)).databases); // cleanup
  world.blue.exists = false;
  world.blue.entry = null;
  goBy(known, (await observeDatabases(context)).databases); // prepare: absent
  noteLookedAt(context, lockTakings(context));
  Object.assign(world.blue, {
    exists: true,
    unreachable: true,
    links: [
      link({
        role: 'Secondary',
        partnerRole: 'Primary',
        partnerServer: 'contoso-sql-green',
        state: 'SEEDING',
      }),
    ],
  });
  await lock.loseFree();
  const asked = ensureStillAlone(context).then(
    () => 'alone',
    ({ reason, message }) => `${reason}: ${message}`,
  );
  await world.clock.advance(60_000);
  expect(await asked).toBe('alone');
});
