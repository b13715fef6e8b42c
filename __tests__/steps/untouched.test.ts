// Whether production was written since it was frozen: neither a write that was missed nor a false alarm.
import { describe, expect, test } from '@jest/globals';
import { freeze } from '../../src/steps/freeze.ts';
import { assertUntouched } from '../../src/steps/untouched.ts';
import { freezing, START } from '../guards/parts.ts';
import { type FrozenPair, frozenPair, linkRow, run, type Side } from './frozen-pair.ts';

const at = (ms: number) => new Date(START + ms);

async function asked(app: FrozenPair): Promise<string> {
  const [pair] = app.context.databases;
  if (!pair) throw new Error('no database');
  return app.ended(assertUntouched(app.context, pair));
}

async function frozenAfter(ms: number, production: Partial<Side>): Promise<FrozenPair> {
  const app = frozenPair({ production: { mode: 'READ_WRITE', ...production } });
  // Another database of the application was frozen when this one still took writes.
  app.context.window.open(START);
  await app.clock.advance(ms);
  const [pair] = app.context.databases;
  if (pair) await app.ended(freeze(app.context, pair, run.signal));
  await app.clock.advance(60_000);
  return app;
}

describe('in the run that froze it', () => {
  test('a write just before its own freeze is no alarm, though another database was frozen before', async () => {
    const app = await frozenAfter(8_000, { lastWrite: at(7_900) });
    expect(await asked(app)).toContain('no write since the freeze');
  });

  test('nor is one by a server whose clock is ahead', async () => {
    const app = await frozenAfter(8_000, { lastWrite: at(7_900 + 40_000), clockAheadMs: 40_000 });
    expect(await asked(app)).toContain('no write since the freeze');
  });

  test.each([0, 40_000])('a write after it is told (server clock ahead by %s ms)', async (clockAheadMs) => {
    const app = await frozenAfter(8_000, { lastWrite: at(12_000 + clockAheadMs), clockAheadMs });
    await expect(asked(app)).rejects.toMatchObject({ reason: 'production-frozen-elsewhere' });
  });
});

describe('failed over and back meanwhile, which empties what SQL Server remembers of writes', () => {
  const committed = (ms: number) => ({ links: [linkRow('contoso-sql-dr', 'primary', at(ms))] });

  test('a commit after the freeze is told', async () => {
    const app = await frozenAfter(8_000, committed(12_000));
    await expect(asked(app)).rejects.toMatchObject({
      reason: 'production-frozen-elsewhere',
      message: expect.stringContaining(at(12_000).toISOString()),
    });
  });

  test('one before it is no alarm, nor is a link that does not tell', async () => {
    expect(await asked(await frozenAfter(8_000, committed(7_900)))).toContain('no write since the freeze');
    const links = [linkRow('contoso-sql-dr', 'primary', null)];
    expect(await asked(await frozenAfter(8_000, { links }))).toContain('no write since the freeze');
  });

  test('a run that goes on later tells it as well', async () => {
    const app = frozenPair({ production: committed(75_000) });
    await app.clock.advance(600_000);
    await expect(asked(app)).rejects.toMatchObject({ reason: 'production-frozen-elsewhere' });
  });
});

describe('in a run that goes on later, which knows only when the freeze was announced', () => {
  const later = async (lastWrite: Date, clockAheadMs = 0) => {
    const app = frozenPair({ production: { lastWrite, clockAheadMs } });
    await app.clock.advance(600_000);
    return asked(app);
  };

  test('a write within the grace is no alarm', async () => {
    expect(await later(at(9_500))).toContain('no write since the freeze');
    expect(await later(at(9_500 - 30_000), -30_000)).toContain('no write since the freeze');
  });

  test("by the server's own clock, where the entry tells that: runners' clocks may be apart", async () => {
    const anHourSlow = new Date(START - 60 * 60_000).toISOString();
    const journal = { ...freezing(), at: anHourSlow, serverAt: at(0).toISOString() };
    const heard = async (lastWrite: Date) => {
      const app = frozenPair({ production: { lastWrite, journal } });
      await app.clock.advance(600_000);
      return asked(app);
    };
    expect(await heard(at(9_500))).toContain('no write since the freeze');
    await expect(heard(at(75_000))).rejects.toMatchObject({ reason: 'production-frozen-elsewhere' });
  });

  test('a write that no freeze can have let through is told', async () => {
    await expect(later(at(75_000))).rejects.toMatchObject({ reason: 'production-frozen-elsewhere' });
  });
});

test('a production that takes writes is not asked when', async () => {
  await expect(asked(frozenPair({ production: { mode: 'READ_WRITE' } }))).rejects.toMatchObject({
    reason: 'drain-failed',
  });
});
