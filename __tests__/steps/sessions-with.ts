// Sessions whose connections are whatever a test gives; nothing is opened, lost or closed.
import type { SqlRow, SqlTarget } from '../../src/azure/ports.ts';
import type { Sessions } from '../../src/azure/tsql/sessions.ts';
import { eachLook } from './each-look.ts';

export function sessionsWith(on: Sessions['on']): Sessions {
  return {
    on,
    lastOn: on,
    onTaking: (target, take) => on(target, take),
    drop: async () => {},
    closeAll: async () => {},
  };
}

/** The same sessions, where some questions are answered by a test: `answer` gives null to what it leaves to them. */
export function answering(
  sessions: Sessions,
  answer: (text: string, target: SqlTarget) => SqlRow[] | null,
): Sessions {
  return sessionsWith((target, use) =>
    sessions.on(target, (connection) =>
      use({
        ...connection,
        query: (text, ...rest) =>
          eachLook(text, (statement) => answer(statement, target) ?? connection.query(statement, ...rest)),
      }),
    ),
  );
}

/** A lock that this session does not hold until it has got it; `code` is what sp_getapplock answers. */
export function lockAnswers(code: number): (text: string, target: SqlTarget) => SqlRow[] | null {
  const held = new Set<string>();
  return (text, { host }) => {
    if (text.includes('APPLOCK_MODE')) return [{ mode: held.has(host) ? 'Exclusive' : 'NoLock' }];
    if (!text.includes('sp_getapplock')) return null;
    if (code >= 0) held.add(host);
    return [{ code }];
  };
}
