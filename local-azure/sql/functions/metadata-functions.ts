import { principalId, principalName } from '../catalog/database-principals.ts';
import { schemaId, schemaName } from '../catalog/schema-ids.ts';
import type { Stored } from '../t-sql/conversion.ts';
import {
  type DataType,
  dataType,
  INT,
  nvarchar,
  SYSNAME,
  TYPES,
  type TypeName,
} from '../t-sql/data-types.ts';
import { bigintOrNull, type FunctionTable, flag, type SessionFacts } from './scalar-function.ts';

const SQL_VARIANT = nvarchar(4000);
const session = (type: DataType, evaluate: (facts: SessionFacts) => Stored): FunctionTable[string] => ({
  parameters: [],
  returns: type,
  evaluate,
});

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
  USER_NAME: {
    parameters: ['integer'],
    required: 0,
    returns: SYSNAME,
    evaluate: (facts, id) => (id === undefined ? facts.user : principalName(facts.catalog, Number(id))),
  },
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
  DATABASE_PRINCIPAL_ID: {
    parameters: ['text'],
    required: 0,
    returns: INT,
    evaluate: (facts, name) =>
      bigintOrNull(principalId(facts.catalog, name === undefined ? facts.user : String(name))),
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
