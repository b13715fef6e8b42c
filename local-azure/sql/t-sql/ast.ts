// The syntax tree of the T-SQL this engine understands.

import type { Stored } from './conversion.ts';
import type { DataType } from './data-types.ts';

/** Schema null: the default schema. `text` is the name as written, for messages. */
export interface ObjectName {
  readonly schema: string | null;
  readonly name: string;
  readonly text: string;
  readonly line: number;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^';
export type ComparisonOperator = '=' | '<>' | '<' | '>' | '<=' | '>=';

export interface Over {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly frame: string | null;
}

export type Expression =
  | { readonly kind: 'literal'; readonly value: Stored; readonly type: DataType | null }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'column'; readonly parts: readonly string[]; readonly line: number }
  | { readonly kind: 'negate'; readonly operand: Expression }
  | { readonly kind: 'complement'; readonly operand: Expression }
  | {
      readonly kind: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly arguments: readonly Expression[];
      readonly distinct: boolean;
      readonly star: boolean;
      readonly over: Over | null;
      readonly withinGroup: readonly OrderItem[] | null;
    }
  | {
      readonly kind: 'cast';
      readonly operand: Expression;
      readonly type: DataType;
      readonly lenient: boolean;
      readonly style: Expression | null;
    }
  | {
      readonly kind: 'case';
      readonly operand: Expression | null;
      readonly branches: readonly { readonly when: Expression | Predicate; readonly result: Expression }[];
      readonly otherwise: Expression | null;
    }
  | { readonly kind: 'scalar'; readonly query: Query }
  /** A value the interpreter already has: the sql of a source column. Never written by a user. */
  | { readonly kind: 'sql'; readonly sql: string; readonly type: DataType | null };

export type Predicate =
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'logical';
      readonly operator: 'AND' | 'OR';
      readonly left: Predicate;
      readonly right: Predicate;
    }
  | { readonly kind: 'not'; readonly operand: Predicate }
  | { readonly kind: 'is-null'; readonly operand: Expression; readonly negated: boolean }
  | {
      readonly kind: 'between';
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly negated: boolean;
    }
  | {
      readonly kind: 'like';
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escape: Expression | null;
      readonly negated: boolean;
    }
  | {
      readonly kind: 'in';
      readonly operand: Expression;
      readonly list: readonly Expression[] | Query;
      readonly negated: boolean;
    }
  | { readonly kind: 'exists'; readonly query: Query };

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
}

export type SelectItem =
  | { readonly kind: 'expression'; readonly expression: Expression; readonly alias: string | null }
  | { readonly kind: 'star'; readonly qualifier: readonly string[] | null }
  | { readonly kind: 'assignment'; readonly variable: string; readonly expression: Expression };

export type TableSource =
  | {
      readonly kind: 'named';
      readonly name: ObjectName;
      readonly alias: string | null;
      /** UPDLOCK, XLOCK, TABLOCKX, HOLDLOCK: takes the writer's place in a transaction. */
      readonly locks: boolean;
    }
  | {
      readonly kind: 'derived';
      readonly query: Query;
      readonly alias: string;
      readonly columns: readonly string[] | null;
    }
  | {
      readonly kind: 'join';
      readonly join: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS';
      readonly left: TableSource;
      readonly right: TableSource;
      readonly on: Predicate | null;
    };

export interface Select {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly top: Expression | null;
  readonly items: readonly SelectItem[];
  readonly into: ObjectName | null;
  readonly from: readonly TableSource[];
  readonly where: Predicate | null;
  readonly groupBy: readonly Expression[];
  readonly having: Predicate | null;
}

export type QueryBody =
  | Select
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[] }
  | {
      readonly kind: 'set';
      readonly operator: 'UNION' | 'UNION ALL' | 'INTERSECT' | 'EXCEPT';
      readonly left: QueryBody;
      readonly right: QueryBody;
    }
  | { readonly kind: 'nested'; readonly query: Query };

export interface CommonTable {
  readonly name: string;
  readonly columns: readonly string[] | null;
  readonly query: Query;
}

export interface Query {
  readonly with: readonly CommonTable[];
  readonly body: QueryBody;
  readonly orderBy: readonly OrderItem[];
  readonly offset: Expression | null;
  readonly fetch: Expression | null;
}

export interface OutputClause {
  readonly items: readonly SelectItem[];
  readonly into: ObjectName | null;
  readonly columns: readonly string[] | null;
}

export interface Assignment {
  readonly column: string;
  /** DEFAULT where null. */
  readonly value: Expression | null;
  readonly line: number;
}

// ---- Definitions -----------------------------------------------------------------------------------------

export interface ColumnDefinition {
  readonly name: string;
  readonly type: DataType;
  /** Null where nothing was written. */
  readonly nullable: boolean | null;
  readonly identity: { readonly seed: bigint; readonly increment: bigint } | null;
  readonly default: { readonly name: string | null; readonly text: string } | null;
  readonly withValues: boolean;
  readonly constraints: readonly ConstraintDefinition[];
}

export type ReferentialAction = 'NO ACTION' | 'CASCADE' | 'SET NULL' | 'SET DEFAULT';

export type ConstraintDefinition =
  | {
      readonly kind: 'key';
      readonly name: string | null;
      readonly primary: boolean;
      readonly columns: readonly string[];
    }
  | {
      readonly kind: 'foreign-key';
      readonly name: string | null;
      readonly columns: readonly string[];
      readonly table: ObjectName;
      readonly referenced: readonly string[];
      readonly onDelete: ReferentialAction;
      readonly onUpdate: ReferentialAction;
    }
  | {
      readonly kind: 'check';
      readonly name: string | null;
      readonly text: string;
      readonly column: string | null;
    }
  | {
      readonly kind: 'default';
      readonly name: string | null;
      readonly text: string;
      readonly column: string;
    };

export type TableChange =
  | {
      readonly kind: 'add';
      readonly columns: readonly ColumnDefinition[];
      readonly constraints: readonly ConstraintDefinition[];
      readonly check: boolean;
    }
  | {
      readonly kind: 'drop';
      readonly items: readonly {
        readonly kind: 'column' | 'constraint';
        readonly name: string;
        readonly ifExists: boolean;
      }[];
    }
  | {
      readonly kind: 'alter-column';
      readonly column: string;
      readonly type: DataType;
      readonly nullable: boolean | null;
    };

export interface ProcedureParameter {
  readonly name: string;
  readonly type: DataType;
  readonly default: Expression | null;
  readonly output: boolean;
}

export interface Argument {
  readonly name: string | null;
  /** Null: DEFAULT. */
  readonly value: Expression | null;
  readonly output: boolean;
}

export type Termination =
  | { readonly kind: 'none' }
  | { readonly kind: 'rollback'; readonly afterSeconds: number }
  | { readonly kind: 'no-wait' };

export type PrincipalSource =
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'login'; readonly login: string }
  | { readonly kind: 'external'; readonly objectId: string | null }
  | { readonly kind: 'none' };

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
      readonly object: 'TABLE' | 'VIEW' | 'PROCEDURE' | 'SCHEMA' | 'USER' | 'ROLE' | 'LOGIN' | 'DATABASE';
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
  | { readonly kind: 'create-schema'; readonly name: string }
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
      readonly action: 'add' | 'remove';
      readonly server: string;
    }
  | { readonly kind: 'create-user'; readonly name: string; readonly source: PrincipalSource }
  | { readonly kind: 'create-role'; readonly name: string }
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
      readonly on: { readonly scope: 'database' | 'schema' | 'object'; readonly name: ObjectName | null };
      readonly grantees: readonly string[];
    }
);

export type StatementOf<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>;
