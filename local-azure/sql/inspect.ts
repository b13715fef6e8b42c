// Looking into a database from outside any session.
import type { Database } from './database.ts';
import { createFrame } from './execute/frame.ts';
import { readQuery } from './execute/select.ts';
import type { Server } from './server.ts';
import type { EngineValue } from './session.ts';
import { EngineSession } from './sessions/engine-session.ts';
import { INT } from './t-sql/data-types.ts';
import { toEngineValue } from './t-sql/engine-values.ts';
import { parseBatch } from './t-sql/parse-statement.ts';

/** Rows of one SELECT; it holds no session for longer than it runs, so that nobody waits for it. */
export function inspectDatabase(
  server: Server,
  database: Database,
  query: string,
): Record<string, EngineValue>[] {
  const [statement] = parseBatch(query);
  if (statement?.kind !== 'query') throw new Error('inspect takes one SELECT');
  const session = new EngineSession({
    spid: 0,
    server,
    database,
    programName: 'inspect',
    principal: { login: 'inspect', user: 'dbo', isServerAdministrator: true },
  });
  try {
    const frame = createFrame(session, new AbortController().signal, { name: '', depth: 0, owner: null });
    const { columns, rows } = readQuery(frame, statement.query);
    return rows.map((row) =>
      Object.fromEntries(
        columns.map((column, at) => [
          column.name || String(at),
          toEngineValue(row[at] ?? null, column.type ?? INT),
        ]),
      ),
    );
  } finally {
    session.close();
  }
}
