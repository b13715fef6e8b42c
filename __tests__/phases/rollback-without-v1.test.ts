// A return to V1 that was cut off before it opened V1; then V1's database is lost. Phase rollback gives V2 back to its users.
import { expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { SqlError } from '../../src/azure/errors.ts';
import { createReadOnlyWindow } from '../../src/engine/read-only-window.ts';
import { actRollback } from '../../src/phases/act-rollback.ts';
import { endpoint, site } from '../guards/parts.ts';
import { sessionsWith } from '../steps/sessions-with.ts';
import { byProfile } from '../steps/switching.ts';
import { entry } from '../steps/two-servers.ts';
import { acting } from './acting.ts';

test.each(['silent', 'deleted'] as const)('V1 is %s', async (how) => {
  const world = byProfile({
    production: 'green',
    endpoints: [
      endpoint('blue', { status: 'Disabled', priority: 2 }),
      endpoint('green', { status: 'Enabled', priority: 1 }),
    ],
    green: {
      readOnly: true,
      entry: entry('green', 'returning', { was: { status: 'serving', at: entry('green', 'serving').at } }),
    },
    blue: {
      readOnly: true,
      entry: entry('blue', 'freezing'),
      unreachable: how === 'silent',
      exists: how !== 'deleted',
    },
  });
  const sessions = sessionsWith(async (target, use) => {
    if (target.host.includes('blue') && !world.blue.exists)
      throw new SqlError('Cannot open database "contoso" requested by the login', 'login', []);
    return world.context.sessions.on(target, use);
  });
  const context = {
    ...world.context,
    sessions,
    known: createKnownEntries(),
    window: createReadOnlyWindow(world.clock, 30 * 60_000),
    azure: { ...world.context.azure, appService: { getSite: async () => site('green') } },
  } as unknown as UpgradeContext;
  const one = acting(world, context);
  const ended = actRollback(one, 'return-to-v1');
  await world.clock.advance(60 * 60_000);
  const outcome = await ended;
  expect([world.green.readOnly, world.green.entry?.status]).toEqual([false, 'serving']);
  expect(outcome).toMatchObject({ kind: 'completed' });
});
