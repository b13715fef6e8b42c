// (7) V1 goes only once V2 has been seen to serve, and answers now.
import { describe, expect, test } from '@jest/globals';
import { UpgradeError } from '../../src/reasons.ts';
import { removeV1Database, removeV1Site } from '../../src/steps/remove-v1.ts';
import { verifyServing } from '../../src/steps/verify-serving.ts';
import { START, site } from '../guards/parts.ts';
import { entry, type Options, type Servers, servers } from './two-servers.ts';

const AN_HOUR_LATER = new Date(START + 60 * 60_000);

const run = { signal: new AbortController().signal, progress: () => {} };

function switched(status: 'switching' | 'serving' | 'returning', changes: Partial<Options> = {}): Servers {
  return servers({
    production: 'green',
    green: { entry: entry('green', status) },
    blue: { readOnly: true, entry: entry('blue', 'freezing') },
    ...changes,
  });
}

/** The same, seen from outside: what answers at the public name. */
function answering(world: Servers, version: string): Servers['context'] {
  const outside = {
    ...world.context.azure,
    trafficManager: { getProfile: async () => null },
    appService: { getSite: async () => site('green') },
    web: {
      get: async (url: string) => {
        if (!url.startsWith('https://www.contoso.example/')) throw new Error(`not the public name: ${url}`);
        return { kind: 'answered', status: 200, headers: {}, body: `{"version":"${version}"}`, chain: [] };
      },
    },
  };
  return { ...world.context, azure: outside as unknown as Servers['context']['azure'] };
}

describe("V1's database", () => {
  test.each(['switching', 'returning'] as const)('stays while V2 says "%s"', async (status) => {
    const world = switched(status);
    const context = answering(world, '2.0.0');
    expect(await verifyServing(context).assess(run)).toMatchObject({
      kind: 'blocked',
      reason: 'phase-not-applicable',
      advice: [expect.stringContaining('phase switch')],
    });
    expect(await removeV1Database(context).assess(run)).toMatchObject({ kind: 'blocked' });
    await expect(removeV1Database(context).apply(run)).rejects.toMatchObject({
      reason: 'database-in-the-way',
    });
    expect(world.story).toEqual([]);
  });

  test('that cannot be read stays, and nobody is told that it may be deleted', async () => {
    const world = switched('serving', { blue: { unreachable: true } });
    const step = removeV1Database(answering(world, '2.0.0'));
    const kept = {
      reason: 'azure-error',
      message: expect.stringMatching(/contoso-sql-blue could not be read/),
    };
    const assessment = await step.assess(run);
    expect(assessment).toMatchObject({ kind: 'blocked', ...kept });
    expect(JSON.stringify(assessment)).not.toContain('az sql db delete');
    await expect(step.apply(run)).rejects.toMatchObject(kept);
    expect(world.story).toEqual([]);
  });

  test('goes where V2 serves', async () => {
    const world = switched('serving');
    const context = answering(world, '2.0.0');
    expect(await removeV1Database(context).assess(run)).toMatchObject({ kind: 'to-do' });
    await removeV1Database(context).apply(run);
    expect(world.story).toEqual(['blue deleted']);
  });

  test.each([
    ['is open for writers', { readOnly: false }, /takes writes/],
    [
      'was written after its freeze, and closed again',
      { readOnly: true, lastWrite: AN_HOUR_LATER },
      /was written at/,
    ],
  ])('that %s stays: V2 does not have those writes', async (_what, blue, message) => {
    const world = switched('serving', { blue: { ...blue, entry: entry('blue', 'freezing') } });
    const context = answering(world, '2.0.0');
    const kept = { reason: 'production-frozen-elsewhere', message: expect.stringMatching(message) };
    expect(await verifyServing(context).assess(run)).toMatchObject({ kind: 'blocked', ...kept });
    await expect(removeV1Database(context).apply(run)).rejects.toBeInstanceOf(UpgradeError);
    expect(world.story).toEqual([]);
  });

  test('that was written until its freeze took goes', async () => {
    const blue = { readOnly: true, entry: entry('blue', 'freezing'), lastWrite: new Date(START + 2_000) };
    const world = switched('serving', { blue });
    const context = answering(world, '2.0.0');
    expect(await verifyServing(context).assess(run)).toMatchObject({ kind: 'to-do' });
    await removeV1Database(context).apply(run);
    expect(world.story).toEqual(['blue deleted']);
  });

  test('stays where it was given back to users who came back', async () => {
    const world = servers({
      production: 'blue',
      blue: { entry: entry('blue', 'returned') },
      green: { readOnly: true, entry: entry('green', 'returning') },
    });
    const context = answering(world, '1.0.0');
    expect(await verifyServing(context).assess(run)).toMatchObject({ kind: 'blocked' });
    await expect(removeV1Database(context).apply(run)).rejects.toMatchObject({
      reason: 'database-in-the-way',
    });
    expect(world.story).toEqual([]);
  });
});

describe('V2 at the public name', () => {
  test('answers: cleanup goes on', async () => {
    const world = switched('serving');
    const step = verifyServing(answering(world, '2.0.0'));
    expect(await step.assess(run)).toMatchObject({ kind: 'to-do' });
    const evidence = step.apply(run);
    await world.clock.advance(60_000);
    expect((await evidence).join()).toContain('www.contoso.example');
  });

  test('does not answer: V1 is kept', async () => {
    const world = switched('serving');
    const refused = expect(verifyServing(answering(world, '1.0.0')).apply(run)).rejects.toMatchObject({
      reason: 'production-unhealthy',
    });
    await world.clock.advance(10 * 60_000);
    await refused;
  });
});

describe('a site that the tool created', () => {
  const tags = { 'rolling-upgrade-created-by': 'contoso' };
  const created = (world: Servers, color: 'blue' | 'green') => ({
    ...world.context,
    azure: {
      ...world.context.azure,
      appService: { getSite: async () => site(color, { tags }) },
    } as unknown as Servers['context']['azure'],
  });

  test("is V1's where V2 serves: it goes", async () => {
    const context = created(switched('serving', { blue: { exists: false } }), 'blue');
    expect(await removeV1Site(context).assess(run)).toMatchObject({ kind: 'to-do' });
  });

  test.each([
    ['was never upgraded', null],
    ['was given back', entry('blue', 'unfrozen')],
    ['has its users back', entry('blue', 'returned')],
  ])('is kept for the next upgrade where production %s: there is no V1', async (_what, own) => {
    const world = servers({ production: 'blue', blue: { entry: own }, green: { exists: false } });
    expect(await removeV1Site(created(world, 'green')).assess(run)).toMatchObject({
      kind: 'done',
      evidence: [expect.stringContaining('there is no V1')],
    });
  });
});
