// Users, roles, logins and permissions.
import { type Catalog, sameName } from '../catalog/catalog.ts';
import type { Authentication, UserEntry } from '../catalog/entries.ts';
import { schemaId } from '../catalog/schema-ids.ts';
import { sqlError } from '../errors.ts';
import { hashPassword } from '../passwords.ts';
import { FIXED_ROLES, isOwner, mayOnDatabase, SERVER_ROLES } from '../principals.ts';
import type { Writer } from '../sessions/transaction.ts';
import type { PrincipalSource, StatementOf } from '../t-sql/ast.ts';
import type { Frame } from './frame.ts';

function inMaster({ session }: Frame): boolean {
  return sameName(session.database.name, 'master');
}

function change(frame: Frame, work: (writer: Writer) => void): Promise<void> {
  const { session } = frame;
  return session.transaction.write(session.lockSignal(frame.signal), work);
}

function nameTaken(catalog: Catalog, name: string): boolean {
  const fixed: readonly string[] = [...FIXED_ROLES, 'dbo', 'guest', 'public', 'sys', 'INFORMATION_SCHEMA'];
  return (
    fixed.some((each) => sameName(each, name)) ||
    catalog.entries.some(
      (entry) => (entry.kind === 'user' || entry.kind === 'role') && sameName(entry.name, name),
    )
  );
}

/** Throws 15247, 15023, 15007, 33130. */
export function createUser(frame: Frame, statement: StatementOf<'create-user'>): Promise<void> {
  const { session } = frame;
  if (!mayOnDatabase(session.catalog, session.principal, 'ALTER ANY USER')) throw sqlError(15247);
  const authentication = authenticationOf(frame, statement.name, statement.source);
  return change(frame, (writer) => {
    if (nameTaken(writer.catalog, statement.name)) throw sqlError(15023, statement.name);
    const createdAt = session.server.clock.now().getTime();
    writer.saveEntry({
      kind: 'user',
      id: writer.catalog.nextId(),
      name: statement.name,
      authentication,
      createdAt,
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

export function createRole(frame: Frame, statement: StatementOf<'create-role'>): Promise<void> {
  const { session } = frame;
  if (!mayOnDatabase(session.catalog, session.principal, 'ALTER ANY ROLE')) throw sqlError(15247);
  return change(frame, (writer) => {
    if (nameTaken(writer.catalog, statement.name)) throw sqlError(15023, statement.name);
    writer.saveEntry({
      kind: 'role',
      id: writer.catalog.nextId(),
      name: statement.name,
      createdAt: session.server.clock.now().getTime(),
    });
  });
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
  const mayAlter = isOwner(catalog, principal) || sameName(principal.user, statement.name);
  if (!user || !mayAlter || user.authentication.type !== 'password')
    throw sqlError(15151, 'alter', 'user', statement.name);
  await change(frame, (writer) =>
    writer.saveEntry({ ...user, authentication: { type: 'password', ...password } }),
  );
}

export function changeRoleMember(frame: Frame, statement: StatementOf<'role-member'>): Promise<void> {
  const { catalog, principal } = frame.session;
  const { role, member } = statement;
  const known: readonly string[] = inMaster(frame) ? [...FIXED_ROLES, ...SERVER_ROLES] : FIXED_ROLES;
  const exists =
    known.some((each) => sameName(each, role)) ||
    catalog.entries.some((entry) => entry.kind === 'role' && sameName(entry.name, role));
  if (!exists || !mayOnDatabase(catalog, principal, 'ALTER ANY ROLE'))
    throw sqlError(15151, 'alter', 'role', role);
  const principalExists = catalog.entries.some(
    (entry) => (entry.kind === 'user' || entry.kind === 'role') && sameName(entry.name, member),
  );
  if (!principalExists) throw sqlError(15151, statement.action, 'principal', member);
  return change(frame, (writer) => {
    const existing = writer.catalog
      .memberships()
      .find((each) => sameName(each.role, role) && sameName(each.member, member));
    if (statement.action === 'drop') {
      if (existing) writer.removeEntry(existing.id);
    } else if (!existing) {
      writer.saveEntry({ kind: 'membership', id: writer.catalog.nextId(), role, member });
    }
  });
}

export function changePermission(frame: Frame, statement: StatementOf<'permission'>): Promise<void> {
  const { catalog, principal, database } = frame.session;
  if (!isOwner(catalog, principal)) throw sqlError(15247);
  const target = permissionTarget(frame, statement);
  return change(frame, (writer) => {
    for (const grantee of statement.grantees) {
      const known = sameName(grantee, 'public') || nameTaken(writer.catalog, grantee);
      if (!known) throw sqlError(15151, 'find', 'user', grantee);
      for (const permission of statement.permissions) {
        const scope = statement.on.scope;
        const existing = writer.catalog
          .permissions()
          .filter(
            (each) =>
              sameName(each.grantee, grantee) &&
              each.permission === permission &&
              each.scope === scope &&
              each.target === target,
          );
        for (const entry of existing) writer.removeEntry(entry.id);
        if (statement.action === 'REVOKE') continue;
        writer.saveEntry({
          kind: 'permission',
          id: writer.catalog.nextId(),
          state: statement.action,
          permission,
          scope,
          target,
          grantee,
        });
      }
    }
    if (
      statement.on.scope === 'database' &&
      statement.on.name &&
      !sameName(statement.on.name.name, database.name)
    )
      throw sqlError(15151, 'find', 'database', statement.on.name.name);
  });
}

function permissionTarget(frame: Frame, { on }: StatementOf<'permission'>): string {
  const { catalog } = frame.session;
  if (on.scope === 'database' || !on.name) return '';
  if (on.scope === 'schema') {
    if (schemaId(catalog, on.name.name) === null) throw sqlError(15151, 'find', 'schema', on.name.name);
    return on.name.name;
  }
  const object = catalog.object(on.name);
  if (!object) throw sqlError(15151, 'find', 'object', on.name.text);
  return String(object.id);
}

export async function dropPrincipal(
  frame: Frame,
  kind: 'USER' | 'ROLE' | 'LOGIN',
  name: string,
  ifExists: boolean,
): Promise<void> {
  const { server, principal, catalog } = frame.session;
  if (kind === 'LOGIN') {
    const login = server.login(name);
    if (!login || !principal.isServerAdministrator || !inMaster(frame))
      throw sqlError(15151, 'drop', 'login', name);
    server.logins.splice(server.logins.indexOf(login), 1);
    return;
  }
  const entry = catalog.entries.find(
    (each) =>
      each.kind === kind.toLowerCase() && (each as UserEntry).name.toLowerCase() === name.toLowerCase(),
  );
  if (!entry || !mayOnDatabase(catalog, principal, kind === 'USER' ? 'ALTER ANY USER' : 'ALTER ANY ROLE')) {
    if (!entry && ifExists) return;
    throw sqlError(15151, 'drop', kind.toLowerCase(), name);
  }
  await change(frame, (writer) => {
    writer.removeEntry(entry.id);
    for (const each of writer.catalog.entries) {
      const isMembership =
        each.kind === 'membership' && (sameName(each.member, name) || sameName(each.role, name));
      const isPermission = each.kind === 'permission' && sameName(each.grantee, name);
      if (isMembership || isPermission) writer.removeEntry(each.id);
    }
  });
}
