// V1 that does not answer, or is gone, and was never given back: the way back has nothing to do there.
import { expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import { SqlError } from '../../src/azure/errors.ts';
import { createRecorder } from '../../src/engine/recorder.ts';
import { rollBack } from '../../src/engine/rollback.ts';
import { freezeV2, giveBackV1 } from '../../src/steps/return-to-v1.ts';
import { beganAlone } from './began-alone.ts';
import { sessionsWith } from './sessions-with.ts';
import { byProfile } from './switching.ts';
import { entry } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };

test.each([
  'silent',
  'deleted',
] as const)('V1 that is %s when a return is taken back, and was not given back', async (how) => {
  const world = byProfile({
    production: 'green',
    green: { entry: entry('green', 'serving') },
    blue: { readOnly: true, entry: entry('blue', 'freezing') },
  });
  const known = createKnownEntries();
  const sessions = sessionsWith(async (target, use) => {
    if (target.host.includes('blue') && !world.blue.exists)
      throw new SqlError('Cannot open database "contoso" requested by the login', 'login', []);
    return world.context.sessions.on(target, use);
  });
  const context = { ...world.context, sessions, known };
  await beganAlone(context);
  await freezeV2(context).apply(run);
  if (how === 'silent') world.blue.unreachable = true;
  else world.blue.exists = false;
  await Promise.resolve(giveBackV1(context).apply(run)).catch(() => {});
  const recorder = createRecorder(world.clock, { started: () => {}, progress: () => {}, ended: () => {} });
  const began = world.clock.now();
  const ended = rollBack([freezeV2(context), giveBackV1(context)], recorder, run.signal);
  await world.clock.advance(10 * 60_000);
  const back = await ended;
  expect(world.green.readOnly).toBe(false);
  expect(back).toMatchObject({ kind: 'rolled-back', tidyErrors: [] });
  expect(began).toBeGreaterThan(0);
});
