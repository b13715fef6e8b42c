// What has to hold before a phase of a geo-redundant upgrade may begin, in the order in which it is told.
import type { Config } from '../config/config.ts';
import { azurePermissions, permissionsInBackupRegion } from './azure-permissions.ts';
import { backupRegionReader, inBothRegions } from './backup-region.ts';
import { backupRegionAnswers } from './backup-region-answers.ts';
import { chainingPossible } from './chaining-possible.ts';
import { connectionStringTravels } from './connection-string-travels.ts';
import { customerManagedKey } from './customer-managed-key.ts';
import { databaseNames } from './database-names.ts';
import { fenceGuards } from './fence-possible.ts';
import { geoFailoverGroup } from './geo-failover-group.ts';
import { geoReplicationLinks } from './geo-replication-links.ts';
import type { Guard } from './guard.ts';
import { ledgerDigests } from './ledger-digests.ts';
import { longerReadOnly } from './longer-read-only.ts';
import { priorityRouting } from './priority-routing.ts';
import { productionHealthy } from './production-healthy.ts';
import { publicName } from './public-name.ts';
import { sameRegionEndpoints } from './same-region-endpoints.ts';
import { serviceTier } from './service-tier.ts';
import { rightsInBackupRegion, sqlPermissions } from './sql-permissions.ts';
import { sqlServerReachable } from './sql-server-reachable.ts';
import { stageFirewall } from './stage-firewall.ts';
import { stageLogins } from './stage-logins.ts';
import { stageSiteIdentical } from './stage-site-identical.ts';
import { stageVersion } from './stage-version.ts';
import { standbyPool } from './standby-pool.ts';
import { standbyProtects } from './standby-protects.ts';
import { timeLeft } from './time-left.ts';
import { twoRegions } from './two-regions.ts';
import { upgradeScript } from './upgrade-script.ts';

/** The guards of this configuration: how users are switched and when the stage's geo-secondary is made decide them. */
export function geoRedundantGuards(
  config: Pick<Config, 'switchMethod' | 'standbyMode' | 'freezeMethod'>,
): readonly Guard[] {
  const read = backupRegionReader();
  const both = (guard: Guard) => inBothRegions(guard, read);
  const bySlotSwap = config.switchMethod === 'slot-swap';
  const chained = config.standbyMode === 'chained';
  return [
    upgradeScript,
    twoRegions(read),
    backupRegionAnswers(read),
    databaseNames,
    inBothRegions(azurePermissions, read, permissionsInBackupRegion),
    both(sqlServerReachable),
    inBothRegions(sqlPermissions, read, rightsInBackupRegion),
    both(stageLogins),
    both(stageFirewall),
    serviceTier,
    standbyPool,
    both(customerManagedKey),
    ledgerDigests,
    standbyProtects(read),
    geoReplicationLinks(read),
    chained ? chainingPossible : longerReadOnly,
    geoFailoverGroup(read),
    ...fenceGuards(config),
    ...(bySlotSwap
      ? [both(connectionStringTravels)]
      : [priorityRouting, both(sameRegionEndpoints), publicName]),
    both(stageSiteIdentical),
    productionHealthy,
    stageVersion,
    timeLeft,
  ];
}
