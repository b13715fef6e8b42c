// Users of V2 were sent back to V1, which is closed. V1 is opened for nobody who has not said that what they wrote may stay
// behind: whatever does not answer for a moment, whichever phase it is.
import { describe, expect, test } from '@jest/globals';
import type { Profile } from '../../src/azure/ports.ts';
import { createRecorder } from '../../src/engine/recorder.ts';
import { actForward } from '../../src/phases/act.ts';
import { actRollback } from '../../src/phases/act-rollback.ts';
import type { PhaseOutcome } from '../../src/phases/phase-outcome.ts';
import { recordMoved, SWITCH_MARKS } from '../../src/steps/mark-stage.ts';
import { singleRegion } from '../../src/topologies/single-region.ts';
import { databaseInfo, endpoint, link, profile } from '../guards/parts.ts';
import {
  type Color,
  type Database,
  entry,
  type Options,
  type Servers,
  servers,
} from '../steps/two-servers.ts';

const SENT_BACK: Options = {
  production: 'blue',
  blue: { readOnly: true, entry: entry('blue', 'freezing') },
  green: { entry: entry('green', 'moved') },
};
const OPENED = 'blue READ_WRITE';
const AT = new Date(0).toISOString();

interface Acted {
  readonly outcome: PhaseOutcome;
  readonly story: readonly string[];
}

type By = 'rollback' | 'post' | 'switch';

/** @param prepare changes the world before the phase begins. */
async function act(by: By, options: Options, prepare: (world: Servers) => void = () => {}): Promise<Acted> {
  const world = servers(options);
  const on = (color: Color) =>
    endpoint(color, { status: color === options.production ? 'Enabled' : 'Disabled' });
  const here: Profile = profile({ endpoints: [on('blue'), on('green')] });
  const trafficManager = {
    getProfile: async () => here,
    openProfile: async () => ({ profile: here, write: async () => here }),
  };
  Object.assign(world.context.azure, { trafficManager });
  prepare(world);
  const { context } = world;
  const acting = {
    context: { ...context, config: { ...context.config, rollback: { stage: 'keep' as const } } },
    topology: singleRegion(context, null),
    recorder: createRecorder(world.clock, { started: () => {}, progress: () => {}, ended: () => {} }),
    signal: new AbortController().signal,
    onFailure: 'rollback' as const,
    next: null,
  };
  const acted =
    by === 'switch'
      ? actForward(acting, 'switch')
      : actRollback(acting, by === 'post' ? 'leave' : 'return-to-v1');
  await world.clock.advance(30 * 60_000);
  return { outcome: await acted, story: world.story };
}

const silentFor = (database: Database, ms: number, { clock }: Servers) => {
  database.unreachable = true;
  void clock.sleep(ms).then(() => {
    database.unreachable = false;
  });
};

const HELD = { kind: 'stopped', result: 'held', error: { reason: 'switch-outcome-unknown' } };

describe('V1 stays closed', () => {
  test.each(['rollback', 'post'] as const)('by %s, which says how it is opened', async (by) => {
    const { outcome, story } = await act(by, SENT_BACK);
    expect(outcome).toMatchObject(HELD);
    expect(story).not.toContain(OPENED);
    const { advice } = (outcome as Extract<PhaseOutcome, { kind: 'stopped' }>).error;
    expect(advice.join()).toContain('confirm: "lose-writes green"');
  });

  test.each([
    'rollback',
    'post',
    'switch',
  ] as const)('by %s, where V2 does not answer for a moment', async (by) => {
    const { outcome, story } = await act(by, SENT_BACK, (world) => silentFor(world.green, 2_000, world));
    expect(outcome).toMatchObject(HELD);
    expect(story).not.toContain(OPENED);
  });

  test.each([
    'rollback',
    'post',
    'switch',
  ] as const)('by %s, the same in two regions, where V2 has a geo-secondary', async (by) => {
    const links = [link({ partnerServer: 'contoso-sql-dr' })];
    const green = { entry: entry('green', 'moved'), links };
    const { outcome, story } = await act(by, { ...SENT_BACK, green }, (world) =>
      silentFor(world.green, 2_000, world),
    );
    expect(outcome).toMatchObject(HELD);
    expect(story).not.toContain(OPENED);
  });

  test.each(['rollback', 'post'] as const)('by %s, where V1 does not answer for a moment', async (by) => {
    const { outcome, story } = await act(by, SENT_BACK, (world) => silentFor(world.blue, 2_000, world));
    expect(outcome).toMatchObject(HELD);
    expect(story).not.toContain(OPENED);
  });

  test('where production was failed over since: its entry names the server that it was written on', async () => {
    const blue = { readOnly: true, entry: entry('blue', 'freezing', { server: 'contoso-sql-lost' }) };
    const { outcome, story } = await act('rollback', { ...SENT_BACK, blue });
    expect(outcome).toMatchObject(HELD);
    expect(story).not.toContain(OPENED);
  });

  test('where another database of production is gone, and that is told', async () => {
    const { outcome, story } = await act('rollback', SENT_BACK, ({ context }) => {
      const { sql } = context.azure;
      const absent = { server: 'contoso-sql-blue', database: 'billing' };
      const getDatabase: typeof sql.getDatabase = async (ref) =>
        ref.database === absent.database && ref.server === absent.server ? null : databaseInfo();
      Object.assign(sql, { getDatabase });
      const [one] = context.databases;
      if (!one) throw new Error('the world has a database');
      const billing = {
        name: 'billing',
        production: { ...one.production, database: 'billing' },
        stage: { ...one.stage, database: 'billing' },
      };
      Object.assign(context, { databases: [one, billing] });
    });
    expect(outcome).toMatchObject(HELD);
    expect(outcome).toMatchObject({ error: { cause: { reason: 'resource-not-found' } } });
    expect(story).not.toContain(OPENED);
  });
});

