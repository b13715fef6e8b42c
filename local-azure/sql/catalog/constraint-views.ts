// Indexes, foreign keys and defaults.
import type { EngineSession } from '../sessions/engine-session.ts';
import { schemaId } from './schema-ids.ts';
import type { SystemView } from './system-views.ts';
import { viewRows } from './view-rows.ts';

const INDEX_COLUMNS = {
  object_id: 'int',
  name: 'name',
  index_id: 'int',
  type: 'int',
  type_desc: 'name',
  is_unique: 'bit',
  is_primary_key: 'bit',
  is_unique_constraint: 'bit',
  has_filter: 'bit',
  filter_definition: 'text',
  is_disabled: 'bit',
} as const;

function indexes({ catalog }: EngineSession) {
  return viewRows(
    INDEX_COLUMNS,
    catalog.tables().flatMap((table) => {
      const all = [
        ...table.keys.map((key) => ({
          name: key.name,
          unique: true,
          primary: key.primary,
          constraint: !key.primary,
          clustered: key.primary,
          filter: null,
        })),
        ...table.indexes.map((index) => ({
          name: index.name,
          unique: index.unique,
          primary: false,
          constraint: false,
          clustered: index.clustered,
          filter: index.filter,
        })),
      ];
      const heap = all.some((index) => index.clustered)
        ? []
        : [{ name: null, unique: false, primary: false, constraint: false, clustered: false, filter: null }];
      return [...heap, ...all].map((index, at) => ({
        object_id: table.id,
        name: index.name,
        index_id: index.name === null ? 0 : index.clustered ? 1 : at + 2,
        type: index.name === null ? 0 : index.clustered ? 1 : 2,
        type_desc: index.name === null ? 'HEAP' : index.clustered ? 'CLUSTERED' : 'NONCLUSTERED',
        is_unique: index.unique,
        is_primary_key: index.primary,
        is_unique_constraint: index.constraint,
        has_filter: index.filter !== null,
        filter_definition: index.filter,
        is_disabled: false,
      }));
    }),
  );
}

const FOREIGN_KEY_COLUMNS = {
  name: 'name',
  object_id: 'int',
  schema_id: 'int',
  parent_object_id: 'int',
  referenced_object_id: 'int',
  delete_referential_action_desc: 'name',
  update_referential_action_desc: 'name',
} as const;

function foreignKeys({ catalog }: EngineSession) {
  return viewRows(
    FOREIGN_KEY_COLUMNS,
    catalog.tables().flatMap((table) =>
      table.foreignKeys.map((key) => ({
        name: key.name,
        object_id: key.id,
        schema_id: schemaId(catalog, table.schema),
        parent_object_id: table.id,
        referenced_object_id: key.table,
        delete_referential_action_desc: key.onDelete.replace(' ', '_'),
        update_referential_action_desc: key.onUpdate.replace(' ', '_'),
      })),
    ),
  );
}

const DEFAULT_COLUMNS = {
  name: 'name',
  object_id: 'int',
  parent_object_id: 'int',
  parent_column_id: 'int',
  definition: 'text',
} as const;

function defaults({ catalog }: EngineSession) {
  return viewRows(
    DEFAULT_COLUMNS,
    catalog.tables().flatMap((table) =>
      table.columns.flatMap((column) =>
        column.default
          ? [
              {
                name: column.default.name,
                object_id: column.default.id,
                parent_object_id: table.id,
                parent_column_id: column.id,
                definition: `(${column.default.text})`,
              },
            ]
          : [],
      ),
    ),
  );
}

export const CONSTRAINT_VIEWS: Readonly<Record<string, SystemView>> = {
  'sys.indexes': { permission: null, read: indexes },
  'sys.foreign_keys': { permission: null, read: foreignKeys },
  'sys.default_constraints': { permission: null, read: defaults },
};
