// What is tried again in Azure, and for how long: what passes, and not what will never be possible.
import { expect, test } from '@jest/globals';
import { AzureError } from '../../src/azure/errors.ts';
import { persist } from '../../src/service/persist.ts';
import { instantClock } from '../azure/stub-arm.ts';

const refusal = (status: number | null, code: string | null, message = 'no', outcomeUnknown = false) =>
  new AzureError(message, { status, code, correlationId: null, outcomeUnknown });
const WHAT = { what: 'the model of contoso-web', withinMs: 60_000 };

/** Fails so often, then succeeds. */
async function trying(error: unknown, failures: number, signal?: AbortSignal) {
  const clock = instantClock();
  let attempts = 0;
  const result = persist({ clock }, { ...WHAT, ...(signal === undefined ? {} : { signal }) }, async () => {
    if (attempts++ < failures) throw error;
    return 'written';
  });
  return { result: await result.catch((failed: unknown) => failed), attempts, clock };
}

test.each([
  ['changed by somebody else', refusal(412, 'PreconditionFailed')],
  ['busy', refusal(409, 'Conflict')],
  [
    'busy with another operation',
    refusal(409, 'OperationNotAllowed', "since operation 'Update' is in progress"),
  ],
  ['pushed aside', refusal(null, 'OperationPreempted')],
  ['of unknown outcome', refusal(null, null, 'no answer', true)],
])('what is %s is tried again', async (_, error) => {
  const { result, attempts } = await trying(error, 3);
  expect([result, attempts]).toEqual(['written', 4]);
});

test.each([
  ['quota', refusal(409, 'OperationNotAllowed', 'Operation results in exceeding quota limits of Core.')],
  ['no right', refusal(403, 'AuthorizationFailed')],
  ['not there', refusal(404, 'GalleryImageNotFound')],
  ['a fault of our own', new TypeError('x')],
])('what will never be possible is not: %s', async (_, error) => {
  const { result, attempts } = await trying(error, 1);
  expect([result, attempts]).toEqual([error, 1]);
});

test('what never passes ends in time, with what was said last, and is asked for less and less often', async () => {
  const error = refusal(409, 'Conflict', 'conflict with a concurrent request');
  const { result, attempts, clock } = await trying(error, Number.POSITIVE_INFINITY);
  expect(result).toMatchObject({
    reason: 'service-busy',
    message:
      'For 1 min it was not possible to write the model of contoso-web: conflict with a concurrent request',
    cause: error,
  });
  expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(WHAT.withinMs);
  expect(attempts).toBeLessThan(20);
});

test('nothing is tried after the run was cancelled', async () => {
  const cancelled = new Error('cancelled');
  const { result, attempts } = await trying(refusal(412, null), 1, AbortSignal.abort(cancelled));
  expect([result, attempts]).toEqual([cancelled, 0]);
});
