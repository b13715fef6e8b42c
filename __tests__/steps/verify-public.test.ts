// Whether V2 answers users: at the public name, by way of the site that they were moved to, on the database that the
// switch was about. A switch that was not seen to its end is finished by looking only.
import { describe, expect, test } from '@jest/globals';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { finishSwitch } from '../../src/steps/finish-switch.ts';
import { RETURN_MARKS } from '../../src/steps/mark-stage.ts';
import { verifyPublic } from '../../src/steps/verify-public.ts';
import { config, endpoint, site } from '../guards/parts.ts';
import { byProfile, bySwap, type Switching } from './switching.ts';
import { entry } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };
const SWITCHED = [
  endpoint('blue', { status: 'Disabled', priority: 2 }),
  endpoint('green', { status: 'Enabled', priority: 1 }),
];

/** The public name leads to this color's site, and this version answers there. */
function answering(world: Switching, color: 'blue' | 'green', version: string): UpgradeContext {
  const { azure, config: own } = world.context;
  const health = { ...config().health, ...own.health, consecutive: 1, timeoutMs: 5_000 };
  const appService =
    own.switchMethod === 'slot-swap'
      ? azure.appService
      : { getSite: async (ref: { site: string }) => site(ref.site.replace('contoso-', '')) };
  const web = {
    get: async () => ({
      kind: 'answered',
      status: 200,
      headers: {},
      body: JSON.stringify({ version }),
      chain: ['www.contoso.example', `contoso-${color}.azurewebsites.net`],
    }),
  };
  return {
    ...world.context,
    config: { ...own, health },
    azure: { ...azure, appService, web } as unknown as UpgradeContext['azure'],
  };
}

async function reasonOf(world: Switching, what: Promise<unknown>): Promise<string | null> {
  const ended = what.then(
    () => null,
    (error: unknown) => (error instanceof UpgradeError ? error.reason : String(error)),
  );
  await world.clock.advance(10 * 60_000);
  return ended;
}

describe('in the run that switched', () => {
  const world = () => byProfile({ green: { entry: entry('green', 'switching') }, endpoints: SWITCHED });

  test('V2 by way of its own site serves, and its journal says so', async () => {
    const own = world();
    const context = answering(own, 'green', '2.0.0');
    expect(await reasonOf(own, verifyPublic(context).apply(run))).toBeNull();
    expect(own.green.entry?.status).toBe('serving');
  });

  test("not where V1's database was opened for writers while users were moved: whoever wrote there is told of", async () => {
    const own = world();
    own.blue.readOnly = false;
    const verified = verifyPublic(answering(own, 'green', '2.0.0')).apply(run);
    const told = expect(verified).rejects.toMatchObject({
      reason: 'production-frozen-elsewhere',
      message: expect.stringContaining('is not in V2'),
    });
    await own.clock.advance(10 * 60_000);
    await told;
    expect(own.green.entry?.status).toBe('moved');
  });

  test("nor, on the way back to V1, where V2's database was opened meanwhile", async () => {
    const own = byProfile({
      blue: { readOnly: false, entry: entry('blue', 'returning') },
      green: { entry: entry('green', 'giving-back') },
      endpoints: SWITCHED,
    });
    const verified = verifyPublic(answering(own, 'green', '2.0.0'), RETURN_MARKS).apply(run);
    const told = expect(verified).rejects.toMatchObject({
      reason: 'production-frozen-elsewhere',
      message: expect.stringMatching(/^Users were moved to V1 .* V2's database .* is not in V1\./),
    });
    await own.clock.advance(10 * 60_000);
    await told;
    expect(own.green.entry?.status).toBe('returned');
  });

  test('where V2 does not answer because somebody has deleted its database, that is told, and not waited for', async () => {
    const own = world();
    Object.assign(own.green, { exists: false, unreachable: true });
    const context = answering(own, 'green', 'none');
    const patient = { ...context.config, health: { ...context.config.health, timeoutMs: 9 * 60_000 } };
    const began = own.clock.now();
    const told = verifyPublic({ ...context, config: patient })
      .apply(run)
      .catch((error: unknown) => ({ error, seconds: (own.clock.now() - began) / 1000 }));
    for (let second = 0; second < 10 * 60; second++) await own.clock.advance(1_000);
    const { error, seconds } = (await told) as { error: unknown; seconds: number };
    expect(error).toMatchObject({
      reason: 'resource-not-found',
      message: expect.stringContaining('contoso on contoso-sql-green'),
    });
    expect(seconds).toBeLessThan(30);
  });

  test("V2 serves also where V1's database does not answer any more", async () => {
    const own = world();
    own.blue.unreachable = true;
    const context = answering(own, 'green', '2.0.0');
    expect(await reasonOf(own, verifyPublic(context).apply(run))).toBeNull();
    expect(own.green.entry?.status).toBe('serving');
  });

  test.each([
    ["V2's version by way of V1's site", 'blue', '2.0.0'],
    ['V1 still', 'green', '1.0.0'],
  ] as const)('not %s', async (_what, color, version) => {
    const own = world();
    const context = answering(own, color, version);
    expect(await reasonOf(own, verifyPublic(context).apply(run))).toBe('switch-failed');
    expect(own.green.entry?.status).toBe('moved');
  });

  test.each([
    ['green', null, 'serving'],
    ['blue', 'switch-failed', 'moved'],
  ] as const)('with slots the site is to be connected to V2: it is to %s', async (connected, reason, status) => {
    const own = bySwap({ connected, green: { entry: entry('green', 'switching') } });
    const verified = verifyPublic(answering(own, 'blue', '2.0.0'));
    expect(await reasonOf(own, verified.apply(run))).toBe(reason);
    expect(own.green.entry?.status).toBe(status);
  });
});

describe('in a later run, where the roles are exchanged', () => {
  const world = (status: 'switching' | 'serving') =>
    byProfile({
      production: 'green',
      green: { entry: entry('green', status) },
      blue: { readOnly: true, entry: entry('blue', 'freezing') },
      endpoints: SWITCHED,
    });

  test('a switch that was seen to its end is done', async () => {
    expect(await finishSwitch(world('serving').context).assess(run)).toMatchObject({ kind: 'done' });
  });

  test("V2 is asked by way of production's site, and production's journal says that it serves", async () => {
    const own = world('switching');
    const step = finishSwitch(answering(own, 'green', '2.0.0'));
    expect(await step.assess(run)).toMatchObject({ kind: 'to-do' });
    expect(await reasonOf(own, step.apply(run))).toBeNull();
    expect(own.story).toEqual(['green journal moved', 'green journal serving']);
    expect(own.sent).toEqual([]);
  });

  test('V2 that is not reached through its site does not serve', async () => {
    const own = world('switching');
    expect(await reasonOf(own, finishSwitch(answering(own, 'blue', '2.0.0')).apply(run))).toBe(
      'switch-failed',
    );
    expect(own.story).toEqual(['green journal moved']);
  });
});
