// The syntax tree of the T-SQL this engine understands: statements, and all they are made of.
import type { SecurableScope } from '../permissions.ts';
import type {
  Argument,
  ColumnDefinition,
  ConstraintDefinition,
  PrincipalSource,
  ProcedureParameter,
  TableChange,
  Termination,
} from './ast-definition.ts';
import type {
  Assignment,
  CommonTable,
  Expression,
  ObjectName,
  OutputClause,
  Predicate,
  Query,
  TableSource,
} from './ast-query.ts';
import type { DataType } from './data-types.ts';

export type * from './ast-definition.ts';
export type * from './ast-query.ts';

export type Statement = { readonly line: number } & (
  | { readonly kind: 'block'; readonly statements: readonly Statement[] }
  | {
      readonly kind: 'if';
      readonly condition: Predicate;
      readonly consequence: Statement;
      readonly otherwise: Statement | null;
    }
  | { readonly kind: 'while'; readonly condition: Predicate; readonly body: Statement }
  | { readonly kind: 'break' }
  | { readonly kind: 'continue' }
  | { readonly kind: 'return'; readonly value: Expression | null }
  | { readonly kind: 'try'; readonly body: readonly Statement[]; readonly handler: readonly Statement[] }
  | {
      readonly kind: 'declare';
      readonly variables: readonly {
        readonly name: string;
        readonly type: DataType;
        readonly value: Expression | null;
      }[];
    }
  | {
      readonly kind: 'declare-table';
      readonly name: string;
      readonly columns: readonly ColumnDefinition[];
      readonly constraints: readonly ConstraintDefinition[];
    }
  | { readonly kind: 'set-variable'; readonly name: string; readonly value: Expression }
  | { readonly kind: 'set-option'; readonly options: readonly string[]; readonly value: string }
  | { readonly kind: 'identity-insert'; readonly table: ObjectName; readonly on: boolean }
  | { readonly kind: 'query'; readonly query: Query }
  | {
      readonly kind: 'insert';
      readonly table: ObjectName;
      readonly with: readonly CommonTable[];
      readonly columns: readonly string[] | null;
      readonly output: OutputClause | null;
      readonly source:
        | { readonly kind: 'query'; readonly query: Query }
        /** Null: DEFAULT. */
        | { readonly kind: 'rows'; readonly rows: readonly (readonly (Expression | null)[])[] }
        | { readonly kind: 'default-values' }
        | { readonly kind: 'execute'; readonly call: Statement };
    }
  | {
      readonly kind: 'update';
      readonly table: ObjectName;
      readonly with: readonly CommonTable[];
      readonly top: Expression | null;
      readonly assignments: readonly Assignment[];
      readonly output: OutputClause | null;
      readonly from: readonly TableSource[];
      readonly where: Predicate | null;
    }
  | {
      readonly kind: 'delete';
      readonly table: ObjectName;
      readonly with: readonly CommonTable[];
      readonly top: Expression | null;
      readonly output: OutputClause | null;
      readonly from: readonly TableSource[];
      readonly where: Predicate | null;
    }
  | { readonly kind: 'truncate'; readonly table: ObjectName }
  | {
      readonly kind: 'create-table';
      readonly name: ObjectName;
      readonly columns: readonly ColumnDefinition[];
      readonly constraints: readonly ConstraintDefinition[];
    }
  | { readonly kind: 'alter-table'; readonly name: ObjectName; readonly change: TableChange }
  | {
      readonly kind: 'create-index';
      readonly name: string;
      readonly table: ObjectName;
      readonly unique: boolean;
      readonly clustered: boolean;
      readonly columns: readonly string[];
      readonly descending: readonly boolean[];
      readonly included: readonly string[];
      readonly filter: string | null;
    }
  | {
      readonly kind: 'drop-index';
      readonly name: string;
      readonly table: ObjectName;
      readonly ifExists: boolean;
    }
  | {
      readonly kind: 'drop';
      readonly object:
        | 'TABLE'
        | 'VIEW'
        | 'PROCEDURE'
        | 'SCHEMA'
        | 'USER'
        | 'ROLE'
        | 'APPLICATION ROLE'
        | 'LOGIN'
        | 'DATABASE';
      readonly names: readonly ObjectName[];
      readonly ifExists: boolean;
    }
  | {
      readonly kind: 'define-view';
      readonly mode: 'create' | 'alter' | 'create-or-alter';
      readonly name: ObjectName;
      readonly columns: readonly string[] | null;
      readonly query: Query;
      readonly text: string;
    }
  | {
      readonly kind: 'define-procedure';
      readonly mode: 'create' | 'alter' | 'create-or-alter';
      readonly name: ObjectName;
      readonly parameters: readonly ProcedureParameter[];
      readonly body: readonly Statement[];
      readonly text: string;
    }
  /** Without an owner it is whose statement it is. */
  | { readonly kind: 'create-schema'; readonly name: string; readonly owner: string | null }
  | {
      readonly kind: 'execute';
      readonly procedure: ObjectName | { readonly variable: string };
      readonly arguments: readonly Argument[];
      readonly returnTo: string | null;
    }
  | { readonly kind: 'execute-text'; readonly text: Expression }
  | { readonly kind: 'begin-transaction'; readonly name: string | null }
  | { readonly kind: 'commit' }
  | { readonly kind: 'rollback'; readonly name: string | null }
  | { readonly kind: 'save-transaction'; readonly name: string }
  | { readonly kind: 'print'; readonly value: Expression }
  | {
      readonly kind: 'raiserror';
      readonly message: Expression;
      readonly severity: Expression;
      readonly state: Expression;
      readonly arguments: readonly Expression[];
      readonly setError: boolean;
    }
  | {
      readonly kind: 'throw';
      readonly error: {
        readonly number: Expression;
        readonly message: Expression;
        readonly state: Expression;
      } | null;
    }
  | { readonly kind: 'wait'; readonly mode: 'delay' | 'time'; readonly duration: Expression }
  | { readonly kind: 'use'; readonly database: string }
  | {
      readonly kind: 'set-access-mode';
      readonly database: string | null;
      readonly mode: 'READ_ONLY' | 'READ_WRITE';
      readonly termination: Termination;
    }
  | {
      readonly kind: 'geo-secondary';
      readonly database: string;
      readonly change:
        | { readonly action: 'add' | 'remove'; readonly server: string }
        /** On the secondary. */
        | { readonly action: 'failover'; readonly forced: boolean };
    }
  | { readonly kind: 'create-user'; readonly name: string; readonly source: PrincipalSource }
  | { readonly kind: 'create-role'; readonly name: string; readonly owner: string | null }
  | { readonly kind: 'create-application-role'; readonly name: string }
  | {
      readonly kind: 'create-login';
      readonly name: string;
      readonly password: string;
      readonly sid: string | null;
    }
  | {
      readonly kind: 'alter-password';
      readonly principal: 'user' | 'login';
      readonly name: string;
      readonly password: string;
    }
  | {
      readonly kind: 'role-member';
      readonly role: string;
      readonly member: string;
      readonly action: 'add' | 'drop';
    }
  | {
      readonly kind: 'permission';
      readonly action: 'GRANT' | 'DENY' | 'REVOKE';
      readonly permissions: readonly string[];
      readonly on: { readonly scope: SecurableScope; readonly name: ObjectName | null };
      readonly grantees: readonly string[];
    }
  | {
      readonly kind: 'alter-authorization';
      readonly on: { readonly scope: SecurableScope; readonly name: ObjectName };
      readonly owner: string;
    }
  | { readonly kind: 'kill'; readonly spid: number }
);

export type StatementOf<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>;
