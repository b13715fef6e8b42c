// The read-only window of a return to V1: V2's users cannot write from the freeze on, until V1 answers them.
import { expect, test } from '@jest/globals';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { createReadOnlyWindow } from '../../src/engine/read-only-window.ts';
import { type PivotMarks, RETURN_MARKS, SWITCH_MARKS } from '../../src/steps/mark-stage.ts';
import { switchTrafficManager } from '../../src/steps/switch-traffic-manager.ts';
import { verifyPublic } from '../../src/steps/verify-public.ts';
import { withVersion } from '../../src/steps/verify-v1.ts';
import { site } from '../guards/parts.ts';
import { byProfile } from './switching.ts';

const run = { signal: new AbortController().signal, progress: () => {} };

/** Users are moved to green; it answers them from the fifth second on, and this is what the time went on. */
async function windowOf(marks: PivotMarks, version: string) {
  const world = byProfile();
  const { clock } = world;
  const window = createReadOnlyWindow(clock, 30 * 60_000);
  window.open(clock.now());
  const from = clock.now();
  const web = {
    get: async () => ({
      kind: 'answered',
      status: 200,
      headers: {},
      body: JSON.stringify({ version: clock.now() - from < 5_000 ? 'none' : version }),
      chain: ['www.contoso.example', 'contoso-green.azurewebsites.net'],
    }),
  };
  const appService = { getSite: async (ref: { site: string }) => site(ref.site.replace('contoso-', '')) };
  const azure = { ...world.context.azure, appService, web } as unknown as UpgradeContext['azure'];
  const context = withVersion({ ...world.context, window, azure }, version);
  const moved = switchTrafficManager(context, marks)
    .apply(run)
    .then(() => verifyPublic(context, marks).apply(run));
  await clock.advance(10 * 60_000);
  await moved;
  return window.report();
}

test.each([
  ['V2', SWITCH_MARKS, '2.0.0'],
  ['V1', RETURN_MARKS, '1.0.0'],
] as const)('it ends with the first answer of %s, and says so', async (name, marks, version) => {
  const report = await windowOf(marks, version);
  expect(report?.to).not.toBeNull();
  expect(report?.seconds).toBe(5);
  expect(report?.spentOn.at(-1)?.what).toBe(`DNS and ${name} at the public name`);
});
