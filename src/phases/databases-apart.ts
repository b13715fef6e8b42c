// Databases of one application that were failed over one by one, some of them: no upgrade is begun, or gone on with, before
// they are together again.
import { setPrimary } from '../application/geo-replication-commands.ts';
import { databaseOn, failedOverAlone } from '../application/regions.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { UpgradeError } from '../reasons.ts';
import { told } from './failed-over.ts';

/** 'region-mismatch' where production's databases are in two regions: which is where, and how each gets to the others. */
export function databasesApart(context: UpgradeContext): UpgradeError | null {
  const { standby } = context.production;
  const moved = failedOverAlone(context);
  if (!standby || moved.length === 0) return null;
  const others = context.databases.filter((pair) => !moved.includes(pair));
  return new UpgradeError(
    'region-mismatch',
    `Production's databases were failed over one by one and are in two regions: ${told(context)}`,
    {
      advice: [
        [
          `Bring them together (planned: nothing is lost; both regions have to answer). On ${context.production.server.name}:`,
          ...moved.map(({ name }) => setPrimary(databaseOn(context.production, name), 'planned')),
        ].join('\n'),
        [
          `Or, all of them on ${standby.server.name}:`,
          ...others.map(({ name }) => setPrimary(databaseOn(standby, name), 'planned')),
        ].join('\n'),
      ],
    },
  );
}
