import { describe, expect, test } from '@jest/globals';
import { parseCommandLine } from './command-line.ts';

describe('the command line of the matrix', () => {
  test('without flags everything is tried', () => {
    expect(parseCommandLine([])).toMatchObject({
      kinds: [],
      worlds: [],
      journeys: [],
      case: null,
      sample: null,
      shard: null,
      seed: 1,
      does: 'try',
    });
  });

  test('a case names its kind, its world and its journey', () => {
    const id = 'crash|single-region|upgrade, switch|arm PUT /x#1|before|post';
    expect(parseCommandLine(['--seed', '7', '--case', id])).toMatchObject({
      case: id,
      kinds: ['crash'],
      worlds: ['single-region'],
      journeys: ['upgrade, switch'],
      seed: 7,
    });
  });

  test('several worlds and kinds, a part of them', () => {
    expect(
      parseCommandLine(['--kind', 'crash', '--kind', 'fault', '--world', 'scale-sets', '--shard', '2/5']),
    ).toMatchObject({ kinds: ['crash', 'fault'], worlds: ['scale-sets'], shard: { index: 2, of: 5 } });
  });

  test.each([
    [['--world', 'two-regions'], '--world is "two-regions"'],
    [['--kind', 'earthquake'], '--kind is "earthquake"'],
    [['--shard', '6/5'], '--shard is "6/5"'],
    [['--sample', 'some'], '--sample is "some"'],
    [['--seed', '1.5'], '--seed is "1.5"'],
    [['--case', 'crash'], '--case is ""'],
  ])('%j is refused', (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(message);
  });
});
