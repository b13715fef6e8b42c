// sp_executesql: a batch with parameters of its own.
import { sqlError } from '../errors.ts';
import type { SessionEvent } from '../session.ts';
import type { ProcedureParameter } from '../t-sql/ast.ts';
import { convert } from '../t-sql/conversion.ts';
import { commaSeparated, cursorOf, peek } from '../t-sql/cursor.ts';
import { NVARCHAR_MAX } from '../t-sql/data-types.ts';
import { parseParameter } from '../t-sql/parse-definition.ts';
import { type CallArgument, callBody, DYNAMIC } from './calls.ts';
import type { Frame } from './frame.ts';
import { runText } from './interpreter.ts';

export async function* executeSql(
  frame: Frame,
  args: readonly CallArgument[],
): AsyncGenerator<SessionEvent, number> {
  const [statement, definitions, ...values] = args;
  const text = textOf(statement);
  if (text === null) throw sqlError(201, 'sp_executesql', '@statement');
  const parameters = parseParameters(textOf(definitions) ?? '');
  return yield* callBody(frame, DYNAMIC, parameters, values, (inner) => runText(inner, text));
}

function textOf(argument: CallArgument | undefined): string | null {
  const value = argument?.value ? convert(argument.value.value, argument.value.type, NVARCHAR_MAX) : null;
  return value === null ? null : String(value);
}

function parseParameters(text: string): ProcedureParameter[] {
  const cursor = cursorOf(text);
  return peek(cursor).kind === 'end' ? [] : commaSeparated(cursor, parseParameter);
}
