// Azure SQL as its clients know it: connections, statements, messages.

export type SqlValue = string | number | bigint | boolean | Date | Buffer | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** One message of SQL Server: an error where severity is above 10, information otherwise. */
export interface SqlMessage {
  readonly number: number;
  readonly severity: number;
  readonly state: number;
  /** Line within the batch, counted from 1. */
  readonly line: number;
  readonly procedure: string;
  readonly text: string;
}

export interface BatchOptions {
  /** Milliseconds; 0 waits without limit. */
  readonly timeoutMs: number;
  /** Information messages (PRINT, RAISERROR below 11, row counts are not messages), as they arrive. */
  readonly onMessage?: (message: SqlMessage) => void;
  /** Sends an attention to the server; the promise then rejects with a SqlError of kind 'cancelled'. */
  readonly signal?: AbortSignal;
}

/** One TDS connection. Requests on it are made one at a time; the caller sees to that. */
export interface SqlConnection {
  readonly server: string;
  readonly database: string;
  readonly isOpen: boolean;
  /**
   * A parameterised statement; rows of all result sets in order. Throws SqlError. `timeoutMs` 0 waits without
   * limit; aborting `signal` sends an attention.
   */
  query(
    text: string,
    parameters?: Readonly<Record<string, SqlValue>>,
    timeoutMs?: number,
    signal?: AbortSignal,
  ): Promise<SqlRow[]>;
  /** Text sent as it is, in one batch, outside sp_executesql (CREATE PROCEDURE needs that). Throws SqlError. */
  batch(text: string, options: BatchOptions): Promise<void>;
  /** Closes the connection; never throws. */
  close(): Promise<void>;
}

export interface SqlTarget {
  /** Fully qualified name, as ARM gives it. */
  readonly host: string;
  readonly database: string;
  /** Shown in sys.dm_exec_sessions.program_name after "rolling-upgrade". */
  readonly purpose: string;
}

export interface SqlConnector {
  /** Opens one connection, with a fresh token; retries what SQL Server calls transient. Throws SqlError. */
  connect(target: SqlTarget, signal?: AbortSignal): Promise<SqlConnection>;
  /** How a command of the user's (sqlpackage, dotnet ef) reaches the same database, for its environment. */
  commandEnvironment(target: SqlTarget): Promise<Readonly<Record<string, string>>>;
}
