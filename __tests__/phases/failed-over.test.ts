// Production after a disaster is where its database was failed over to.
import { describe, expect, test } from '@jest/globals';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import type { DatabaseRef, ReplicationLink } from '../../src/azure/ports.ts';
import { failedOver } from '../../src/phases/failed-over.ts';
import { config, databaseInfo, link, server, slot } from '../guards/parts.ts';

const site = (name: string) => ({ resourceGroup: name, site: name, deploymentSlot: null });

/** @param links what Resource Manager lists of the standby's database; null where it does not answer. */
function context(links: readonly ReplicationLink[] | null): { context: UpgradeContext; warnings: string[] } {
  const backup = slot('blue', { sqlServer: 'contoso-sql-dr', sqlResourceGroup: 'contoso-blue-dr' });
  const primary = slot('blue', { sqlServer: 'contoso-sql-1', backup });
  const stage = slot('green');
  const warnings: string[] = [];
  const database = (name: string): DatabaseRef => ({ resourceGroup: 'g', server: name, database: 'contoso' });
  const made = {
    config: config({ topology: 'geo-redundant', slots: [primary, stage] }),
    azure: {
      sql: {
        getDatabase: async () => (links ? databaseInfo() : Promise.reject(new Error('503'))),
        listLinks: async () => links ?? Promise.reject(new Error('503')),
      },
    },
    log: { warning: (line: string) => warnings.push(line) },
    production: {
      config: primary,
      server: server('contoso-sql-1'),
      site: site('contoso-1'),
      standby: {
        config: backup,
        server: server('contoso-sql-dr', { location: 'westeurope' }),
        site: site('contoso-dr'),
      },
    },
    stage: { config: stage, server: server('contoso-sql-2'), site: site('contoso-2'), standby: null },
    databases: [{ name: 'contoso', production: database('contoso-sql-1'), stage: database('contoso-sql-2') }],
  };
  return { context: made as unknown as UpgradeContext, warnings };
}

const toOldPrimary = (role: string, state = 'CATCH_UP') =>
  link({ role, partnerServer: 'contoso-sql-1', partnerDatabase: 'contoso', state });

describe('where production is', () => {
  test('in its backup region once its database there is the primary', async () => {
    const { context: before, warnings } = context([toOldPrimary('Primary', 'SUSPENDED')]);
    const after = await failedOver(before);
    expect(after.production.server.name).toBe('contoso-sql-dr');
    expect(after.production.site.site).toBe('contoso-dr');
    expect(after.production.standby?.server.name).toBe('contoso-sql-1');
    expect(after.databases[0]?.production).toMatchObject({
      server: 'contoso-sql-dr',
      resourceGroup: 'contoso-blue-dr',
    });
    expect(warnings).toEqual([expect.stringContaining('contoso-sql-dr in westeurope')]);
    // The slot is the same one: what a person confirms and reads is not renamed.
    expect(after.production.config.name).toBe('blue');
    expect(after.production.config.backup?.sqlServer).toBe('contoso-sql-1');
  });

  test.each([
    ['its database there is a geo-secondary', [toOldPrimary('Secondary')]],
    ['a link that a failover left behind says both', [toOldPrimary('Primary'), toOldPrimary('Secondary')]],
    ['its database there has nothing to do with it', []],
    ['nobody tells', null],
  ])('where it was, as long as %s', async (_, links) => {
    const { context: before, warnings } = context(links);
    expect(await failedOver(before)).toBe(before);
    expect(warnings).toEqual([]);
  });
});
