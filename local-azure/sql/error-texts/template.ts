// An error as SQL Server's list of them has it.

/** What an error ends: its statement, its batch (XACT_ABORT apart), or the batch with its transaction. */
export type ErrorEffect = 'statement' | 'batch' | 'transaction';

export interface ErrorTemplate {
  /** 16 where not given. */
  readonly severity?: number;
  /** 1 where not given. */
  readonly state?: number;
  readonly effect?: ErrorEffect;
  /** Found while the batch is compiled: its own TRY does not catch it. */
  readonly compile?: true;
  /** Values stand for `%s`, in order. */
  readonly text: string;
}

export type ErrorTemplates = Readonly<Record<number, ErrorTemplate>>;
