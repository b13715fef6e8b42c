// The two error types this folder throws. Everything Azure said is kept: at 2 a.m. the code, the
// correlation id and all of SQL Server's messages are what a support case starts with.
import type { SqlMessage } from './ports.ts';

/** What Azure Resource Manager, Entra or the network answered. */
export class AzureError extends Error {
  override readonly name = 'AzureError';
  /** HTTP status; null where no answer came. */
  readonly status: number | null;
  /** ARM's error code, e.g. `FailoverGroupAlreadySetup`; null where the body had none. */
  readonly code: string | null;
  readonly correlationId: string | null;
  /** True where the request may have been carried out although no proper answer came back. */
  readonly outcomeUnknown: boolean;

  constructor(
    message: string,
    details: {
      status: number | null;
      code: string | null;
      correlationId: string | null;
      outcomeUnknown: boolean;
      cause?: unknown;
    },
  ) {
    super(message, { cause: details.cause });
    this.status = details.status;
    this.code = details.code;
    this.correlationId = details.correlationId;
    this.outcomeUnknown = details.outcomeUnknown;
  }
}

/** The request was carried out, and what came of it could not be read back, or is not what was written. */
export class WrittenError extends AzureError {}

/** Azure has taken the request up and did not end it in time: it may be carried out at any time yet. */
export class UnendedError extends AzureError {}

/**
 * `server`: SQL Server answered with errors. `login`: the connection was refused. `lost`: the connection
 * broke or timed out while a request was under way, so its outcome is unknown. `cancelled`: we sent an attention.
 */
export type SqlErrorKind = 'server' | 'login' | 'lost' | 'cancelled';

export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly kind: SqlErrorKind;
  /** Every error message of SQL Server, in order; 5069 always comes second, the cause is the first. */
  readonly messages: readonly SqlMessage[];

  constructor(message: string, kind: SqlErrorKind, messages: readonly SqlMessage[], cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.messages = messages;
  }

  /** Whether SQL Server reported one of these error numbers. */
  has(...numbers: number[]): boolean {
    return this.messages.some((message) => numbers.includes(message.number));
  }
}
