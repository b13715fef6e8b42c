// The users' orders in a database, seen from outside any session.
import type { LocalAzure } from '../local-azure/start.ts';
import { DATABASE } from '../local-azure/topologies/contoso.ts';
import type { Users } from '../local-azure/users/users.ts';

/** Ids in lower case. */
export function ordersOn({ fabric }: LocalAzure, sqlServer: string): Set<string> {
  const rows = fabric.inspect(sqlServer, DATABASE, 'SELECT Id FROM Orders');
  return new Set(rows.map(({ Id }) => String(Id).toLowerCase()));
}

/** Writes that users were told are done, and that are not in the database which serves them. */
export function lostWrites(azure: LocalAzure, sqlServer: string, users: Users): Promise<string[]> {
  const there = ordersOn(azure, sqlServer);
  return users.verify(async (id) => there.has(id.toLowerCase()));
}
