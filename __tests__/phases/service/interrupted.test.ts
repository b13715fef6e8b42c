// Runs on a service that are cancelled, killed or cut off anywhere: what is left, and who gives the service back.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AzureError } from '../../../src/azure/errors.ts';
import type { Phase } from '../../../src/engine/report.ts';
import { UpgradeError } from '../../../src/reasons.ts';
import { INSTANCES, run, running, type World, world } from './fake-service.ts';

const BOTH: readonly Phase[] = ['prepare', 'upgrade'];
const cancelled = new UpgradeError('cancelled', 'The run was cancelled (SIGINT).', {
  advice: ['Run "status" to see where the upgrade stands.'],
});
const refusal = new AzureError('Azure said no.', {
  status: 409,
  code: 'OperationNotAllowed',
  correlationId: null,
  outcomeUnknown: false,
});

/** Cancels the job at this call. */
function cancelledAt(one: World, at: string) {
  const controller = new AbortController();
  const { before } = one;
  one.before = (call) => {
    before(call);
    if (call === at) controller.abort(cancelled);
  };
  return controller.signal;
}

describe('a cancelled job', () => {
  test('stops walking, leaves what is updated, gives the service free and says where it stands', async () => {
    const one = world();
    const signal = cancelledAt(one, 'walk 1 2.0.0');
    const { report, lease } = await run(one, { phases: BOTH, signal });
    expect(report).toMatchObject({ result: 'held', state: 'in-progress', reasonCode: 'cancelled' });
    expect(one.calls.filter((call) => call.startsWith('walk'))).toEqual(['walk 0 2.0.0', 'walk 1 2.0.0']);
    expect(one.lease).toBeNull();
    expect(lease.at(-1)).toBe('given');
    expect(report.verdict.headline).toContain('users are served by both versions');
    expect(report.verdict.next.join('\n')).toContain('phase: rollback.');
  });

  test('ends in the time that a runner leaves it, also where Azure does not answer', async () => {
    const one = world();
    await run(one, { phases: ['prepare'] });
    one.silent.add('release');
    const signal = cancelledAt(one, 'walk 1 2.0.0');
    let at = 0;
    signal.addEventListener('abort', () => {
      at = one.now;
      one.silent.add('missing');
    });
    const { report, warnings, lease } = await run(one, { phases: ['upgrade'], signal });
    expect(report).toMatchObject({ result: 'held', reasonCode: 'cancelled' });
    expect(warnings.join()).toContain('has not answered in time');
    expect(lease.at(-1)).toBe('taking');
    // In this clock two that sleep side by side sleep one after the other.
    expect(one.now - at).toBeLessThan(9_500);
  });

  test('is not held up by a way back: that ends too, and is told as begun', async () => {
    const one = world({ broken: new Set(['2.0.0']) });
    one.before = (call) => {
      // The second domain was walked before the new version broke.
      one.broken.clear();
      if (call !== 'walk 0 2.0.0' && one.model === '2.0.0') one.broken.add('2.0.0');
    };
    const signal = cancelledAt(one, 'walk 0 1.0.0');
    const { report } = await run(one, { phases: BOTH, signal });
    expect(report.result).toBe('held');
    expect(one.lease).toBeNull();
    expect(one.record).not.toBeNull();
    const again = await run(one, { phases: ['rollback'] });
    expect(again.report).toMatchObject({ result: 'succeeded', state: 'not-prepared' });
  });

  test('between two phases begins no further one', async () => {
    const one = world();
    const signal = cancelledAt(one, 'release');
    const { report } = await run(one, { phases: BOTH, signal });
    expect(report).toMatchObject({ result: 'held', state: 'prepared', reasonCode: 'cancelled' });
    expect(one.calls).not.toContain('hold');
  });

  test('before its first phase has changed nothing', async () => {
    const controller = new AbortController();
    controller.abort(cancelled);
    const one = world();
    const { report } = await run(one, { phases: BOTH, signal: controller.signal });
    expect(report).toMatchObject({ result: 'refused', reasonCode: 'cancelled' });
    expect(report.verdict.headline).toMatch(/^Cancelled before anything was changed\./);
    expect(new Set(one.calls)).toEqual(new Set(['look']));
  });

  test('after its last phase was a good run', async () => {
    const one = world();
    const signal = cancelledAt(one, 'giveBack');
    const { report } = await run(one, { phases: BOTH, signal });
    expect(report).toMatchObject({ result: 'succeeded', state: 'updated' });
  });
});

