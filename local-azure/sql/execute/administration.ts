// Users and logins.
import { sameName } from '../catalog/catalog.ts';
import type { Authentication } from '../catalog/entries.ts';
import { sqlError } from '../errors.ts';
import { hashPassword } from '../passwords.ts';
import { mayOnDatabase } from '../principals.ts';
import type { PrincipalSource, StatementOf } from '../t-sql/ast.ts';
import type { Frame } from './frame.ts';
import { changeSecurity, dropPrincipal, isBuiltIn, isKnown } from './security-changes.ts';

export function inMaster({ session }: Frame): boolean {
  return sameName(session.database.name, 'master');
}

/** Throws 15247, 15023, 15007, 33130. */
export function createUser(frame: Frame, statement: StatementOf<'create-user'>): Promise<void> {
  const { session } = frame;
  if (!mayOnDatabase(session.catalog, session.principal, 'ALTER ANY USER')) throw sqlError(15247);
  const authentication = authenticationOf(frame, statement.name, statement.source);
  return changeSecurity(frame, (writer) => {
    if (isKnown(writer.catalog, statement.name)) throw sqlError(15023, statement.name);
    const createdAt = session.server.clock.now().getTime();
    const { name } = statement;
    writer.saveEntry({ kind: 'user', id: writer.catalog.nextSecurityId(), name, authentication, createdAt });
    writer.saveEntry({
      kind: 'permission',
      id: writer.catalog.nextSecurityId(),
      state: 'GRANT',
      permission: 'CONNECT',
      scope: 'database',
      target: '',
      grantee: name,
    });
  });
}

function authenticationOf(frame: Frame, name: string, source: PrincipalSource): Authentication {
  const { server } = frame.session;
  switch (source.kind) {
    case 'none':
      return { type: 'none' };
    case 'password':
      if (inMaster(frame)) throw sqlError(33233);
      return { type: 'password', ...hashPassword(source.password, server.random) };
    case 'login': {
      const login = server.login(source.login);
      if (!login) throw sqlError(15007, source.login);
      return { type: 'login', sid: login.sid };
    }
    case 'external': {
      const found = server.directory.find((each) =>
        source.objectId ? each.objectId === source.objectId : sameName(each.name, name),
      );
      if (!found) throw sqlError(33130, name);
      return { type: 'external', objectId: found.objectId, appId: found.appId };
    }
  }
}

/** Server logins live in master and are not replicated. Throws 5001, 15247, 15025. */
export async function createLogin(frame: Frame, statement: StatementOf<'create-login'>): Promise<void> {
  const { server, principal } = frame.session;
  if (!inMaster(frame)) throw sqlError(5001);
  if (!principal.isServerAdministrator) throw sqlError(15247);
  if (server.login(statement.name) || sameName(server.administrator.login, statement.name))
    throw sqlError(15025, statement.name);
  server.logins.push({
    name: statement.name,
    sid: statement.sid?.replace(/^0x/i, '').toUpperCase() ?? server.random.hex(64).toUpperCase(),
    principalId: 260 + server.logins.length,
    password: hashPassword(statement.password, server.random),
    createdAt: server.clock.now(),
  });
}

export async function changePassword(frame: Frame, statement: StatementOf<'alter-password'>): Promise<void> {
  const { server, principal, catalog } = frame.session;
  const password = hashPassword(statement.password, server.random);
  if (statement.principal === 'login') {
    const login = server.login(statement.name);
    if (!principal.isServerAdministrator || !login) throw sqlError(15151, 'alter', 'login', statement.name);
    login.password = password;
    return;
  }
  const user = catalog.user(statement.name);
  const mayAlter =
    mayOnDatabase(catalog, principal, 'ALTER ANY USER') || sameName(principal.user, statement.name);
  if (!user || !mayAlter || user.authentication.type !== 'password')
    throw sqlError(15151, 'alter', 'user', statement.name);
  await changeSecurity(frame, (writer) =>
    writer.saveEntry({ ...user, authentication: { type: 'password', ...password } }),
  );
}

export async function dropLogin(frame: Frame, name: string): Promise<void> {
  const { server, principal } = frame.session;
  const login = server.login(name);
  if (!login || !principal.isServerAdministrator || !inMaster(frame))
    throw sqlError(15151, 'drop', 'login', name);
  server.logins.splice(server.logins.indexOf(login), 1);
}

/** Throws 15150 for SQL Server's own, 15138 where it owns something. */
export async function dropUser(frame: Frame, name: string, ifExists: boolean): Promise<void> {
  const { principal, catalog } = frame.session;
  const user = catalog.user(name);
  if (!user && ifExists) return;
  if (isBuiltIn(name)) throw sqlError(15150, 'drop', 'user', name);
  if (!user || !mayOnDatabase(catalog, principal, 'ALTER ANY USER'))
    throw sqlError(15151, 'drop', 'user', name);
  await changeSecurity(frame, (writer) => dropPrincipal(writer, user));
}
