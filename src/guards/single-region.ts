// What has to hold before a phase of a single-region upgrade may begin, in the order in which it is told.
import type { Config } from '../config/config.ts';
import { azurePermissions } from './azure-permissions.ts';
import { connectionStringTravels } from './connection-string-travels.ts';
import { customerManagedKey } from './customer-managed-key.ts';
import { databaseNames } from './database-names.ts';
import { failoverGroup } from './failover-group.ts';
import { fenceGuards } from './fence-possible.ts';
import type { Guard } from './guard.ts';
import { ledgerDigests } from './ledger-digests.ts';
import { oneRegion } from './one-region.ts';
import { priorityRouting } from './priority-routing.ts';
import { productionHealthy } from './production-healthy.ts';
import { publicName } from './public-name.ts';
import { replicationLinks } from './replication-links.ts';
import { sameRegionEndpoints } from './same-region-endpoints.ts';
import { serviceTier } from './service-tier.ts';
import { sqlPermissions } from './sql-permissions.ts';
import { sqlServerReachable } from './sql-server-reachable.ts';
import { stageFirewall } from './stage-firewall.ts';
import { stageLogins } from './stage-logins.ts';
import { stageSiteIdentical } from './stage-site-identical.ts';
import { stageVersion } from './stage-version.ts';
import { timeLeft } from './time-left.ts';
import { upgradeScript } from './upgrade-script.ts';

/** The guards of this configuration: how users are switched decides which of them have a meaning. */
export function singleRegionGuards(config: Pick<Config, 'switchMethod' | 'freezeMethod'>): readonly Guard[] {
  const bySlotSwap = config.switchMethod === 'slot-swap';
  return [
    upgradeScript,
    oneRegion,
    databaseNames,
    azurePermissions,
    sqlServerReachable,
    sqlPermissions,
    stageLogins,
    stageFirewall,
    serviceTier,
    customerManagedKey,
    ledgerDigests,
    replicationLinks,
    failoverGroup,
    ...fenceGuards(config),
    ...(bySlotSwap ? [connectionStringTravels] : [priorityRouting, sameRegionEndpoints, publicName]),
    stageSiteIdentical,
    productionHealthy,
    stageVersion,
    timeLeft,
  ];
}
