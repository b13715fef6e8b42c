// A run that stood still while another one acted: it has lost its lock, takes it again, and must not go by what it read before.
import { describe, expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import { ensureStillAlone } from '../../src/application/still-alone.ts';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { freezeProduction } from '../../src/steps/freeze.ts';
import { makeStageWritable } from '../../src/steps/make-stage-writable.ts';
import { markStage } from '../../src/steps/mark-stage.ts';
import { switchTrafficManager } from '../../src/steps/switch-traffic-manager.ts';
import { unfreeze } from '../../src/steps/unfreeze.ts';
import { beganAlone } from './began-alone.ts';
import { type ContestedLock, contestedLock, otherRunSwitches } from './contested-lock.ts';
import { sessionsWith } from './sessions-with.ts';
import { byProfile, type Switching, type SwitchOptions } from './switching.ts';
import { entry } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };
const THEIRS = { runUrl: 'https://github.com/contoso/infrastructure/actions/runs/77' };

interface Standing {
  readonly world: Switching;
  readonly lock: ContestedLock;
  readonly context: UpgradeContext;
}

/** A run that has the lock and has looked; `otherActs` is what another one does once the lock is lost. */
async function standing(
  otherActs: (world: Switching) => void | Promise<void>,
  options: SwitchOptions = {},
): Promise<Standing> {
  const world = byProfile(options);
  const lock = contestedLock(world.context.sessions, 'nobody', () => otherActs(world));
  const known = createKnownEntries();
  // Production's lock is what the other run was after; the stage database's own is free.
  const sessions = sessionsWith((target, use) =>
    (target.host.includes('green') ? world.context : lock).sessions.on(target, use),
  );
  const context = { ...world.context, sessions, known };
  await beganAlone(context);
  return { world, lock, context };
}

/** The other run gives production back to its users. */
const rollsBack = ({ blue }: Switching) =>
  void Object.assign(blue, { readOnly: false, entry: entry('blue', 'unfrozen', THEIRS) });

async function ended({ world }: Standing, doing: Promise<unknown>): Promise<unknown> {
  const outcome = doing.then(
    () => 'done',
    ({ reason }) => reason,
  );
  await world.clock.advance(10 * 60_000);
  return outcome;
}

describe('it goes on', () => {
  test('where the lock was lost, and nobody has acted', async () => {
    const one = await standing(() => {});
    await one.lock.loseFree();
    expect(await ended(one, ensureStillAlone(one.context))).toBe('done');
  });
  test('also after what it has written itself', async () => {
    const one = await standing(() => {});
    const [pair] = one.context.databases;
    if (!pair) throw new Error('there is no database');
    await markStage(one.context, pair, 'switching');
    await one.lock.loseFree();
    expect(await ended(one, ensureStillAlone(one.context))).toBe('done');
  });
});

describe('it stops before it writes anything', () => {
  const overtaken = 'overtaken-by-another-run';

  test('with the run that has acted, and where', async () => {
    const { context, lock } = await standing(rollsBack);
    await lock.loseFree();
    await expect(ensureStillAlone(context)).rejects.toMatchObject({
      reason: overtaken,
      message: expect.stringMatching(/contoso on contoso-sql-blue says "unfrozen".*actions\/runs\/77/),
    });
  });

  test('where another run has switched users: the stage database says so', async () => {
    const one = await standing(otherRunSwitches);
    await one.lock.loseFree();
    expect(await ended(one, ensureStillAlone(one.context))).toBe(overtaken);
  });

  test('when it would move users', async () => {
    const one = await standing(rollsBack);
    await one.lock.loseFree();
    expect(await ended(one, Promise.resolve(switchTrafficManager(one.context).apply(run)))).toBe(overtaken);
    expect([one.world.sent, one.world.green.entry?.status]).toEqual([[], 'upgraded']);
  });

  test('when it stands still between announcing the switch and sending it', async () => {
    const one = await standing(rollsBack);
    const { trafficManager } = one.context.azure;
    const azure = {
      ...one.context.azure,
      trafficManager: {
        ...trafficManager,
        openProfile: async (...ref: Parameters<typeof trafficManager.openProfile>) => {
          const open = await trafficManager.openProfile(...ref);
          const write: typeof open.write = async (changes, beforeSending) => {
            await one.world.clock.sleep(60_000);
            await one.lock.loseFree();
            await beforeSending?.();
            return open.write(changes);
          };
          return { ...open, write };
        },
      },
    };
    const context = { ...one.context, azure };
    // Its book is kept by its sessions, which are the same.
    expect(await ended(one, Promise.resolve(switchTrafficManager(context).apply(run)))).toBe(overtaken);
    expect(one.world.sent).toEqual([]);
  });

  test('when it would freeze production again', async () => {
    const open = { blue: { readOnly: false, entry: entry('blue', 'freezing') } };
    const one = await standing(rollsBack, open);
    await one.lock.loseFree();
    expect(await ended(one, Promise.resolve(freezeProduction(one.context).apply(run)))).toBe(overtaken);
    expect([one.world.blue.readOnly, one.world.blue.entry?.status]).toEqual([false, 'unfrozen']);
  });

  test('when it would open the copy, which V2 was taken back from', async () => {
    const closed = { green: { readOnly: true, entry: entry('blue', 'freezing') } };
    const one = await standing(({ green }) => {
      Object.assign(green, { readOnly: true, entry: entry('green', 'returning', THEIRS) });
    }, closed);
    await one.lock.loseFree();
    expect(await ended(one, Promise.resolve(makeStageWritable(one.context).apply(run)))).toBe(overtaken);
    expect(one.world.green.readOnly).toBe(true);
  });

  test('when it would mark the stage database, by whose connection alone that is to be seen', async () => {
    const one = await standing(() => {});
    const [pair] = one.context.databases;
    if (!pair) throw new Error('there is no database');
    Object.assign(one.world.green, { entry: entry('green', 'serving', THEIRS) });
    expect(await ended(one, markStage(one.context, pair, 'upgraded'))).toBe(overtaken);
    expect(one.world.green.entry?.status).toBe('serving');
  });

  test('when it would give back what another run has frozen since', async () => {
    const one = await standing(({ blue }) => {
      Object.assign(blue, { readOnly: true, entry: entry('blue', 'freezing', THEIRS) });
    });
    await one.lock.loseFree();
    expect(await ended(one, Promise.resolve(unfreeze(one.context).apply(run)))).toBe(overtaken);
    expect(one.world.blue.readOnly).toBe(true);
  });

  test('where its lock is lost again each time that it is taken', async () => {
    const one = await standing(() => {});
    await one.lock.loseFree();
    const sessions = sessionsWith(async (target, use) => {
      const seen = await one.context.sessions.on(target, use);
      if (target.host.includes('green')) await one.lock.loseFree();
      return seen;
    });
    expect(await ended(one, ensureStillAlone({ ...one.context, sessions }))).toBe('locked-by-another-run');
  });
});
