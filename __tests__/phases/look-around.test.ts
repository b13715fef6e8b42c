// A report is of one moment: what a machine that stood still has seen before and after is not put together.
import { expect, test } from '@jest/globals';
import { lookAgain } from '../../src/phases/look-around.ts';
import { profile, server, site } from '../guards/parts.ts';
import { otherRunSwitches } from '../steps/contested-lock.ts';
import { sessionsWith } from '../steps/sessions-with.ts';
import { byProfile } from '../steps/switching.ts';

/** @param meanwhile once, when the profile was read and the first database is about to be */
async function lookedAgain(meanwhile: (world: ReturnType<typeof byProfile>) => Promise<unknown>) {
  const world = byProfile();
  const { context } = world;
  let isOver = false;
  let isSilent = false;
  const sessions = sessionsWith(async (target, use) => {
    if (!isOver) {
      isOver = true;
      isSilent = (await meanwhile(world)) === 'Azure is silent from now on';
    }
    return context.sessions.on(target, use);
  });
  const getProfile = async () => {
    if (isSilent) throw new Error('no answer');
    return profile({ endpoints: world.endpoints() });
  };
  const unanswered = { kind: 'failed', why: 'no answer', chain: [] };
  const azure = {
    ...context.azure,
    trafficManager: { ...context.azure.trafficManager, getProfile },
    sql: {
      ...context.azure.sql,
      getServer: async ({ server: name }: { server: string }) => server(name),
      listFailoverGroups: async () => [],
    },
    web: { get: async () => unanswered, resolve: async () => unanswered },
    appService: { ...context.azure.appService, getSite: async () => site('blue') },
  } as unknown as typeof context.azure;
  const looking = lookAgain({ ...context, azure, sessions }, new AbortController().signal);
  await world.clock.advance(10 * 60_000);
  return looking;
}

test('a run that stood still for a minute while it looked tells who is production now', async () => {
  const seen = await lookedAgain(async (world) => {
    await world.clock.sleep(60_000);
    await otherRunSwitches(world);
  });
  expect(seen?.context.production.config.name).toBe('green');
  expect(seen?.endpoints.find(({ slot }) => slot === 'green')).toMatchObject({ status: 'Enabled' });
});

test('what was seen is told where it cannot be looked once more', async () => {
  const seen = await lookedAgain(async (world) => {
    await world.clock.sleep(60_000);
    Object.assign(world.blue, { unreachable: true });
    Object.assign(world.green, { unreachable: true });
    return 'Azure is silent from now on';
  });
  expect(seen?.context.production.config.name).toBe('blue');
});
