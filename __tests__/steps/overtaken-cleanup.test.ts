// A cleanup that stood still leaves the site that another run has prepared for the next upgrade.
import { expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import { ensureRunLock } from '../../src/application/run-lock.ts';
import type { BeforeSending } from '../../src/azure/ports.ts';
import { removeV1Site } from '../../src/steps/remove-v1.ts';
import { site } from '../guards/parts.ts';
import { contestedLock } from './contested-lock.ts';
import { byProfile } from './switching.ts';
import { entry, linked } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };

test('a site that another run has prepared meanwhile is kept', async () => {
  const world = byProfile({
    production: 'green',
    green: { entry: entry('green', 'serving') },
    blue: { exists: false, unreachable: true, readOnly: true }, // V1's database is removed already
  });
  const lock = contestedLock(world.context.sessions, 'nobody', () => {
    const { primary, secondary } = linked('green');
    world.green.links = primary;
    Object.assign(world.blue, { exists: true, links: secondary, entry: entry('green', 'serving') });
  });
  const deleted: string[] = [];
  const appService = {
    getSite: async () => site('blue', { tags: { 'rolling-upgrade-created-by': 'contoso' } }),
    deleteSite: async (_ref: unknown, beforeSending: BeforeSending) => {
      await lock.loseFree(); // stands still
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
  const ended = Promise.resolve(removeV1Site(context).apply(run)).catch(({ reason }) => reason);
  await world.clock.advance(60_000);
  expect(await ended).toBe('overtaken-by-another-run');
  expect(deleted).toEqual([]);
});
