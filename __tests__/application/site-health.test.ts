// Success is the expected version, told in a row, by the right way; and time moves only here.
import { describe, expect, test } from '@jest/globals';
import {
  askHealth,
  type HealthAnswer,
  type HealthWait,
  waitForHealth,
} from '../../src/application/site-health.ts';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import type { WebAnswer } from '../../src/azure/ports.ts';
import type { HealthConfig } from '../../src/config/config.ts';
import { createSimulatedClock } from '../engine/simulated-clock.ts';
import { config } from '../guards/parts.ts';

const HOST = 'www.contoso.example';

function health(changes: Partial<HealthConfig> = {}): HealthConfig {
  const { health: usual } = config();
  return { ...usual, intervalMs: 5_000, requestTimeoutMs: 2_000, consecutive: 3, ...changes };
}

function answered(body: string, changes: Partial<Extract<WebAnswer, { kind: 'answered' }>> = {}): WebAnswer {
  return { kind: 'answered', status: 200, headers: {}, body, chain: [HOST], ...changes };
}

const version = (text: string) => answered(JSON.stringify({ version: text }));
const V2 = version('2.0.0');
const V1 = version('1.0.0');
const down: WebAnswer = { kind: 'failed', why: 'ECONNREFUSED', chain: [HOST] };

interface Site {
  readonly context: UpgradeContext;
  readonly clock: ReturnType<typeof createSimulatedClock>;
  readonly asked: { url: string; timeoutMs: number }[];
}

/** Gives these answers one after the other, the last one for ever. */
function site(answers: readonly WebAnswer[], changes: Partial<HealthConfig> = {}): Site {
  const clock = createSimulatedClock();
  const asked: { url: string; timeoutMs: number }[] = [];
  const parts = {
    config: config({ health: health(changes) }),
    clock,
    azure: {
      web: {
        get: async (url: string, timeoutMs: number) => {
          asked.push({ url, timeoutMs });
          return answers[Math.min(asked.length, answers.length) - 1] ?? down;
        },
      },
    },
  };
  return { context: parts as unknown as UpgradeContext, clock, asked };
}

describe('one question', () => {
  test('goes to the configured path, with its time limit', async () => {
    const { context, asked } = site([V2], { protocol: 'http', path: '/ready?deep=1' });
    await askHealth(context, HOST);
    expect(asked).toEqual([{ url: 'http://www.contoso.example/ready?deep=1', timeoutMs: 2_000 }]);
  });

  const json = (property: string) => ({ kind: 'json' as const, property });
  test.each<[string, HealthConfig['versionFrom'], WebAnswer, string | null]>([
    ['a property', json('version'), V2, '2.0.0'],
    ['a nested property', json('build.version'), answered('{"build":{"version":"2.0.0"}}'), '2.0.0'],
    ['a number', json('version'), answered('{"version":2}'), '2'],
    ['no such property', json('build.version'), answered('{"build":"2.0.0"}'), null],
    ['a property of nothing', json('a.b.c'), answered('{"a":null}'), null],
    ['an object where text is expected', json('version'), answered('{"version":{}}'), null],
    ['no JSON', json('version'), answered('<html>'), null],
    ['JSON that is no object', json('version'), answered('null'), null],
    ['the whole body', { kind: 'body' }, answered(' 2.0.0\n'), '2.0.0'],
    ['an empty body', { kind: 'body' }, answered(' \n'), null],
    [
      'a header',
      { kind: 'header', name: 'X-Version' },
      answered('', { headers: { 'x-version': '2.0.0' } }),
      '2.0.0',
    ],
    ['no such header', { kind: 'header', name: 'X-Version' }, V2, null],
  ])('finds the version in %s', async (_, versionFrom, answer, expected) => {
    const seen = await askHealth(site([answer], { versionFrom }).context, HOST);
    expect(seen.version).toBe(expected);
    expect(seen.healthy).toBe(expected === '2.0.0');
  });

  test.each<[string, WebAnswer, Partial<HealthAnswer>]>([
    ['the old version is not healthy, whatever its status', V1, { healthy: false, version: '1.0.0' }],
    [
      'a status that is not expected is not healthy',
      answered('{"version":"2.0.0"}', { status: 503 }),
      { healthy: false, version: '2.0.0' },
    ],
    [
      'no answer is an answer',
      down,
      { healthy: false, version: null, evidence: `https://${HOST}/health: ECONNREFUSED` },
    ],
    [
      'what is healthy is evidence',
      V2,
      { healthy: true, evidence: `https://${HOST}/health answered 200, version 2.0.0` },
    ],
  ])('%s', async (_, answer, expected) => {
    expect(await askHealth(site([answer]).context, HOST)).toMatchObject(expected);
  });

  test('any of the expected statuses will do', async () => {
    const answer = answered('{"version":"2.0.0"}', { status: 204 });
    expect(await askHealth(site([answer], { expectedStatus: [200, 204] }).context, HOST)).toMatchObject({
      healthy: true,
    });
  });
});

interface Wait {
  readonly timeoutMs?: number;
  readonly through?: (answer: HealthAnswer) => string | null;
  readonly onFirst?: () => void;
  readonly usersWait?: true;
  readonly signal?: AbortSignal;
}

