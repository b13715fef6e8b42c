// Whatever is committed on the primary, in whatever order and however far the link lags: after a drain the
// copy has all of it; without one it has a prefix of it, never a part of a transaction.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BLUE, type Client, createFixture, DATABASE, GREEN, ORDERS } from './fixture.ts';

const step = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), session: fc.nat(2), id: fc.nat(30) }),
  fc.record({ kind: fc.constant('update' as const), session: fc.nat(2), id: fc.nat(30) }),
  fc.record({ kind: fc.constant('delete' as const), session: fc.nat(2), id: fc.nat(30) }),
  fc.record({ kind: fc.constant('begin' as const), session: fc.nat(2) }),
  fc.record({ kind: fc.constant('commit' as const), session: fc.nat(2) }),
  fc.record({ kind: fc.constant('rollback' as const), session: fc.nat(2) }),
  fc.record({ kind: fc.constant('time' as const), ms: fc.nat(3_000) }),
  fc.record({ kind: fc.constant('lag' as const), ms: fc.option(fc.nat(5_000)) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const DRAIN = `DECLARE @code int; EXEC @code = sp_wait_for_database_copy_sync N'${GREEN}', N'${DATABASE}'; SELECT @code AS code`;
const ROWS = 'SELECT Id, Customer, Amount FROM dbo.Orders ORDER BY Id';

function textOf(action: Exclude<Step, { kind: 'time' | 'lag' }>): string {
  switch (action.kind) {
    case 'insert':
      return `INSERT dbo.Orders (Id, Customer) VALUES (${action.id}, N'c')`;
    case 'update':
      return `UPDATE dbo.Orders SET Amount += 1 WHERE Id >= ${action.id}`;
    case 'delete':
      return `DELETE dbo.Orders WHERE Id = ${action.id}`;
    case 'begin':
      return 'IF @@TRANCOUNT = 0 BEGIN TRAN';
    case 'commit':
      return 'IF @@TRANCOUNT > 0 COMMIT';
    case 'rollback':
      return 'IF @@TRANCOUNT > 0 ROLLBACK';
  }
}

async function play(
  steps: readonly Step[],
  then: (facts: {
    fixture: ReturnType<typeof createFixture>;
    link: string;
    primary: Client;
    states: string[];
  }) => Promise<void>,
) {
  const fixture = createFixture();
  try {
    const primary = await fixture.login();
    await primary.run(ORDERS);
    const link = fixture.link();
    const sessions = [await fixture.login(), await fixture.login(), await fixture.login()];
    const queues = sessions.map(() => Promise.resolve());
    const states = [JSON.stringify((await primary.run(ROWS)).rows)];
    for (const action of steps) {
      if (action.kind === 'time') await fixture.clock.advance(action.ms);
      else if (action.kind === 'lag') fixture.fabric.setReplicationLag(link, action.ms);
      else {
        const at = action.session;
        // A session does one thing after the other; it may be waiting for another's transaction.
        queues[at] = (queues[at] ?? Promise.resolve()).then(async () => {
          await sessions[at]?.run(textOf(action));
        });
        await fixture.clock.advance(0);
        states.push(JSON.stringify((await primary.run(ROWS)).rows));
      }
    }
    for (const session of sessions) session.close();
    await Promise.all(queues);
    states.push(JSON.stringify((await primary.run(ROWS)).rows));
    await then({ fixture, link, primary, states });
  } finally {
    await fixture.close();
  }
}

describe('any interleaving of transactions', () => {
  test('drain, then unlink: the copy equals the primary', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), (steps) =>
        play(steps, async ({ fixture, link, primary }) => {
          fixture.fabric.setReplicationLag(link, 2_000);
          const drain = primary.value(DRAIN);
          await fixture.clock.advance(10_000);
          expect(await drain).toBe(0);
          const expected = (await primary.run(ROWS)).rows;
          fixture.fabric.removeLink(link);
          expect(fixture.fabric.inspect(GREEN, DATABASE, ROWS)).toEqual(expected);
        }),
      ),
      { numRuns: 40 },
    );
  });

  test('a planned failover loses nothing, and a forced one ends where the primary once was, on both sides', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.boolean(), (steps, forced) =>
        play(steps, async ({ fixture, link, states }) => {
          if (!forced) fixture.fabric.setReplicationLag(link, 2_000);
          const done = fixture.fabric.failover(link, { forced });
          await fixture.clock.advance(10_000);
          await done;
          const [old, next] = [BLUE, GREEN].map((server) =>
            JSON.stringify(fixture.fabric.inspect(server, DATABASE, ROWS)),
          );
          if (forced) expect(states).toContain(next);
          else expect(next).toBe(states.at(-1));
          expect(old).toBe(next);
        }),
      ),
      { numRuns: 40 },
    );
  });

  test('unlink without a drain: the copy is as the primary once was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), (steps) =>
        play(steps, async ({ fixture, link, states }) => {
          fixture.fabric.removeLink(link);
          expect(states).toContain(JSON.stringify(fixture.fabric.inspect(GREEN, DATABASE, ROWS)));
        }),
      ),
      { numRuns: 40 },
    );
  });
});
