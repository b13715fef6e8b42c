// Who waits for another run is told so before the wait, not after it.
import { describe, expect, test } from '@jest/globals';
import { ensureRunLock } from '../../src/application/run-lock.ts';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import type { SqlConnection } from '../../src/azure/ports.ts';
import { servers } from '../steps/two-servers.ts';

/** A lock that another session gives back after this long; `story` has what was asked and told, in order. */
function lockHeldFor(heldMs: number) {
  const story: string[] = [];
  const query: SqlConnection['query'] = async (text, parameters = {}) => {
    if (text.includes('APPLOCK_MODE')) return [{ mode: 'NoLock' }];
    story.push(`asked, ${String(parameters.wait)} ms`);
    return [{ code: Number(parameters.wait) >= heldMs ? 0 : -1 }];
  };
  const tell = (text: string) => story.push(text);
  const changes: Partial<UpgradeContext> = {
    log: { line: tell, warning: tell, group: tell, endGroup: () => {} },
    sessions: {
      on: (_target, use) => use({ query } as SqlConnection),
      drop: async () => {},
      closeAll: async () => {},
    },
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

  test('is not waited for where nobody wants to wait', async () => {
    const { context, story } = lockHeldFor(5_000);
    await expect(ensureRunLock(context, 'production', 0)).rejects.toMatchObject({
      reason: 'locked-by-another-run',
    });
    expect(story).toEqual(['asked, 0 ms']);
  });
});