/** Starts the wait; `passed` lets time pass and tells how it ended, null while it goes on. */
function waiting(one: Site, { timeoutMs = 60_000, through, onFirst, usersWait, signal }: Wait = {}) {
  const progress: string[] = [];
  const run = {
    signal: signal ?? new AbortController().signal,
    progress: (line: string) => progress.push(line),
  };
  let ended: HealthWait | null = null;
  const options = {
    timeoutMs,
    ...(through && { through }),
    ...(onFirst && { onFirst }),
    ...(usersWait && { usersWait }),
  };
  const wait = waitForHealth(one.context, HOST, run, options).then((how) => {
    ended = how;
    return how;
  });
  const passed = async (ms: number): Promise<HealthWait | null> => {
    await one.clock.advance(ms);
    return ended;
  };
  return { passed, progress, wait };
}

describe('the wait', () => {
  test('ends when the version has answered so often in a row', async () => {
    const one = site([V2]);
    const { passed } = waiting(one);
    expect(await passed(9_999)).toBeNull();
    expect(await passed(1)).toEqual({
      kind: 'healthy',
      evidence: `https://${HOST}/health answered 200, version 2.0.0, 3 times in a row`,
    });
    expect(one.asked).toHaveLength(3);
  });

  test('begins to count anew after anything else', async () => {
    const one = site([down, V1, V2, V2, V1, V2, V2, V2]);
    const { passed, progress } = waiting(one);
    expect(await passed(60_000)).toMatchObject({ kind: 'healthy' });
    expect(one.asked).toHaveLength(8);
    expect(progress).toEqual([
      expect.stringContaining('ECONNREFUSED'),
      expect.stringContaining('version 1.0.0'),
      expect.stringContaining('version 1.0.0'),
    ]);
  });

  test('asks for good answers one right after the other where users wait', async () => {
    const one = site([V2]);
    const { passed } = waiting(one, { usersWait: true });
    expect(await passed(0)).toMatchObject({ kind: 'healthy' });
    expect(one.asked).toHaveLength(3);
  });

  test.each([1_000, 10_000, 60_000])('sees an answer that comes after %i ms hardly late', async (ms) => {
    const one = site([], { consecutive: 1, intervalMs: 5_000 });
    const began = one.clock.now();
    const answers = () => (one.clock.now() - began >= ms ? V2 : down);
    const context = { ...one.context, azure: { web: { get: async () => answers() } } };
    const { passed } = waiting(
      { ...one, context: context as unknown as UpgradeContext },
      { timeoutMs: 300_000 },
    );
    expect(await passed(ms - 1)).toBeNull();
    expect(await passed(Math.max(250, 0.05 * ms))).toMatchObject({ kind: 'healthy' });
  });

  test('asks no less often than at the interval, however long it takes', async () => {
    const one = site([down], { intervalMs: 5_000 });
    const { passed } = waiting(one, { timeoutMs: 3_600_000 });
    await passed(1_800_000);
    const before = one.asked.length;
    await passed(60_000);
    expect(one.asked.length - before).toBe(12);
  });

  test('tells once, and when, that the version was first seen', async () => {
    const one = site([V1, V2, V1, V2, V2, V2]);
    const began = one.clock.now();
    const first: number[] = [];
    const { passed } = waiting(one, { onFirst: () => first.push(one.clock.now() - began) });
    await passed(249);
    expect(first).toEqual([]);
    expect(await passed(20_001)).toMatchObject({ kind: 'healthy' });
    expect(first).toEqual([250]);
  });

  test('does not count an answer that came the wrong way', async () => {
    let right = false;
    const through = () => (right ? null : 'answered by contoso-blue, not by contoso-green');
    const one = site([V2], { consecutive: 1 });
    const { passed, progress } = waiting(one, { through });
    expect(await passed(10_000)).toBeNull();
    expect(progress).toContain('answered by contoso-blue, not by contoso-green');
    right = true;
    expect(await passed(5_000)).toMatchObject({ kind: 'healthy' });
  });

  test.each<[string, WebAnswer, Wait['through'], RegExp]>([
    ['the old version goes on answering', V1, undefined, /version 1\.0\.0/],
    ['nobody answers', down, undefined, /ECONNREFUSED/],
    ['the answers come the wrong way', V2, () => 'the wrong way', /^the wrong way$/],
  ])('gives up with what it saw last where %s', async (_, answer, through, evidence) => {
    const { passed } = waiting(site([answer]), { timeoutMs: 20_000, ...(through && { through }) });
    expect(await passed(20_000)).toBeNull();
    expect(await passed(5_000)).toEqual({ kind: 'not-healthy', evidence: expect.stringMatching(evidence) });
  });

  test('ends at once when the run is cancelled', async () => {
    const cancelled = new Error('cancelled');
    const controller = new AbortController();
    const one = site([V1]);
    const { passed, wait } = waiting(one, { signal: controller.signal });
    const ended = expect(wait).rejects.toBe(cancelled);
    await passed(7_000);
    const { length } = one.asked;
    controller.abort(cancelled);
    await ended;
    expect(one.clock.sleepers()).toBe(0);
    expect(one.asked).toHaveLength(length);
  });

  test('ends at once when the run is cancelled while the site hangs', async () => {
    const cancelled = new Error('cancelled');
    const controller = new AbortController();
    const one = site([V2]);
    const hangs = { ...one.context, azure: { web: { get: () => new Promise<WebAnswer>(() => {}) } } };
    const { passed, wait } = waiting(
      { ...one, context: hangs as unknown as UpgradeContext },
      { signal: controller.signal },
    );
    const ended = expect(wait).rejects.toBe(cancelled);
    await passed(1_000);
    controller.abort(cancelled);
    await ended; // time stands still
  });
});
