// Views, procedures, schemas, and DROP of all that has a name.

import type { NamedObject } from '../catalog/catalog.ts';
import { type Catalog, sameName } from '../catalog/catalog.ts';
import { namedColumns } from '../compile/common-tables.ts';
import { compileQuery } from '../compile/query.ts';
import { createTranslation, rootScope } from '../compile/scope.ts';
import { sqlError } from '../errors.ts';
import { mayOnDatabase, mayUse, mayUseSchema, type Principal } from '../principals.ts';
import type { Writer } from '../sessions/transaction.ts';
import { tableSql } from '../storage/physical.ts';
import type { ObjectName, StatementOf } from '../t-sql/ast.ts';
import { dropLogin, dropUser } from './administration.ts';
import { createFrame, declare, type Frame } from './frame.ts';
import { checkColumns } from './precompile.ts';
import { dropRole } from './roles.ts';
import { isKnown } from './security-changes.ts';

type Definition = StatementOf<'define-view'> | StatementOf<'define-procedure'>;

export async function defineObject(frame: Frame, statement: Definition): Promise<void> {
  const { session } = frame;
  const kind = statement.kind === 'define-view' ? 'view' : 'procedure';
  const permission = kind === 'view' ? 'CREATE VIEW' : 'CREATE PROCEDURE';
  const { catalog, principal } = session;
  const replaced = statement.mode === 'create' ? null : catalog.object(statement.name);
  if (!replaced && !mayOnDatabase(catalog, principal, permission))
    throw sqlError(262, permission, session.database.name);
  if (replaced && !mayUse(catalog, principal, 'ALTER', replaced))
    throw sqlError(3704, kind, statement.name.text);
  if (!replaced) requireSchema(catalog, principal, statement.name.schema ?? 'dbo');
  await session.transaction.write(session.lockSignal(frame.signal), (writer) => {
    if (statement.kind === 'define-view') checkView(frame, statement);
    else checkProcedure(frame, statement);
    const existing = placeFor(writer.catalog, statement.name, kind, statement.mode);
    const now = session.server.clock.now().getTime();
    writer.saveEntry({
      kind,
      id: existing?.id ?? writer.catalog.nextId(),
      schema: existing?.schema ?? statement.name.schema ?? 'dbo',
      name: existing?.name ?? statement.name.name,
      ...(existing?.owner === undefined ? {} : { owner: existing.owner }),
      createdAt: existing?.createdAt ?? now,
      modifiedAt: now,
      text: statement.text,
    });
  });
}

/** Throws 2760 where there is no such schema, or nothing may be put into it. */
export function requireSchema(catalog: Catalog, principal: Principal, name: string): void {
  if (!catalog.hasSchema(name) || !mayUseSchema(catalog, principal, 'ALTER', name))
    throw sqlError(2760, name);
}

/** The object that is replaced; null for a new one. Throws 2714, 208. */
function placeFor(
  catalog: Catalog,
  name: ObjectName,
  kind: 'view' | 'procedure',
  mode: Definition['mode'],
): NamedObject | null {
  const existing = catalog.object(name);
  if (existing && (mode === 'create' || existing.kind !== kind)) throw sqlError(2714, name.name);
  if (!existing && mode === 'alter') throw sqlError(208, name.text);
  return existing;
}

function checkView(frame: Frame, statement: StatementOf<'define-view'>): void {
  if (
    statement.query.orderBy.length > 0 &&
    !(statement.query.body.kind === 'select' && statement.query.body.top)
  )
    throw sqlError(1033);
  const query = compileQuery(statement.query, rootScope(createTranslation(frame.environment)));
  const unnamed = query.columns.findIndex((column) => column.name === '');
  if (!statement.columns && unnamed >= 0) throw sqlError(4511, unnamed + 1);
  namedColumns(query, statement.name.name, statement.columns);
}

function checkProcedure(frame: Frame, statement: StatementOf<'define-procedure'>): void {
  const inner = createFrame(frame.session, frame.signal, {
    name: statement.name.name,
    depth: frame.depth + 1,
    owner: null,
  });
  for (const parameter of statement.parameters)
    declare(inner, parameter.name, { type: parameter.type, value: null });
  checkColumns(inner, statement.body);
}

