// A session as the wire sees it.
import type { SqlSession } from '../session.ts';
import type { EngineSession } from './engine-session.ts';

export function asSqlSession(session: EngineSession): SqlSession {
  return {
    spid: session.spid,
    database: session.database.name,
    execute: (text, parameters, signal, kind) => session.execute(text, parameters, signal, kind),
    transaction: (request) => session.requestTransaction(request),
    onKilled: (listener) => session.onKilled(listener),
    close: () => session.close(),
  };
}
