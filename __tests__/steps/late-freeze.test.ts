// A freeze takes effect, or does not, whatever became of its answer; nobody believes that production is writable
// while one may be under way.
import { describe, expect, test } from '@jest/globals';
import { UpgradeError } from '../../src/reasons.ts';
import { freeze } from '../../src/steps/freeze.ts';
import { unfreeze } from '../../src/steps/unfreeze.ts';
import { START } from '../guards/parts.ts';
import { type FrozenPair, frozenPair, run, type Side, sqlError } from './frozen-pair.ts';

/** The grace of 10 s, and what ALTER DATABASE may take beyond it. */
const FREEZE_LASTS_MS = 70_000;

const lostFreeze: Side['before'] = (text) => {
  if (text.includes('SET READ_ONLY')) throw sqlError('lost');
};

function begin(app: FrozenPair): Promise<string> {
  const [pair] = app.context.databases;
  if (!pair) throw new Error('no database');
  return app.ended(freeze(app.context, pair, run.signal));
}

describe('a freeze whose connection breaks', () => {
  test('and that takes effect seconds later is a freeze', async () => {
    const app = frozenPair({ production: { mode: 'READ_WRITE', before: lostFreeze } });
    app.clock.sleep(9_000).then(() => {
      app.production.mode = 'READ_ONLY';
    });
    expect(await begin(app)).toContain('is READ_ONLY');
    expect(app.context.window.report()?.to).toBeNull();
    expect(app.warnings).toEqual([expect.stringContaining('SQL Server may still carry it out')]);
  });

  test('is not given up before it can no longer come', async () => {
    const app = frozenPair({ production: { mode: 'READ_WRITE', before: lostFreeze } });
    await expect(begin(app)).rejects.toMatchObject({ reason: 'freeze-failed' });
    expect(app.clock.now() - START).toBeGreaterThanOrEqual(FREEZE_LASTS_MS);
    expect(app.production.journal?.status).toBe('unfrozen');
  });

  test('and that was seen running is known to have failed as soon as it is gone, and is sent again', async () => {
    let freezes = 0;
    const app = frozenPair({
      production: {
        mode: 'READ_WRITE',
        altering: true,
        before: (text, connection) => {
          if (text.includes('SET READ_ONLY') && ++freezes > 1) app.production.mode = 'READ_ONLY';
          else lostFreeze(text, connection);
        },
      },
    });
    app.clock.sleep(5_000).then(() => {
      app.production.altering = false;
    });
    expect(await begin(app)).toContain('is READ_ONLY');
    expect(freezes).toBe(2);
    expect(app.clock.now() - START).toBeLessThan(FREEZE_LASTS_MS);
  });

  test('or that is refused for now is tried again, announced anew; for ever it is told', async () => {
    let freezes = 0;
    const refused = (until: number) =>
      frozenPair({
        production: {
          mode: 'READ_WRITE',
          before: (text) => {
            if (text.includes('SET READ_ONLY') && ++freezes < until) throw sqlError('server', 5061);
          },
        },
      });
    const app = refused(3);
    const announced = app.production.journal?.at;
    expect(await begin(app)).toContain('is READ_ONLY');
    expect(freezes).toBe(3);
    expect(app.production.journal?.at).not.toBe(announced);
    await expect(begin(refused(Number.POSITIVE_INFINITY))).rejects.toMatchObject({ reason: 'freeze-failed' });
  });

  test('and that ends the session which looks, too, is looked at again', async () => {
    let looks = 0;
    const app = frozenPair({
      production: {
        mode: 'READ_WRITE',
        before: (text, connection) => {
          lostFreeze(text, connection);
          if (text.includes('dm_exec_requests') && ++looks < 3) throw sqlError('lost', 596);
        },
      },
    });
    app.clock.sleep(4_000).then(() => {
      app.production.mode = 'READ_ONLY';
    });
    expect(await begin(app)).toContain('is READ_ONLY');
  });

  test('where looking is not allowed it is waited for all the same', async () => {
    const app = frozenPair({
      production: {
        mode: 'READ_WRITE',
        before: (text, connection) => {
          lostFreeze(text, connection);
          if (text.includes('dm_exec_requests')) throw sqlError('server', 262);
        },
      },
    });
    app.clock.sleep(30_000).then(() => {
      app.production.mode = 'READ_ONLY';
    });
    expect(await begin(app)).toContain('is READ_ONLY');
  });
});

