// How a table lies in SQLite: one table named after the object's id, columns named after the column's id, so
// that names can change without the data noticing. Columns have no affinity: values stay as they were given.
import type { Column, Index, Key, TableEntry } from '../catalog/entries.ts';
import { familyOf } from '../t-sql/data-types.ts';

/** The row's own number; never seen by a user. */
export const ROW = '"row"';

/** Identity counters of temporary tables: in the connection's own temporary schema. */
export const TEMPORARY_IDENTITY = 'temp."temporary_identity"';

export function tableSql(table: { readonly id: number }): string {
  return `"t${table.id}"`;
}

export function columnSql(column: { readonly id: number }): string {
  return `"c${column.id}"`;
}

/** Text compares without case, as SQL Server's default collation. */
export function columnDefinition(column: Column): string {
  return familyOf(column.type) === 'text' ? `${columnSql(column)} COLLATE NOCASE` : columnSql(column);
}

export function createTableSql(table: TableEntry): string {
  const columns = table.columns.map(columnDefinition);
  return `CREATE TABLE ${tableSql(table)} (${[`${ROW} INTEGER PRIMARY KEY`, ...columns].join(', ')})`;
}

export function indexSql(part: { readonly id: number }): string {
  return `"i${part.id}"`;
}

/** SQL Server takes two NULLs for duplicates, SQLite does not: nullable columns are indexed by a stand-in. */
export function createIndexSql(table: TableEntry, index: Key | Index, filter: string | null): string {
  const unique = 'primary' in index || index.unique;
  const columns = index.columns.map((id) => {
    const column = table.columns.find((candidate) => candidate.id === id);
    const name = columnSql({ id });
    if (!unique || !column?.nullable) return name;
    const collation = familyOf(column.type) === 'text' ? ' COLLATE NOCASE' : '';
    return `ifnull(${name}, x'00')${collation}`;
  });
  const where = filter === null ? '' : ` WHERE ${filter}`;
  return `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${indexSql(index)} ON ${tableSql(table)} (${columns.join(', ')})${where}`;
}
