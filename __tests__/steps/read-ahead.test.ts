// The profile that the switch writes is asked for while V2 is verified, so that users do not wait for it; but never written by a
// reading that somebody may have overtaken.
import { beforeEach, expect, test } from '@jest/globals';
import type { OpenProfile } from '../../src/azure/ports.ts';
import { SWITCH_MARKS } from '../../src/steps/mark-stage.ts';
import { askForProfile, nothingRead } from '../../src/steps/read-ahead.ts';
import { switchTrafficManager } from '../../src/steps/switch-traffic-manager.ts';
import { lost, SWAP_CONFIG, byProfile as upgraded } from './switching.ts';

const run = { signal: new AbortController().signal, progress: () => {} };

function world(options: Parameters<typeof upgraded>[0] = {}) {
  const app = upgraded(options);
  const { trafficManager } = app.context.azure;
  const ahead = nothingRead();
  let asked = 0;
  const answerWith = (answer: () => Promise<OpenProfile>) => {
    Object.assign(app.context.azure, {
      trafficManager: {
        ...trafficManager,
        openProfile: () => {
          asked++;
          return answer();
        },
      },
    });
  };
  const answer = () => trafficManager.openProfile({ resourceGroup: 'rg', profile: 'contoso' });
  answerWith(answer);
  return {
    ...app,
    ahead,
    asked: () => asked,
    answerWith,
    answer,
    switched: async () => {
      const switching = switchTrafficManager(app.context, SWITCH_MARKS, ahead).apply(run);
      await app.clock.advance(60_000);
      await switching;
    },
  };
}

let app: ReturnType<typeof world>;
beforeEach(() => {
  app = world();
});
const isSwitched = () => app.endpoints().find(({ name }) => name === 'green')?.status === 'Enabled';

test('what was asked for just now is written, and not asked for again', async () => {
  askForProfile(app.context, app.ahead);
  await app.clock.advance(450);
  await app.switched();
  expect(app.asked()).toBe(1);
  expect(isSwitched()).toBe(true);
});

test('what was asked for longer ago is read again, for V2 may have kept the run waiting', async () => {
  askForProfile(app.context, app.ahead);
  await app.clock.advance(501);
  await app.switched();
  expect(app.asked()).toBe(2);
  expect(isSwitched()).toBe(true);
});

test('an answer that did not come is no failure of the switch: it asks itself', async () => {
  app.answerWith(() => Promise.reject(lost()));
  askForProfile(app.context, app.ahead);
  app.answerWith(app.answer);
  await app.switched();
  expect(app.asked()).toBe(2);
  expect(isSwitched()).toBe(true);
});

test('a write that is sent once more is made of a profile that was read anew', async () => {
  app = world({ write: { after: null, answer: 'refused' }, again: { after: 0, answer: 'success' } });
  askForProfile(app.context, app.ahead);
  await app.switched();
  expect(app.sent).toEqual(['move', 'move']);
  expect(app.asked()).toBe(2);
});

test('where slots are swapped no profile is asked for', () => {
  askForProfile({ ...app.context, config: SWAP_CONFIG }, app.ahead);
  expect(app.ahead.profile).toBeNull();
  expect(app.asked()).toBe(0);
});
