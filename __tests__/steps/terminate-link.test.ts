// (4) Planned termination: a cancelled run is not kept by an Azure that does not answer.
import { describe, expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import { ensureRunLock, lockTakings, noteLookedAt } from '../../src/application/run-lock.ts';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { AzureError } from '../../src/azure/errors.ts';
import type { SqlManagement } from '../../src/azure/ports.ts';
import { UpgradeError } from '../../src/reasons.ts';
import type { ReadAhead } from '../../src/steps/read-ahead.ts';
import { terminateLink } from '../../src/steps/terminate-link.ts';
import { freezing, link } from '../guards/parts.ts';
import { frozenPair, run } from './frozen-pair.ts';

const hangs = () => new Promise<never>(() => {});

describe('a run that is cancelled', () => {
  test.each<[string, Partial<SqlManagement>]>([
    ['the links are asked for', { listLinks: hangs }],
    ['the link is being removed', { listLinks: async () => [link()], removeLink: hangs }],
  ])('is left at once while %s, and says that it was cancelled', async (_while, sql) => {
    const app = frozenPair({ context: { azure: { sql } as unknown as UpgradeContext['azure'] } });
    const cancelled = new UpgradeError('cancelled', 'SIGINT');
    const controller = new AbortController();
    const ended = expect(
      terminateLink(app.context).apply({ ...run, signal: controller.signal }),
    ).rejects.toBe(cancelled);
    await app.clock.advance(1_000);
    controller.abort(cancelled);
    await ended; // time stands still
  });
});

test('a link that Azure does not find any more is read back, and not a failure', async () => {
  let links = [link()];
  const app = frozenPair({
    context: {
      azure: {
        sql: {
          listLinks: async () => links,
          removeLink: async () => {
            // Removed by an attempt before, whose answer was lost.
            links = [];
            app.production.links = [];
            app.stage.links = [];
            throw new AzureError('not found', {
              code: 'ResourceNotFound',
              status: 404,
              correlationId: null,
              outcomeUnknown: false,
            });
          },
        },
      } as unknown as UpgradeContext['azure'],
    },
  });
  const evidence = await app.ended(terminateLink(app.context).apply(run));
  expect(evidence.join()).toContain('has the link any more');
});

/** Made ready by this run: the link's id is known. Whether that link is still the one, and what Azure answers where it is not. */
function knownLink(it: 'exists' | 'is not found' | 'is gone, with success') {
  const current = link({ id: 'link-now' });
  const calls: string[] = [];
  const gone = () => {
    app.production.links = [];
    app.stage.links = [];
  };
  const sql: Partial<SqlManagement> = {
    listLinks: async () => {
      calls.push('asked');
      return app.production.links.length > 0 ? [current] : [];
    },
    removeLink: async (_primary, id) => {
      calls.push(`removed ${id}`);
      if (it === 'exists' || id === current.id) return gone();
      if (it === 'is gone, with success') return;
      throw new AzureError('not found', {
        code: 'ResourceNotFound',
        status: 404,
        correlationId: null,
        outcomeUnknown: false,
      });
    },
  };
  const app = frozenPair({ context: { azure: { sql } as unknown as UpgradeContext['azure'] } });
  const [pair] = app.context.databases;
  const observed = { databases: [{ name: pair?.name, link: link({ id: 'link-before' }) }] };
  const ahead = { observed } as unknown as ReadAhead;
  return { app, calls, step: terminateLink(app.context, ahead) };
}

test('users do not wait for a question whose answer was read before the freeze', async () => {
  const { app, calls, step } = knownLink('exists');
  await app.ended(step.apply(run));
  expect(calls).toEqual(['removed link-before']);
});

test.each([
  'is not found',
  'is gone, with success',
] as const)('a link that was made anew since is looked for, where the former %s', async (it) => {
  const { app, calls, step } = knownLink(it);
  await app.ended(step.apply(run));
  expect(calls).toEqual(['removed link-before', 'asked', 'removed link-now']);
});

test('a right that is missing is told as that, and asked for once', async () => {
  let asked = 0;
  const sql: Partial<SqlManagement> = {
    listLinks: async () => [link()],
    removeLink: async () => {
      asked++;
      throw new AzureError(
        "does not have authorization to perform action 'Microsoft.Sql/servers/databases/replicationLinks/delete' over scope '/subscriptions/s'",
        { code: 'AuthorizationFailed', status: 403, correlationId: null, outcomeUnknown: false },
      );
    },
  };
  const app = frozenPair({ context: { azure: { sql } as unknown as UpgradeContext['azure'] } });
  await expect(app.ended(terminateLink(app.context).apply(run))).rejects.toMatchObject({
    reason: 'azure-permission-missing',
    message: expect.stringContaining('replicationLinks/delete'),
  });
  expect(asked).toBe(1);
});

test('while another run holds the lock no link is removed', async () => {
  let removed = 0;
  const removeLink = async () => void removed++;
  const azure = {
    sql: { listLinks: async () => [link()], removeLink },
  } as unknown as UpgradeContext['azure'];
  const app = frozenPair({ production: { lock: 'taken' }, context: { azure } });
  await expect(app.ended(Promise.resolve(terminateLink(app.context).apply(run)))).rejects.toMatchObject({
    reason: 'locked-by-another-run',
  });
  expect(removed).toBe(0);
});

test('a link whose removal was lost is not removed again where another run has acted meanwhile', async () => {
  const known = createKnownEntries();
  known.note({ server: 'contoso-sql-blue', database: 'contoso' }, freezing());
  let sent = 0;
  const sql: Partial<SqlManagement> = {
    listLinks: async () => [link()],
    removeLink: async (_ref, _id, beforeSending) => {
      await beforeSending();
      sent++;
      // The machine stands still: its lock is free, and the other run gives production back, for an upgrade of its own.
      app.production.lock = 'free';
      app.production.journal = { ...freezing(), at: '2026-01-01T00:30:00.000Z', writer: 'the other' };
      throw new AzureError('no answer within 65 s', {
        status: null,
        code: null,
        correlationId: null,
        outcomeUnknown: true,
      });
    },
  };
  const app = frozenPair({
    production: { lock: 'free' },
    context: { known, azure: { sql } as unknown as UpgradeContext['azure'] },
  });
  await ensureRunLock(app.context, 'production');
  noteLookedAt(app.context, lockTakings(app.context));
  await expect(app.ended(terminateLink(app.context).apply(run))).rejects.toMatchObject({
    reason: 'overtaken-by-another-run',
  });
  expect(sent).toBe(1);
});

test('a removal that Azure makes wait is not sent by a run that was cancelled meanwhile: production is given back by then', async () => {
  let removed = 0;
  const removeLink: SqlManagement['removeLink'] = async (_primary, _id, beforeSending) => {
    await beforeSending(); // 429
    await app.clock.sleep(60_000);
    await beforeSending();
    removed++;
  };
  const azure = {
    sql: { listLinks: async () => [link()], removeLink },
  } as unknown as UpgradeContext['azure'];
  const app = frozenPair({ production: { lock: 'free' }, context: { azure, known: createKnownEntries() } });
  const controller = new AbortController();
  const ended = Promise.resolve(
    terminateLink(app.context).apply({ ...run, signal: controller.signal }),
  ).catch(({ reason }) => reason);
  await app.clock.advance(5_000);
  controller.abort(new UpgradeError('cancelled', 'SIGINT'));
  expect(await ended).toBe('cancelled');
  await app.clock.advance(120_000);
  expect(removed).toBe(0);
});

test('a removal that is not sent once more because another run has the lock by then is told as that', async () => {
  const removeLink: SqlManagement['removeLink'] = async (_primary, _id, beforeSending) => {
    await beforeSending(); // 429
    app.production.lock = 'taken';
    await beforeSending();
  };
  const azure = {
    sql: { listLinks: async () => [link()], removeLink },
  } as unknown as UpgradeContext['azure'];
  const app = frozenPair({ production: { lock: 'free' }, context: { azure, known: createKnownEntries() } });
  await expect(app.ended(Promise.resolve(terminateLink(app.context).apply(run)))).rejects.toMatchObject({
    reason: 'locked-by-another-run',
  });
});
