// A run that was killed together with its runner: whichever phase comes next gives V1 back first.
import { expect, test } from '@jest/globals';
import { mendedAfterLostRunner, preparedWithSlowScript } from './slow-script.ts';

test.each(['rollback', 'switch', 'prepare'])('the next run mends it first: %s', async (phase) => {
  const scenario = await preparedWithSlowScript();
  try {
    const { report } = await mendedAfterLostRunner(scenario, phase);
    expect(report.result).toBe(phase === 'rollback' ? 'succeeded' : 'rolled-back');
  } finally {
    await scenario.close();
  }
});
