// Logging in: firewall, database, who it is, and the words Azure refuses with.
import { type Catalog, createCatalog, sameName } from './catalog/catalog.ts';
import type { UserEntry } from './catalog/entries.ts';
import type { Database } from './database.ts';
import { type SqlServerError, sqlError } from './errors.ts';
import { admits } from './firewall.ts';
import { matches } from './passwords.ts';
import { mayOnDatabase, type Principal } from './principals.ts';
import type { Server } from './server.ts';
import { type Login, LoginRefused, type SqlSession } from './session.ts';
import { EngineSession } from './sessions/engine-session.ts';
import { asSqlSession } from './sessions/sql-session.ts';

export interface Client {
  readonly address: string;
  readonly programName: string;
  /** What the client calls its machine; empty where it does not say. */
  readonly hostName?: string;
  readonly readOnlyIntent: boolean;
}

/** Throws LoginRefused. */
export function logIn(server: Server, login: Login, databaseName: string | null, client: Client): SqlSession {
  if (!admits(server.firewall, client.address)) {
    throw refusal(sqlError(40615, server.name, client.address));
  }
  const name = databaseName || 'master';
  const database = server.find(name);
  if (!database) throw refusal(sqlError(4060, name));
  if (server.isDown || database.availability !== 'online')
    throw refusal(sqlError(40613, database.name, server.name, server.random.guid().toUpperCase()));
  const principal = authenticate(server, database, login);
  const session = new EngineSession({
    spid: server.nextSpid(),
    server,
    database,
    principal,
    programName: client.programName,
    hostName: client.hostName ?? '',
  });
  return asSqlSession(session);
}

function refusal(error: SqlServerError): LoginRefused {
  return new LoginRefused(error.toMessage());
}

function authenticate(server: Server, database: Database, login: Login): Principal {
  const catalog = createCatalog(database.security);
  const principal =
    login.kind === 'password' ? byPassword(server, catalog, login) : byToken(server, catalog, login);
  if (principal && !mayConnect(database, catalog, principal)) throw refusal(sqlError(4060, database.name));
  if (principal) return principal;
  throw refusal(sqlError(18456, login.kind === 'password' ? login.user : '<token-identified principal>'));
}

function mayConnect(database: Database, catalog: Catalog, principal: Principal): boolean {
  const isGuestOfMaster = sameName(database.name, 'master') && sameName(principal.user, 'guest');
  return isGuestOfMaster || mayOnDatabase(catalog, principal, 'CONNECT');
}

function byPassword(
  server: Server,
  catalog: Catalog,
  login: Extract<Login, { kind: 'password' }>,
): Principal | null {
  // Clients of old write user@server.
  const name = login.user.replace(new RegExp(`@${server.name}(\\.database\\.windows\\.net)?$`, 'i'), '');
  if (sameName(name, server.administrator.login)) {
    return login.password === server.administrator.password
      ? { login: name, user: 'dbo', isServerAdministrator: true }
      : null;
  }
  const contained = catalog.user(name);
  if (contained?.authentication.type === 'password' && matches(login.password, contained.authentication)) {
    return { login: contained.name, user: contained.name, isServerAdministrator: false };
  }
  const serverLogin = server.login(name);
  if (!serverLogin || !matches(login.password, serverLogin.password)) return null;
  const user = userOfSid(catalog, serverLogin.sid);
  if (user) return { login: serverLogin.name, user: user.name, isServerAdministrator: false };
  // Every login may look into master as guest; elsewhere it needs a user, or that guest may connect.
  return { login: serverLogin.name, user: 'guest', isServerAdministrator: false };
}

function userOfSid(catalog: Catalog, sid: string): UserEntry | null {
  return (
    catalog.users().find((user) => user.authentication.type === 'login' && user.authentication.sid === sid) ??
    null
  );
}

function byToken(
  server: Server,
  catalog: Catalog,
  login: Extract<Login, { kind: 'token' }>,
): Principal | null {
  const isSame = (principal: { readonly objectId: string; readonly appId: string }) =>
    sameName(principal.objectId, login.objectId) ||
    (login.appId !== '' && sameName(principal.appId, login.appId));
  const claim = `${login.appId}@${login.objectId}`;
  const administrator = server.entraAdministrator;
  if (administrator && isSame(administrator))
    return { login: claim, user: 'dbo', isServerAdministrator: true };
  const user = catalog
    .users()
    .find((each) => each.authentication.type === 'external' && isSame(each.authentication));
  return user ? { login: claim, user: user.name, isServerAdministrator: false } : null;
}
