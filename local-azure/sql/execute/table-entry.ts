// A table's definition growing: by a column, by a constraint.
import { type Catalog, columnNamed, qualified, sameName } from '../catalog/catalog.ts';
import type { Check, Column, ForeignKey, Key, TableEntry } from '../catalog/entries.ts';
import { followedBy, sqlError } from '../errors.ts';
import type { ColumnDefinition, ConstraintDefinition } from '../t-sql/ast.ts';
import { familyOf } from '../t-sql/data-types.ts';
import { definedName } from './constraint-names.ts';

/** The table with one column more. Throws 2705, 2749. */
export function withColumn(
  table: TableEntry,
  definition: ColumnDefinition,
  nextId: () => number,
): TableEntry {
  if (columnNamed(table, definition.name)) throw sqlError(2705, definition.name, qualified(table));
  const { identity } = definition;
  const family = familyOf(definition.type);
  if (
    identity &&
    (definition.nullable === true ||
      (family !== 'integer' && !(family === 'decimal' && definition.type.scale === 0)))
  ) {
    throw sqlError(2749, definition.name);
  }
  const column: Column = {
    id: table.nextColumn,
    name: definition.name,
    type: definition.type,
    nullable: identity ? false : (definition.nullable ?? true),
    identity: identity ? { seed: String(identity.seed), increment: String(identity.increment) } : null,
    default: definition.default
      ? {
          id: nextId(),
          name: definition.default.name ?? definedName('DF', table.name, definition.name, table.nextColumn),
          text: definition.default.text,
        }
      : null,
  };
  return { ...table, columns: [...table.columns, column], nextColumn: table.nextColumn + 1 };
}

/**
 * The table with one constraint more. Throws 1750 after its cause. Columns that a primary key takes and
 * whose nullability was not written become NOT NULL.
 */
export function withConstraint(
  catalog: Catalog,
  table: TableEntry,
  constraint: ConstraintDefinition,
  nextId: () => number,
  definitions: readonly ColumnDefinition[],
): TableEntry {
  switch (constraint.kind) {
    case 'key':
      return withKey(table, constraint, nextId(), definitions);
    case 'check': {
      const check: Check = {
        id: nextId(),
        name: constraint.name ?? definedName('CK', table.name, constraint.column ?? '', nextId()),
        text: constraint.text,
      };
      return { ...table, checks: [...table.checks, check] };
    }
    case 'foreign-key':
      return {
        ...table,
        foreignKeys: [...table.foreignKeys, foreignKey(catalog, table, constraint, nextId())],
      };
    case 'default': {
      const column = columnNamed(table, constraint.column);
      if (!column) throw followedBy(sqlError(1752, constraint.column, table.name), 1750);
      if (column.default) throw followedBy(sqlError(1781), 1750);
      const added = {
        id: nextId(),
        name: constraint.name ?? definedName('DF', table.name, column.name, column.id),
        text: constraint.text,
      };
      return {
        ...table,
        columns: table.columns.map((each) => (each.id === column.id ? { ...each, default: added } : each)),
      };
    }
  }
}

function withKey(
  table: TableEntry,
  constraint: Extract<ConstraintDefinition, { kind: 'key' }>,
  id: number,
  definitions: readonly ColumnDefinition[],
): TableEntry {
  const { primary } = constraint;
  if (primary && table.keys.some((key) => key.primary)) throw followedBy(sqlError(1779, table.name), 1750);
  const columns = constraint.columns.map((name) => {
    const column = columnNamed(table, name);
    if (!column) throw followedBy(sqlError(1911, name), 1750);
    return column;
  });
  const unsaid = (column: Column) =>
    definitions.some((each) => sameName(each.name, column.name) && each.nullable === null);
  if (primary && columns.some((column) => column.nullable && !unsaid(column)))
    throw followedBy(sqlError(8111, table.name), 1750);
  const name = constraint.name ?? definedName(primary ? 'PK' : 'UQ', table.name, '', id);
  const key: Key = { id, name, primary, columns: columns.map((column) => column.id) };
  return {
    ...table,
    keys: [...table.keys, key],
    columns: table.columns.map((column) =>
      primary && columns.includes(column) ? { ...column, nullable: false } : column,
    ),
  };
}

function foreignKey(
  catalog: Catalog,
  table: TableEntry,
  constraint: Extract<ConstraintDefinition, { kind: 'foreign-key' }>,
  id: number,
): ForeignKey {
  const name = constraint.name ?? definedName('FK', table.name, constraint.table.name, id);
  const isSelf =
    sameName(constraint.table.name, table.name) && sameName(constraint.table.schema ?? 'dbo', table.schema);
  const parent = isSelf ? table : catalog.table(constraint.table);
  if (!parent) throw followedBy(sqlError(1767, name, constraint.table.text), 1750);
  const primary = parent.keys.find((key) => key.primary);
  const referenced =
    constraint.referenced.length > 0
      ? columnIds(parent, constraint.referenced, 1770, name)
      : (primary?.columns ?? []);
  const candidate = [...parent.keys, ...parent.indexes.filter((index) => index.unique)].some(
    (key) =>
      key.columns.length === referenced.length && key.columns.every((column) => referenced.includes(column)),
  );
  const columns = columnIds(table, constraint.columns, 1769, name);
  if (!candidate || columns.length !== referenced.length)
    throw followedBy(sqlError(1776, qualified(parent), name), 1750);
  return {
    id,
    name,
    columns,
    table: parent.id,
    referenced,
    onDelete: constraint.onDelete,
    onUpdate: constraint.onUpdate,
  };
}

function columnIds(table: TableEntry, names: readonly string[], error: 1769 | 1770, key: string): number[] {
  return names.map((name) => {
    const column = columnNamed(table, name);
    if (!column) throw followedBy(sqlError(error, key, name, qualified(table)), 1750);
    return column.id;
  });
}
