// sys.objects and its kin.
import type { EngineSession } from '../sessions/engine-session.ts';
import { type DataType, familyOf, maxLength, TYPES, type TypeName } from '../t-sql/data-types.ts';
import type { FoundObject } from './catalog.ts';
import { principalId } from './database-principals.ts';
import { schemaId, schemas } from './schema-ids.ts';
import type { SystemView } from './system-views.ts';
import { viewRows } from './view-rows.ts';

const KINDS: Readonly<Record<string, string>> = {
  U: 'USER_TABLE',
  V: 'VIEW',
  P: 'SQL_STORED_PROCEDURE',
  PK: 'PRIMARY_KEY_CONSTRAINT',
  UQ: 'UNIQUE_CONSTRAINT',
  F: 'FOREIGN_KEY_CONSTRAINT',
  C: 'CHECK_CONSTRAINT',
  D: 'DEFAULT_CONSTRAINT',
};

const OBJECT_COLUMNS = {
  name: 'name',
  object_id: 'int',
  principal_id: 'int',
  schema_id: 'int',
  parent_object_id: 'int',
  type: 'name',
  type_desc: 'name',
  create_date: 'datetime',
  modify_date: 'datetime',
  is_ms_shipped: 'bit',
} as const;

/** Null: every type. */
function objects(types: readonly string[] | null): SystemView {
  return {
    permission: null,
    read: ({ catalog }) =>
      viewRows(
        OBJECT_COLUMNS,
        catalog
          .objects()
          .filter((object) => !types || types.includes(object.type))
          .map((object) => objectRow(object, schemaId(catalog, object.schema))),
      ),
  };
}

/** None is memory-optimized; all are durable (0: SCHEMA_AND_DATA). */
const TABLE_COLUMNS = { ...OBJECT_COLUMNS, is_memory_optimized: 'bit', durability: 'int' } as const;

const tables: SystemView = {
  permission: null,
  read: ({ catalog }) =>
    viewRows(
      TABLE_COLUMNS,
      catalog
        .objects()
        .filter(({ type }) => type === 'U')
        .map((object) => ({
          ...objectRow(object, schemaId(catalog, object.schema)),
          is_memory_optimized: false,
          durability: 0,
        })),
    ),
};

function objectRow(object: FoundObject, schema: number | null) {
  return {
    name: object.name,
    object_id: object.id,
    principal_id: null,
    schema_id: schema,
    parent_object_id: object.parent,
    // char(2), padded as SQL Server pads it.
    type: object.type.padEnd(2),
    type_desc: KINDS[object.type] ?? '',
    create_date: new Date(object.createdAt),
    modify_date: new Date(object.modifiedAt),
    is_ms_shipped: false,
  };
}

const COLUMN_COLUMNS = {
  object_id: 'int',
  name: 'name',
  column_id: 'int',
  system_type_id: 'int',
  user_type_id: 'int',
  max_length: 'int',
  precision: 'int',
  scale: 'int',
  collation_name: 'name',
  is_nullable: 'bit',
  is_identity: 'bit',
  is_computed: 'bit',
  default_object_id: 'int',
} as const;

function columns({ catalog }: EngineSession) {
  return viewRows(
    COLUMN_COLUMNS,
    catalog.tables().flatMap((table) =>
      table.columns.map((column) => ({
        object_id: table.id,
        name: column.name,
        column_id: column.id,
        ...typeNumbers(column.type),
        collation_name: familyOf(column.type) === 'text' ? 'SQL_Latin1_General_CP1_CI_AS' : null,
        is_nullable: column.nullable,
        is_identity: column.identity !== null,
        is_computed: false,
        default_object_id: column.default?.id ?? 0,
      })),
    ),
  );
}

function typeNumbers(type: DataType) {
  return {
    system_type_id: TYPES[type.name].id,
    user_type_id: TYPES[type.name].id,
    max_length: maxLength(type),
    precision: type.precision,
    scale: type.scale,
  };
}

const SCHEMA_COLUMNS = { name: 'name', schema_id: 'int', principal_id: 'int' } as const;
const TYPE_COLUMNS = {
  name: 'name',
  system_type_id: 'int',
  user_type_id: 'int',
  schema_id: 'int',
  max_length: 'int',
  precision: 'int',
  scale: 'int',
  is_user_defined: 'bit',
} as const;
const MODULE_COLUMNS = { object_id: 'int', definition: 'text' } as const;
const PROPERTY_COLUMNS = {
  class: 'int',
  class_desc: 'name',
  major_id: 'int',
  minor_id: 'int',
  name: 'name',
  value: 'text',
} as const;
const CLASSES = { 0: 'DATABASE', 1: 'OBJECT_OR_COLUMN', 3: 'SCHEMA' } as const;

export const OBJECT_VIEWS: Readonly<Record<string, SystemView>> = {
  'sys.objects': objects(null),
  'sys.all_objects': objects(null),
  'sys.tables': tables,
  'sys.views': objects(['V']),
  'sys.procedures': objects(['P']),
  'sys.key_constraints': objects(['PK', 'UQ']),
  'sys.check_constraints': objects(['C']),
  'sys.columns': { permission: null, read: columns },
  'sys.schemas': {
    permission: null,
    read: ({ catalog }) =>
      viewRows(
        SCHEMA_COLUMNS,
        schemas(catalog).map(({ name, id }) => ({
          name,
          schema_id: id,
          principal_id: principalId(catalog, catalog.schemaOwner(name)),
        })),
      ),
  },
  'sys.types': {
    permission: null,
    read: () =>
      viewRows(
        TYPE_COLUMNS,
        (Object.keys(TYPES) as TypeName[]).map((name) => ({
          name,
          system_type_id: TYPES[name].id,
          user_type_id: TYPES[name].id,
          schema_id: 4,
          max_length: TYPES[name].bytes,
          precision: TYPES[name].precision,
          scale: TYPES[name].scale,
          is_user_defined: false,
        })),
      ),
  },
  'sys.sql_modules': {
    permission: null,
    read: ({ catalog }) =>
      viewRows(
        MODULE_COLUMNS,
        catalog.entries.flatMap((entry) =>
          entry.kind === 'view' || entry.kind === 'procedure'
            ? [{ object_id: entry.id, definition: entry.text }]
            : [],
        ),
      ),
  },
  'sys.extended_properties': {
    permission: null,
    read: ({ catalog }) =>
      viewRows(
        PROPERTY_COLUMNS,
        catalog.properties().map((entry) => ({
          class: entry.class,
          class_desc: CLASSES[entry.class],
          major_id: entry.major,
          minor_id: entry.minor,
          name: entry.name,
          value: entry.value,
        })),
      ),
  },
};
