// What a session can ask about itself, its server, its database and its objects.
import { columnNamed, sameName } from '../catalog/catalog.ts';
import type { TableEntry } from '../catalog/entries.ts';
import { schemaId, schemaName } from '../catalog/schema-ids.ts';
import type { ObjectName } from '../t-sql/ast.ts';
import type { Stored } from '../t-sql/conversion.ts';
import {
  BIGINT,
  type DataType,
  dataType,
  INT,
  maxLength,
  NVARCHAR_MAX,
  nvarchar,
  SYSNAME,
  TYPES,
  type TypeName,
} from '../t-sql/data-types.ts';
import type { FunctionTable, SessionFacts } from './scalar-function.ts';

const SQL_VARIANT = nvarchar(4000);
const session = (type: DataType, evaluate: (facts: SessionFacts) => Stored): FunctionTable[string] => ({
  parameters: [],
  returns: type,
  evaluate,
});
const flag = (value: boolean | null): Stored => (value === null ? null : value ? 1n : 0n);

/** `dbo.Orders`, `[dbo].[Orders]`, `Orders`, `contoso..Orders` as OBJECT_ID takes them. */
export function parseObjectName(text: string): ObjectName {
  const parts = [...text.matchAll(/\[((?:[^\]]|\]\])*)\]|"([^"]*)"|([^.]+)|(?<=^|\.)(?=\.|$)/g)].map(
    (match) => (match[1]?.replaceAll(']]', ']') ?? match[2] ?? match[3] ?? '').trim(),
  );
  const [name = '', schema] = [...parts].reverse();
  return { schema: schema || null, name, text, line: 0 };
}

function objectId(facts: SessionFacts, name: Stored, type: Stored): Stored {
  const wanted = parseObjectName(String(name));
  if (wanted.name.startsWith('#')) return bigintOrNull(facts.temporaryId(wanted.name));
  const found = facts.catalog
    .objects()
    .find((object) => sameName(object.name, wanted.name) && sameName(object.schema, wanted.schema ?? 'dbo'));
  if (!found || (typeof type === 'string' && type.trim().toUpperCase() !== found.type)) return null;
  return BigInt(found.id);
}

function bigintOrNull(value: number | null): Stored {
  return value === null ? null : BigInt(value);
}

function tableOf(facts: SessionFacts, id: Stored): TableEntry | null {
  return facts.catalog.tableById(Number(id));
}

