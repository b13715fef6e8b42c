// The way back of a return to V1 leaves V1 as it is where another run has taken users there meanwhile.
import { expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import { createRecorder } from '../../src/engine/recorder.ts';
import { rollBack } from '../../src/engine/rollback.ts';
import { freezeV2, giveBackV1 } from '../../src/steps/return-to-v1.ts';
import { beganAlone } from './began-alone.ts';
import { endingSessions } from './ending-sessions.ts';
import { byProfile } from './switching.ts';
import { entry } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };
const THEIRS = { runUrl: 'https://github.com/contoso/infrastructure/actions/runs/77', writer: 'B' };

test.each([
  'before it looks at V1 again',
  'once it has looked at V1 again',
] as const)('a return that is taken back does not freeze V1 where another run has taken users there meanwhile (it stood still %s)', async (when) => {
  const world = byProfile({
    production: 'green',
    green: { entry: entry('green', 'serving') },
    blue: { readOnly: true, entry: entry('blue', 'freezing') },
  });
  const known = createKnownEntries();
  const { sessions, end } = endingSessions(world);
  /** Its connections end and its locks with them; another run returns to V1, to its end. */
  const standsStill = () => {
    end();
    Object.assign(world.green, {
      readOnly: true,
      entry: entry('green', 'returning', {
        ...THEIRS,
        was: { status: 'serving', at: entry('green', 'serving').at },
      }),
    });
    Object.assign(world.blue, {
      readOnly: false,
      entry: entry('blue', 'returned', {
        ...THEIRS,
        was: { status: 'freezing', at: entry('blue', 'freezing').at },
      }),
    });
    world.story.length = 0;
  };
  let armed = false;
  const context = { ...world.context, runUrl: 'A', newUpgradeId: 'A', sessions, known };
  await beganAlone(context);
  await freezeV2(context).apply(run);
  await giveBackV1(context).apply(run);
  armed = true;
  // The pivot is refused; the way back.
  const v1 = giveBackV1(context);
  const { undo } = v1;
  if (!undo) throw new Error('no undo');
  const recorder = createRecorder(world.clock, { started: () => {}, progress: () => {}, ended: () => {} });
  const standing = {
    ...v1,
    undo: {
      ...undo,
      apply: async (one: typeof run) => {
        if (when === 'before it looks at V1 again') standsStill();
        else {
          // its machine stands still when the looks are answered, and before it asks for V1's lock
          const on = sessions.onTaking;
          Object.assign(sessions, {
            onTaking: (...args: Parameters<typeof on>) => {
              if (armed) standsStill();
              armed = false;
              return on(...args);
            },
          });
        }
        return undo.apply(one);
      },
    },
  };
  const ended = rollBack([freezeV2(context), standing], recorder, run.signal);
  await world.clock.advance(10 * 60_000);
  expect(await ended).toMatchObject({ tidyErrors: [{ reason: 'overtaken-by-another-run' }] });
  expect([world.blue.readOnly, world.blue.entry?.status, world.story]).toEqual([false, 'returned', []]);
});