describe('a service that cannot be given free', () => {
  test('is told, with when it binds nobody any more, and left to the post step', async () => {
    const one = world();
    one.failing.set('release', refusal);
    const { report, warnings, lease } = await run(one, { phases: ['prepare'] });
    expect(report.result).toBe('succeeded');
    expect(lease).toEqual(['taking']);
    expect(warnings[0]).toMatch(/could not be given free .*Azure said no.*until 2026-11-28T1[23]:/);

    one.failing.clear();
    const post = await run(one, { phases: ['rollback'], post: true });
    expect(post.report).toMatchObject({ result: 'nothing-to-do', state: 'prepared' });
    expect(post.lease).toEqual(['given']);
    expect(one.lease).toBeNull();
    expect(one.record).not.toBeNull();
  });

  test('the post step waits until instances are no longer being updated, and takes nothing back', async () => {
    const one = world();
    const killed = new Error('killed');
    one.before = (call) => {
      if (call === 'walk 1 2.0.0') throw killed;
    };
    one.failing.set('release', refusal);
    await run(one, { phases: BOTH, onFailure: 'hold' });
    let tries = 0;
    one.before = (call) => {
      if (call === 'release' && ++tries === 3) one.failing.clear();
    };
    const { report, lease, lines } = await run(one, { phases: ['rollback'], post: true });
    expect(report).toMatchObject({ result: 'held', state: 'in-progress', reasonCode: 'interrupted' });
    expect(lease).toEqual(['given']);
    expect(lines.filter((line) => line.includes('cannot be given free yet'))).toHaveLength(2);
    expect(running(one)).toBe('1.0.0 × 11, 2.0.0 × 3');
    expect(one.lease).toBeNull();
  });

  test('for want of a right: the post step does not wait for it, and says until when others are refused', async () => {
    const one = world();
    const lacking = { status: 403, code: 'AuthorizationFailed', correlationId: null, outcomeUnknown: false };
    one.failing.set('release', new AzureError('You may not.', lacking));
    await run(one, { phases: ['prepare'] });
    const { report, lines, warnings } = await run(one, { phases: ['rollback'], post: true });
    expect(report).toMatchObject({ result: 'held', reasonCode: 'azure-permission-missing' });
    expect(lines.join('\n')).not.toContain('cannot be given free yet');
    expect(warnings.join('\n')).toMatch(/You may not\.\). Other runs are refused until 2026-11-28T1[23]:/);
  });

  test('the post step does that also where it cannot see how the service stands', async () => {
    const theirs = { holder: 'run 1', run: 'run 1', application: 'contoso', until: '2099-01-01T00:00:00Z' };
    const one = world({ lease: theirs });
    one.failing.set('look', refusal);
    const { report, lease } = await run(one, { phases: ['rollback'], post: true });
    expect(report).toMatchObject({ result: 'refused', reasonCode: 'azure-error' });
    expect(lease).toEqual(['given']);
    expect(one.lease).toBeNull();
  });

  test('a post step that never can ends all the same', async () => {
    const one = world();
    one.failing.set('release', refusal);
    const { report, warnings, lease } = await run(one, { phases: ['rollback'], post: true });
    expect(report.result).toBe('nothing-to-do');
    expect(lease).toEqual([]);
    expect(warnings).toHaveLength(1);
  });

  test('the lease of another run is not given back by this one', async () => {
    const theirs = { holder: 'run 2', run: 'run 2', application: 'contoso', until: '2099-01-01T00:00:00Z' };
    const one = world({ lease: theirs });
    await run(one, { phases: ['rollback'], post: true });
    expect(one.lease).toBe(theirs);
  });
});

describe('cut off anywhere', () => {
  const ends = fc.record({
    at: fc.nat(80),
    how: fc.constantFrom('error', 'cancel', 'refusal'),
    lasting: fc.boolean(),
    onFailure: fc.constantFrom('rollback' as const, 'hold' as const),
  });

  test('no run keeps the service without saying so, and the next ones bring every instance to one version', async () => {
    await fc.assert(
      fc.asyncProperty(
        ends,
        fc.constantFrom('upgrade', 'rollback'),
        async ({ at, how, lasting, onFailure }, then) => {
          const one = world();
          const controller = new AbortController();
          let calls = 0;
          one.before = () => {
            const isNow = lasting ? ++calls > at && calls < at + 5 : ++calls === at + 1;
            if (!isNow) return;
            if (how === 'cancel') controller.abort(cancelled);
            else throw how === 'error' ? new Error('lost') : refusal;
          };
          const first = await run(one, { phases: BOTH, onFailure, signal: controller.signal });
          one.before = () => undefined;
          const isTold = first.warnings.some((line) => line.includes('could not be given free'));
          if (one.lease !== null) expect([first.lease.at(-1), isTold]).toEqual(['taking', true]);
          if (first.lease.at(-1) === 'taking') await run(one, { phases: ['rollback'], post: true });
          expect(one.lease).toBeNull();

          const phases: Phase[] = then === 'upgrade' ? [...BOTH] : ['rollback'];
          let last = await run(one, { phases });
          // A way back that was half done is finished first.
          if (last.report.result === 'rolled-back') last = await run(one, { phases });
          expect(['succeeded', 'nothing-to-do', 'refused']).toContain(last.report.result);
          if (last.report.result === 'refused') {
            // Finished as far as the instances go: then there is no way back, and the way forward is short.
            expect(last.report.reasonCode).toBe('rollback-not-allowed');
            last = await run(one, { phases: BOTH });
          }
          expect(new Set(one.runs).size).toBe(1);
          expect(one.runs).toHaveLength(INSTANCES);
          expect(one).toMatchObject({ lease: null, record: null, automation: 'on' });
        },
      ),
      { numRuns: 80 },
    );
  });
});
