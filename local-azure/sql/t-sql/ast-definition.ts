// The syntax tree: what tables, procedures and principals are defined by.
import type { Expression, ObjectName } from './ast-query.ts';
import type { DataType } from './data-types.ts';

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
