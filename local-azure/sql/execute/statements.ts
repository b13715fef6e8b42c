// Every statement that is not flow of control, and who runs it.
import { sameName } from '../catalog/catalog.ts';
import { sqlError } from '../errors.ts';
import type { SessionEvent } from '../session.ts';
import type { Statement, StatementOf } from '../t-sql/ast.ts';
import { setAccessMode } from './access-mode.ts';
import { changePassword, createLogin, createUser } from './administration.ts';
import { alterTable } from './alter-table.ts';
import { runExecute, runExecuteText } from './calls.ts';
import { runDelete, runTruncate, runUpdate } from './change.ts';
import { createTable } from './create-table.ts';
import { assign, declare, evaluate, type Frame } from './frame.ts';
import { changeGeoSecondary } from './geo-secondary.ts';
import { alterAuthorization, changePermission } from './grants.ts';
import { createIndex, dropIndex } from './indexes.ts';
import { runInsert } from './insert.ts';
import { runKill } from './kill.ts';
import { createSchema, defineObject, dropObjects } from './objects.ts';
import { changeRoleMember, createApplicationRole, createRole } from './roles.ts';
import { runQuery } from './select.ts';
import { setIdentityInsert, setOption } from './settings.ts';
import { runPrint, runRaiserror, runThrow, runWait } from './signals.ts';
import { beginImplicitly, runBegin, runCommit, runRollback } from './transactions.ts';

type Events = AsyncGenerator<SessionEvent, void>;

/** As sys.dm_exec_requests names them, where that is not the statement's own name. */
const COMMANDS: Readonly<Partial<Record<Statement['kind'], string>>> = {
  query: 'SELECT',
  wait: 'WAITFOR',
  'set-access-mode': 'ALTER DATABASE',
  'geo-secondary': 'ALTER DATABASE',
};

export async function* runPlainStatement(frame: Frame, statement: Statement): Events {
  frame.session.command = COMMANDS[statement.kind] ?? statement.kind.replaceAll('-', ' ').toUpperCase();
  yield* beginImplicitly(frame, statement);
  const definition = define(frame, statement);
  if (definition !== null) {
    await definition;
    frame.session.rowCount = 0;
    yield { kind: 'done', rowCount: null };
    return;
  }
  switch (statement.kind) {
    case 'query':
      return yield* runQuery(frame, statement);
    case 'insert':
      return yield* runInsert(frame, statement);
    case 'update':
      return yield* runUpdate(frame, statement);
    case 'delete':
      return yield* runDelete(frame, statement);
    case 'truncate':
      return yield* runTruncate(frame, statement);
    case 'declare':
      return declareVariables(frame, statement);
    case 'set-variable':
      return assign(frame, statement.name, evaluate(frame, statement.value));
    case 'set-option':
      return setOption(frame, statement);
    case 'identity-insert':
      return setIdentityInsert(frame, statement);
    case 'execute':
      return yield* runExecute(frame, statement);
    case 'execute-text':
      return yield* runExecuteText(frame, statement);
    case 'begin-transaction':
      return yield* runBegin(frame);
    case 'commit':
      return yield* runCommit(frame);
    case 'rollback':
      return yield* runRollback(frame, statement.name);
    case 'save-transaction':
      return frame.session.transaction.save(statement.name);
    case 'print':
      return yield* runPrint(frame, statement);
    case 'raiserror':
      return yield* runRaiserror(frame, statement);
    case 'throw':
      return runThrow(frame, statement);
    case 'wait':
      return yield* runWait(frame, statement);
    case 'use':
      return use(frame, statement);
    case 'kill':
      return runKill(frame, statement);
    case 'set-access-mode':
      return yield* setAccessMode(frame, statement);
    case 'geo-secondary':
      return yield* changeGeoSecondary(frame, statement);
    default:
      throw sqlError(40510, statement.kind);
  }
}

/** Definitions count no rows; null where the statement is none. */
function define(frame: Frame, statement: Statement): Promise<unknown> | null {
  switch (statement.kind) {
    case 'create-table':
      return createTable(frame, statement.name, statement.columns, statement.constraints);
    case 'declare-table':
      return createTable(
        frame,
        { schema: null, name: statement.name, text: statement.name, line: statement.line },
        statement.columns,
        statement.constraints,
      );
    case 'alter-table':
      return alterTable(frame, statement);
    case 'create-index':
      return createIndex(frame, statement);
    case 'drop-index':
      return dropIndex(frame, statement);
    case 'define-view':
    case 'define-procedure':
      return defineObject(frame, statement);
    case 'create-schema':
      return createSchema(frame, statement);
    case 'drop':
      return dropObjects(frame, statement);
    case 'create-user':
      return createUser(frame, statement);
    case 'create-role':
      return createRole(frame, statement);
    case 'create-application-role':
      return createApplicationRole(frame, statement);
    case 'create-login':
      return createLogin(frame, statement);
    case 'alter-password':
      return changePassword(frame, statement);
    case 'role-member':
      return changeRoleMember(frame, statement);
    case 'permission':
      return changePermission(frame, statement);
    case 'alter-authorization':
      return alterAuthorization(frame, statement);
    default:
      return null;
  }
}

function declareVariables(frame: Frame, statement: StatementOf<'declare'>): void {
  for (const { name, type, value } of statement.variables) {
    // A DECLARE in a loop runs again; the variable is there already, and is set again.
    if (!frame.variables.has(name.toLowerCase())) declare(frame, name, { type, value: null });
    if (value) assign(frame, name, evaluate(frame, value));
  }
}

function use({ session }: Frame, statement: StatementOf<'use'>): void {
  if (!sameName(statement.database, session.database.name)) throw sqlError(40508);
}
