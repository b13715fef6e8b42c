// A few cases of the full matrix (npm run test:matrix), so that every run of the tests has tried some: drawn by a seed from
// all that can be done to the main journey, side by side, for most of a case is waiting.
import { expect, test } from '@jest/globals';
import { casesOf, found, type Route } from './enumerate.ts';
import { record } from './recording.ts';
import { drawFrom } from './select.ts';

const SEED = 20161;
const CASES = 6;
const ROUTE: Route = { world: 'single-region', journey: 'upgrade, switch' };

test('runs that are killed and jobs that are cancelled break no law, whatever is done next', async () => {
  const { kind, journey } = found(ROUTE);
  const recording = await record(kind, journey, SEED);
  const cases = casesOf(ROUTE, recording, ['crash', 'cancel']);
  // Every write is cut off before and after, T-SQL half-way too, each with three ways on; and cancelled in five ways.
  const written = recording.filter(({ isWrite }) => isWrite);
  const batches = written.filter(({ call }) => call.startsWith('sql '));
  expect(cases).toHaveLength(written.length * (2 * 3 + 5) + batches.length * 3);
  const planned = cases.map(({ id, kind, group }) => ({ id, kind, group, route: ROUTE }));
  const drawn = new Set(drawFrom(planned, CASES, SEED).map(({ id }) => id));
  const outcomes = await Promise.all(
    cases
      .filter(({ id }) => drawn.has(id))
      .map(async (one) => ({ id: one.id, outcome: await one.run(SEED) })),
  );
  const violating = outcomes.filter(({ outcome }) => outcome.violations.length > 0);
  expect(violating.map(({ id, outcome }) => ({ id, violations: outcome.violations }))).toEqual([]);
  expect(outcomes).toHaveLength(CASES);
});
