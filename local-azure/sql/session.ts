// The seam between the wire (TDS) and the engine: what a TDS session asks of a logical server, and what
// comes back. Nothing here knows bytes, nothing here knows SQL text.

export type SqlTypeName =
  | 'bit'
  | 'int'
  | 'bigint'
  | 'float'
  | 'decimal'
  | 'nvarchar'
  | 'varbinary'
  | 'uniqueidentifier'
  | 'datetime2'
  | 'datetimeoffset';

export type EngineValue = string | number | bigint | boolean | Date | Uint8Array | null;

export interface ResultColumn {
  readonly name: string;
  readonly type: SqlTypeName;
  /** Digits after the point, for decimal; 10 where not given. */
  readonly scale?: number;
}

export interface Parameter {
  readonly name: string;
  readonly value: EngineValue;
}

export interface ServerMessage {
  readonly number: number;
  /** Above 10 is an error. */
  readonly severity: number;
  readonly state: number;
  readonly line: number;
  readonly procedure: string;
  readonly text: string;
}

export type SessionEvent =
  | { readonly kind: 'columns'; readonly columns: readonly ResultColumn[] }
  | { readonly kind: 'row'; readonly values: readonly EngineValue[] }
  /** End of one statement; rowCount is null for statements that count nothing. */
  | { readonly kind: 'done'; readonly rowCount: number | null }
  | { readonly kind: 'message'; readonly message: ServerMessage }
  | {
      readonly kind: 'transaction';
      readonly change: 'begin' | 'commit' | 'rollback';
      readonly descriptor: bigint;
    }
  | { readonly kind: 'return-status'; readonly status: number }
  /** The session was ended by the server (ALTER DATABASE … WITH ROLLBACK, failover); the wire closes. */
  | { readonly kind: 'killed'; readonly message: ServerMessage };

export type Login =
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  /** Claims of a token that Entra here issued and that was checked; audience included. */
  | { readonly kind: 'token'; readonly objectId: string; readonly appId: string; readonly audience: string };

export interface SqlSession {
  readonly spid: number;
  readonly database: string;
  /**
   * Runs one batch. Aborting the signal is the client's attention. In a call (sp_executesql, a procedure) SET options
   * end with it.
   */
  execute(
    text: string,
    parameters: readonly Parameter[],
    signal: AbortSignal,
    kind?: 'batch' | 'call',
  ): AsyncIterable<SessionEvent>;
  /** Transaction manager requests of the wire (tedious beginTransaction …). */
  transaction(request: 'begin' | 'commit' | 'rollback'): AsyncIterable<SessionEvent>;
  /** Called when the server ends the session while it is idle. */
  onKilled(listener: (message: ServerMessage) => void): void;
  /** Client gone: rolls back, releases locks. */
  close(): void;
}

/** Refusal of a login: 18456, 4060, 40615, 40613 … with Azure's text. */
export class LoginRefused extends Error {
  readonly sqlMessage: ServerMessage;

  constructor(message: ServerMessage) {
    super(message.text);
    this.sqlMessage = message;
  }
}

export interface SessionHost {
  readonly serverName: string;
  /** Region it stands in; null or absent where none can take it down. */
  readonly location?: string | null;
  /** Throws LoginRefused. `clientAddress` is held against the server's firewall rules. */
  login(
    login: Login,
    database: string | null,
    client: { address: string; programName: string; hostName?: string; readOnlyIntent: boolean },
  ): Promise<SqlSession>;
}
