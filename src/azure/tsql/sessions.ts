// One kept connection a database. Setting a database read-only ends every other session in it, our own
// second one included, so there must not be a second one; and unfreezing on a signal has to be one
// statement on a connection that is open already.
import type { SqlConnection, SqlConnector, SqlTarget } from '../ports.ts';

export interface Sessions {
  /** Runs `use` on the database's connection, after whatever runs there now; opens it where it is not open. */
  on<T>(target: SqlTarget, use: (connection: SqlConnection) => Promise<T>): Promise<T>;
  /**
   * Closes the database's connection, whatever runs on it: a request under way ends as lost, and whoever comes next
   * gets a new connection.
   */
  drop(target: SqlTarget): Promise<void>;
  closeAll(): Promise<void>;
}

interface Kept {
  connection: SqlConnection | null;
  queue: Promise<unknown>;
}

/** Sessions over `connector`; connections are opened when first used and again when lost. */
export function createSessions(connector: SqlConnector): Sessions {
  const kept = new Map<string, Kept>();

  const keptFor = (key: string): Kept => {
    const one = kept.get(key) ?? { connection: null, queue: Promise.resolve() };
    kept.set(key, one);
    return one;
  };

  const open = async (one: Kept, key: string, target: SqlTarget): Promise<SqlConnection> => {
    const assertKept = () => {
      if (kept.get(key) !== one)
        throw new Error(`the connections were closed before ${target.database} was used`);
    };
    assertKept();
    if (one.connection?.isOpen) return one.connection;
    one.connection = null;
    const connection = await connector.connect(target);
    if (kept.get(key) !== one) await connection.close(); // nobody would close it any more
    assertKept();
    one.connection = connection;
    return connection;
  };

  return {
    on: (target, use) => {
      const key = keyOf(target);
      const one = keptFor(key);
      const turn = one.queue.then(async () => use(await open(one, key, target)));
      one.queue = turn.catch(() => {}); // the next in the queue does not care how this one ended
      return turn;
    },
    drop: async (target) => {
      const one = kept.get(keyOf(target));
      const connection = one?.connection;
      if (one) one.connection = null;
      await connection?.close();
    },
    closeAll: async () => {
      const connections = [...kept.values()].map((one) => one.connection);
      kept.clear();
      await Promise.all(connections.map((connection) => connection?.close()));
    },
  };
}

function keyOf(target: SqlTarget): string {
  return `${target.host}/${target.database}`.toLowerCase();
}
