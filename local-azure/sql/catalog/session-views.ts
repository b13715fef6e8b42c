// Dynamic management views of who is connected, what they run, and what their transactions have written.
import { createHash } from 'node:crypto';
import type { RowSet } from '../compile/scope.ts';
import type { EngineSession } from '../sessions/engine-session.ts';
import { userSid } from './database-principals.ts';
import type { SystemView } from './system-views.ts';
import { viewRows } from './view-rows.ts';

/** Of this database only, as in Azure SQL Database. */
function ownSessions({ database }: EngineSession): EngineSession[] {
  return [...database.sessions].filter((each) => each.spid > 0);
}

const SESSION_COLUMNS = {
  session_id: 'int',
  login_time: 'datetime',
  host_name: 'name',
  program_name: 'name',
  host_process_id: 'int',
  client_interface_name: 'name',
  security_id: 'bytes',
  login_name: 'name',
  original_login_name: 'name',
  status: 'name',
  is_user_process: 'bit',
  database_id: 'int',
  authenticating_database_id: 'int',
  open_transaction_count: 'int',
  last_request_start_time: 'datetime',
  last_request_end_time: 'datetime',
  row_count: 'bigint',
} as const;

function sessions(session: EngineSession) {
  return viewRows(
    SESSION_COLUMNS,
    ownSessions(session).map((each) => ({
      session_id: each.spid,
      login_time: each.loginTime,
      host_name: each.hostName,
      program_name: each.programName,
      host_process_id: null,
      client_interface_name: 'TDS',
      security_id: securityId(each),
      login_name: each.principal.login,
      original_login_name: each.principal.login,
      status: each.isRunning ? 'running' : 'sleeping',
      is_user_process: true,
      database_id: each.database.id,
      authenticating_database_id: isContained(each) ? each.database.id : 0,
      open_transaction_count: each.transaction.count,
      last_request_start_time: each.lastRequestAt,
      last_request_end_time: each.isRunning ? null : each.lastRequestAt,
      row_count: each.rowCount,
    })),
  );
}

/** The user's where there is one; of an administrator, who is dbo without a user, one of the login's own. */
function securityId({ catalog, principal }: EngineSession): Uint8Array {
  const user = catalog.user(principal.user);
  return user ? userSid(user) : createHash('sha256').update(principal.login.toLowerCase()).digest();
}

/** Whom the database itself knows, not its server. */
function isContained({ catalog, principal }: EngineSession): boolean {
  const type = catalog.user(principal.user)?.authentication.type;
  return type === 'password' || type === 'external';
}

const REQUEST_COLUMNS = {
  session_id: 'int',
  request_id: 'int',
  start_time: 'datetime',
  status: 'name',
  command: 'name',
  sql_handle: 'bytes',
  database_id: 'int',
  open_transaction_count: 'int',
} as const;

function requests(session: EngineSession) {
  return viewRows(
    REQUEST_COLUMNS,
    ownSessions(session)
      .filter((each) => each.isRunning)
      .map((each) => ({
        session_id: each.spid,
        request_id: 0,
        start_time: each.lastRequestAt,
        status: 'running',
        command: each.command,
        sql_handle: sqlHandle(each),
        database_id: each.database.id,
        open_transaction_count: each.transaction.count,
      })),
  );
}

const SESSION_TRANSACTION_COLUMNS = {
  session_id: 'int',
  transaction_id: 'bigint',
  is_user_transaction: 'bit',
  is_local: 'bit',
  open_transaction_count: 'int',
} as const;

function withTransaction(session: EngineSession): EngineSession[] {
  return ownSessions(session).filter((each) => each.transaction.count > 0);
}

function sessionTransactions(session: EngineSession) {
  return viewRows(
    SESSION_TRANSACTION_COLUMNS,
    withTransaction(session).map((each) => ({
      session_id: each.spid,
      transaction_id: Number(each.transaction.descriptor),
      is_user_transaction: true,
      is_local: true,
      open_transaction_count: each.transaction.count,
    })),
  );
}

const DATABASE_TRANSACTION_COLUMNS = {
  transaction_id: 'bigint',
  database_id: 'int',
  database_transaction_begin_time: 'datetime',
  database_transaction_type: 'int',
  database_transaction_state: 'int',
  database_transaction_log_record_count: 'bigint',
} as const;

/** 3: it has written no log record yet, 4: it has. */
const STATES = { initialized: 3, logged: 4 } as const;

function databaseTransactions(session: EngineSession) {
  return viewRows(
    DATABASE_TRANSACTION_COLUMNS,
    withTransaction(session).map(({ transaction, database }) => ({
      transaction_id: Number(transaction.descriptor),
      database_id: database.id,
      database_transaction_begin_time: transaction.writingSince,
      database_transaction_type: 1,
      database_transaction_state: transaction.writingSince ? STATES.logged : STATES.initialized,
      database_transaction_log_record_count: transaction.logRecords,
    })),
  );
}

/** Of the procedure that is running, or of the session's batch. */
function sqlHandle({ spid, module }: EngineSession): Uint8Array {
  const handle = Buffer.alloc(5);
  handle.writeUInt8(module ? 3 : 2);
  handle.writeInt32BE(module?.id ?? spid, 1);
  return handle;
}

const TEXT_COLUMNS = {
  sql_handle: 'bytes',
  dbid: 'int',
  objectid: 'int',
  number: 'int',
  encrypted: 'bit',
  text: 'text',
} as const;

/** sys.dm_exec_sql_text is a function of the handle, which is the first column here. */
export function sqlTexts(session: EngineSession): RowSet {
  return viewRows(
    TEXT_COLUMNS,
    ownSessions(session).map((each) => ({
      sql_handle: sqlHandle(each),
      dbid: each.module ? each.database.id : null,
      objectid: each.module?.id ?? null,
      number: each.module ? 1 : null,
      encrypted: false,
      text: each.module?.text ?? each.batch,
    })),
  );
}

export const SESSION_VIEWS: Readonly<Record<string, SystemView>> = {
  'sys.dm_exec_sessions': { permission: 'VIEW DATABASE STATE', read: sessions },
  'sys.dm_exec_requests': { permission: 'VIEW DATABASE STATE', read: requests },
  'sys.dm_tran_session_transactions': { permission: 'VIEW DATABASE STATE', read: sessionTransactions },
  'sys.dm_tran_database_transactions': { permission: 'VIEW DATABASE STATE', read: databaseTransactions },
};

/** Functions in FROM: of one argument, which is their rows' first column and none of their result's. */
export const TABLE_FUNCTIONS: Readonly<Record<string, SystemView>> = {
  'sys.dm_exec_sql_text': { permission: 'VIEW DATABASE STATE', read: sqlTexts },
};
