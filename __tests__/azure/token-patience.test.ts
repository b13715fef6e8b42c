// Tokens that do not come at once.
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { expect, test } from '@jest/globals';
import { AzureError } from '../../src/azure/errors.ts';
import { createTokenAnswers } from '../../src/azure/token-answers.ts';
import { withPatience } from '../../src/azure/token-patience.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { createSimulatedClock } from '../engine/simulated-clock.ts';

const busy = () =>
  new AzureError('busy', { status: null, code: null, correlationId: null, outcomeUnknown: false });

/** What it came to, and after how many seconds. */
async function asked(
  ask: (time: number) => Promise<string>,
  signal?: { aborted: boolean },
  answers = createTokenAnswers(),
) {
  const clock = createSimulatedClock(0);
  let times = 0;
  const outcome = withPatience(clock, { from: 'Entra', answers }, () => ask(++times), signal).then(
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

test('what was answered by then is told, and whom it belongs to', async () => {
  const answers = createTokenAnswers();
  const correlationId = '0a8e1c1e-8b1f-4d42-9a53-52b1c2c8e001';
  const throttled = {
    error: 'temporarily_unavailable',
    error_description: 'AADSTS90055: Too many requests.\r\nTrace ID: 1',
    correlation_id: correlationId,
  };
  // As an SDK does that is put off: it sleeps, and asks again.
  const putOff = async () => {
    const request = createPipelineRequest({ url: 'https://login.example/token' });
    const bodyAsText = JSON.stringify(throttled);
    const next = async () => ({ request, status: 429, headers: createHttpHeaders(), bodyAsText });
    await answers.policy.sendRequest(request, next);
    return new Promise<string>(() => {});
  };
  const outcome = await asked(putOff, undefined, answers);
  const said = `none within 20 s, it was answered HTTP 429 AADSTS90055: Too many requests. Trace ID: 1 Correlation ID: ${correlationId}`;
  expect(outcome).toMatchObject({ error: { message: `No token from Entra: ${said}`, correlationId } });
});
