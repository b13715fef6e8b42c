// A resource manager with databases behind it that hold rows: two servers in each of two regions, and production's
// geo-secondary in the backup region.

import type { ArmOptions } from '../../../../local-azure/arm/create-arm.ts';
import { systemClock } from '../../../../local-azure/clock.ts';
import { createLatency } from '../../../../local-azure/latency.ts';
import { createRandom } from '../../../../local-azure/random.ts';
import { createSqlFabric } from '../../../../local-azure/sql/create-fabric.ts';
import type { SqlSession } from '../../../../local-azure/sql/session.ts';
import { SUBSCRIPTION, startTestArm } from './test-arm.ts';

export interface Place {
  readonly group: string;
  readonly server: string;
}

export const PRODUCTION: Place = { group: 'contoso-blue', server: 'contoso-sql-blue' };
export const STAGE: Place = { group: 'contoso-green', server: 'contoso-sql-green' };
export const DR: Place = { group: 'contoso-blue-dr', server: 'contoso-sql-dr' };
export const STAGE_DR: Place = { group: 'contoso-green-dr', server: 'contoso-sql-3' };

export const serverId = ({ group, server }: Place) =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Sql/servers/${server}`;
export const databaseId = (place: Place) => `${serverId(place)}/databases/contoso`;

export type GeoArm = Awaited<ReturnType<typeof startGeoArm>>;

export async function startGeoArm(change: Partial<ArmOptions> = {}) {
  const clock = systemClock();
  const fabric = createSqlFabric({ clock, random: createRandom(11), latency: createLatency('off', 1) });
  const azure = await startTestArm({ fabric, clock, ...change });
  for (const { group, server } of [DR, STAGE_DR]) {
    azure.arm.createGroup({ name: group, location: 'westeurope', tags: {} });
    azure.arm.sql.createServer({
      name: server,
      group,
      location: 'westeurope',
      administratorLogin: 'contoso-admin',
      administratorPassword: 'Aa1-not-a-secret',
    });
  }
  for (const { server } of [PRODUCTION, STAGE, DR, STAGE_DR])
    fabric.setFirewall(server, [{ name: 'loopback', start: '127.0.0.1', end: '127.0.0.1' }]);

  const secondary = async (source: Place, target: Place): Promise<void> => {
    const location = target === STAGE || target === PRODUCTION ? 'northeurope' : 'westeurope';
    await azure.sql.databases.beginCreateOrUpdateAndWait(target.group, target.server, 'contoso', {
      location,
      createMode: 'Secondary',
      sourceDatabaseId: databaseId(source),
    });
  };
  const linksOf = async ({ group, server }: Place) => {
    const links: { id: string; role: string; partner: string; state: string }[] = [];
    for await (const link of azure.sql.replicationLinks.listByDatabase(group, server, 'contoso'))
      links.push({
        id: link.name ?? '',
        role: link.role ?? '',
        partner: link.partnerServer ?? '',
        state: link.replicationState ?? '',
      });
    return links;
  };
  /** Numbers of the errors of a batch run on a new connection, as the administrator. */
  const run = async ({ server }: Place, text: string): Promise<number[]> => {
    const host = fabric.hosts().find((each) => each.serverName === server);
    if (host === undefined) throw new Error(`no server ${server}`);
    const session = await host.login(
      { kind: 'password', user: 'contoso-admin', password: 'Aa1-not-a-secret' },
      'contoso',
      { address: '127.0.0.1', programName: 'test', readOnlyIntent: false },
    );
    try {
      return await errorsOf(session, text);
    } finally {
      session.close();
    }
  };
  const values = ({ server }: Place) =>
    fabric.inspect(server, 'contoso', 'SELECT Id FROM dbo.Orders ORDER BY Id').map((row) => row.Id);
  await run(
    PRODUCTION,
    'CREATE TABLE dbo.Orders (Id int NOT NULL PRIMARY KEY); INSERT dbo.Orders VALUES (1)',
  );
  return {
    ...azure,
    fabric,
    secondary,
    linksOf,
    run,
    values,
    close: async () => {
      await azure.close();
      await fabric.close();
    },
  };
}

async function errorsOf(session: SqlSession, text: string): Promise<number[]> {
  const errors: number[] = [];
  for await (const event of session.execute(text, [], new AbortController().signal))
    if (event.kind === 'message' && event.message.severity > 10) errors.push(event.message.number);
  return errors;
}
