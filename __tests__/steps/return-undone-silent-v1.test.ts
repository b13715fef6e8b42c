// V1 was given back by this return; the pivot failed; V1 is silent at the moment at which it is to be frozen again.
import { expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import { createRecorder } from '../../src/engine/recorder.ts';
import { rollBack } from '../../src/engine/rollback.ts';
import { freezeV2, giveBackV1 } from '../../src/steps/return-to-v1.ts';
import { beganAlone } from './began-alone.ts';
import { byProfile } from './switching.ts';
import { entry } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };

test('V1 that this run has made writable, and that is silent when it is to be frozen again, is told', async () => {
  const world = byProfile({
    production: 'green',
    green: { entry: entry('green', 'serving') },
    blue: { readOnly: true, entry: entry('blue', 'freezing') },
  });
  const known = createKnownEntries();
  const context = { ...world.context, known };
  await beganAlone(context);
  await freezeV2(context).apply(run);
  const v1 = giveBackV1(context);
  await v1.apply(run);
  expect([world.blue.readOnly, world.blue.entry?.status]).toEqual([false, 'giving-back']);
  world.blue.unreachable = true; // the pivot is refused; V1's server is being moved, say for 30 s
  const recorder = createRecorder(world.clock, { started: () => {}, progress: () => {}, ended: () => {} });
  const ended = rollBack([freezeV2(context), v1], recorder, run.signal);
  await world.clock.advance(10 * 60_000);
  const back = await ended;
  expect(world.green.readOnly).toBe(false);
  const said = JSON.stringify(recorder.rollback.map((one) => [one.state, one.evidence]));
  expect(said).not.toContain('was not given back'); // it was
  expect(back).toMatchObject({ tidyErrors: [{ reason: 'freeze-failed' }] }); // V1 is writable still
});
