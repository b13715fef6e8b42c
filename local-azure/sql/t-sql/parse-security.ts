// Principals, roles and permissions.
import { sqlError } from '../errors.ts';
import type { PrincipalSource, Statement, StatementOf } from './ast.ts';
import {
  accept,
  acceptOne,
  acceptSymbol,
  type Cursor,
  commaSeparated,
  expect,
  expectSymbol,
  identifier,
  isWord,
  next,
  objectName,
  peek,
  stringLiteral,
  unexpected,
} from './cursor.ts';

/** After CREATE USER. */
export function parseCreateUser(cursor: Cursor, line: number): Statement {
  const name = identifier(cursor);
  const source = parsePrincipalSource(cursor, name);
  if (accept(cursor, 'WITH')) {
    const { password, objectId } = parsePrincipalOptions(cursor);
    if (password !== null) return { kind: 'create-user', line, name, source: { kind: 'password', password } };
    if (source.kind === 'external')
      return { kind: 'create-user', line, name, source: { ...source, objectId } };
  }
  return { kind: 'create-user', line, name, source };
}

function parsePrincipalSource(cursor: Cursor, name: string): PrincipalSource {
  if (accept(cursor, 'WITHOUT', 'LOGIN')) return { kind: 'none' };
  const from = acceptOne(cursor, ['FROM', 'FOR']);
  if (from && accept(cursor, 'LOGIN')) return { kind: 'login', login: identifier(cursor) };
  if (from) {
    expect(cursor, 'EXTERNAL', 'PROVIDER');
    return { kind: 'external', objectId: null };
  }
  return { kind: 'login', login: name };
}

interface PrincipalOptions {
  password: string | null;
  objectId: string | null;
  sid: string | null;
}

function parsePrincipalOptions(cursor: Cursor): PrincipalOptions {
  const options: PrincipalOptions = { password: null, objectId: null, sid: null };
  commaSeparated(cursor, (inner) => {
    const option = next(inner);
    expectSymbol(inner, '=');
    switch (option.value) {
      case 'PASSWORD':
        options.password = stringLiteral(inner);
        if (accept(inner, 'OLD_PASSWORD')) throw unexpected(peek(inner));
        return;
      case 'OBJECT_ID':
        options.objectId = stringLiteral(inner);
        return;
      case 'SID':
        options.sid = next(inner).text;
        return;
      case 'DEFAULT_SCHEMA':
        if (!/^dbo$/i.test(identifier(inner)))
          throw Object.assign(sqlError(40517, 'DEFAULT_SCHEMA'), { line: option.line });
        return;
      default:
        throw Object.assign(sqlError(40517, option.text), { line: option.line });
    }
  });
  return options;
}

/** After CREATE LOGIN. */
export function parseCreateLogin(cursor: Cursor, line: number): Statement {
  const name = identifier(cursor);
  if (accept(cursor, 'FROM')) throw Object.assign(sqlError(40517, 'FROM EXTERNAL PROVIDER'), { line });
  expect(cursor, 'WITH');
  const { password, sid } = parsePrincipalOptions(cursor);
  if (password === null) throw unexpected(peek(cursor));
  return { kind: 'create-login', line, name, password, sid };
}

/** After ALTER USER or ALTER LOGIN. */
export function parseAlterPrincipal(cursor: Cursor, line: number, principal: 'user' | 'login'): Statement {
  const name = identifier(cursor);
  expect(cursor, 'WITH');
  const { password } = parsePrincipalOptions(cursor);
  if (password === null) throw unexpected(peek(cursor));
  return { kind: 'alter-password', line, principal, name, password };
}

/** After ALTER ROLE. */
export function parseAlterRole(cursor: Cursor, line: number): Statement {
  const role = identifier(cursor);
  const action = accept(cursor, 'ADD') ? 'add' : accept(cursor, 'DROP') ? 'drop' : null;
  if (!action) throw unexpected(peek(cursor));
  expect(cursor, 'MEMBER');
  return { kind: 'role-member', line, role, member: identifier(cursor), action };
}

/** GRANT, DENY, REVOKE. */
export function parsePermission(cursor: Cursor): StatementOf<'permission'> {
  const { line, value } = next(cursor);
  const action = value === 'DENY' ? 'DENY' : value === 'REVOKE' ? 'REVOKE' : 'GRANT';
  const permissions = commaSeparated(cursor, permissionName);
  const on = accept(cursor, 'ON') ? parseSecurable(cursor) : { scope: 'database' as const, name: null };
  if (!accept(cursor, 'TO')) expect(cursor, 'FROM');
  const grantees = commaSeparated(cursor, (inner) =>
    accept(inner, 'PUBLIC') ? 'public' : identifier(inner),
  );
  // Nobody can have been granted the right to grant here, so there is nothing to cascade to.
  if (action !== 'GRANT') accept(cursor, 'CASCADE');
  if (isWord(cursor, 'WITH')) throw Object.assign(sqlError(40517, 'WITH GRANT OPTION'), { line });
  return { kind: 'permission', line, action, permissions, on, grantees };
}

function permissionName(cursor: Cursor): string {
  const words: string[] = [];
  while (peek(cursor).kind === 'word' && !['ON', 'TO', 'FROM'].includes(peek(cursor).value)) {
    const { value } = next(cursor);
    words.push(value === 'EXEC' ? 'EXECUTE' : value);
  }
  if (words.length === 0) throw unexpected(peek(cursor));
  return words.join(' ');
}

const CLASSES = {
  SCHEMA: 'schema',
  OBJECT: 'object',
  DATABASE: 'database',
  USER: 'principal',
  ROLE: 'principal',
} as const;

function parseSecurable(cursor: Cursor): StatementOf<'alter-authorization'>['on'] {
  const named = acceptOne(cursor, ['SCHEMA', 'OBJECT', 'DATABASE', 'USER', 'ROLE']);
  if (named && !acceptSymbol(cursor, '::')) throw unexpected(peek(cursor));
  const name = objectName(cursor);
  return { scope: CLASSES[named ?? 'OBJECT'], name };
}

/** After ALTER AUTHORIZATION. */
export function parseAlterAuthorization(cursor: Cursor, line: number): Statement {
  expect(cursor, 'ON');
  const on = parseSecurable(cursor);
  if (on.scope === 'database')
    throw Object.assign(sqlError(40517, 'ALTER AUTHORIZATION ON DATABASE'), { line });
  expect(cursor, 'TO');
  return { kind: 'alter-authorization', line, on, owner: identifier(cursor) };
}

/** After CREATE ROLE. */
export function parseCreateRole(cursor: Cursor, line: number): Statement {
  const name = identifier(cursor);
  const owner = accept(cursor, 'AUTHORIZATION') ? identifier(cursor) : null;
  return { kind: 'create-role', line, name, owner };
}

/** After CREATE APPLICATION ROLE. Nobody can take it on here; it is there to be seen. */
export function parseCreateApplicationRole(cursor: Cursor, line: number): Statement {
  const name = identifier(cursor);
  expect(cursor, 'WITH');
  const { password } = parsePrincipalOptions(cursor);
  if (password === null) throw unexpected(peek(cursor));
  return { kind: 'create-application-role', line, name };
}
