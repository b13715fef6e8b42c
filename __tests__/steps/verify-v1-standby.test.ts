// Back to V1 in both regions: what V1 has in the backup region is asked before anything is touched.
import { describe, expect, test } from '@jest/globals';
import { verifyV1 } from '../../src/steps/verify-v1.ts';
import { entry, type Options, removalWorld, type World } from './removal-world.ts';

const run = { signal: new AbortController().signal, progress: () => {} };
const V1 = { readOnly: true, entry: entry('1', 'freezing') };
const V2 = { entry: entry('2', 'serving') };

/** Users on green, which is V2; blue is V1, frozen. */
function switched(changes: Partial<Options> = {}): World {
  return removalWorld({
    production: 'green',
    databases: { 1: V1, dr: V1, 2: V2, 3: V2 },
    links: [
      ['1', 'dr'],
      ['2', '3'],
    ],
    ...changes,
  });
}

async function verify(world: World): Promise<readonly string[]> {
  const verified = verifyV1(world.context, '1.0.0').apply(run);
  verified.catch(() => {});
  await world.clock.advance(10 * 60_000);
  return verified;
}

test("its disaster recovery is there until cleanup, and its site in the backup region answers V1's version", async () => {
  const evidence = (await verify(switched())).join('; ');
  expect(evidence).toContain('contoso-sql-1 → contoso-sql-dr is CATCH_UP');
  expect(evidence).toContain('https://contoso-dr.azurewebsites.net/health answered 200, version 1.0.0');
});

describe('users are not sent to less protection than they have', () => {
  test.each<[string, Partial<Options>, string]>([
    ['V1 without its geo-secondary', { links: [['2', '3']] }, 'standby-missing'],
    [
      'V1 whose geo-secondary is behind',
      {
        links: [
          ['1', 'dr', 'SUSPENDED'],
          ['2', '3'],
        ],
      },
      'standby-not-caught-up',
    ],
    ['V1 whose site there does not answer', { answers: { 'contoso-dr': null } }, 'standby-unhealthy'],
    ['V1 whose site there runs something else', { answers: { 'contoso-dr': '2.0.0' } }, 'standby-unhealthy'],
  ])('%s', async (_, changes, reason) => {
    await expect(verify(switched(changes))).rejects.toMatchObject({ reason });
  });
});

test('where the backup region is lost for V2 too, going back is not refused for it, and told', async () => {
  const world = switched({
    links: [
      ['1', 'dr', 'SUSPENDED'],
      ['2', '3', 'SUSPENDED'],
    ],
    answers: { 'contoso-dr': null },
  });
  expect((await verify(world)).join('; ')).toContain('contoso-sql-1 → contoso-sql-dr is SUSPENDED');
  expect(world.warnings.join()).toContain('V2 has no geo-secondary that has caught up');
});

test("V1's own site comes first", async () => {
  const world = switched({ answers: { 'contoso-1': null } });
  await expect(verify(world)).rejects.toMatchObject({ reason: 'stage-unhealthy' });
});
