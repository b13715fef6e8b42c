// What is advised once a run has taken its update back, and what is warned of on the way: only what still holds.
import { describe, expect, test } from '@jest/globals';
import { AzureError } from '../../../src/azure/errors.ts';
import type { Phase } from '../../../src/engine/report.ts';
import { UpgradeError } from '../../../src/reasons.ts';
import { run, type World, world } from './fake-service.ts';

const BOTH: readonly Phase[] = ['prepare', 'upgrade'];
const answer = (message: string, status: number, code: string) =>
  new AzureError(message, { status, code, correlationId: null, outcomeUnknown: false });
const forbidden = answer('You may not.', 403, 'AuthorizationFailed');

/** The walk of domain 1 to the new version throws it. */
function refusing(error: unknown, at = 'walk 1 2.0.0'): World {
  const one = world();
  one.before = (call) => {
    if (call === at) throw error;
  };
  return one;
}

describe('after a way back', () => {
  test('from a right that is missing: the role, and nothing of the new version', async () => {
    const { report } = await run(refusing(forbidden, 'walk 0 2.0.0'), { phases: BOTH });
    expect(report).toMatchObject({ result: 'rolled-back', reasonCode: 'azure-permission-missing' });
    expect(report.error?.advice).toEqual([expect.stringContaining('docs/custom-role.json')]);
    expect(report.verdict.headline).toContain('Domain 0 was not updated');
  });

  test('that would need the right that is missing, there is none: held, the role is told, and how to go on', async () => {
    const { report } = await run(refusing(forbidden), { phases: BOTH });
    expect(report).toMatchObject({ result: 'held', reasonCode: 'azure-permission-missing', rollback: [] });
    expect(report.verdict.headline).toContain('users are served by both versions');
    expect(report.verdict.next[0]).toContain('docs/custom-role.json');
    expect(report.verdict.next.join('\n')).toContain('phase: upgrade');
  });

  test('from a refusal: what Azure names, and nothing of the new version', async () => {
    const { report } = await run(refusing(answer('No room.', 409, 'AllocationFailed')), { phases: BOTH });
    expect(report).toMatchObject({ result: 'rolled-back', reasonCode: 'update-failed' });
    expect(report.error?.advice).toEqual([expect.stringContaining('Azure says why')]);
  });

  test('from a version that is not healthy: what it has logged', async () => {
    const one = world();
    one.broken.add('2.0.0');
    const { report } = await run(one, { phases: BOTH });
    expect(report.result).toBe('rolled-back');
    expect(report.error?.advice.join('\n')).toContain('what the new version has logged');
  });
});

describe('a service that may not be read', () => {
  test('is told as a right that is missing, once, in words', async () => {
    const one = world();
    one.failing.set('look', forbidden);
    const { report, warnings } = await run(one, { phases: ['status'] });
    expect(report).toMatchObject({ reasonCode: 'azure-permission-missing', service: null });
    expect(warnings).toEqual([
      'How the service stands after this run could not be read: for the same reason',
    ]);
  });

  test('afterwards is warned of in words, without the names of classes', async () => {
    const one = world();
    one.before = (call) => {
      if (call !== 'release' || one.model !== '2.0.0') return;
      one.failing.set('look', new UpgradeError('resource-not-found', 'It is gone.'));
    };
    const { warnings } = await run(one, { phases: BOTH });
    expect(warnings.at(-1)).toBe('How the service stands after this run could not be read: It is gone.');
  });
});
