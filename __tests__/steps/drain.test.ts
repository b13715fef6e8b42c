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
