// Who waits for another run is told so before the wait, not after it.
import { describe, expect, test } from '@jest/globals';
import { ensureRunLock, seenUnderLock } from '../../src/application/run-lock.ts';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import type { SqlConnection, SqlConnector, SqlRow } from '../../src/azure/ports.ts';
import { createSessions } from '../../src/azure/tsql/sessions.ts';
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

/** Questions for a lock that this run holds, on the real sessions; each is answered by the test. */
function lockOfOurs() {
  const questions: { answer(): void; lose(error: Error): void }[] = [];
  const connection: SqlConnection = {
    server: 'blue',
    database: 'contoso',
    isOpen: true,
    query: () => {
      const { promise, resolve, reject } = Promise.withResolvers<SqlRow[]>();
      questions.push({ answer: () => resolve([{ mode: 'Exclusive' }]), lose: reject });
      return promise;
    },
    batch: async () => {},
    close: async () => {},
  };
  const connector: Pick<SqlConnector, 'connect'> = { connect: async () => connection };
  const changes = { sessions: createSessions(connector as SqlConnector) };
  const { context } = servers({ production: 'blue', context: changes });
  const breath = () => new Promise((resolve) => setImmediate(resolve));
  return { context, questions, breath };
}

describe('the lock that many ask for', () => {
  test('at one time is asked for once', async () => {
    const { context, questions, breath } = lockOfOurs();
    const asked = Array.from({ length: 100 }, () => ensureRunLock(context, 'production'));
    await breath();
    questions[0]?.answer();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['held']));
    expect(questions).toHaveLength(1);
  });

  test('is asked for anew by whoever comes when the question is sent: its answer may be older', async () => {
    const { context, questions, breath } = lockOfOurs();
    const first = ensureRunLock(context, 'production');
    await breath();
    const answered: string[] = [];
    const ask = async () => answered.push(await ensureRunLock(context, 'production'));
    const later = Promise.all([ask(), ask()]);
    questions[0]?.answer();
    await first;
    await breath();
    expect([questions.length, answered]).toEqual([2, []]);
    questions[1]?.answer();
    await later;
    expect(answered).toEqual(['held', 'held']);
    expect(questions).toHaveLength(2);
  });

  test('is not shared by those who would wait for it and those who would not', async () => {
    const { context, questions, breath } = lockOfOurs();
    const asked = [ensureRunLock(context, 'production'), ensureRunLock(context, 'production', 0)];
    await breath();
    questions[0]?.answer();
    await breath();
    questions[1]?.answer();
    await Promise.all(asked);
    expect(questions).toHaveLength(2);
  });

  test('fails for all who asked, and is asked for anew afterwards', async () => {
    const { context, questions, breath } = lockOfOurs();
    const asked = [ensureRunLock(context, 'production'), ensureRunLock(context, 'production')];
    const outcomes = Promise.allSettled(asked);
    await breath();
    questions[0]?.lose(new Error('refused'));
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const again = ensureRunLock(context, 'production');
    await breath();
    questions[1]?.answer();
    expect(await again).toBe('held');
  });
});

describe('what is seen before something is deleted', () => {
  /** A lock whose session is lost while it is looked for the first time. */
  function lostOnce(regainedBy: 'whoever looked' | 'the next question') {
    let isHeld = false;
    const query: SqlConnection['query'] = async (text) => {
      if (text.includes('APPLOCK_MODE')) return [{ mode: isHeld ? 'Exclusive' : 'NoLock' }];
      isHeld = true;
      return [{ code: 0 }];
    };
    const sessions = sessionsWith((_target, use) => use({ query } as SqlConnection));
    const { context } = servers({ production: 'blue', context: { sessions } });
    let looks = 0;
    const look = async () => {
      looks++;
      if (looks > 1) return looks;
      isHeld = false;
      if (regainedBy === 'whoever looked') await ensureRunLock(context, 'production');
      return looks;
    };
    return { context, look };
  }

  test.each([
    'whoever looked',
    'the next question',
  ] as const)('is seen again where the lock was lost meanwhile, and regained by %s', async (regainedBy) => {
    const { context, look } = lostOnce(regainedBy);
    await ensureRunLock(context, 'production');
    expect((await seenUnderLock(context, look)).seen).toBe(2);
  });

  test('is seen once where the lock was held all the time, and asks for none where nothing is to be deleted', async () => {
    const { context } = lostOnce('the next question');
    await ensureRunLock(context, 'production');
    let looks = 0;
    const look = async () => ++looks;
    expect((await seenUnderLock(context, look)).seen).toBe(1);
    const { context: idle, story } = lockHeldFor(0);
    expect((await seenUnderLock(idle, look, () => false)).seen).toBe(2);
    expect(story).toEqual([]);
  });
});
