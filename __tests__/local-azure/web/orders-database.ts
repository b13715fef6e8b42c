// A database server for the sites' tests: one table of orders behind the real wire, that can be frozen,
// killed and switched off.
import type {
  Parameter,
  ServerMessage,
  SessionEvent,
  SessionHost,
  SqlSession,
} from '../../../local-azure/sql/session.ts';
import { LoginRefused } from '../../../local-azure/sql/session.ts';

export interface OrdersDatabase {
  readonly host: SessionHost;
  readonly orders: Map<string, readonly Parameter[]>;
  logins: number;
  readOnly: boolean;
  refuses: boolean;
  schema: 1 | 2;
  /** The next write is done, and its session is killed before the answer. */
  killsAfterWrite: boolean;
  killAll(): void;
}

export function createOrdersDatabase(): OrdersDatabase {
  const listeners = new Set<(message: ServerMessage) => void>();
  const database: OrdersDatabase = {
    orders: new Map(),
    logins: 0,
    readOnly: false,
    refuses: false,
    schema: 1,
    killsAfterWrite: false,
    killAll: () => {
      for (const listener of [...listeners]) listener(error(596, 21, 'Session killed.'));
    },
    host: {
      serverName: 'contoso-sql-blue',
      login: (login, name) => {
        const wrong = login.kind !== 'password' || login.password !== 'right';
        if (wrong || database.refuses)
          return Promise.reject(new LoginRefused(error(18456, 14, 'Login failed.')));
        database.logins++;
        return Promise.resolve(session(database, name ?? '', listeners));
      },
    },
  };
  return database;
}

function session(
  database: OrdersDatabase,
  name: string,
  listeners: Set<(message: ServerMessage) => void>,
): SqlSession {
  let mine: ((message: ServerMessage) => void) | null = null;
  return {
    spid: 51 + database.logins,
    database: name,
    execute: (text, parameters) => answer(database, text, parameters),
    transaction: () => events([]),
    onKilled: (listener) => {
      mine = listener;
      listeners.add(listener);
    },
    close: () => {
      if (mine) listeners.delete(mine);
    },
  };
}

function answer(database: OrdersDatabase, text: string, parameters: readonly Parameter[]) {
  // What drivers send first: SET TEXTSIZE …
  if (/^\s*set /i.test(text)) return events([done(null)]);
  const id = String(parameters.find((p) => p.name.replace('@', '') === 'id')?.value ?? '');
  if (text.includes('Updateability')) return events(health(database));
  if (text.startsWith('INSERT')) return events(insert(database, id, parameters));
  if (text.includes('[Currency]') && database.schema < 2) {
    return events([message(207, 16, "Invalid column name 'Currency'."), done(null)]);
  }
  const ids = text.includes('@id')
    ? [id].filter((one) => database.orders.has(one))
    : [...database.orders.keys()];
  return events([
    { kind: 'columns', columns: [{ name: 'Id', type: 'nvarchar' }] },
    ...ids.map((one): SessionEvent => ({ kind: 'row', values: [one] })),
    done(ids.length),
  ]);
}

function health({ readOnly, schema }: OrdersDatabase): SessionEvent[] {
  const names = ['updateability', 'Currency', 'Channel', 'ledger'];
  const there = schema === 2;
  return [
    { kind: 'columns', columns: names.map((name) => ({ name, type: 'nvarchar' })) },
    {
      kind: 'row',
      values: [readOnly ? 'READ_ONLY' : 'READ_WRITE', there ? '3' : null, null, there ? '99' : null],
    },
    done(1),
  ];
}

function insert(database: OrdersDatabase, id: string, parameters: readonly Parameter[]): SessionEvent[] {
  if (database.readOnly) return [message(3906, 16, 'Failed to update database.'), done(null)];
  if (database.orders.has(id)) return [message(2627, 14, 'Violation of PRIMARY KEY constraint.'), done(null)];
  database.orders.set(id, parameters);
  if (!database.killsAfterWrite) return [done(1)];
  database.killsAfterWrite = false;
  return [{ kind: 'killed', message: error(596, 21, 'Cannot continue the execution.') }];
}

function error(number: number, severity: number, text: string): ServerMessage {
  return { number, severity, state: 1, line: 1, procedure: '', text };
}

const message = (number: number, severity: number, text: string): SessionEvent => ({
  kind: 'message',
  message: error(number, severity, text),
});

const done = (rowCount: number | null): SessionEvent => ({ kind: 'done', rowCount });

async function* events(list: readonly SessionEvent[]): AsyncGenerator<SessionEvent> {
  yield* list;
}
