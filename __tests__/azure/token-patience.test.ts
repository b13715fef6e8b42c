// Tokens that do not come at once.
import { expect, test } from '@jest/globals';
import { AzureError } from '../../src/azure/errors.ts';
import { withPatience } from '../../src/azure/token-patience.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { createSimulatedClock } from '../engine/simulated-clock.ts';

const busy = () =>
  new AzureError('busy', { status: null, code: null, correlationId: null, outcomeUnknown: false });

/** What it came to, and after how many seconds. */
async function asked(ask: (time: number) => Promise<string>, signal?: { aborted: boolean }) {
  const clock = createSimulatedClock(0);
  let times = 0;
  const outcome = withPatience(clock, 'Entra', () => ask(++times), signal).then(
    (token) => ({ token, seconds: clock.now() / 1000, times }),
    (error: unknown) => ({ error, seconds: clock.now() / 1000, times }),
  );
  for (let second = 0; second < 120; second++) await clock.advance(1_000);
  return outcome;
}

test('come after a while', async () => {
  const outcome = await asked(async (time) => {
    if (time < 4) throw busy();
    return 'token';
  });
  expect(outcome).toEqual({ token: 'token', seconds: 7, times: 4 });
});

test('never come: that is told within a minute', async () => {
  const outcome = await asked(async () => Promise.reject(busy()));
  expect(outcome).toMatchObject({ error: { message: 'busy' } });
  expect(outcome.seconds).toBeLessThan(60);
});

test('one answer that never comes is not waited for without end', async () => {
  const silent = (time: number) => (time === 1 ? new Promise<string>(() => {}) : Promise.resolve('token'));
  expect(await asked(silent)).toEqual({ token: 'token', seconds: 21, times: 2 });
  const outcome = await asked(() => new Promise(() => {}));
  expect(outcome).toMatchObject({ error: { message: expect.stringContaining('no answer within 20 s') } });
});

test('a refusal is told at once, and nothing is asked for whom nobody waits any more', async () => {
  const refused = new UpgradeError('credentials-refused', 'AADSTS7000215');
  expect(await asked(async () => Promise.reject(refused))).toMatchObject({ error: refused, times: 1 });
  expect(await asked(async () => Promise.reject(busy()), { aborted: true })).toMatchObject({ times: 1 });
});
