// The example company's SQL before its first upgrade: version 1's database on blue, with a geo-secondary in the
// backup region where there is one; green's servers wait without a database.
import type { Arm } from '../arm/create-arm.ts';
import type { SqlFabric } from '../sql/fabric.ts';
import {
  type ContosoPlace,
  databaseNames,
  PRINCIPAL,
  regionsOf,
  SLOTS,
  SQL_ADMINISTRATOR,
  TRAFFIC,
} from './contoso.ts';
import type { TopologyOptions } from './options.ts';

/** Resource groups, SQL servers and the production databases, empty. */
export function seedSql(arm: Arm, options: TopologyOptions, administratorPassword: string): void {
  const slots = SLOTS[options.topology];
  const places = slots.flatMap((slot) => regionsOf(slot));
  for (const { resourceGroup, region } of places) {
    arm.createGroup({ name: resourceGroup, location: region.name, tags: {} });
  }
  arm.createGroup({ name: TRAFFIC.resourceGroup, location: slots[0].primary.region.name, tags: {} });
  for (const place of places) seedSqlServer(arm, place, options, administratorPassword);
  for (const name of databaseNames(options.databases))
    arm.sql.createDatabase({ server: slots[0].primary.sqlServer, name, sku: 'S1' });
}

/** The geo-secondaries of production, in CATCH_UP at once, and their failover group; nothing where there is one region. */
export function seedStandby(arm: Arm, fabric: SqlFabric, options: TopologyOptions): void {
  const [{ primary, backup, failoverGroup }] = SLOTS[options.topology];
  if (backup === null) return;
  const databases = databaseNames(options.databases);
  for (const database of databases)
    fabric.startGeoReplication(
      { server: primary.sqlServer, database },
      { server: backup.sqlServer, database },
      0,
    );
  if (!options.failoverGroup || failoverGroup === null) return;
  arm.sql.addFailoverGroup({
    name: failoverGroup,
    primary: primary.sqlServer,
    partner: backup.sqlServer,
    databases,
    readWritePolicy: 'Manual',
    gracePeriodMinutes: null,
  });
}

function seedSqlServer(
  arm: Arm,
  { sqlServer, resourceGroup, region }: ContosoPlace,
  { sqlLogins }: TopologyOptions,
  administratorPassword: string,
): void {
  arm.sql.createServer({
    name: sqlServer,
    group: resourceGroup,
    location: region.name,
    administratorLogin: SQL_ADMINISTRATOR,
    administratorPassword,
  });
  arm.sql.setFirewallRule(sqlServer, {
    name: 'runners',
    startIpAddress: '127.0.0.1',
    endIpAddress: '127.0.0.1',
  });
  // What the portal's "allow Azure services" writes: the sites come through it.
  arm.sql.setFirewallRule(sqlServer, {
    name: 'AllowAllWindowsAzureIps',
    startIpAddress: '0.0.0.0',
    endIpAddress: '0.0.0.0',
  });
  if (sqlLogins) return;
  const { name: login, objectId, appId } = PRINCIPAL;
  arm.sql.setEntraAdministrator(sqlServer, { login, objectId, appId, principalType: 'Application' });
}
