// A short history that is right: two clients, an upgrade with a freeze and a switch. Tests take it and make it wrong.
import type { DatabaseContents, End, Event, History, Place, ReadEvent, Row, WriteEvent } from './events.ts';

export const BLUE: Place = { site: 'contoso-blue', version: 0, database: 'sql-blue', isReplica: false };
export const GREEN: Place = { site: 'contoso-green', version: 1, database: 'sql-green', isReplica: false };
export const REPLICA: Place = { site: 'contoso-3', version: 1, database: 'sql-3', isReplica: true };

export const contentOf = (key: string) => `client 0, order ${key.replace(/\D/g, '')}: ${key.length}.00`;
export const rowOf = (key: string, createdAt = `at ${key}`): Row => ({
  key,
  content: contentOf(key),
  createdAt,
});

type Answer = Partial<WriteEvent> & Pick<WriteEvent, 'outcome' | 'servedBy'>;

export function write(key: string, begun: number, answer: Answer): WriteEvent {
  const content = contentOf(key);
  return { kind: 'write', client: 0, key, begun, ended: begun + 1, attempt: 1, content, ...answer };
}

export function read(key: string, begun: number, servedBy: Place, isThere = true): ReadEvent {
  const seen = isThere ? contentOf(key) : null;
  return { kind: 'read', client: 1, key, begun, ended: begun + 1, outcome: 'ok', seen, servedBy };
}

const EVENTS: readonly Event[] = [
  write('k1', 10, { outcome: 'created', servedBy: BLUE }),
  read('k0', 12, BLUE),
  read('k1', 14, BLUE),
  // Cut off while it was under way: V1 had committed it, V2 has it already.
  write('k2', 16, { outcome: 'unknown', servedBy: null }),
  write('k2', 18, { outcome: 'existed', servedBy: GREEN, attempt: 2 }),
  write('k3', 20, { outcome: 'refused', servedBy: BLUE }),
  write('k4', 30, { outcome: 'created', servedBy: GREEN }),
  read('k1', 32, GREEN),
  read('k4', 34, GREEN),
  // An old address, and a replica that lags: both may know nothing of it.
  read('k4', 36, BLUE, false),
  read('k4', 38, REPLICA, false),
];

export interface Judged {
  readonly history: History;
  readonly end: End;
}

export function sampleHistory(): Judged {
  const left = ['k0', 'k1', 'k2'].map((key) => rowOf(key));
  return {
    history: { events: EVENTS, before: [rowOf('k0')], confirmed: [] },
    end: {
      serving: GREEN,
      databases: [
        { database: 'sql-blue', version: 0, rows: left },
        { database: 'sql-green', version: 1, rows: [...left, rowOf('k4')] },
        { database: 'sql-3', version: 1, rows: left },
      ],
    },
  };
}

export function withEvents(
  { history, end }: Judged,
  edit: (events: readonly Event[]) => readonly Event[],
): Judged {
  return { history: { ...history, events: edit(history.events) }, end };
}

export function withRows(
  { history, end }: Judged,
  database: string,
  edit: (rows: readonly Row[]) => readonly Row[],
): Judged {
  const edited = (contents: DatabaseContents) =>
    contents.database === database ? { ...contents, rows: edit(contents.rows) } : contents;
  return { history, end: { ...end, databases: end.databases.map(edited) } };
}
