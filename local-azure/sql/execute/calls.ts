// EXECUTE: stored procedures, system procedures, sp_executesql and text.
import { qualified } from '../catalog/catalog.ts';
import type { ProcedureEntry } from '../catalog/entries.ts';
import type { TypedValue } from '../compile/scope.ts';
import { sqlError } from '../errors.ts';
import { parseObjectName } from '../functions/object-names.ts';
import type { SessionEvent } from '../session.ts';
import type { Argument, ObjectName, ProcedureParameter, StatementOf } from '../t-sql/ast.ts';
import { convert } from '../t-sql/conversion.ts';
import { INT, NVARCHAR_MAX } from '../t-sql/data-types.ts';
import { parseBatch } from '../t-sql/parse-statement.ts';
import { assign, createFrame, evaluate, evaluateAs, type Frame, requireUse } from './frame.ts';
import { runStatements, runText } from './interpreter.ts';
import { requireSystemProcedure, systemProcedure } from './system-procedures.ts';

type Events = AsyncGenerator<SessionEvent, void>;

const DEEPEST = 32;
/** What has no name and no owner: EXEC('…') and sp_executesql. */
export const DYNAMIC = { name: '', owner: null } as const;

export interface CallArgument {
  readonly name: string | null;
  /** Null: DEFAULT. */
  readonly value: TypedValue | null;
  /** The caller's variable that takes the parameter back. */
  readonly returnTo: string | null;
}

export async function* runExecute(frame: Frame, statement: StatementOf<'execute'>): Events {
  const name = procedureName(frame, statement.procedure);
  const args = statement.arguments.map((argument) => callArgument(frame, argument));
  const status = yield* call(frame, name, args);
  if (statement.returnTo) assign(frame, statement.returnTo, { value: BigInt(status), type: INT });
  yield { kind: 'return-status', status };
}

function procedureName(frame: Frame, procedure: StatementOf<'execute'>['procedure']): ObjectName {
  if (!('variable' in procedure)) return procedure;
  return parseObjectName(
    String(evaluateAs(frame, { kind: 'variable', name: procedure.variable }, NVARCHAR_MAX) ?? ''),
  );
}

function callArgument(frame: Frame, argument: Argument): CallArgument {
  const { name, value, output } = argument;
  const returnTo = output && value?.kind === 'variable' ? value.name : null;
  return { name, value: value ? evaluate(frame, value) : null, returnTo };
}

async function* call(
  frame: Frame,
  name: ObjectName,
  args: readonly CallArgument[],
): AsyncGenerator<SessionEvent, number> {
  const { session } = frame;
  const own = session.catalog.object(name);
  if (own?.kind === 'procedure') return yield* callProcedure(frame, own, args);
  const isSystem = name.schema === null || /^(sys|dbo)$/i.test(name.schema);
  const system = isSystem ? systemProcedure(name.name) : null;
  if (!system) throw sqlError(2812, name.text);
  requireSystemProcedure(session, name.name);
  return yield* system(frame, args);
}

async function* callProcedure(
  frame: Frame,
  entry: ProcedureEntry,
  args: readonly CallArgument[],
): AsyncGenerator<SessionEvent, number> {
  const { session } = frame;
  requireUse(frame, 'EXECUTE', entry);
  const [definition] = parseBatch(entry.text);
  if (definition?.kind !== 'define-procedure')
    throw new Error(`procedure ${qualified(entry)} is not kept as one`);
  const { name } = entry;
  const owner = session.catalog.ownerOf(entry);
  const caller = session.module;
  session.module = entry;
  try {
    return yield* callBody(frame, { name, owner }, definition.parameters, args, (inner) =>
      runStatements(inner, definition.body),
    );
  } finally {
    session.module = caller;
  }
}

/** Runs a body with its parameters; OUTPUT parameters go back to the caller's variables. */
export async function* callBody(
  frame: Frame,
  { name, owner }: { readonly name: string; readonly owner: string | null },
  parameters: readonly ProcedureParameter[],
  args: readonly CallArgument[],
  run: (inner: Frame) => ReturnType<typeof runStatements>,
): AsyncGenerator<SessionEvent, number> {
  const { session } = frame;
  if (session.nesting >= DEEPEST) throw sqlError(217);
  const inner = createFrame(session, frame.signal, { name, depth: frame.depth + 1, owner });
  bindParameters(inner, name, parameters, args);
  const transactions = session.transaction.count;
  const { noCount, abortOnError } = session.settings;
  session.nesting++;
  try {
    const flow = yield* run(inner);
    copyBack(frame, inner, parameters, args);
    const { count } = session.transaction;
    if (count !== transactions)
      yield {
        kind: 'message',
        message: { ...sqlError(266, transactions, count).toMessage(), procedure: name },
      };
    return flow.kind === 'return' ? flow.status : 0;
  } finally {
    session.nesting--;
    // SET options of a procedure end with it.
    Object.assign(session.settings, { noCount, abortOnError });
  }
}

function bindParameters(
  inner: Frame,
  name: string,
  parameters: readonly ProcedureParameter[],
  args: readonly CallArgument[],
): void {
  const given = new Map<string, CallArgument>();
  for (const [at, argument] of args.entries()) {
    const key = (argument.name ?? parameters[at]?.name)?.toLowerCase();
    if (key === undefined) throw sqlError(8144, name);
    if (given.has(key)) throw sqlError(8143, argument.name ?? key);
    given.set(key, argument);
  }
  for (const [key, argument] of given) {
    const parameter = parameters.find((each) => each.name.toLowerCase() === key);
    if (!parameter) throw sqlError(8145, argument.name ?? key, name);
    if (argument.returnTo && !parameter.output) throw sqlError(8162, parameter.name);
  }
  for (const parameter of parameters) {
    const value =
      given.get(parameter.name.toLowerCase())?.value ??
      (parameter.default ? evaluate(inner, parameter.default) : null);
    if (!value) throw sqlError(201, name, parameter.name);
    inner.variables.set(parameter.name.toLowerCase(), {
      type: parameter.type,
      value: convert(value.value, value.type, parameter.type),
    });
  }
}

function copyBack(
  frame: Frame,
  inner: Frame,
  parameters: readonly ProcedureParameter[],
  args: readonly CallArgument[],
): void {
  for (const [at, argument] of args.entries()) {
    if (!argument.returnTo) continue;
    const name = (argument.name ?? parameters[at]?.name ?? '').toLowerCase();
    const variable = inner.variables.get(name);
    if (variable) assign(frame, argument.returnTo, variable);
  }
}

/** EXEC('…'): a batch of its own, without the caller's variables. */
export async function* runExecuteText(frame: Frame, statement: StatementOf<'execute-text'>): Events {
  const text = String(evaluateAs(frame, statement.text, NVARCHAR_MAX) ?? '');
  yield* callBody(frame, DYNAMIC, [], [], (inner) => runText(inner, text));
}
