// Whether the post step has anything to do: what main has left is what it was told of, by kind of application.
import { describe, expect, test } from '@jest/globals';
import { hasLeftWork, type PostState } from '../../src/action/run-state.ts';
import { RESULTS } from '../../src/engine/report.ts';
import { runPiece } from './runner.ts';

const left = (result: PostState['result'], window: PostState['window']): PostState => ({
  kind: 'post',
  result,
  window,
  report: null,
});

describe('after a run on a service', () => {
  test.each([null, ...RESULTS])('that ended with %s, it is given free where main has not', (result) => {
    expect(hasLeftWork(left(result, 'open'), true)).toBe(true);
    expect(hasLeftWork(left(result, 'closed'), true)).toBe(false);
  });
});

describe('after a run on slots', () => {
  test.each([
    null,
    ...RESULTS,
  ])('that ended with %s, production is given back where main could not', (result) => {
    expect(hasLeftWork(left(result, 'open'), false)).toBe(result === null || result === 'rollback-failed');
    expect(hasLeftWork(left(result, 'closed'), false)).toBe(false);
  });
});

test.each([
  ['upgrade-domains', 'give the service free'],
  ['single-region', 'giving production back'],
])('the post step of %s begins with what it is for', (topology, words) => {
  // There is no configuration: it can do no more.
  const { code, stdout } = runPiece(
    `const { runAction } = await load('action/run-action.ts');
     process.exitCode = await runAction(process.env);`,
    {
      environment: {
        INPUT_TOPOLOGY: topology,
        INPUT_PHASE: 'upgrade',
        'INPUT_SUBSCRIPTION-ID': '00000000-0000-0000-0000-000000000001',
        INPUT_CONFIG: 'there-is-none.yml',
        STATE_main: 'started',
        STATE_window: 'open',
      },
    },
  );
  expect(stdout).toContain(words);
  expect(code).toBe(1);
});
