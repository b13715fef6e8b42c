// A swap that Azure makes wait is announced anew; the machine stands still between that announcement and the look at production.
import { expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import { readSlotRoles } from '../../src/application/production-slot.ts';
import { switchSlots } from '../../src/steps/switch-slots.ts';
import { beganAlone } from './began-alone.ts';
import { endingSessions } from './ending-sessions.ts';
import { bySwap } from './switching.ts';
import { entry } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };
const THEIRS = { runUrl: 'https://github.com/contoso/infrastructure/actions/runs/77', writer: 'B' };

test('a swap is not sent where another run has swapped while this one stood still between announcing it anew and sending it', async () => {
  let written = 0;
  const world = bySwap();
  const { appService } = world.context.azure;
  const theirSwap = () =>
    appService.swapWithProduction(
      world.context.production.site,
      'staging',
      () => {},
      run.signal,
      async () => {},
    );
  const { sessions, end } = endingSessions(world, async (text, host) => {
    if (!text.includes('sp_addextendedproperty') || !host.includes('green') || ++written !== 2) return;
    // Announced anew. It stands still: its connections end; another run swaps, sees V2 serve, and ends.
    end();
    await theirSwap();
    world.green.entry = entry('green', 'serving', THEIRS);
  });
  const known = createKnownEntries();
  const swapWithProduction: typeof appService.swapWithProduction = async (...args) => {
    await world.clock.sleep(60_000); // 429, Retry-After: 60
    return appService.swapWithProduction(...args);
  };
  const azure = { ...world.context.azure, appService: { ...appService, swapWithProduction } };
  const context = { ...world.context, runUrl: 'A', newUpgradeId: 'A', sessions, known, azure };
  await beganAlone(context);
  const outcome = Promise.resolve(switchSlots(context).apply(run)).then(
    () => 'done',
    ({ reason, message }) => reason ?? message,
  );
  await world.clock.advance(30 * 60_000);
  const ended = await outcome;
  const roles = await readSlotRoles(context.config, context.azure);
  expect([ended, world.sent, roles.production.name]).toEqual(['overtaken-by-another-run', ['move'], 'green']);
});
