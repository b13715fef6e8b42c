// What a built-in function is: what it takes, what it answers, how it works it out.

import type { Random } from '../../random.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { SqlServerError } from '../errors.ts';
import type { Stored } from '../t-sql/conversion.ts';
import type { DataType } from '../t-sql/data-types.ts';

/** What functions may ask of the session they run in. */
export interface SessionFacts {
  /** The same for all of a statement. */
  readonly statementTime: Date;
  readonly random: Random;
  readonly serverName: string;
  readonly databaseName: string;
  readonly databaseId: number;
  readonly spid: number;
  readonly login: string;
  readonly user: string;
  readonly programName: string;
  readonly catalog: Catalog;
  readonly transactionCount: number;
  /** -1 doomed, 0 none, 1 open. */
  readonly transactionState: -1 | 0 | 1;
  readonly scopeIdentity: bigint | null;
  /** The error a CATCH block is handling. */
  readonly caughtError: SqlServerError | null;
  databaseIdOf(name: string): number | null;
  databaseNameOf(id: number): string | null;
  databaseProperty(database: string, property: string): Stored;
  isRoleMember(role: string, user: string | null): boolean | null;
  isServerRoleMember(role: string): boolean | null;
  hasPermission(securable: string | null, securableClass: string | null, permission: string): boolean | null;
  lockMode(resource: string, owner: string): string;
  temporaryId(name: string): number | null;
  /** sys.identity's last value of a table; null before the first. */
  lastIdentity(table: number): bigint | null;
}

export type ParameterKind = 'any' | 'text' | 'integer' | 'float' | 'moment' | 'binary' | 'date-part';

export interface ScalarFunction {
  readonly parameters: readonly ParameterKind[];
  /** How many of the parameters must be given; all of them by default. */
  readonly required?: number;
  /** The last parameter may be given again and again. */
  readonly variadic?: true;
  readonly returns: DataType | ((types: readonly (DataType | null)[]) => DataType | null);
  /** Called also where an argument is NULL; otherwise NULL in gives NULL out. */
  readonly seesNull?: true;
  readonly evaluate: (facts: SessionFacts, ...values: Stored[]) => Stored;
}

export type FunctionTable = Readonly<Record<string, ScalarFunction>>;

/** Flags are int in SQL Server: 1, 0, or NULL where the question makes no sense. */
export const flag = (value: boolean | null): Stored => (value === null ? null : value ? 1n : 0n);

export function bigintOrNull(value: number | null): Stored {
  return value === null ? null : BigInt(value);
}
