// Somebody has deleted the database that users are on: that is told at once, and what is left is given back.
import { expect, test } from '@jest/globals';
import type { DatabaseSide, Observation } from '../../src/application/observe.ts';
import { createRecorder } from '../../src/engine/recorder.ts';
import { actRollback } from '../../src/phases/act-rollback.ts';
import { databasesGone, withoutGone } from '../../src/phases/database-gone.ts';
import { singleRegion } from '../../src/topologies/single-region.ts';
import { endpoint, profile } from '../guards/parts.ts';
import { entry, type Options, servers } from '../steps/two-servers.ts';

async function rollback(options: Options) {
  const world = servers(options);
  const trafficManager = { getProfile: async () => profile({ endpoints: [endpoint('green')] }) };
  Object.assign(world.context.azure, { trafficManager });
  const { context, clock } = world;
  const acting = {
    context,
    topology: singleRegion(context, null),
    recorder: createRecorder(clock, { started: () => {}, progress: () => {}, ended: () => {} }),
    signal: new AbortController().signal,
    onFailure: 'rollback' as const,
    next: null,
  };
  const began = clock.now();
  const ending = actRollback(acting, 'return-to-v1').then((outcome) => ({
    outcome,
    seconds: (clock.now() - began) / 1000,
  }));
  for (let second = 0; second < 30 * 60; second++) await clock.advance(1_000);
  return { ...(await ending), story: world.story };
}

/** V2 serves, and its database is gone; V1's is as it was frozen. */
const GONE: Options = {
  production: 'green',
  green: { exists: false, unreachable: true },
  blue: { readOnly: true, entry: entry('blue', 'freezing') },
};

test('it is told at once, with the commands that restore it; nothing is touched, and nothing waited for', async () => {
  const { outcome, seconds, story } = await rollback(GONE);
  expect(outcome).toMatchObject({
    kind: 'stopped',
    result: 'refused',
    error: { reason: 'resource-not-found' },
  });
  if (outcome.kind !== 'stopped') throw new Error('it was not stopped');
  const { error } = outcome;
  expect(error.message).toContain('Users are on green');
  expect(error.message).toContain('contoso on contoso-sql-green');
  expect(error.advice.join('\n')).toMatch(/^az sql db restore .* -s contoso-sql-green -n contoso /m);
  expect(seconds).toBeLessThan(60);
  expect(story).toEqual([]);
});

const two = (first: DatabaseSide['access'], second: DatabaseSide['access']) => {
  const { context } = servers(GONE);
  const [pair] = context.databases;
  if (!pair) throw new Error('there is no database');
  const billing = {
    name: 'billing',
    production: { ...pair.production, database: 'billing' },
    stage: { ...pair.stage, database: 'billing' },
  };
  const side = (access: DatabaseSide['access']) => ({ access }) as DatabaseSide;
  const seen = [
    { name: 'contoso', production: side(first), stage: side('read-only') },
    { name: 'billing', production: side(second), stage: side('read-only') },
  ] as unknown as Observation['databases'];
  return { context: { ...context, databases: [pair, billing] }, observed: { databases: seen } };
};

test('of several databases only the one that is gone is told, and the others are left to be given back', () => {
  const { context, observed } = two('absent', 'read-only');
  expect(withoutGone(context, observed).databases.map(({ name }) => name)).toEqual(['billing']);
  const { message, advice } = databasesGone(context, observed) ?? { message: '', advice: [] };
  expect(message).toContain('contoso on contoso-sql-green');
  expect([message, ...advice].join()).not.toContain('billing');
});

test('one that does not answer is not gone', () => {
  const { context, observed } = two('unreachable', 'read-write');
  expect(databasesGone(context, observed)).toBeNull();
  expect(withoutGone(context, observed)).toBe(context);
});
