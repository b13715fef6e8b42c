// Which permissions there are, what implies what, and what the fixed roles bring.
// Sources: sys.fn_builtin_permissions, GRANT Database Permissions, Database-level roles (Transact-SQL reference).

export type SecurableScope = 'database' | 'schema' | 'object' | 'principal';

/** A permission at a scope, such as ALTER ANY SCHEMA on the database. */
export interface Permission {
  readonly scope: SecurableScope;
  readonly name: string;
}

/** On the database: sys.database_permissions.type, and what of the database implies it; CONTROL where nothing else does. */
const DATABASE: Readonly<Record<string, readonly [type: string, impliedBy?: string]>> = {
  CONTROL: ['CL'],
  ALTER: ['AL'],
  'ALTER ANY APPLICATION ROLE': ['ALAR', 'ALTER'],
  'ALTER ANY ASSEMBLY': ['ALAS', 'ALTER'],
  'ALTER ANY DATABASE DDL TRIGGER': ['ALTG', 'ALTER'],
  'ALTER ANY DATABASE EVENT SESSION': ['AADS', 'ALTER'],
  'ALTER ANY DATABASE SCOPED CONFIGURATION': ['ALDC'],
  'ALTER ANY EXTERNAL DATA SOURCE': ['AEDS'],
  'ALTER ANY MASK': ['AAMK'],
  'ALTER ANY ROLE': ['ALRL', 'ALTER'],
  'ALTER ANY SCHEMA': ['ALSM', 'ALTER'],
  'ALTER ANY SECURITY POLICY': ['ALSP'],
  'ALTER ANY USER': ['ALUS', 'ALTER'],
  'ADMINISTER DATABASE BULK OPERATIONS': ['DABO'],
  AUTHENTICATE: ['AUTH'],
  'BACKUP DATABASE': ['BADB'],
  'BACKUP LOG': ['BALO'],
  CHECKPOINT: ['CP'],
  CONNECT: ['CO'],
  'CREATE ASSEMBLY': ['CRAS', 'ALTER ANY ASSEMBLY'],
  'CREATE DEFAULT': ['CRDF', 'ALTER'],
  'CREATE FUNCTION': ['CRFN', 'ALTER'],
  'CREATE PROCEDURE': ['CRPR', 'ALTER'],
  'CREATE ROLE': ['CRRL', 'ALTER ANY ROLE'],
  'CREATE RULE': ['CRRU', 'ALTER'],
  'CREATE SCHEMA': ['CRSM', 'ALTER ANY SCHEMA'],
  'CREATE SYNONYM': ['CRSN', 'ALTER'],
  'CREATE TABLE': ['CRTB', 'ALTER'],
  'CREATE TYPE': ['CRTY', 'ALTER'],
  'CREATE USER': ['CUSR', 'ALTER ANY USER'],
  'CREATE VIEW': ['CRVW', 'ALTER'],
  DELETE: ['DL'],
  EXECUTE: ['EX'],
  INSERT: ['IN'],
  'KILL DATABASE CONNECTION': ['KIDC'],
  REFERENCES: ['RF'],
  SELECT: ['SL'],
  SHOWPLAN: ['SPLN'],
  'SUBSCRIBE QUERY NOTIFICATIONS': ['SUQN'],
  'TAKE OWNERSHIP': ['TO'],
  UNMASK: ['UMSK'],
  UPDATE: ['UP'],
  'VIEW DATABASE PERFORMANCE STATE': ['VDP', 'VIEW DATABASE STATE'],
  'VIEW DATABASE STATE': ['VWDS'],
  'VIEW DEFINITION': ['VW'],
};

/** On schemas and what is in them. */
const CONTAINED: Readonly<Record<string, string>> = {
  ALTER: 'AL',
  CONTROL: 'CL',
  DELETE: 'DL',
  EXECUTE: 'EX',
  INSERT: 'IN',
  REFERENCES: 'RF',
  SELECT: 'SL',
  'TAKE OWNERSHIP': 'TO',
  UPDATE: 'UP',
  'VIEW DEFINITION': 'VW',
};

