// Production after a disaster is where its database was failed over to.
import { describe, expect, test } from '@jest/globals';
import { besideItsSite } from '../../src/application/regions.ts';
import { sqlTarget, type UpgradeContext } from '../../src/application/upgrade-context.ts';
import type { DatabaseRef, ReplicationLink } from '../../src/azure/ports.ts';
import { databasesApart } from '../../src/phases/databases-apart.ts';
import { failedOver } from '../../src/phases/failed-over.ts';
import { unfreezeCommand } from '../../src/steps/unfreeze-command.ts';
import { config, databaseInfo, link, server, slot } from '../guards/parts.ts';

const site = (name: string) => ({ resourceGroup: name, site: name, deploymentSlot: null });

/**
 * @param links what Resource Manager lists of the standby's database; null where it does not answer.
 * @param more the same of another database; none where absent.
 */
function context(
  links: readonly ReplicationLink[] | null,
  more?: readonly ReplicationLink[],
): { context: UpgradeContext; warnings: string[] } {
  const backup = slot('blue', { sqlServer: 'contoso-sql-dr', sqlResourceGroup: 'contoso-blue-dr' });
  const primary = slot('blue', { sqlServer: 'contoso-sql-1', backup });
  const stage = slot('green');
  const warnings: string[] = [];
  const pair = (name: string) => ({
    name,
    production: { resourceGroup: 'g', server: 'contoso-sql-1', database: name },
    stage: { resourceGroup: 'g', server: 'contoso-sql-2', database: name },
  });
  const made = {
    config: config({ topology: 'geo-redundant', slots: [primary, stage] }),
    azure: {
      sql: {
        getDatabase: async () => (links ? databaseInfo() : Promise.reject(new Error('503'))),
        listLinks: async (of: DatabaseRef) =>
          (of.database === 'billing' ? more : links) ?? Promise.reject(new Error('503')),
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
    databases: ['contoso', ...(more ? ['billing'] : [])].map(pair),
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
    expect(warnings).toEqual([expect.stringContaining('contoso is on contoso-sql-dr')]);
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

describe('two databases, failed over one by one', () => {
  const ONE = [toOldPrimary('Primary')];
  const OTHER = [toOldPrimary('Secondary')];

  test('both are in the backup region', async () => {
    const after = await failedOver(context(ONE, ONE).context);
    expect(after.production.server.name).toBe('contoso-sql-dr');
    expect(databasesApart(after)).toBeNull();
  });

  test('one is: each is reached where it is, and production is not taken to be elsewhere', async () => {
    const after = await failedOver(context(OTHER, ONE).context);
    expect(after.production.server.name).toBe('contoso-sql-1');
    expect(['contoso', 'billing'].map((name) => sqlTarget(after, 'production', name).host)).toEqual([
      expect.stringMatching(/^contoso-sql-1\./),
      expect.stringMatching(/^contoso-sql-dr\./),
    ]);
    expect(unfreezeCommand(after, 'billing')).toContain('-S contoso-sql-dr.');
    const hosts = besideItsSite(after).databases.map(({ production }) => production.server);
    expect(hosts).toEqual(['contoso-sql-1', 'contoso-sql-1']);
  });

  test('a person is told which is where, and both ways to bring them together', async () => {
    const apart = databasesApart(await failedOver(context(OTHER, ONE).context));
    expect(apart?.reason).toBe('region-mismatch');
    expect(apart?.message).toContain('contoso is on contoso-sql-1, billing is on contoso-sql-dr');
    const commands = apart?.advice
      .flatMap((text) => text.split('\n'))
      .filter((line) => line.startsWith('az '));
    expect(commands).toEqual([
      'az sql db replica set-primary -g contoso-blue -s contoso-sql-1 -n billing',
      'az sql db replica set-primary -g contoso-blue-dr -s contoso-sql-dr -n contoso',
    ]);
  });

  test('once the other one has followed, or the first one is back, they are together', async () => {
    const apart = await failedOver(context(OTHER, ONE).context);
    const { azure: followed } = context(ONE, ONE).context;
    expect((await failedOver({ ...apart, azure: followed })).production.server.name).toBe('contoso-sql-dr');
    const { azure: back } = context(OTHER, OTHER).context;
    const together = await failedOver({ ...apart, azure: back });
    expect(databasesApart(together)).toBeNull();
    expect(together.production.server.name).toBe('contoso-sql-1');
  });
});
