// PRINT, RAISERROR, THROW, WAITFOR.
import { SqlServerError, sqlError } from '../errors.ts';
import type { SessionEvent } from '../session.ts';
import type { StatementOf } from '../t-sql/ast.ts';
import { toText } from '../t-sql/conversion.ts';
import { familyOf, NVARCHAR_MAX } from '../t-sql/data-types.ts';
import { evaluate, evaluateAs, evaluateInteger, type Frame } from './frame.ts';
import { formatMessage } from './message-format.ts';

type Events = AsyncGenerator<SessionEvent, void>;

export async function* runPrint(frame: Frame, statement: StatementOf<'print'>): Events {
  const { value, type } = evaluate(frame, statement.value);
  const text = value === null || !type ? ' ' : toText(value, type);
  yield {
    kind: 'message',
    message: { number: 0, severity: 0, state: 1, line: statement.line, procedure: frame.procedure, text },
  };
  yield { kind: 'done', rowCount: null };
}

const FIRST_USER_MESSAGE = 50_000;

export async function* runRaiserror(frame: Frame, statement: StatementOf<'raiserror'>): Events {
  const message = evaluate(frame, statement.message);
  const severity = Math.max(0, evaluateInteger(frame, statement.severity));
  if (severity > 18) throw sqlError(2754);
  const isNumber = message.type !== null && familyOf(message.type) === 'integer';
  if (isNumber)
    throw sqlError(18054, Number(message.value), severity, evaluateInteger(frame, statement.state));
  const format = String(evaluateAs(frame, statement.message, NVARCHAR_MAX) ?? '');
  const values = statement.arguments.map((argument) => {
    const { value, type } = evaluate(frame, argument);
    return value === null || !type
      ? null
      : familyOf(type) === 'integer'
        ? BigInt(String(value))
        : toText(value, type);
  });
  const error = new SqlServerError({
    number: FIRST_USER_MESSAGE,
    severity,
    state: Math.min(Math.max(evaluateInteger(frame, statement.state), 0), 255),
    text: formatMessage(format, values),
    line: statement.line,
    origin: 'raiserror',
  });
  if (severity > 10) throw error;
  error.procedure = frame.procedure;
  yield { kind: 'message', message: error.toMessage() };
  yield { kind: 'done', rowCount: null };
}

/** Without arguments it throws again what the CATCH around it caught. */
export function runThrow(frame: Frame, statement: StatementOf<'throw'>): never {
  const { caughtError } = frame.session;
  if (!statement.error) {
    if (!caughtError) throw sqlError(10704);
    const again = new SqlServerError({
      number: caughtError.number,
      severity: caughtError.severity,
      state: caughtError.state,
      text: caughtError.message,
      line: caughtError.line,
      effect: 'batch',
      origin: 'throw',
      followedBy: caughtError.followedBy,
    });
    again.procedure = caughtError.procedure;
    throw again;
  }
  const number = evaluateInteger(frame, statement.error.number);
  if (number < FIRST_USER_MESSAGE) throw sqlError(35100, number);
  throw new SqlServerError({
    number,
    severity: 16,
    state: evaluateInteger(frame, statement.error.state),
    text: String(evaluateAs(frame, statement.error.message, NVARCHAR_MAX) ?? '(null)'),
    line: statement.line,
    effect: 'batch',
    origin: 'throw',
  });
}

const DELAY = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,3}))?)?$/;

export async function* runWait(frame: Frame, statement: StatementOf<'wait'>): Events {
  const text = String(evaluateAs(frame, statement.duration, NVARCHAR_MAX) ?? '').trim();
  const found = DELAY.exec(text);
  if (!found) throw sqlError(148, text);
  const [, hours = '0', minutes = '0', seconds = '0', fraction = '0'] = found;
  const ofDay =
    ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(fraction.padEnd(3, '0'));
  const { clock } = frame.session.server;
  const sinceMidnight = clock.now().getTime() % 86_400_000;
  const ms = statement.mode === 'delay' ? ofDay : (ofDay - sinceMidnight + 86_400_000) % 86_400_000;
  await clock.sleep(ms, frame.signal);
  yield { kind: 'done', rowCount: null };
}
