// Making something in Azure while Azure has a moment's trouble.
import { expect, test } from '@jest/globals';
import { AzureError } from '../../src/azure/errors.ts';
import { tryAgain } from '../../src/steps/try-again.ts';
import { createSimulatedClock } from '../engine/simulated-clock.ts';

const failure = (status: number | null, code: string | null, outcomeUnknown = false) =>
  new AzureError('it says so', { status, code, outcomeUnknown, correlationId: null });

/** How often it was tried where every try before the last fails so; 'failed' where that ended it. */
async function tries(error: unknown, failing: number, signal = new AbortController().signal) {
  const clock = createSimulatedClock(0);
  let times = 0;
  const outcome = tryAgain({ clock }, { signal, progress: () => {} }, async () => {
    if (++times <= failing) throw error;
  }).then(
    () => times,
    (thrown: unknown) => (thrown === error ? `failed after ${times}` : String(thrown)),
  );
  for (let second = 0; second < 60; second++) await clock.advance(1_000);
  return outcome;
}

test.each([
  ['an unknown outcome', failure(500, 'InternalServerError', true)],
  ['a lost answer', failure(null, 'ECONNRESET', true)],
  ['throttling', failure(429, 'TooManyRequests')],
  ['something else that is being done', failure(409, 'ConflictingSystemOperationInProgress')],
  ['a database that is being put back', failure(409, 'GeoReplicationCannotBecomePrimaryDuringUndo')],
  ['an operation that Azure has rolled back', failure(null, 'OperationTimedOut')],
])('%s passes', async (_what, error) => {
  expect(await tries(error, 1)).toBe(2);
  expect(await tries(error, 99)).toBe('failed after 5');
});

test.each([
  ['a missing right', failure(403, 'AuthorizationFailed')],
  ['a limit', failure(409, 'GeoReplicaLimitReached')],
  ['a wrong request', failure(400, 'InvalidParameterValue')],
  ['what is no answer of Azure', new Error('a mistake')],
])('%s does not', async (_what, error) => {
  expect(await tries(error, 1)).toBe('failed after 1');
});

test('a run that was stopped tries nothing again', async () => {
  expect(await tries(failure(429, null), 1, AbortSignal.abort())).toBe('failed after 1');
});
