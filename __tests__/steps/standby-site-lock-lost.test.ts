// Two regions: V1's site in the backup region is removed before V1's database. The lock was lost and taken again; nobody has acted.
import { expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import { ensureRunLock } from '../../src/application/run-lock.ts';
import type { BeforeSending } from '../../src/azure/ports.ts';
import { removeSiteOfV1 } from '../../src/steps/remove-v1.ts';
import { site } from '../guards/parts.ts';
import { contestedLock } from './contested-lock.ts';
import { byProfile } from './switching.ts';
import { entry } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };

test("V1's site in the backup region is removed although the connection was cut meanwhile", async () => {
  const world = byProfile({
    production: 'green',
    green: { entry: entry('green', 'serving') },
    blue: { readOnly: true, entry: entry('blue', 'freezing') }, // V1's database: removed two steps later
  });
  const lock = contestedLock(world.context.sessions, 'nobody', () => {});
  const deleted: string[] = [];
  const appService = {
    getSite: async () => site('blue', { tags: { 'rolling-upgrade-created-by': 'contoso' } }),
    deleteSite: async (_ref: unknown, beforeSending: BeforeSending) => {
      await lock.loseFree();
      await beforeSending();
      deleted.push('site');
    },
  };
  const context = {
    ...world.context,
    sessions: lock.sessions,
    known: createKnownEntries(),
    azure: { ...world.context.azure, appService },
  } as unknown as typeof world.context;
  await ensureRunLock(context, 'production');
  const step = removeSiteOfV1(
    context,
    context.stage,
    'remove-v1-standby-site',
    "V1's site in the backup region,",
  );
  const ended = Promise.resolve(step.apply(run)).catch(({ reason, message }) => `${reason}: ${message}`);
  await world.clock.advance(60_000);
  await ended;
  expect([await ended, deleted]).toEqual([['contoso-blue is deleted, its plan is kept'], ['site']]);
});
