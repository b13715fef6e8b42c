// INFORMATION_SCHEMA.
import type { EngineSession } from '../sessions/engine-session.ts';
import { familyOf } from '../t-sql/data-types.ts';
import type { SystemView } from './system-views.ts';
import { viewRows } from './view-rows.ts';

const TABLE_COLUMNS = {
  TABLE_CATALOG: 'name',
  TABLE_SCHEMA: 'name',
  TABLE_NAME: 'name',
  TABLE_TYPE: 'name',
} as const;

function tables({ catalog, database }: EngineSession) {
  return viewRows(
    TABLE_COLUMNS,
    catalog
      .objects()
      .filter((object) => object.type === 'U' || object.type === 'V')
      .map((object) => ({
        TABLE_CATALOG: database.name,
        TABLE_SCHEMA: object.schema,
        TABLE_NAME: object.name,
        TABLE_TYPE: object.type === 'U' ? 'BASE TABLE' : 'VIEW',
      })),
  );
}

const COLUMN_COLUMNS = {
  TABLE_CATALOG: 'name',
  TABLE_SCHEMA: 'name',
  TABLE_NAME: 'name',
  COLUMN_NAME: 'name',
  ORDINAL_POSITION: 'int',
  COLUMN_DEFAULT: 'text',
  IS_NULLABLE: 'name',
  DATA_TYPE: 'name',
  CHARACTER_MAXIMUM_LENGTH: 'int',
  NUMERIC_PRECISION: 'int',
  NUMERIC_SCALE: 'int',
} as const;

function columns({ catalog, database }: EngineSession) {
  return viewRows(
    COLUMN_COLUMNS,
    catalog.tables().flatMap((table) =>
      table.columns.map((column, at) => {
        const family = familyOf(column.type);
        const isNumber = family === 'integer' || family === 'decimal' || family === 'float';
        return {
          TABLE_CATALOG: database.name,
          TABLE_SCHEMA: table.schema,
          TABLE_NAME: table.name,
          COLUMN_NAME: column.name,
          ORDINAL_POSITION: at + 1,
          COLUMN_DEFAULT: column.default ? `(${column.default.text})` : null,
          IS_NULLABLE: column.nullable ? 'YES' : 'NO',
          DATA_TYPE: column.type.name,
          CHARACTER_MAXIMUM_LENGTH:
            family === 'text' || family === 'binary' ? (column.type.length ?? -1) : null,
          NUMERIC_PRECISION: isNumber ? column.type.precision : null,
          NUMERIC_SCALE: isNumber ? column.type.scale : null,
        };
      }),
    ),
  );
}

export const INFORMATION_SCHEMA_VIEWS: Readonly<Record<string, SystemView>> = {
  'information_schema.tables': { permission: null, read: tables },
  'information_schema.columns': { permission: null, read: columns },
};
