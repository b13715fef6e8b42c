// Work on many databases, so many at a time.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DatabasePair, UpgradeContext } from '../../src/application/upgrade-context.ts';
import { severalAtOnce, speakingFor } from '../../src/steps/several-at-once.ts';
import { createSimulatedClock } from '../engine/simulated-clock.ts';

function application(names: readonly string[], databasesAtOnce: number, said: string[] = []) {
  const log = {
    line: (text: string) => said.push(text),
    warning: (text: string) => said.push(text),
    group: (title: string) => said.push(`[${title}`),
    endGroup: () => said.push(']'),
  };
  const databases = names.map((name) => ({ name }) as DatabasePair);
  return { databases, log, config: { upgrade: { databasesAtOnce } } } as unknown as UpgradeContext;
}

const run = { signal: new AbortController().signal, progress: () => {} };

test('at most so many are under way, all are done, and each result is in its own place', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 8 }),
      async (lengths, atOnce) => {
        const clock = createSimulatedClock();
        const names = lengths.map((_ms, index) => `d${index}`);
        let underWay = 0;
        let most = 0;
        const begun: string[] = [];
        const work = severalAtOnce(application(names, atOnce), run, async ({ name }) => {
          begun.push(name);
          most = Math.max(most, ++underWay);
          await clock.sleep(lengths[Number(name.slice(1))] ?? 0);
          underWay--;
          return name;
        });
        await clock.advance(10_000);
        expect(await work).toEqual(names);
        expect(begun).toEqual(names);
        expect(most).toBe(Math.min(atOnce, names.length));
      },
    ),
  );
});

test('the first failure stops the others, lets none begin, and comes when nothing is under way any more', async () => {
  const begun: string[] = [];
  const ended: string[] = [];
  const failure = new Error('the script of b failed');
  const work = severalAtOnce(application(['a', 'b', 'c', 'd'], 2), run, async ({ name }, { signal }) => {
    begun.push(name);
    if (name === 'b') throw failure;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    ended.push(name);
    signal.throwIfAborted();
  });
  await expect(work).rejects.toBe(failure);
  expect([begun, ended]).toEqual([['a', 'b'], ['a']]);
});

describe('what is said meanwhile', () => {
  const speak = (atOnce: number) => {
    const said: string[] = [];
    const context = application(['a', 'b'], atOnce, said);
    const [pair = { name: 'a' } as DatabasePair] = context.databases;
    const log = speakingFor(context, pair);
    log.group('a: batch 1 of 1');
    log.line('12 rows');
    log.endGroup();
    return said;
  };

  test('is folded where one speaks at a time', () => {
    expect(speak(1)).toEqual(['[a: batch 1 of 1', '12 rows', ']']);
  });

  test('bears the name of its database where several do', () => {
    expect(speak(2)).toEqual(['a: batch 1 of 1', 'a: 12 rows']);
  });
});
