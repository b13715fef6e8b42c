// Slots that are swapped in two regions: the backup region first, and back again where users stay where they are. What
// became of a swap is read from Azure, whatever it answered.

import { describe, expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import { ensureRunLock, lockTakings, noteLookedAt } from '../../src/application/run-lock.ts';
import type { BeforeSending, SiteRef } from '../../src/azure/ports.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { finishSwitch } from '../../src/steps/finish-switch.ts';
import { swapStandby } from '../../src/steps/swap-standby.ts';
import { verifyStandby } from '../../src/steps/verify-standby.ts';
import { UNASKED } from '../azure/unasked.ts';
import { site } from '../guards/parts.ts';
import {
  type BeforeTheSwitch,
  BLUE,
  beforeTheSwitch,
  entry,
  GREEN,
  type Name,
  type Options,
  run,
} from './before-the-switch.ts';
import { contestedLock } from './contested-lock.ts';
import { forbidden, lost, refused } from './switching.ts';

/** What becomes of a swap: it takes effect after so many seconds (null: never), and this is answered at once. */
interface Swap {
  readonly after: number | null;
  readonly answer: 'success' | 'lost' | 'refused' | 'forbidden';
  /** Azure does not show that it is at it. */
  readonly unseen?: boolean;
}

interface Swapping extends BeforeTheSwitch {
  /** Which server the production site of each web app is connected to. */
  readonly connected: Record<string, Name>;
  readonly swaps: string[];
  seconds(): number;
}

interface SwapOptions extends Options {
  readonly connected?: Partial<Record<'contoso' | 'contoso-dr', Name>>;
  readonly swap?: Swap;
}

const onePair = (web: string, backup: string) => ({
  ...BLUE,
  webApp: web,
  backup: { ...(BLUE.backup ?? BLUE), webApp: backup },
});
const CONFIG: Options['config'] = {
  switchMethod: 'slot-swap',
  trafficManager: null,
  deploymentSlot: 'staging',
  slots: [
    onePair('contoso', 'contoso-dr'),
    { ...GREEN, webApp: 'contoso', backup: { ...(GREEN.backup ?? GREEN), webApp: 'contoso-dr' } },
  ],
};
const OTHER: Readonly<Record<Name, Name>> = { '1': '2', '2': '1', dr: '3', '3': 'dr' };

/** Users on blue in both regions, where a test says nothing else. */
function bySwap(options: SwapOptions = {}): Swapping {
  const { swap = { after: 0, answer: 'success' }, connected: changes, ...rest } = options;
  const connected: Record<string, Name> = { contoso: '1', 'contoso-dr': 'dr', ...changes };
  const swaps: string[] = [];
  let busyUntil = 0;
  const appService = {
    getSite: async ({ site: name, deploymentSlot }: SiteRef) =>
      site('x', {
        name,
        defaultHostName: `${name}${deploymentSlot ? `-${deploymentSlot}` : ''}.azurewebsites.net`,
        operationInProgress: name === 'contoso-dr' && world.clock.now() < busyUntil,
      }),
    listConnectionStrings: async ({ site: name }: SiteRef) => ({
      own: { value: `Server=tcp:contoso-sql-${connected[name]}.database.windows.net`, type: 'SQLAzure' },
    }),
    listAppSettings: async () => ({}),
    swapWithProduction: async (
      ref: SiteRef,
      deploymentSlot: string,
      _progress: unknown,
      _signal: unknown,
      beforeSending: BeforeSending,
    ) => {
      await beforeSending();
      swaps.push(`${ref.site} ${ref.deploymentSlot} with ${deploymentSlot}`);
      const take = () => {
        connected[ref.site] = OTHER[connected[ref.site] ?? 'dr'];
      };
      if (swap.after === 0) take();
      if (swap.after) {
        if (!swap.unseen) busyUntil = world.clock.now() + swap.after * 1000;
        void world.clock.sleep(swap.after * 1000).then(take);
      }
      if (swap.answer === 'lost') throw lost();
      if (swap.answer === 'refused') throw refused();
      if (swap.answer === 'forbidden') throw forbidden();
    },
  };
  const world = beforeTheSwitch({
    ...rest,
    config: { ...CONFIG, ...rest.config },
    azure: { ...rest.azure, appService: { ...appService, ...rest.azure?.appService } },
  });
  const began = world.clock.now();
  return { ...world, connected, swaps, seconds: () => (world.clock.now() - began) / 1000 };
}

const swap = (world: Swapping) => world.ended(swapStandby(world.context).apply(run));

async function undo(world: Swapping) {
  const back = swapStandby(world.context).undo;
  if (!back) throw new Error('a swap has an undo');
  return world.ended(back.apply(run));
}

describe('the backup region', () => {
  test('is swapped before users are moved, at the web app that is there', async () => {
    const world = bySwap();
    expect(await swapStandby(world.context).assess(run)).toMatchObject({ kind: 'to-do' });
    expect(await swap(world)).toEqual(['contoso-dr is connected to contoso-sql-3']);
    expect(world.swaps).toEqual(['contoso-dr null with staging']);
    expect(world.connected).toEqual({ contoso: '1', 'contoso-dr': '3' });
    expect(await swapStandby(world.context).assess(run)).toMatchObject({ kind: 'done' });
  });

  test('is not a pivot: nobody is moved by it', () => {
    expect(swapStandby(bySwap().context).pivot).toBe(false);
  });

  test.each<[string, Swap]>([
    ['Azure goes on with it after the answer got lost', { after: 60, answer: 'lost' }],
    ['somebody else’s swap is under way, which leads there', { after: 30, answer: 'refused' }],
  ])('counts as swapped once it is seen: %s', async (_what, own) => {
    const world = bySwap({ swap: own });
    await swap(world);
    expect(world.connected['contoso-dr']).toBe('3');
    expect(world.swaps).toHaveLength(1);
  });

  test.each<[string, number, Swap]>([
    ['refused, and refused once more', 2, { after: null, answer: 'refused' }],
    ['lost for good', 1, { after: null, answer: 'lost' }],
  ])('that is not swapped (%s) ends the switch, and it is said that users stay', async (_what, sent, own) => {
    const world = bySwap({ swap: own });
    await expect(swap(world)).rejects.toMatchObject({
      // Not 'switch-outcome-unknown', which would keep production read-only.
      reason: 'switch-failed',
      message: expect.stringContaining('still on blue'),
    });
    // Users are read-only until production is given back; what may come late is the way back's to wait for.
    expect(world.seconds()).toBeLessThan(3);
    expect(world.swaps).toHaveLength(sent);
  });

  test('that may not be swapped by this identity is told as that', async () => {
    const world = bySwap({ swap: { after: null, answer: 'forbidden' } });
    await expect(swap(world)).rejects.toMatchObject({
      reason: 'azure-permission-missing',
      message: expect.stringContaining('still on blue'),
    });
  });

  test('is not swapped twice by a run that comes while an earlier one is at it', async () => {
    const world = bySwap({ swap: { after: 40, answer: 'success' } });
    void world.context.azure.appService.swapWithProduction(
      { resourceGroup: 'g', site: 'contoso-dr', deploymentSlot: null },
      'staging',
      () => {},
      run.signal,
      UNASKED,
    );
    await swap(world);
    expect(world.swaps).toHaveLength(1);
    expect(world.connected['contoso-dr']).toBe('3');
  });

  test('is not waited for by a run that is cancelled', async () => {
    const world = bySwap({ swap: { after: 600, answer: 'lost' } });
    const cancelled = new UpgradeError('cancelled', 'SIGINT');
    const controller = new AbortController();
    const ended = expect(
      swapStandby(world.context).apply({ ...run, signal: controller.signal }),
    ).rejects.toBe(cancelled);
    await world.clock.advance(5_000);
    controller.abort(cancelled);
    await ended; // time stands still
  });
});

test('a switch that goes on asks V2 where it is by then: in production', async () => {
  const asked: string[] = [];
  const web = {
    get: async (url: string) => {
      asked.push(new URL(url).host);
      const body = JSON.stringify({ version: '2.0.0' });
      return { kind: 'answered', status: 200, headers: {}, body, chain: [] };
    },
  };
  for (const there of ['dr', '3'] as const) {
    const world = bySwap({ connected: { 'contoso-dr': there }, azure: { web } });
    await world.ended(verifyStandby(world.context).apply(run));
  }
  expect([...new Set(asked)]).toEqual([
    'contoso-dr-staging.azurewebsites.net',
    'contoso-dr.azurewebsites.net',
  ]);
});

describe('the way back', () => {
  const apart = { connected: { 'contoso-dr': '3' } } as const;

  test('swaps the backup region back where users are on V1', async () => {
    const world = bySwap(apart);
    expect(await undo(world)).toMatchObject({ kind: 'undone' });
    expect(world.connected).toEqual({ contoso: '1', 'contoso-dr': 'dr' });
    expect(swapStandby(world.context).undo?.order).toBe('tidy'); // after production is writable again
  });

  test('leaves it where users are on V2', async () => {
    const world = bySwap({ connected: { contoso: '2', 'contoso-dr': '3' } });
    expect(await undo(world)).toMatchObject({ kind: 'nothing-to-undo' });
    expect(world.swaps).toEqual([]);
  });

  test('has nothing to do where it was not swapped, and does not wait where no swap can have been sent', async () => {
    const world = bySwap({ databases: { '2': { entry: entry('2', 'upgrading') } } });
    expect(await undo(world)).toMatchObject({ kind: 'nothing-to-undo' });
    expect(world.swaps).toEqual([]);
    expect(world.seconds()).toBeLessThan(1);
  });

  test('waits for a swap whose answer got lost and that begins late, and takes it back', async () => {
    const world = bySwap({ swap: { after: 15, answer: 'lost', unseen: true } });
    await expect(swap(world)).rejects.toMatchObject({ reason: 'switch-failed' });
    expect(await undo(world)).toMatchObject({ kind: 'undone' });
    expect(world.connected['contoso-dr']).toBe('dr');
    expect(world.swaps).toHaveLength(2);
  });

  test('waits for a swap that a cancelled run has left under way, and takes it back', async () => {
    const world = bySwap({ swap: { after: 45, answer: 'lost' } });
    const controller = new AbortController();
    const first = swapStandby(world.context).apply({ ...run, signal: controller.signal });
    const ended = expect(first).rejects.toThrow('SIGINT');
    await world.clock.advance(5_000);
    controller.abort(new UpgradeError('cancelled', 'SIGINT'));
    await ended;
    expect(await undo(world)).toMatchObject({ kind: 'undone' });
    expect(world.connected['contoso-dr']).toBe('dr');
    expect(world.swaps).toHaveLength(2);
  });

  test('is told where it failed, with the command', async () => {
    const world = bySwap({ ...apart, swap: { after: null, answer: 'refused' } });
    await expect(undo(world)).rejects.toMatchObject({
      reason: 'switch-failed',
      advice: [
        expect.anything(),
        expect.stringContaining('az webapp deployment slot swap -g contoso-blue-dr'),
      ],
    });
  });

  test('from V2, on request, swaps the backup region to V1, and back to V2 where that fails', async () => {
    const world = bySwap({
      production: 'green',
      connected: { contoso: '2', 'contoso-dr': '3' },
      databases: { '1': { entry: entry('1', 'giving-back') } },
    });
    expect(await swap(world)).toEqual(['contoso-dr is connected to contoso-sql-dr']);
    expect(await undo(world)).toMatchObject({ kind: 'undone' });
    expect(world.connected['contoso-dr']).toBe('3');
  });
});

describe('a switch that is finished by a later run', () => {
  const later = (dr: Name, status: 'serving' | 'switching') => {
    const body = JSON.stringify({ version: '2.0.0' });
    const web = { get: async () => ({ kind: 'answered', status: 200, headers: {}, body, chain: [] }) };
    const sql = { getDatabase: async () => null };
    return bySwap({
      production: 'green',
      connected: { contoso: '2', 'contoso-dr': dr },
      databases: { '2': { entry: entry('2', status) } },
      azure: { web, sql },
    });
  };

  test('is done where V2 serves and both regions have it', async () => {
    expect(await finishSwitch(later('3', 'serving').context).assess(run)).toMatchObject({ kind: 'done' });
  });

  test('is not while the backup region has V1 still, also where V2 serves', async () => {
    expect(await finishSwitch(later('dr', 'serving').context).assess(run)).toMatchObject({
      kind: 'blocked',
      reason: 'region-mismatch',
    });
    const world = later('dr', 'switching');
    await expect(world.ended(finishSwitch(world.context).apply(run))).rejects.toMatchObject({
      reason: 'region-mismatch',
      message: expect.stringContaining('contoso-dr is connected to contoso-sql-dr'),
    });
    expect(world.databases['2'].entry?.status).toBe('serving');
    expect(world.swaps).toEqual([]);
  });
});

test('the way back of a run that stood still leaves the backup region where another run has finished the switch meanwhile', async () => {
  const world = bySwap({ connected: { 'contoso-dr': '3' } });
  const { appService } = world.context.azure;
  let looks = 0;
  // It stands still once it has seen users on V1.
  const listConnectionStrings: typeof appService.listConnectionStrings = async (ref) => {
    const said = await appService.listConnectionStrings(ref);
    if (ref.site === 'contoso' && looks++ === 0) world.connected.contoso = '2';
    return said;
  };
  const azure = { ...world.context.azure, appService: { ...appService, listConnectionStrings } };
  const back = swapStandby({ ...world.context, azure }).undo;
  expect(await world.ended(Promise.resolve(back?.apply(run)))).toMatchObject({ kind: 'nothing-to-undo' });
  expect(world.connected).toEqual({ contoso: '2', 'contoso-dr': '3' });
});

test.each([
  'swaps it back',
  'swaps it there',
] as const)('the backup region that another run has swapped while this one stood still is not swapped once more (%s)', async (what) => {
  const isBack = what === 'swaps it back';
  const world = bySwap({ connected: { 'contoso-dr': isBack ? '3' : 'dr' } });
  // The other one does the same swap, and ends before it says so in a database.
  const lock = contestedLock(world.context.sessions, 'nobody', () => {
    world.connected['contoso-dr'] = isBack ? 'dr' : '3';
  });
  const { appService } = world.context.azure;
  // It stands still between its last look and the question that is asked before the swap is sent.
  const swapWithProduction: typeof appService.swapWithProduction = async (...args) => {
    await lock.loseFree();
    return appService.swapWithProduction(...args);
  };
  const azure = { ...world.context.azure, appService: { ...appService, swapWithProduction } };
  const context = { ...world.context, azure, sessions: lock.sessions, known: createKnownEntries() };
  await ensureRunLock(context, 'production');
  noteLookedAt(context, lockTakings(context));
  const step = swapStandby(context);
  await world.ended(Promise.resolve(isBack ? step.undo?.apply(run) : step.apply(run)));
  expect(world.connected['contoso-dr']).toBe(isBack ? 'dr' : '3');
});

test('a swap that Azure makes wait is not sent by a run that is cancelled meanwhile', async () => {
  const world = bySwap();
  const { appService } = world.context.azure;
  const swapWithProduction: typeof appService.swapWithProduction = async (...args) => {
    await world.clock.sleep(60_000); // 429, Retry-After: 60
    return appService.swapWithProduction(...args);
  };
  const azure = { ...world.context.azure, appService: { ...appService, swapWithProduction } };
  const controller = new AbortController();
  const ended = Promise.resolve(
    swapStandby({ ...world.context, azure }).apply({ ...run, signal: controller.signal }),
  ).catch((error: unknown) => error);
  await world.clock.advance(5_000);
  controller.abort(new UpgradeError('cancelled', 'SIGINT'));
  await world.clock.advance(300_000);
  expect([await ended, world.swaps]).toEqual([expect.objectContaining({ reason: 'cancelled' }), []]);
});
