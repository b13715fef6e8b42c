// One request for those who ask at about the same moment; nobody gets an answer that is older than the question.
import { expect, test } from '@jest/globals';
import { askedTogether } from '../../src/azure/asked-together.ts';
import { type Clock, systemClock } from '../../src/clock.ts';

interface Request {
  readonly questions: readonly string[];
  readonly answer: (how: (question: string) => string) => void;
  readonly fail: (error: Error) => void;
}

/** Nobody's patience ends unless a test says so. */
const patient: Clock = {
  ...systemClock,
  sleep: (_ms, signal) =>
    new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
};

function asking(clock: Clock = patient) {
  const requests: Request[] = [];
  const ask = askedTogether<string, string>(
    clock,
    (question) => question.split('/')[0] ?? '',
    (questions) =>
      new Promise((resolve, reject) => {
        requests.push({ questions, answer: resolve, fail: reject });
      }),
  );
  return { ask, requests };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
async function turns(): Promise<void> {
  for (let count = 0; count < 5; count++) await turn();
}

test('those who ask in one go share a request, each gets its own answer', async () => {
  const { ask, requests } = asking();
  const answers = Promise.all([ask('blue/a'), ask('blue/b'), ask('green/a')]);
  await turns();
  expect(requests.map(({ questions }) => questions)).toEqual([['blue/a', 'blue/b'], ['green/a']]);
  for (const request of requests) request.answer((question) => `of ${question}`);
  expect(await answers).toEqual(['of blue/a', 'of blue/b', 'of green/a']);
});

test('who asks while one is under way gets what is read afterwards', async () => {
  const { ask, requests } = asking();
  const early = ask('blue/a');
  await turns();
  const late = Promise.all([ask('blue/a'), ask('blue/b')]);
  await turns();
  expect(requests).toHaveLength(1);
  requests[0]?.answer(() => 'old');
  expect(await early).toBe('old');
  await turns();
  expect(requests[1]?.questions).toEqual(['blue/a', 'blue/b']);
  requests[1]?.answer(() => 'new');
  expect(await late).toEqual(['new', 'new']);
});

test('a request that hangs holds up nobody for long', async () => {
  const { ask, requests } = asking({ ...systemClock, sleep: async () => {} });
  ask('blue/a').catch(() => {});
  await turns();
  const late = ask('blue/b');
  await turns();
  requests[1]?.answer(() => 'answered');
  expect(await late).toBe('answered');
});

test('a failure is told to all of them, and not kept', async () => {
  const { ask, requests } = asking();
  const both = Promise.allSettled([ask('blue/a'), ask('blue/b')]);
  await turns();
  requests[0]?.fail(new Error('no answer'));
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const again = ask('blue/a');
  await turns();
  requests[1]?.answer(() => 'there');
  expect(await again).toBe('there');
});

test('where one has no answer the others have theirs', async () => {
  const { ask, requests } = asking();
  const both = Promise.allSettled([ask('blue/a'), ask('blue/b')]);
  await turns();
  requests[0]?.answer((question) => {
    if (question === 'blue/a') throw new Error('no such database');
    return 'there';
  });
  expect(await both).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled', value: 'there' }]);
});
