// SQL Server's errors: number, severity, state and text as the server gives them (errors-events reference).
import { ADMINISTRATION_ERRORS } from './error-texts/administration.ts';
import { DATA_ERRORS } from './error-texts/data.ts';
import { DEFINITION_ERRORS } from './error-texts/definition.ts';
import { SYNTAX_ERRORS } from './error-texts/syntax.ts';
import type { ErrorEffect, ErrorTemplate, ErrorTemplates } from './error-texts/template.ts';
import type { ServerMessage } from './session.ts';

export class SqlServerError extends Error {
  override readonly name = 'SqlServerError';
  readonly number: number;
  readonly severity: number;
  readonly state: number;
  readonly effect: ErrorEffect;
  /** RAISERROR does not heed XACT_ABORT, and compile errors pass the TRY of their own batch by. */
  readonly origin: 'engine' | 'raiserror' | 'throw' | 'compile';
  /** Errors that are told after this one, as 5069 after its cause. */
  readonly followedBy: readonly SqlServerError[];
  line: number;
  procedure = '';
  /** How deep in procedures and EXEC it happened; -1 while that is not known. */
  nesting = -1;

  constructor(details: {
    number: number;
    severity: number;
    state: number;
    text: string;
    line?: number;
    effect?: ErrorEffect;
    origin?: 'engine' | 'raiserror' | 'throw' | 'compile';
    followedBy?: readonly SqlServerError[];
  }) {
    super(details.text);
    this.number = details.number;
    this.severity = details.severity;
    this.state = details.state;
    this.line = details.line ?? 0;
    this.effect = details.effect ?? 'statement';
    this.origin = details.origin ?? 'engine';
    this.followedBy = details.followedBy ?? [];
  }

  toMessage(): ServerMessage {
    const { number, severity, state, line, procedure } = this;
    return { number, severity, state, line: Math.max(line, 1), procedure, text: this.message };
  }
}

const TEMPLATES: ErrorTemplates = {
  ...SYNTAX_ERRORS,
  ...DATA_ERRORS,
  ...DEFINITION_ERRORS,
  ...ADMINISTRATION_ERRORS,
};

/** The error of this number, `%s` filled in order. */
export function sqlError(number: number, ...values: readonly (string | number | bigint)[]): SqlServerError {
  const template = TEMPLATES[number];
  if (!template) throw new Error(`SQL Server error ${number} has no text here`);
  return build(number, template, values, []);
}

/** An ALTER DATABASE failure: its cause, then always 5069. */
export function alterDatabaseFailed(cause: SqlServerError): SqlServerError {
  const { number, severity, state, message: text } = cause;
  return new SqlServerError({ number, severity, state, text, followedBy: [sqlError(5069)] });
}

/** DDL on constraints tells its cause and then 1750 or 3727. */
export function followedBy(cause: SqlServerError, number: number): SqlServerError {
  const { severity, state, message: text } = cause;
  return new SqlServerError({
    number: cause.number,
    severity,
    state,
    text,
    followedBy: [sqlError(number)],
    effect: 'batch',
  });
}

function build(
  number: number,
  template: ErrorTemplate,
  values: readonly (string | number | bigint)[],
  after: readonly SqlServerError[],
): SqlServerError {
  const queue = [...values];
  return new SqlServerError({
    number,
    severity: template.severity ?? 16,
    state: template.state ?? 1,
    effect: template.effect ?? (template.compile ? 'batch' : 'statement'),
    origin: template.compile ? 'compile' : 'engine',
    text: template.text.replace(/%s/g, () => String(queue.shift() ?? '')),
    followedBy: after,
  });
}
