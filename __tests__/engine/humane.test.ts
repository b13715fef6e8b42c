import { describe, expect, test } from '@jest/globals';
import { formatBytes, formatDuration, formatRate } from '../../src/engine/humane.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('durations', () => {
  test.each([
    [0, '0 s'],
    [40, '0 s'],
    [420, '0.4 s'],
    [1000, '1 s'],
    [9_949, '9.9 s'],
    [9_960, '10 s'],
    [12_400, '12 s'],
    [59_499, '59 s'],
    [59_999, '1 min'],
    [125_000, '2 min 5 s'],
    [HOUR - 1, '1 h'],
    [80 * MINUTE, '1 h 20 min'],
    [24 * HOUR - 1, '1 d'],
    [51 * HOUR, '2 d 3 h'],
    [-125_000, '-2 min 5 s'],
    [Number.POSITIVE_INFINITY, 'unknown'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('sizes', () => {
  test.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [1024 ** 2 - 1, '1 MiB'],
    [250 * 1024 ** 3, '250 GiB'],
    [5000 * 1024 ** 5, '5000 PiB'],
    [Number.NaN, 'unknown'],
  ])('%d is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

test('rates are by the minute', () => {
  expect(formatRate(3.2 / MINUTE, 'percent')).toBe('3.2 %/min');
  expect(formatRate((1.5 * 1024 ** 3) / MINUTE, 'bytes')).toBe('1.5 GiB/min');
});