export const METADATA_FUNCTIONS: FunctionTable = {
  DB_NAME: {
    parameters: ['integer'],
    required: 0,
    returns: SYSNAME,
    evaluate: (facts, id) => (id === undefined ? facts.databaseName : facts.databaseNameOf(Number(id))),
  },
  DB_ID: {
    parameters: ['text'],
    required: 0,
    returns: INT,
    evaluate: (facts, name) =>
      name === undefined ? BigInt(facts.databaseId) : bigintOrNull(facts.databaseIdOf(String(name))),
  },
  SUSER_SNAME: { parameters: ['any'], required: 0, returns: SYSNAME, evaluate: (facts) => facts.login },
  SUSER_NAME: { parameters: ['any'], required: 0, returns: SYSNAME, evaluate: (facts) => facts.login },
  SYSTEM_USER: session(SYSNAME, (facts) => facts.login),
  ORIGINAL_LOGIN: session(SYSNAME, (facts) => facts.login),
  USER_NAME: { parameters: ['integer'], required: 0, returns: SYSNAME, evaluate: (facts) => facts.user },
  USER: session(SYSNAME, (facts) => facts.user),
  CURRENT_USER: session(SYSNAME, (facts) => facts.user),
  SESSION_USER: session(SYSNAME, (facts) => facts.user),
  APP_NAME: session(SYSNAME, (facts) => facts.programName),
  SESSION_ID: session(nvarchar(32), (facts) => String(facts.spid)),
  SCHEMA_ID: {
    parameters: ['text'],
    required: 0,
    returns: INT,
    evaluate: (facts, name) =>
      bigintOrNull(schemaId(facts.catalog, name === undefined ? 'dbo' : String(name))),
  },
  SCHEMA_NAME: {
    parameters: ['integer'],
    required: 0,
    returns: SYSNAME,
    evaluate: (facts, id) => schemaName(facts.catalog, id === undefined ? 1 : Number(id)),
  },
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
  SCOPE_IDENTITY: session(BIGINT, (facts) => facts.scopeIdentity),
  TYPE_ID: {
    parameters: ['text'],
    returns: INT,
    evaluate: (_, name) => {
      const type = dataType(String(name));
      return type ? BigInt(TYPES[type.name].id) : null;
    },
  },
  TYPE_NAME: {
    parameters: ['integer'],
    returns: SYSNAME,
    evaluate: (_, id) =>
      (Object.keys(TYPES) as TypeName[]).find((name) => TYPES[name].id === Number(id)) ?? null,
  },
  DATABASEPROPERTYEX: {
    parameters: ['text', 'text'],
    returns: SQL_VARIANT,
    evaluate: (facts, database, property) => facts.databaseProperty(String(database), String(property)),
  },
  SERVERPROPERTY: {
    parameters: ['text'],
    returns: SQL_VARIANT,
    evaluate: (facts, property) => SERVER_PROPERTIES[String(property).toLowerCase()]?.(facts) ?? null,
  },
  IS_ROLEMEMBER: {
    parameters: ['text', 'text'],
    required: 1,
    returns: INT,
    evaluate: (facts, role, user) =>
      flag(facts.isRoleMember(String(role), user === undefined ? null : String(user))),
  },
  IS_MEMBER: {
    parameters: ['text'],
    returns: INT,
    evaluate: (facts, role) => flag(facts.isRoleMember(String(role), null)),
  },
  IS_SRVROLEMEMBER: {
    parameters: ['text', 'text'],
    required: 1,
    returns: INT,
    evaluate: (facts, role) => flag(facts.isServerRoleMember(String(role))),
  },
  HAS_PERMS_BY_NAME: {
    parameters: ['text', 'text', 'text'],
    seesNull: true,
    returns: INT,
    evaluate: (facts, securable, kind, permission) =>
      flag(facts.hasPermission(textOrNull(securable), textOrNull(kind), String(permission))),
  },
  HAS_DBACCESS: {
    parameters: ['text'],
    returns: INT,
    evaluate: (facts, name) => flag(facts.databaseIdOf(String(name)) !== null),
  },
  APPLOCK_MODE: {
    parameters: ['text', 'text', 'text'],
    returns: nvarchar(32),
    evaluate: (facts, _principal, resource, owner) => facts.lockMode(String(resource), String(owner)),
  },
  XACT_STATE: session(INT, (facts) => BigInt(facts.transactionState)),
  ERROR_NUMBER: session(INT, (facts) => bigintOrNull(facts.caughtError?.number ?? null)),
  ERROR_SEVERITY: session(INT, (facts) => bigintOrNull(facts.caughtError?.severity ?? null)),
  ERROR_STATE: session(INT, (facts) => bigintOrNull(facts.caughtError?.state ?? null)),
  ERROR_LINE: session(INT, (facts) => bigintOrNull(facts.caughtError?.line ?? null)),
  ERROR_MESSAGE: session(nvarchar(4000), (facts) => facts.caughtError?.message ?? null),
  ERROR_PROCEDURE: session(SYSNAME, (facts) => facts.caughtError?.procedure || null),
};

function textOrNull(value: Stored | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
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

/** Azure SQL Database: engine edition 5, product version 12. */
export const PRODUCT_VERSION = '12.0.2000.8';
const SERVER_PROPERTIES: Readonly<Record<string, (facts: SessionFacts) => Stored>> = {
  servername: (facts) => facts.serverName,
  engineedition: () => '5',
  edition: () => 'SQL Azure',
  productversion: () => PRODUCT_VERSION,
  productmajorversion: () => '12',
  productlevel: () => 'RTM',
  collation: () => 'SQL_Latin1_General_CP1_CI_AS',
  ishadrenabled: () => '1',
  isclustered: () => '0',
  isintegratedsecurityonly: () => '0',
};
