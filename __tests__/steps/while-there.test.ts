// Work that is of no use without a slot's databases.
import { expect, test } from '@jest/globals';
import { whileThere } from '../../src/steps/while-there.ts';
import { servers } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };

/** Work of two minutes; what it came to, and after how many seconds. */
async function worked(world: ReturnType<typeof servers>) {
  const { context, clock } = world;
  const began = clock.now();
  const seconds = () => (clock.now() - began) / 1000;
  const work = whileThere(context, 'stage', run, async ({ signal }) => {
    await clock.sleep(120_000, signal);
    return 'healthy';
  }).then(
    (result) => ({ result, seconds: seconds() }),
    (error: unknown) => ({ error, seconds: seconds() }),
  );
  for (let second = 0; second < 180; second++) await clock.advance(1_000);
  return work;
}

test('ends by itself where they stay', async () => {
  expect(await worked(servers({ production: 'blue' }))).toEqual({ result: 'healthy', seconds: 120 });
});

test('is left within seconds where one is deleted', async () => {
  const world = servers({ production: 'blue' });
  void world.clock.sleep(20_000).then(() => Object.assign(world.green, { exists: false }));
  const { seconds, ...ended } = await worked(world);
  expect(ended).toMatchObject({
    error: {
      reason: 'resource-not-found',
      message: expect.stringContaining('green is not there any more: contoso on contoso-sql-green'),
    },
  });
  expect(seconds).toBeLessThan(30);
});

test('goes on where Azure does not tell, and where the other slot’s is deleted', async () => {
  const silent = servers({ production: 'blue' });
  silent.context.azure.sql.getDatabase = () => Promise.reject(new Error('HTTP 503'));
  expect(await worked(silent)).toMatchObject({ result: 'healthy' });
  expect(await worked(servers({ production: 'blue', blue: { exists: false } }))).toMatchObject({
    result: 'healthy',
  });
});
