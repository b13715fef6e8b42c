// While the script runs: who is looked after, what ends the script, and how soon it can be left.
import { describe, expect, test } from '@jest/globals';
import { AzureError } from '../../src/azure/errors.ts';
import type { SqlConnection } from '../../src/azure/ports.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { makeStageWritable } from '../../src/steps/make-stage-writable.ts';
import { runUpgradeScript } from '../../src/steps/run-upgrade-script.ts';
import { whileFrozen } from '../../src/steps/while-frozen.ts';
import { freezing } from '../guards/parts.ts';
import { frozenPair, linkRow, run, type Side } from './frozen-pair.ts';

const forEver = () => new Promise<never>(() => {});

describe('the watch over production', () => {
  test('warns where the lock is held by a dead session, and the work goes on', async () => {
    const app = frozenPair({ production: { lock: 'taken' } });
    const work = () => app.clock.sleep(50_000).then(() => 'done');
    expect(await app.ended(whileFrozen(app.context, run, work))).toBe('done');
    expect(app.warnings).toHaveLength(2);
  });

  test.each([
    ['a token that is not to be had', new UpgradeError('credentials-refused', 'no token')],
    [
      'a login service that is down',
      new AzureError('HTTP 503', { status: 503, code: null, correlationId: null, outcomeUnknown: false }),
    ],
  ])('warns of %s, and the work goes on', async (_what, error) => {
    const app = frozenPair({
      production: {
        before: () => {
          throw error;
        },
      },
    });
    const work = () => app.clock.sleep(30_000).then(() => 'done');
    expect(await app.ended(whileFrozen(app.context, run, work))).toBe('done');
    expect(app.warnings).toContainEqual(expect.stringContaining(error.message));
  });

  test('ends the work where one database takes writes again and another one cannot be asked', async () => {
    const app = frozenPair({
      production: {
        mode: 'READ_WRITE',
        before: (_text, { database }) => {
          if (database === 'contoso') throw new UpgradeError('credentials-refused', 'no token');
        },
      },
    });
    const [first] = app.context.databases;
    if (!first) throw new Error('no database');
    const orders = { ...first, name: 'orders' };
    const context = { ...app.context, databases: [first, orders] };
    const work = whileFrozen(context, run, ({ signal }) => app.clock.sleep(600_000, signal));
    await expect(app.ended(work)).rejects.toMatchObject({ reason: 'drain-failed' });
  });

  test('takes the lock again as soon as it can be had', async () => {
    const app = frozenPair({ production: { lock: 'free' } });
    await app.ended(whileFrozen(app.context, run, () => app.clock.sleep(25_000)));
    expect(app.production.lock).toBe('ours');
  });

  test('ends the work where production takes writes again', async () => {
    const app = frozenPair();
    app.clock.sleep(30_000).then(() => {
      app.production.mode = 'READ_WRITE';
    });
    const work = whileFrozen(app.context, run, ({ signal }) => app.clock.sleep(600_000, signal));
    await expect(app.ended(work)).rejects.toMatchObject({ reason: 'drain-failed' });
  });

  test('ends the work where production was failed over: users go on from another server', async () => {
    const app = frozenPair();
    app.clock.sleep(30_000).then(() => {
      app.production.links = [linkRow('contoso-sql-dr', 'secondary', null)];
    });
    const work = whileFrozen(app.context, run, ({ signal }) => app.clock.sleep(600_000, signal));
    await expect(app.ended(work)).rejects.toMatchObject({ reason: 'region-mismatch' });
  });

  test('does not keep production’s connection where a look hangs: whoever unfreezes gets another', async () => {
    const app = frozenPair();
    const begun = whileFrozen(app.context, run, () => app.clock.sleep(21_000));
    app.production.before = (_text, connection) => untilClosed(connection);
    await app.ended(begun);
    expect(app.opened.map(({ connection }) => connection.isOpen)).toEqual([false]);
  });
});

/** As the driver does: what is under way ends with the connection. */
async function untilClosed(connection: { readonly isOpen: boolean }): Promise<void> {
  while (connection.isOpen) await new Promise((resolve) => setImmediate(resolve));
  throw new Error('closed');
}

describe('the script’s own session', () => {
  const independent = { mode: 'READ_WRITE' } as const;
  const script = (...texts: string[]) => ({
    readScript: async () => ({
      batches: texts.map((text) => ({ text, repeat: 1, file: 'db/1.sql', line: 1, lineMap: [] })),
      digest: 'd1'.repeat(32),
      files: ['db/1.sql'],
    }),
  });
  const pair = (context: ReturnType<typeof script>, stage: Partial<Side> = {}) =>
    frozenPair({ production: { links: [] }, stage: { ...independent, links: [], ...stage }, context });

  test('takes what it has set with it: what is recorded stays recorded', async () => {
    const app = pair(script('SET ANSI_DEFAULTS ON;'));
    await app.ended(runUpgradeScript(app.context).apply(run));
    await app.context.sessions.closeAll();
    expect(app.stage.journal?.status).toBe('upgraded');
  });

  test('is left at once when the run is cancelled, though the server does not answer the cancellation', async () => {
    const ofScript: SqlConnection[] = [];
    const app = pair(script('WAITFOR'), {
      before: (text, connection) => {
        if (text !== 'WAITFOR') return undefined;
        ofScript.push(connection);
        return forEver();
      },
    });
    const cancelled = new UpgradeError('cancelled', 'SIGINT');
    const controller = new AbortController();
    const begun = runUpgradeScript(app.context).apply({ ...run, signal: controller.signal });
    const ended = expect(begun).rejects.toBe(cancelled);
    await app.clock.advance(1_000);
    controller.abort(cancelled);
    await ended; // time stands still
    expect(ofScript.map(({ isOpen }) => isOpen)).toEqual([false]);
    expect(app.stage.journal?.status).toBe('upgrading');
  });
});

describe('setting the stage read-write', () => {
  const own = { ...freezing(), server: 'contoso-sql-green' };

  test.each([
    ['V1’s own database, frozen by the upgrade that V2 came from', own],
    ['a copy of another moment', { ...freezing(), at: '2025-12-31T00:00:00.000Z' }],
    ['a database that says nothing', null],
  ])('is not done to %s', async (_, journal) => {
    const app = frozenPair({ production: { links: [] }, stage: { links: [], journal } });
    const step = makeStageWritable(app.context);
    expect(await step.assess(run)).toMatchObject({ kind: 'blocked', reason: 'stage-compromised' });
    await expect(app.ended(step.apply(run))).rejects.toMatchObject({ reason: 'stage-compromised' });
    expect(app.stage.mode).toBe('READ_ONLY');
  });

  test('is done to the copy of this freeze', async () => {
    const app = frozenPair({ production: { links: [] }, stage: { links: [] } });
    const step = makeStageWritable(app.context);
    expect(await step.assess(run)).toMatchObject({ kind: 'to-do' });
    await app.ended(step.apply(run));
    expect(app.stage.mode).toBe('READ_WRITE');
  });
});
