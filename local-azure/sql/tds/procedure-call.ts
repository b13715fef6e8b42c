// What a remote procedure call means: a text to run with parameters, or a change of the prepared statements.
import type { Parameter, ServerMessage } from '../session.ts';
import { declaredNames, named, type PreparedStatements } from './prepared.ts';
import type { RpcParameter, RpcRequest } from './requests.ts';

/** What a preparing call hands back, under the name of its parameter. */
export interface Handle {
  readonly name: string;
  readonly value: number;
}

export type CallPlan =
  | {
      readonly kind: 'execute';
      readonly text: string;
      readonly parameters: readonly Parameter[];
      readonly handle: Handle | null;
    }
  /** Nothing to run; a handle where a statement was prepared. */
  | { readonly kind: 'done'; readonly handle: Handle | null }
  | { readonly kind: 'refused'; readonly error: ServerMessage };

export function planCall(call: RpcRequest, prepared: PreparedStatements): CallPlan {
  const name = call.procedure
    .toLowerCase()
    .replaceAll(/[[\]]/g, '')
    .replace(/^(sys|dbo)\./, '');
  const plan = SYSTEM_CALLS[name];
  return plan ? plan(call.parameters, prepared) : callByName(call);
}

type PlanSystemCall = (parameters: readonly RpcParameter[], prepared: PreparedStatements) => CallPlan;

const SYSTEM_CALLS: Readonly<Record<string, PlanSystemCall>> = {
  sp_executesql: ([statement, declaration, ...values]) =>
    firstOutput(values) ?? {
      kind: 'execute',
      text: text(statement),
      parameters: named(values, declaredNames(text(declaration))),
      handle: null,
    },

  sp_prepare: ([handle, declaration, statement], prepared) => ({
    kind: 'done',
    handle: {
      name: handle?.name ?? '',
      value: prepared.add({ text: text(statement), names: declaredNames(text(declaration)) }),
    },
  }),

  sp_prepexec: ([handle, declaration, statement, ...values], prepared) => {
    const refused = firstOutput(values);
    if (refused) return refused;
    const names = declaredNames(text(declaration));
    const value = prepared.add({ text: text(statement), names });
    return {
      kind: 'execute',
      text: text(statement),
      parameters: named(values, names),
      handle: { name: handle?.name ?? '', value },
    };
  },

  sp_execute: ([handle, ...values], prepared) => {
    const statement = prepared.find(Number(handle?.value));
    if (!statement) return unknownHandle('sp_execute', handle);
    const parameters = named(values, statement.names);
    return firstOutput(values) ?? { kind: 'execute', text: statement.text, parameters, handle: null };
  },

  sp_unprepare: ([handle], prepared) =>
    prepared.remove(Number(handle?.value))
      ? { kind: 'done', handle: null }
      : unknownHandle('sp_unprepare', handle),

  sp_reset_connection: () => ({ kind: 'done', handle: null }),
};

/** Any other procedure is run by EXEC, its values handed over as parameters. */
function callByName({ procedure, parameters }: RpcRequest): CallPlan {
  const refused = firstOutput(parameters);
  if (refused) return refused;
  const values = parameters.map(({ value }, index) => ({ name: `@P${index + 1}`, value }));
  const list = parameters.map(({ name }, index) => (name ? `${name} = @P${index + 1}` : `@P${index + 1}`));
  return {
    kind: 'execute',
    text: `EXEC ${procedure} ${list.join(', ')}`.trim(),
    parameters: values,
    handle: null,
  };
}

function text(parameter: RpcParameter | undefined): string {
  return parameter === undefined || parameter.value === null ? '' : String(parameter.value);
}

/** The engine's sessions hand no parameter back: better refused than left as it was. */
function firstOutput(parameters: readonly RpcParameter[]): CallPlan | null {
  const output = parameters.find(({ isOutput }) => isOutput);
  if (!output) return null;
  return refusal(40510, `Output parameter '${output.name}' is not supported by this embedded server.`, '');
}

function unknownHandle(procedure: string, handle: RpcParameter | undefined): CallPlan {
  return refusal(8179, `Could not find prepared statement with handle ${text(handle) || '0'}.`, procedure);
}

function refusal(number: number, message: string, procedure: string): CallPlan {
  return { kind: 'refused', error: { number, severity: 16, state: 2, line: 1, procedure, text: message } };
}
