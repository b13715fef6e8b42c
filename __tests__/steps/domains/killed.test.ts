// A run that is killed at any of its calls: what is done is seen in Azure, and the next run goes on, or back.
import { describe, expect, test } from '@jest/globals';
import { createRecorder } from '../../../src/engine/recorder.ts';
import { runSteps } from '../../../src/engine/run.ts';
import { back, begin, goOn, MINUTE, prepare, type Scene, scene, upgrade } from './rolling.ts';

class Killed extends Error {}

/** As if the runner were gone after so many calls: nothing it still waits for has any effect. */
function killAfter(at: Scene, calls: number): () => void {
  let left = calls;
  at.service.onCall = () => {
    left--;
    if (left < 0) throw new Killed('killed');
  };
  return () => {
    at.service.onCall = () => {};
  };
}

async function callsOf(tells: boolean): Promise<number> {
  const at = scene({ tells });
  let calls = 0;
  at.service.onCall = () => {
    calls++;
  };
  await upgrade(at);
  return calls;
}

/** Of about a hundred and twenty: every early one, then every seventh. */
async function moments(tells: boolean): Promise<number[]> {
  const calls = await callsOf(tells);
  return Array.from({ length: calls }, (_, at) => at).filter((at) => at < 24 || at % 7 === 0);
}

async function killed(tells: boolean, after: number): Promise<Scene> {
  const at = scene({ tells });
  const live = killAfter(at, after);
  await prepare(at).catch(() => {});
  await goOn(at).catch(() => {});
  live();
  return at;
}

describe.each([
  ['whose instances tell what they run', true],
  ['whose instances do not', false],
])('of a service %s', (_, tells) => {
  test('a run that was killed anywhere is gone on with: one domain at a time, every instance once', async () => {
    for (const after of await moments(tells)) {
      const at = await killed(tells, after);
      if (at.service.record === null && at.service.walks.length === 0) await prepare(at);
      const outcome = await goOn(at);
      expect([after, outcome.kind]).toEqual([after, 'completed']);
      expect(new Set(Object.values(at.service.versions()))).toEqual(new Set(['2.0.0']));
      expect([at.service.record, at.service.isAutoscaleOn]).toEqual([null, true]);
      const walked = at.service.walks.map(({ domain }) => domain);
      expect(walked).toEqual(walked.toSorted((one, other) => one - other));
      // A domain that does not tell what it runs may have to be walked once more.
      expect(walked.length - 5).toBeLessThanOrEqual(tells ? 0 : 1);
    }
  });

  test('a run that was killed anywhere can be gone back from, without a trace', async () => {
    for (const after of await moments(tells)) {
      const at = await killed(tells, after);
      const isFinished = at.service.record === null && at.service.walks.length > 0;
      const { plan } = await begin(at);
      const outcome = await back(at, plan.whole);
      expect([after, outcome.kind]).toEqual([after, 'rolled-back']);
      const version = isFinished ? '2.0.0' : '1.0.0';
      expect(new Set(Object.values(at.service.versions()))).toEqual(new Set([version]));
      expect(at.service.record).toBeNull();
    }
  });
});

test('while the platform is still at what a killed run has begun, nothing else is begun', async () => {
  const at = scene();
  await prepare(at);
  const stop = new AbortController();
  const { plan } = await begin(at);
  const quiet = { started: () => {}, progress: () => {}, ended: () => {} };
  const run = runSteps(plan.upgrade, createRecorder(at.clock, quiet), stop.signal);
  for (let seconds = 0; at.service.walks.length < 2 && seconds < 600; seconds++) await at.clock.advance(1000);
  stop.abort(new Killed('killed'));
  await run;
  expect((await goOn(at)).kind).toBe('completed');
  expect(at.service.walks.map(({ domain }) => domain)).toEqual([0, 1, 2, 3, 4]);
  const [, second, third] = at.service.walks;
  expect((third?.at ?? 0) - (second?.at ?? 0)).toBeGreaterThan(MINUTE);
});
