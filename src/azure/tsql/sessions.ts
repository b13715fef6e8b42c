// One kept connection a database. Setting a database read-only ends every other session in it, our own
// second one included, so there must not be a second one; and unfreezing on a signal has to be one
// statement on a connection that is open already.
import { SqlError } from '../errors.ts';
import type { SqlConnection, SqlConnector, SqlTarget } from '../ports.ts';

export interface Sessions {
  /** Runs `use` on the database's connection, after whatever runs there now; opens it where it is not open. */
  on<T>(target: SqlTarget, use: (connection: SqlConnection) => Promise<T>): Promise<T>;
  closeAll(): Promise<void>;
}

/** Sessions over `connector`; connections are opened when first used and again when lost. */
export function createSessions(connector: SqlConnector): Sessions {
  const kept = new Map<string, { connection: SqlConnection | null; queue: Promise<unknown> }>();

  const open = async (target: SqlTarget): Promise<SqlConnection> => {
    const slot = slotOf(target);
    if (slot.connection?.isOpen) return slot.connection;
    slot.connection = null;
    slot.connection = await connector.connect(target);
    return slot.connection;
  };

  const slotOf = (target: SqlTarget) => {
    const key = `${target.host}/${target.database}`.toLowerCase();
    const slot = kept.get(key) ?? { connection: null, queue: Promise.resolve() };
    kept.set(key, slot);
    return slot;
  };

  return {
    on: (target, use) => {
      const slot = slotOf(target);
      const turn = slot.queue.then(async () => use(await open(target)));
      slot.queue = turn.catch(() => {}); // the next in the queue does not care how this one ended
      return turn;
    },
    closeAll: async () => {
      const connections = [...kept.values()].map((slot) => slot.connection);
      kept.clear();
      await Promise.all(connections.map((connection) => connection?.close()));
    },
  };
}

/** The outcome of the statement is not known: the connection broke or was given up while it ran. */
export function outcomeUnknown(error: unknown): boolean {
  return error instanceof SqlError && (error.kind === 'lost' || error.kind === 'cancelled');
}
