// The syntax tree: expressions, conditions, queries.
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
      readonly kind: 'function';
      readonly name: ObjectName;
      readonly argument: Expression;
      readonly alias: string | null;
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
