// A swap that Azure makes wait is announced anew; the machine stands still between that announcement and the look at production.
import { expect, test } from '@jest/globals';
import { createKnownEntries, goBy } from '../../src/application/known-entries.ts';
import { observeDatabases } from '../../src/application/observe.ts';
import { readSlotRoles } from '../../src/application/production-slot.ts';
import { ensureRunLock, lockTakings, noteLookedAt } from '../../src/application/run-lock.ts';
import type { SqlConnection, SqlConnector } from '../../src/azure/ports.ts';
import { createSessions } from '../../src/azure/tsql/sessions.ts';
import { switchSlots } from '../../src/steps/switch-slots.ts';
import { eachLook } from './each-look.ts';
import { bySwap } from './switching.ts';
import { entry } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };
const THEIRS = { runUrl: 'https://github.com/contoso/infrastructure/actions/runs/77', writer: 'B' };

test('a swap is not sent where another run has swapped while this one stood still between announcing it anew and sending it', async () => {
  let written = 0;
  const world = bySwap();
  let opened = 0;
  const open = new Set<number>();
  const holders = new Map<string, number>();
  const { appService } = world.context.azure;
  const theirSwap = () =>
    appService.swapWithProduction(
      world.context.production.site,
      'staging',
      () => {},
      run.signal,
      async () => {},
    );
  const connector: Pick<SqlConnector, 'connect'> = {
    connect: async (target) => {
      const id = ++opened;
      open.add(id);
      const base = await new Promise<SqlConnection>((resolve) => {
        void world.context.sessions.on(target, async (connection) => resolve(connection));
      });
      return {
        ...base,
        get isOpen() {
          return open.has(id);
        },
        close: async () => {},
        query: async (text, ...rest) => {
          const rows = await eachLook(text, (statement) => {
            if (statement.includes('APPLOCK_MODE'))
              return [{ mode: holders.get(target.host) === id ? 'Exclusive' : 'NoLock' }];
            if (!statement.includes('sp_getapplock')) return base.query(statement, ...rest);
            holders.set(target.host, id);
            return [{ code: 0 }];
          });
          if (text.includes('sp_addextendedproperty') && target.host.includes('green') && ++written === 2) {
            // Announced anew. It stands still: its connections end; another run swaps, sees V2 serve, and ends.
            open.clear();
            holders.clear();
            await theirSwap();
            world.green.entry = entry('green', 'serving', THEIRS);
          }
          return rows;
        },
      };
    },
  };
  const known = createKnownEntries();
  const sessions = createSessions(connector as SqlConnector, world.clock);
  const swapWithProduction: typeof appService.swapWithProduction = async (...args) => {
    await world.clock.sleep(60_000); // 429, Retry-After: 60
    return appService.swapWithProduction(...args);
  };
  const azure = { ...world.context.azure, appService: { ...appService, swapWithProduction } };
  const context = { ...world.context, runUrl: 'A', newUpgradeId: 'A', sessions, known, azure };
  await ensureRunLock(context, 'production');
  goBy(known, (await observeDatabases(context)).databases);
  noteLookedAt(context, lockTakings(context));
  const outcome = Promise.resolve(switchSlots(context).apply(run)).then(
    () => 'done',
    ({ reason, message }) => reason ?? message,
  );
  await world.clock.advance(30 * 60_000);
  const ended = await outcome;
  const roles = await readSlotRoles(context.config, context.azure);
  expect([ended, world.sent, roles.production.name]).toEqual(['overtaken-by-another-run', ['move'], 'green']);
});