/** On users and roles; what of the database implies it beside CONTROL depends on which of the two. */
const PRINCIPAL: Readonly<Record<string, string>> = {
  ALTER: 'AL',
  CONTROL: 'CL',
  IMPERSONATE: 'IM',
  'TAKE OWNERSHIP': 'TO',
  'VIEW DEFINITION': 'VW',
};

/** The code in sys.database_permissions.type; null where there is no such permission at this scope. */
export function permissionType({ scope, name }: Permission): string | null {
  const known =
    scope === 'database' ? DATABASE[name]?.[0] : (scope === 'principal' ? PRINCIPAL : CONTAINED)[name];
  return known ?? null;
}

/** The permission itself and whatever implies it: who is granted one of these has it, who is denied one has not. */
export function covering({ scope, name }: Permission): Permission[] {
  const self: Permission = { scope, name };
  const next = directlyCovering(self);
  return [self, ...next.flatMap(covering)];
}

function directlyCovering({ scope, name }: Permission): Permission[] {
  const control = name === 'CONTROL' ? [] : [{ scope, name: 'CONTROL' }];
  switch (scope) {
    case 'database': {
      const impliedBy = DATABASE[name]?.[1];
      return impliedBy ? [{ scope, name: impliedBy }] : control;
    }
    case 'principal':
      return name === 'CONTROL' ? [{ scope: 'database', name: 'CONTROL' }] : control;
    case 'schema':
      return [...control, ...above('database', name === 'ALTER' ? 'ALTER ANY SCHEMA' : name)];
    case 'object':
      return [...control, ...above('schema', name)];
  }
}

/** TAKE OWNERSHIP of the whole is not that of a part. */
function above(scope: SecurableScope, name: string): Permission[] {
  return name === 'TAKE OWNERSHIP' ? [] : [{ scope, name }];
}

export interface FixedRolePermissions {
  readonly state: 'GRANT' | 'DENY';
  /** Of the database. */
  readonly permissions: readonly string[];
}

/** What belongs to a fixed role, without standing in sys.database_permissions. */
export const FIXED_ROLE_PERMISSIONS = {
  db_owner: { state: 'GRANT', permissions: ['CONTROL'] },
  db_accessadmin: { state: 'GRANT', permissions: ['ALTER ANY USER', 'CREATE SCHEMA', 'CONNECT'] },
  db_securityadmin: {
    state: 'GRANT',
    permissions: ['ALTER ANY APPLICATION ROLE', 'ALTER ANY ROLE', 'CREATE SCHEMA', 'VIEW DEFINITION'],
  },
  db_ddladmin: {
    state: 'GRANT',
    permissions: [
      'ALTER ANY ASSEMBLY',
      'ALTER ANY SCHEMA',
      'CHECKPOINT',
      'CREATE DEFAULT',
      'CREATE FUNCTION',
      'CREATE PROCEDURE',
      'CREATE RULE',
      'CREATE SCHEMA',
      'CREATE SYNONYM',
      'CREATE TABLE',
      'CREATE TYPE',
      'CREATE VIEW',
      'REFERENCES',
    ],
  },
  db_backupoperator: { state: 'GRANT', permissions: ['BACKUP DATABASE', 'BACKUP LOG', 'CHECKPOINT'] },
  db_datareader: { state: 'GRANT', permissions: ['SELECT'] },
  db_datawriter: { state: 'GRANT', permissions: ['INSERT', 'UPDATE', 'DELETE'] },
  db_denydatareader: { state: 'DENY', permissions: ['SELECT'] },
  db_denydatawriter: { state: 'DENY', permissions: ['INSERT', 'UPDATE', 'DELETE'] },
} as const satisfies Readonly<Record<string, FixedRolePermissions>>;