export async function createSchema(frame: Frame, statement: StatementOf<'create-schema'>): Promise<void> {
  const { session } = frame;
  if (!mayOnDatabase(session.catalog, session.principal, 'CREATE SCHEMA'))
    throw sqlError(262, 'CREATE SCHEMA', session.database.name);
  await session.transaction.write(session.lockSignal(frame.signal), (writer) => {
    const { name, owner } = statement;
    if (writer.catalog.hasSchema(name)) throw sqlError(2714, name);
    if (owner !== null && !isKnown(writer.catalog, owner)) throw sqlError(15151, 'find', 'user', owner);
    const id = writer.catalog.nextId();
    writer.saveEntry({ kind: 'schema', id, name, owner: owner ?? session.principal.user });
  });
}

export async function dropObjects(frame: Frame, statement: StatementOf<'drop'>): Promise<void> {
  const { object } = statement;
  if (object === 'DATABASE') throw sqlError(40510, 'DROP DATABASE');
  for (const name of statement.names) await dropNamed(frame, object, name, statement.ifExists);
}

async function dropNamed(
  frame: Frame,
  object: Exclude<StatementOf<'drop'>['object'], 'DATABASE'>,
  name: ObjectName,
  ifExists: boolean,
): Promise<void> {
  const { session } = frame;
  switch (object) {
    case 'LOGIN':
      return dropLogin(frame, name.name);
    case 'USER':
      return dropUser(frame, name.name, ifExists);
    case 'ROLE':
      return dropRole(frame, 'role', name.name, ifExists);
    case 'APPLICATION ROLE':
      return dropRole(frame, 'application-role', name.name, ifExists);
    case 'TABLE':
      if (dropTemporary(frame, name)) return;
  }
  await session.transaction.write(session.lockSignal(frame.signal), (writer) => {
    if (object === 'SCHEMA') dropSchema(frame, writer, name.name, ifExists);
    else dropObject(frame, writer, object, name, ifExists);
  });
}

function dropTemporary({ session }: Frame, name: ObjectName): boolean {
  const table = session.temporaryTables.get(name.name.toLowerCase());
  if (!table) return false;
  session.store.run(`DROP TABLE ${tableSql(table)}`);
  return session.temporaryTables.delete(name.name.toLowerCase());
}

function dropObject(
  frame: Frame,
  writer: Writer,
  kind: 'TABLE' | 'VIEW' | 'PROCEDURE',
  name: ObjectName,
  ifExists: boolean,
): void {
  const { principal } = frame.session;
  const object = writer.catalog.object(name);
  const isKind = object?.kind.toUpperCase() === kind;
  if (!object || !isKind || !mayUse(writer.catalog, principal, 'ALTER', object)) {
    if (!object && ifExists) return;
    throw sqlError(3701, 'drop', kind.toLowerCase(), name.text);
  }
  if (object.kind === 'table') {
    const referenced = writer.catalog
      .tables()
      .some((each) => each.id !== object.id && each.foreignKeys.some((key) => key.table === object.id));
    if (referenced) throw sqlError(3726, name.text);
    writer.run(`DROP TABLE ${tableSql(object)}`);
    writer.run('DELETE FROM "identity" WHERE "id" = ?', [BigInt(object.id)]);
  }
  writer.removeEntry(object.id);
  for (const entry of writer.catalog.entries) {
    const isProperty = entry.kind === 'property' && entry.class === 1 && entry.major === object.id;
    const isPermission =
      entry.kind === 'permission' && entry.scope === 'object' && entry.target === String(object.id);
    if (isProperty || isPermission) writer.removeEntry(entry.id);
  }
}

function dropSchema(frame: Frame, writer: Writer, name: string, ifExists: boolean): void {
  const schema = writer.catalog.entries.find(
    (entry) => entry.kind === 'schema' && sameName(entry.name, name),
  );
  if (!schema || !mayUseSchema(writer.catalog, frame.session.principal, 'CONTROL', name)) {
    if (!schema && ifExists) return;
    throw sqlError(15151, 'drop', 'schema', name);
  }
  const inside = writer.catalog.objects().find((object) => sameName(object.schema, name));
  if (inside) throw sqlError(3729, name, inside.name);
  writer.removeEntry(schema.id);
}