/** Users are on V2 again, whose database the return has closed: green is production. */
const SENT_TO_V2: Options = {
  production: 'green',
  green: { readOnly: true, entry: entry('green', 'returning', { was: { status: 'serving', at: AT } }) },
  blue: { entry: entry('blue', 'returned', { was: { status: 'freezing', at: AT } }) },
};

describe('after a return to V1 that somebody has taken back', () => {
  test.each(['rollback', 'post', 'switch'] as const)('V2 stays closed by %s', async (by) => {
    const { outcome, story } = await act(by, SENT_TO_V2);
    expect(outcome).toMatchObject(HELD);
    expect(story).not.toContain('green READ_WRITE');
    const { advice } = (outcome as Extract<PhaseOutcome, { kind: 'stopped' }>).error;
    expect(advice.join()).toContain('confirm: "lose-writes blue"');
  });

  test('nor by a switch where somebody has closed V1 as well', async () => {
    const blue = { readOnly: true, entry: entry('blue', 'returned') };
    const { outcome, story } = await act('switch', { ...SENT_TO_V2, blue });
    expect(outcome).toMatchObject(HELD);
    expect(story).toEqual([]);
  });

  test('V2 is given back, and V1 closed, where somebody says that its writes may stay behind', async () => {
    const { story } = await act('rollback', { ...SENT_TO_V2, context: { confirm: 'lose-writes blue' } });
    expect(story.filter((what) => !what.includes('journal'))).toEqual(['green READ_WRITE', 'blue READ_ONLY']);
    expect(story).toContain('blue journal freezing');
    expect(story).toContain('green journal serving');
  });
});

describe('that users were moved is recorded by whoever finds it', () => {
  const ON_V2 = { production: 'green', blue: { readOnly: true, entry: entry('blue', 'freezing') } } as const;

  test('the post step of a run that was killed before', async () => {
    const { story } = await act('post', { ...ON_V2, green: { entry: entry('green', 'switching') } });
    expect(story).toEqual(['green journal moved']);
  });

  test('a rollback that is refused', async () => {
    const { outcome, story } = await act('rollback', {
      ...ON_V2,
      green: { entry: entry('green', 'switching') },
    });
    expect(outcome).toMatchObject({ error: { reason: 'point-of-no-return-passed' } });
    expect(story).toEqual(['green journal moved']);
  });

  test('and that says what it found in place of the confirmation', async () => {
    const green = { entry: entry('green', 'serving') };
    const refusal = async (confirm: string) => {
      const { outcome } = await act('rollback', { ...ON_V2, green, context: { confirm } });
      return (outcome as Extract<PhaseOutcome, { kind: 'stopped' }>).error.message;
    };
    expect(await refusal('lose-writes blue')).toContain('was not confirmed: found "lose-writes blue"');
    expect(await refusal('')).not.toContain('found');
  });

  test('not over what was recorded later', async () => {
    const { story } = await act('post', { ...ON_V2, green: { entry: entry('green', 'serving') } });
    expect(story).toEqual([]);
  });

  test('an upgrade that was not complete stays so, whoever has moved users to it', async () => {
    const world = servers({ ...ON_V2, production: 'blue', green: { entry: entry('green', 'scripted') } });
    await recordMoved(world.context, SWITCH_MARKS);
    expect(world.story).toEqual([]);
  });

  test('a return to V1 that was killed before', async () => {
    const was = { status: 'freezing', at: AT } as const;
    const { story } = await act('post', {
      production: 'blue',
      blue: { entry: entry('blue', 'giving-back', { was }) },
      green: { readOnly: true, entry: entry('green', 'returning') },
    });
    expect(story).toContain('blue journal returned');
  });
});

describe('V1 is given back', () => {
  test('where V2 does not answer at all, and that is told', async () => {
    const green = { entry: entry('green', 'moved'), unreachable: true };
    const { outcome, story } = await act('rollback', { ...SENT_BACK, green });
    expect(story).toContain(OPENED);
    expect(outcome).toMatchObject({ note: expect.stringContaining('could not tell whether users had been') });
  });

  test('nothing is asked about where that was done before, and the profile is left alone', async () => {
    const blue = { entry: entry('blue', 'unfrozen') };
    let written = 0;
    const { outcome } = await act('rollback', { ...SENT_BACK, blue }, ({ context }) => {
      const { trafficManager } = context.azure;
      const openProfile = async () => {
        written++;
        throw new Error('no');
      };
      Object.assign(context.azure, { trafficManager: { ...trafficManager, openProfile } });
    });
    expect(outcome).toMatchObject({ error: { reason: 'confirmation-missing' } });
    expect(written).toBe(0);
  });

  test('where somebody says that those writes may stay behind', async () => {
    const { story } = await act('rollback', { ...SENT_BACK, context: { confirm: 'Lose-Writes green' } });
    expect(story).toContain(OPENED);
  });

  test('where it takes writes already nothing is held', async () => {
    const blue = { readOnly: false, entry: entry('blue', 'freezing') };
    const { outcome } = await act('rollback', { ...SENT_BACK, blue });
    expect(outcome).not.toMatchObject({ error: { reason: 'switch-outcome-unknown' } });
  });

  test("in the next upgrade, whose copy still says what V2's database said", async () => {
    const { story } = await act('rollback', {
      production: 'green',
      green: { readOnly: true, entry: entry('green', 'freezing', { upgradeId: 'u2' }) },
      blue: { readOnly: true, entry: entry('green', 'serving') },
    });
    expect(story).toContain('green READ_WRITE');
  });
});
