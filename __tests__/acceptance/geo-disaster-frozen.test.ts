// The primary region is lost while production is read-only: the run tries for minutes to give it back, and says
// truthfully that it could not.
import { describe, expect, test } from '@jest/globals';
import { expectStatus, expectTruth, failoverTo, strike } from './geo-disaster.ts';
import { FROZEN } from './geo-moments.ts';

const V1 = failoverTo('contoso-sql-dr');

describe('lost while frozen: how the run ends', () => {
  test.concurrent.each(FROZEN)('%s', (_when, disaster) =>
    strike(disaster, async (struck) => {
      expectTruth(struck.acted, V1);
      expect(struck.acted.report.result).toBe('rollback-failed');
      await expectStatus(struck, V1);
    }));
});
