// Whether the post step has anything to do: what main has left is what it was told of, by kind of application.
import { describe, expect, test } from '@jest/globals';
import { runPiece } from './runner.ts';

const PIECE = `
  const { runAction } = await load('action/run-action.ts');
  process.exit(await runAction(process.env));`;

/** There is no configuration: a post step that begins says what it is for, and can do no more. */
function post(topology: string, main: string, window: string) {
  const environment = {
    INPUT_TOPOLOGY: topology,
    INPUT_PHASE: 'upgrade',
    'INPUT_SUBSCRIPTION-ID': '00000000-0000-0000-0000-000000000001',
    INPUT_CONFIG: 'there-is-none.yml',
    STATE_main: main,
    STATE_window: window,
  };
  const { code, stdout } = runPiece(PIECE, { environment });
  const words = { frees: 'give the service free', mends: 'giving production back' };
  const begun = Object.entries(words).filter(([, told]) => stdout.includes(told));
  return { code, does: begun.map(([what]) => what).join() || 'nothing' };
}

describe('after a run on a service', () => {
  test.each([
    ['that ended, and gave it free', 'succeeded', 'closed', 'nothing'],
    ['that was killed before it took it', 'started', '', 'nothing'],
    ['that was killed while it had it', 'started', 'open', 'frees'],
    ['that was cancelled, and had no time to give it free', 'held', 'open', 'frees'],
    ['that went well, and could not give it free', 'succeeded', 'open', 'frees'],
    ['that was rolled back, and gave it free', 'rolled-back', 'closed', 'nothing'],
  ])('%s', (_, main, window, does) => {
    expect(post('upgrade-domains', main, window)).toEqual({ code: does === 'nothing' ? 0 : 1, does });
  });
});

describe('after a run on slots', () => {
  test.each([
    ['that ended and was held on purpose', 'held', 'open', 'nothing'],
    ['that was killed while production may be read-only', 'started', 'open', 'mends'],
    ['whose rollback failed', 'rollback-failed', 'open', 'mends'],
    ['that was killed before it froze', 'started', 'closed', 'nothing'],
  ])('%s', (_, main, window, does) => {
    expect(post('single-region', main, window)).toEqual({ code: does === 'nothing' ? 0 : 1, does });
  });
});
