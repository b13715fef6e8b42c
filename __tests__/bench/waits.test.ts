import { describe, expect, test } from '@jest/globals';
import { lateMs, latePercent } from '../../bench/waiting/waits.ts';

const wait = { began: 1_000, ended: 21_000, seen: 21_500, requests: 4 };

describe('a wait', () => {
  test('is late by what passed between its end and when that was acted on', () => {
    expect([lateMs(wait), latePercent(wait)]).toEqual([500, 2.5]);
  });

  test('is never seen before its end: the looks from outside are late themselves', () => {
    expect(lateMs({ ...wait, seen: 20_998 })).toBe(0);
  });

  test('that took no time has no share', () => {
    expect(() => latePercent({ ...wait, ended: 1_000 })).toThrow(RangeError);
  });
});
