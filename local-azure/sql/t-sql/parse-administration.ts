// ALTER DATABASE, principals, roles and permissions.
import { sqlError } from '../errors.ts';
import type { PrincipalSource, Statement, StatementOf, Termination } from './ast.ts';
import {
  accept,
  acceptOne,
  acceptSymbol,
  type Cursor,
  commaSeparated,
  expect,
  expectSymbol,
  identifier,
  integerLiteral,
  isWord,
  next,
  objectName,
  peek,
  stringLiteral,
  unexpected,
} from './cursor.ts';

/** After ALTER DATABASE. */
export function parseAlterDatabase(cursor: Cursor, line: number): Statement {
  const database = accept(cursor, 'CURRENT') ? null : identifier(cursor);
  if (accept(cursor, 'SET')) {
    const mode = acceptOne(cursor, ['READ_ONLY', 'READ_WRITE']);
    if (!mode) throw Object.assign(sqlError(40517, `ALTER DATABASE … SET ${peek(cursor).text}`), { line });
    return { kind: 'set-access-mode', line, database, mode, termination: parseTermination(cursor) };
  }
  const verb = acceptOne(cursor, ['ADD', 'REMOVE', 'FAILOVER', 'FORCE_FAILOVER_ALLOW_DATA_LOSS']);
  if (!verb || database === null) {
    const token = peek(cursor);
    if (token.kind === 'end') throw unexpected(token);
    throw Object.assign(sqlError(40517, `ALTER DATABASE … ${token.text}`), { line });
  }
  if (verb === 'FAILOVER' || verb === 'FORCE_FAILOVER_ALLOW_DATA_LOSS')
    return {
      kind: 'geo-secondary',
      line,
      database,
      change: { action: 'failover', forced: verb !== 'FAILOVER' },
    };
  expect(cursor, 'SECONDARY', 'ON', 'SERVER');
  const server = identifier(cursor);
  const action = verb === 'ADD' ? 'add' : 'remove';
  if (action === 'add' && accept(cursor, 'WITH')) parseSecondaryOptions(cursor, line);
  return { kind: 'geo-secondary', line, database, change: { action, server } };
}

/** ALLOW_CONNECTIONS = ALL is what every secondary here is; anything else is refused. */
function parseSecondaryOptions(cursor: Cursor, line: number): void {
  expectSymbol(cursor, '(');
  const option = next(cursor);
  expectSymbol(cursor, '=');
  const value = next(cursor);
  expectSymbol(cursor, ')');
  if (option.value !== 'ALLOW_CONNECTIONS' || value.value !== 'ALL') {
    throw Object.assign(sqlError(40517, option.text), { line });
  }
}

function parseTermination(cursor: Cursor): Termination {
  if (!accept(cursor, 'WITH')) return { kind: 'none' };
  if (accept(cursor, 'NO_WAIT')) return { kind: 'no-wait' };
  expect(cursor, 'ROLLBACK');
  if (accept(cursor, 'IMMEDIATE')) return { kind: 'rollback', afterSeconds: 0 };
  expect(cursor, 'AFTER');
  const afterSeconds = Number(integerLiteral(cursor));
  accept(cursor, 'SECONDS');
  return { kind: 'rollback', afterSeconds };
}

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

function parseSecurable(cursor: Cursor): StatementOf<'permission'>['on'] {
  const scope = acceptOne(cursor, ['SCHEMA', 'OBJECT', 'DATABASE']);
  if (scope && !acceptSymbol(cursor, '::')) throw unexpected(peek(cursor));
  const name = objectName(cursor);
  if (scope === 'DATABASE') return { scope: 'database', name };
  return { scope: scope === 'SCHEMA' ? 'schema' : 'object', name };
}
