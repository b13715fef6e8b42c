// Objects of the database: ids, names, properties.
import { columnNamed, sameName } from '../catalog/catalog.ts';
import type { TableEntry } from '../catalog/entries.ts';
import type { Stored } from '../t-sql/conversion.ts';
import { BIGINT, INT, maxLength, NVARCHAR_MAX, SYSNAME } from '../t-sql/data-types.ts';
import { parseObjectName } from './object-names.ts';
import { bigintOrNull, type FunctionTable, flag, type SessionFacts } from './scalar-function.ts';

function objectId(facts: SessionFacts, name: Stored, type: Stored): Stored {
  const wanted = parseObjectName(String(name));
  if (wanted.name.startsWith('#')) return bigintOrNull(facts.temporaryId(wanted.name));
  const found = facts.catalog
    .objects()
    .find((object) => sameName(object.name, wanted.name) && sameName(object.schema, wanted.schema ?? 'dbo'));
  if (!found || (typeof type === 'string' && type.trim().toUpperCase() !== found.type)) return null;
  return BigInt(found.id);
}

function tableOf(facts: SessionFacts, id: Stored): TableEntry | null {
  return facts.catalog.tableById(Number(id));
}

function objectProperty(facts: SessionFacts, id: number, property: string): Stored {
  const type = facts.catalog.objects().find((object) => object.id === id)?.type;
  if (!type) return null;
  const kinds: Readonly<Record<string, string>> = {
    istable: 'U',
    isusertable: 'U',
    isview: 'V',
    isprocedure: 'P',
    isprimarykey: 'PK',
    isforeignkey: 'F',
  };
  const kind = kinds[property];
  return kind ? flag(kind === type) : null;
}

export const OBJECT_FUNCTIONS: FunctionTable = {
  OBJECT_ID: {
    parameters: ['text', 'text'],
    required: 1,
    returns: INT,
    evaluate: (facts, name, type = null) => objectId(facts, name ?? null, type),
  },
  OBJECT_NAME: {
    parameters: ['integer', 'integer'],
    required: 1,
    returns: SYSNAME,
    evaluate: (facts, id) => facts.catalog.objects().find((object) => object.id === Number(id))?.name ?? null,
  },
  OBJECT_SCHEMA_NAME: {
    parameters: ['integer'],
    returns: SYSNAME,
    evaluate: (facts, id) =>
      facts.catalog.objects().find((object) => object.id === Number(id))?.schema ?? null,
  },
  OBJECT_DEFINITION: {
    parameters: ['integer'],
    returns: NVARCHAR_MAX,
    evaluate: (facts, id) => {
      const entry = facts.catalog.entries.find((each) => each.id === Number(id));
      return entry?.kind === 'view' || entry?.kind === 'procedure' ? entry.text : null;
    },
  },
  OBJECTPROPERTY: {
    parameters: ['integer', 'text'],
    returns: INT,
    evaluate: (facts, id, property) => objectProperty(facts, Number(id), String(property).toLowerCase()),
  },
  COL_LENGTH: {
    parameters: ['text', 'text'],
    returns: INT,
    evaluate: (facts, table, column) => {
      const entry = facts.catalog.table(parseObjectName(String(table)));
      const found = entry && columnNamed(entry, String(column));
      return found ? BigInt(maxLength(found.type)) : null;
    },
  },
  COL_NAME: {
    parameters: ['integer', 'integer'],
    returns: SYSNAME,
    evaluate: (facts, table, id) =>
      tableOf(facts, table ?? null)?.columns.find((column) => column.id === Number(id))?.name ?? null,
  },
  COLUMNPROPERTY: {
    parameters: ['integer', 'text', 'text'],
    returns: INT,
    evaluate: (facts, table, column, property) => {
      const entry = tableOf(facts, table ?? null);
      const found = entry && columnNamed(entry, String(column));
      if (!found) return null;
      const answers: Readonly<Record<string, Stored>> = {
        columnid: BigInt(found.id),
        allowsnull: flag(found.nullable),
        isidentity: flag(found.identity !== null),
        iscomputed: 0n,
      };
      return answers[String(property).toLowerCase()] ?? null;
    },
  },
  IDENT_CURRENT: {
    parameters: ['text'],
    returns: BIGINT,
    evaluate: (facts, name) => {
      const table = facts.catalog.table(parseObjectName(String(name)));
      const identity = table?.columns.find((column) => column.identity)?.identity;
      return table && identity ? (facts.lastIdentity(table.id) ?? BigInt(identity.seed)) : null;
    },
  },
  SCOPE_IDENTITY: { parameters: [], returns: BIGINT, evaluate: (facts) => facts.scopeIdentity },
};
