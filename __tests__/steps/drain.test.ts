// What counts as drained, and what does not: an absent link, a failed proof, a commit that one side does not know.
import { describe, expect, test } from '@jest/globals';
import { drain } from '../../src/steps/drain.ts';
import { freezing, START } from '../guards/parts.ts';
import { type FrozenPair, frozenPair, linkRow, run, type Side, sqlError } from './frozen-pair.ts';

const commit = new Date(START - 1_000);
const apply = (app: FrozenPair) => app.ended(drain(app.context).apply(run));

describe('an absent link', () => {
  const cutOff = (stage: Partial<Side>) =>
    frozenPair({ production: { links: [] }, stage: { links: [], ...stage } });

  test('is no proof of a drain: the upgrade goes back', async () => {
    const app = cutOff({});
    expect(await drain(app.context).assess(run)).toMatchObject({ kind: 'blocked', reason: 'drain-failed' });
    await expect(apply(app)).rejects.toMatchObject({ reason: 'drain-failed' });
  });

  test.each(['upgrading', 'upgraded'] as const)('was drained where the copy says %s', async (status) => {
    const app = cutOff({ journal: { ...freezing(), status, server: 'contoso-sql-green' } });
    expect(await drain(app.context).assess(run)).toMatchObject({ kind: 'done' });
    expect(await apply(app)).toEqual([expect.stringContaining('drained before')]);
  });

  test('is not proven by the upgrade of another freeze', async () => {
    const other = { ...freezing(), upgradeId: 'other', server: 'contoso-sql-green' };
    const app = cutOff({ journal: { ...other, status: 'upgraded' } });
    expect(await drain(app.context).assess(run)).toMatchObject({ kind: 'blocked', reason: 'drain-failed' });
  });
});

describe('sp_wait_for_database_copy_sync', () => {
  const answering = (error: Error): Side['before'] => {
    return (text) => {
      if (text.includes('sp_wait_for_database_copy_sync')) throw error;
    };
  };
  const readOnly = answering(sqlError('server', 3906, 'Failed to update: the database is read-only.'));

  test('that is refused because production is read-only leaves it to the last commits', async () => {
    const app = frozenPair({ production: { before: readOnly } });
    expect(await apply(app)).toEqual([expect.stringContaining('CATCH_UP, lag 0 s')]);
  });

  test.each([
    ['stage does not tell its last commit', [linkRow('contoso-sql-blue', 'secondary', null)]],
    ['stage has another one', [linkRow('contoso-sql-blue', 'secondary', new Date(START))]],
  ])('and where %s, nothing is proven', async (_, links) => {
    const app = frozenPair({ production: { before: readOnly }, stage: { links } });
    await expect(apply(app)).rejects.toMatchObject({
      reason: 'drain-failed',
      message: expect.stringContaining(commit.toISOString()),
    });
  });

  test('that fails in any other way proves nothing, and its error is kept', async () => {
    const before = answering(sqlError('server', 40_197, 'The service has encountered an error.'));
    const app = frozenPair({ production: { before } });
    await expect(apply(app)).rejects.toMatchObject({
      reason: 'drain-failed',
      message: expect.stringContaining('encountered an error'),
      cause: expect.objectContaining({ kind: 'server' }),
    });
  });
});

describe('what is drained from', () => {
  const asked = (side: Partial<Side>) => {
    const statements: string[] = [];
    const app = frozenPair({ production: { ...side, before: (text) => void statements.push(text) } });
    const count = (part: string) => statements.filter((text) => text.includes(part)).length;
    return { app, count };
  };

  test('takes no writes: where it does, nothing is waited for', async () => {
    const { app, count } = asked({ mode: 'READ_WRITE' });
    await expect(apply(app)).rejects.toMatchObject({
      reason: 'drain-failed',
      message: expect.stringContaining('takes writes again'),
    });
    expect(count('sp_wait_for_database_copy_sync')).toBe(0);
  });

  test('is production still: where it was failed over, nothing is waited for', async () => {
    const other = linkRow('contoso-sql-dr', 'secondary', commit);
    const { app, count } = asked({ links: [linkRow('contoso-sql-green', 'primary', commit), other] });
    await expect(apply(app)).rejects.toMatchObject({ reason: 'region-mismatch' });
    expect(count('sp_wait_for_database_copy_sync')).toBe(0);
  });

  test('is asked for its links once before its ends are compared, once for that', async () => {
    const { app, count } = asked({});
    await apply(app);
    expect(count('dm_geo_replication_link_status')).toBe(2);
  });
});

describe('a copy that has everything a moment later', () => {
  /** The copy shows the last commit `ms` after production was frozen; how long it was waited for then. */
  async function seenAfter(ms: number): Promise<number> {
    const app = frozenPair({ stage: { links: [linkRow('contoso-sql-blue', 'secondary', new Date(0))] } });
    const at = { arrived: 0, seen: 0 };
    const arrive = async () => {
      await app.clock.sleep(ms);
      app.stage.links = [linkRow('contoso-sql-blue', 'secondary', commit)];
      at.arrived = app.clock.now();
    };
    const see = async () => {
      await drain(app.context).apply(run);
      at.seen = app.clock.now();
    };
    const both = Promise.all([arrive(), see()]);
    while (at.seen === 0) await app.clock.advance(1);
    await both;
    return at.seen - at.arrived;
  }

  test.each([30, 400, 3_000, 60_000])('after %s ms is seen soon: users wait', async (ms) => {
    expect(await seenAfter(ms)).toBeLessThanOrEqual(Math.max(25, Math.min(250, 0.05 * ms)));
  });
});
