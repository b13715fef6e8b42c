// Why a phase is not begun: what a person reads names everything that is at stake, and the real reason.
import { describe, expect, test } from '@jest/globals';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { applicability } from '../../src/phases/applicability.ts';
import { failedOver } from '../../src/phases/failed-over.ts';
import { cleanupUnconfirmed, interrupted } from '../../src/phases/refusals.ts';
import { databaseInfo, link } from '../guards/parts.ts';
import { beforeTheSwitch } from '../steps/before-the-switch.ts';

/** @param role of contoso-sql-dr in its link with contoso-sql-1. */
function application(role: 'Primary' | 'Secondary'): Promise<UpgradeContext> {
  const links = [link({ role, partnerServer: 'contoso-sql-1', partnerDatabase: 'contoso' })];
  const sql = { getDatabase: async () => databaseInfo(), listLinks: async () => links };
  return failedOver(beforeTheSwitch({ azure: { sql } }).context);
}

describe('production that is found read-only', () => {
  test('after a failover: that is named, not an earlier run', async () => {
    const error = interrupted(await application('Primary'), 'switch', 'an earlier run left it so');
    expect(error.reason).toBe('region-mismatch');
    expect(error.message).toMatch(/failed over .*contoso-sql-dr/);
    expect(error.message).not.toContain('earlier run');
  });

  test('where it was: an earlier run', async () => {
    const error = interrupted(await application('Secondary'), 'switch', 'an earlier run left it so');
    expect([error.reason, error.message]).toEqual(['interrupted', expect.stringContaining('earlier run')]);
  });

  test.each([
    ['prepare', /then run prepare again\./],
    ['switch', /then run upgrade again; switch comes after it\./],
    ['cleanup', /then run upgrade again; cleanup comes after it\./],
  ] as const)('%s does not send anybody into a refusal: neither by the order, nor by a stage that was cut off', async (phase, order) => {
    const { advice } = interrupted(await application('Secondary'), phase, 'an earlier run left it so');
    expect(advice[0]).toMatch(order);
    expect(advice[1]).toMatch(
      /cut off .*remove it first: run rollback with rollback\.stage: remove.*then prepare/,
    );
  });
});

test('whoever confirms a cleanup is told of the databases in both regions', async () => {
  const context = await application('Secondary');
  const { message = '' } = cleanupUnconfirmed(context) ?? {};
  expect(message).toContain('contoso-sql-2 and contoso-sql-3');
  expect(cleanupUnconfirmed({ ...context, confirm: 'Remove GREEN' })).toBeNull();
});

test('a stage database of unknown history does not say where users are', () => {
  expect(JSON.stringify(applicability('cleanup', 'compromised'))).not.toMatch(/users are on V1/);
});
