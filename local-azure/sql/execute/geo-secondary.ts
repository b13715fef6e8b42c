// Geo-replication from T-SQL: ALTER DATABASE … ADD | REMOVE SECONDARY | FAILOVER, sp_wait_for_database_copy_sync.
import { sameName } from '../catalog/catalog.ts';
import type { Database } from '../database.ts';
import { alterDatabaseFailed, sqlError } from '../errors.ts';
import { rolesOf } from '../principals.ts';
import type { Server } from '../server.ts';
import type { SessionEvent } from '../session.ts';
import type { StatementOf } from '../t-sql/ast.ts';
import { namedArguments } from './arguments.ts';
import type { CallArgument } from './calls.ts';
import type { Frame } from './frame.ts';

/** In master of the primary's server (FAILOVER: the secondary's), by its administrator or a dbmanager. */
export async function* changeGeoSecondary(
  frame: Frame,
  statement: StatementOf<'geo-secondary'>,
): AsyncGenerator<SessionEvent, void> {
  const { session, signal } = frame;
  const { server, database, principal, catalog } = session;
  if (session.transaction.count > 0) throw sqlError(226, 'ALTER DATABASE');
  const isManager = principal.isServerAdministrator || rolesOf(catalog, principal.user).has('dbmanager');
  if (!sameName(database.name, 'master')) throw alterDatabaseFailed(sqlError(5001));
  const target = server.find(statement.database);
  if (!isManager || !target) throw alterDatabaseFailed(sqlError(5011, statement.database));
  const { change } = statement;
  if (change.action === 'failover') await failOver(server, target, change.forced, signal);
  else if (change.action === 'add')
    server.replication.start(target, change.server, server.latency.of('create-secondary'));
  else remove(server, target, change.server);
  yield { kind: 'done', rowCount: null };
}

function remove(server: Server, primary: Database, partner: string): void {
  const link = server.replication.linksFrom(primary).find((each) => sameName(each.secondary.server, partner));
  if (!link) throw alterDatabaseFailed(sqlError(5011, primary.name));
  // Whether Azure drains first is not documented; here it does not, which is the worse of the two.
  server.replication.remove(link);
}

async function failOver(
  server: Server,
  secondary: Database,
  forced: boolean,
  signal: AbortSignal,
): Promise<void> {
  const link = server.replication.linkTo(secondary);
  if (!link) throw alterDatabaseFailed(sqlError(5011, secondary.name));
  const duration = server.latency.of(forced ? 'forced-failover' : 'planned-failover');
  if (duration > 0) await server.clock.sleep(duration, signal);
  await server.replication.failover(link, forced, signal);
}

/** The documentation says "an error number" and no more; the product may rely on nothing but "not 0". */
const LINK_NOT_FOUND = 1;
const LINK_LOST = 2;

/** Waits until everything committed so far is on the secondary. On the primary only. */
export async function* waitForCopySync(
  { session, signal }: Frame,
  args: readonly CallArgument[],
): AsyncGenerator<SessionEvent, number> {
  const given = namedArguments(
    'sp_wait_for_database_copy_sync',
    ['@target_server', '@target_database'],
    args,
  );
  const server = given.text('@target_server');
  const database = given.text('@target_database');
  if (!server || !database)
    throw sqlError(201, 'sp_wait_for_database_copy_sync', server ? '@target_database' : '@target_server');
  const link = session.server.replication
    .linksFrom(session.database)
    .find((each) => sameName(each.secondary.server, server) && sameName(each.secondary.name, database));
  if (!link) return LINK_NOT_FOUND;
  return (await link.hardened(session.database.lsn, signal)) === 'hardened' ? 0 : LINK_LOST;
}
