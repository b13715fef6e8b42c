// Who waits for another run is told so before the wait, not after it.
import { describe, expect, test } from '@jest/globals';
import { ensureRunLock } from '../../src/application/run-lock.ts';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import type { SqlConnection, SqlRow } from '../../src/azure/ports.ts';
import { sessionsWith } from '../steps/sessions-with.ts';
import { servers } from '../steps/two-servers.ts';

/** A lock that another session gives back after this long; `story` has what was asked and told, in order. */
function lockHeldFor(heldMs: number, seen: SqlRow[] = []) {
  const story: string[] = [];
  const query: SqlConnection['query'] = async (text, parameters = {}) => {
    if (text.includes('APPLOCK_MODE')) return [{ mode: 'NoLock' }];
    if (text.includes('sys.dm_tran_locks')) return seen;
    if (text.includes('extended_properties')) return [];
    story.push(`asked, ${String(parameters.wait)} ms`);
    return [{ code: Number(parameters.wait) >= heldMs ? 0 : -1 }];
  };
  const tell = (text: string) => story.push(text);
  const changes: Partial<UpgradeContext> = {
    log: { line: tell, warning: tell, group: tell, endGroup: () => {} },
    sessions: sessionsWith((_target, use) => use({ query } as SqlConnection)),
  };
  return { context: servers({ production: 'blue', context: changes }).context, story };
}

describe('the lock of a run', () => {
  test('that is free is taken without a word', async () => {
    const { context, story } = lockHeldFor(0);
    await ensureRunLock(context, 'production');
    expect(story).toEqual(['asked, 0 ms']);
  });

  test('that another run holds is waited for, and that is told first', async () => {
    const { context, story } = lockHeldFor(5_000);
    await ensureRunLock(context, 'production');
    expect(story).toEqual([
      'asked, 0 ms',
      'Another run holds the lock; waiting up to 40 s',
      'asked, 40000 ms',
    ]);
  });

  test('is refused with the run that holds it, since when, and how its lock is ended', async () => {
    const url = 'https://github.com/contoso/infrastructure/actions/runs/77';
    const row = { session: 64, program: `rolling-upgrade ${url} production contoso`, host: 'runner-7' };
    const { context, story } = lockHeldFor(50_000, [{ ...row, since: new Date('2026-11-22T00:00:00Z') }]);
    const refused = ensureRunLock(context, 'production');
    await expect(refused).rejects.toMatchObject({
      reason: 'locked-by-another-run',
      message: expect.stringContaining(
        `(${url} on runner-7, connected since 2026-11-22T00:00:00.000Z, session 64)`,
      ),
      advice: expect.arrayContaining([expect.stringContaining('KILL 64;')]),
    });
    expect(story[1]).toContain(url);
  });

  test('of two sessions that cannot be told apart names neither', async () => {
    const row = {
      session: 64,
      program: 'rolling-upgrade https://github.com/a/b/actions/runs/1 x',
      host: 'r',
    };
    const { context } = lockHeldFor(50_000, [row, { ...row, session: 65 }]);
    await expect(ensureRunLock(context, 'production', 0)).rejects.toMatchObject({
      message: expect.not.stringContaining('https:'),
    });
  });

  test('is not waited for where nobody wants to wait', async () => {
    const { context, story } = lockHeldFor(5_000);
    await expect(ensureRunLock(context, 'production', 0)).rejects.toMatchObject({
      reason: 'locked-by-another-run',
    });
    expect(story).toEqual(['asked, 0 ms']);
  });
});
