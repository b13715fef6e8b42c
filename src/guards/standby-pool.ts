import { standbyOf } from '../application/regions.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { command } from '../engine/command-line.ts';
import type { Guard } from './guard.ts';
import { fail, pass } from './verdict.ts';

/** The geo-secondary of a pooled stage database needs a pool as well: by itself it would be of another size. */
export const standbyPool: Guard = {
  id: 'standby-pool',
  title: "The stage's geo-secondary goes where its size is that of the stage database",
  phases: ['prepare'],
  check: async (context: UpgradeContext) => {
    const { config } = context.stage;
    const standby = standbyOf(context, 'stage').config;
    if (config.elasticPool === null)
      return pass(`the databases on ${standby.sqlServer} get the size of their source`);
    if (standby.elasticPool !== null) {
      return pass(
        `pools ${config.elasticPool} on ${config.sqlServer}, ${standby.elasticPool} on ${standby.sqlServer}`,
      );
    }
    return fail(
      'service-tier-mismatch',
      `slot ${config.name} has the pool ${config.elasticPool} on ${config.sqlServer}, and names none on ${standby.sqlServer}`,
      `Name a pool on ${standby.sqlServer} in slots.${config.name}.backup.sql-server.elastic-pool; this lists them:`,
      command(
        'az',
        'sql',
        'elastic-pool',
        'list',
        '-g',
        standby.sqlResourceGroup,
        '-s',
        standby.sqlServer,
        '-o',
        'table',
      ),
    );
  },
};
