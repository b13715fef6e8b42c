// Topologies single-region and geo-redundant: an application with its databases, sites, and users before them.
import { fillApplicationDatabase } from './application-database.ts';
import type { Contents, Parts } from './contents.ts';
import { databaseNames, TRAFFIC } from './contoso.ts';
import { grantCustomRole } from './custom-role.ts';
import type { LocalAzureOptions } from './options.ts';
import { publicZone } from './public-zone.ts';
import { seedSql, seedStandby } from './seed-sql.ts';
import { deploySite, seedWeb } from './seed-web.ts';
import { serveSql } from './services.ts';
import { sitePlaces } from './site-places.ts';

/** In each database that no site uses: something that an upgrade has to bring along. */
const FURTHER_ORDERS = 4;

export async function fillApplication(parts: Parts, options: LocalAzureOptions): Promise<Contents> {
  const { ground, arm, fabric, sites, traffic, front, passwords } = parts;
  const production = sitePlaces(options).production.primary;
  await grantCustomRole(arm);
  seedSql(arm, options, passwords.sqlAdministrator);
  const sql: Record<string, string> = {};
  for (const host of fabric.hosts()) sql[host.serverName] = await serveSql(ground, host, front);
  const server = fabric.hosts().find((host) => host.serverName === production.database.sqlServer);
  if (!server) throw new Error('The production SQL server was not created.');
  for (const [index, database] of databaseNames(options.databases).entries())
    await fillApplicationDatabase(server, {
      database,
      orders: index === 0 ? options.orders : FURTHER_ORDERS,
      clock: ground.clock,
      random: ground.random,
      administratorPassword: passwords.sqlAdministrator,
      applicationPassword: passwords.application,
    });
  seedStandby(arm, fabric, options);
  seedWeb(arm, options, passwords.application);
  traffic.settle();
  return {
    sql,
    zone: publicZone(options, { traffic, sites, fabric }),
    publicName: TRAFFIC.publicName,
    deploy: (name, deploymentSlot, version) => {
      const exists = sites.running().some((site) => site.name === name && site.slot === deploymentSlot);
      deploySite(arm, options, { name, deploymentSlot, version, exists }, passwords.application);
    },
  };
}
