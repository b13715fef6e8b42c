// Production is watched while the script runs, also where the run has lost its lock once: what is asked of the copy would wait for
// the script, and nobody would see that production takes writes.
import { expect, test } from '@jest/globals';
import { ensureRunLock, lockTakings, noteLookedAt } from '../../src/application/run-lock.ts';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { runUpgradeScript } from '../../src/steps/run-upgrade-script.ts';
import { frozenPair, run } from './frozen-pair.ts';

const SCRIPT = 'LONG SCRIPT';
const readScript: UpgradeContext['readScript'] = async () => ({
  batches: [{ text: SCRIPT, repeat: 1, file: 'db/1.sql', line: 1, lineMap: [] }],
  digest: 'd1'.repeat(32),
  files: ['db/1.sql'],
});

test.each([
  'kept',
  'lost once',
] as const)('production that takes writes ends the script; the lock was %s', async (lock) => {
  const app = frozenPair({
    production: { links: [], lock: 'free' },
    stage: {
      mode: 'READ_WRITE',
      links: [],
      before: (text) => (text === SCRIPT ? app.clock.sleep(2 * 60 * 60_000) : undefined),
    },
    context: { readScript },
  });
  const { context } = app;
  await ensureRunLock(context, 'production');
  noteLookedAt(context, lockTakings(context));
  const ended: string[] = [];
  const script = Promise.resolve(runUpgradeScript(context).apply(run)).then(
    () => ended.push('done'),
    ({ reason }) => ended.push(reason),
  );
  await app.clock.advance(5_000);
  if (lock === 'lost once') app.production.lock = 'free'; // its session was cut; nobody else took it
  await app.clock.advance(11 * 60_000);
  expect(ended).toEqual([]);
  app.production.mode = 'READ_WRITE'; // somebody opens it
  await app.clock.advance(60_000);
  expect(ended).toEqual(['drain-failed']);
  await script;
});