test('a freeze that is refused is over at once, and the journal says that production is writable', async () => {
  const app = frozenPair({
    production: {
      mode: 'READ_WRITE',
      before: (text) => {
        if (text.includes('SET READ_ONLY')) throw sqlError('server', 1468);
      },
    },
  });
  await expect(begin(app)).rejects.toMatchObject({ reason: 'freeze-not-possible' });
  expect(app.clock.now() - START).toBeLessThan(5_000);
  expect(app.production.journal?.status).toBe('unfrozen');
});

describe('unfreezing', () => {
  const back = (app: FrozenPair) => app.ended(unfreeze(app.context).apply(run));

  test('waits for a freeze that was announced and takes effect late, and takes it back', async () => {
    const app = frozenPair({ production: { mode: 'READ_WRITE' } });
    app.clock.sleep(8_000).then(() => {
      app.production.mode = 'READ_ONLY';
    });
    expect((await back(app)).kind).toBe('undone');
    expect([app.production.mode, app.production.journal?.status]).toEqual(['READ_WRITE', 'unfrozen']);
  });

  test('waits until it cannot come any more, and then says so', async () => {
    const app = frozenPair({ production: { mode: 'READ_WRITE' } });
    expect((await back(app)).kind).toBe('nothing-to-undo');
    expect(app.clock.now() - START).toBeGreaterThanOrEqual(FREEZE_LASTS_MS);
    expect(app.production.journal?.status).toBe('unfrozen');
  });

  test('does not wait for one that was announced long ago', async () => {
    const app = frozenPair({ production: { mode: 'READ_WRITE' } });
    await app.clock.advance(FREEZE_LASTS_MS);
    const before = app.clock.now();
    expect((await back(app)).kind).toBe('nothing-to-undo');
    expect(app.clock.now() - before).toBeLessThan(5_000);
    expect(app.production.journal?.status).toBe('unfrozen');
  });

  test('does not wait where nothing was announced', async () => {
    const app = frozenPair({ production: { mode: 'READ_WRITE', journal: null } });
    expect((await back(app)).kind).toBe('nothing-to-undo');
    expect(app.clock.now() - START).toBeLessThan(5_000);
    expect(app.production.journal).toBeNull();
  });

  test('does not call production writable while a freeze is still seen running', async () => {
    const app = frozenPair({ production: { mode: 'READ_WRITE', altering: true } });
    await expect(back(app)).rejects.toMatchObject({
      reason: 'unfreeze-failed',
      advice: [expect.stringContaining('SET READ_WRITE')],
    });
  });

  test('goes on while a dead session of its own holds the lock', async () => {
    const app = frozenPair({ production: { lock: 'taken' } });
    app.clock.sleep(20_000).then(() => {
      app.production.lock = 'free';
    });
    expect((await back(app)).kind).toBe('undone');
    expect(app.production.mode).toBe('READ_WRITE');
  });

  test('goes on while statements and connections fail', async () => {
    let failures = 5;
    const app = frozenPair({
      production: {
        before: (text) => {
          if (text.includes('SET READ_WRITE') && failures-- > 0)
            throw failures % 2 === 0
              ? sqlError('lost')
              : new UpgradeError('credentials-refused', 'AADSTS50001');
        },
      },
    });
    expect((await back(app)).kind).toBe('undone');
    expect(app.production.mode).toBe('READ_WRITE');
  });

  test('leaves alone what somebody else has frozen, without trying again', async () => {
    const app = frozenPair({ production: { journal: null } });
    await expect(back(app)).rejects.toMatchObject({ reason: 'production-frozen-elsewhere' });
    expect(app.clock.now() - START).toBeLessThan(5_000);
    expect(app.production.mode).toBe('READ_ONLY');
  });

  test('that never succeeds ends with the command for a person', async () => {
    const before: Side['before'] = (text) => {
      if (text.includes('SET READ_WRITE')) throw sqlError('server', 5061);
    };
    const app = frozenPair({ production: { before } });
    await expect(back(app)).rejects.toMatchObject({
      reason: 'unfreeze-failed',
      advice: [expect.stringContaining('ALTER DATABASE [contoso] SET READ_WRITE')],
    });
  });
});
