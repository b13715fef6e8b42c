// One kept connection a database. Setting a database read-only ends every other session in it, our own
// second one included, so there must not be a second one; and unfreezing on a signal has to be one
// statement on a connection that is open already. Only on the copy, once that takes writes, the next one is opened while the script runs.
// A connection that breaks while somebody only looks is opened anew and looked at again: gateways cut them at times, and
// that must not end an upgrade. What has changed something, or may have, is left to whoever sent it to find out.
import { type Clock, systemClock } from '../../clock.ts';
import { SqlError } from '../errors.ts';
import type { SqlConnection, SqlConnector, SqlTarget } from '../ports.ts';

export interface Sessions {
  /**
   * Runs `use` on the database's connection, after whatever runs there now; opens it where it is not open. Where the
   * connection is lost and `use` has sent nothing but SELECT by then, it is run again from its beginning.
   */
  on<T>(target: SqlTarget, use: (connection: SqlConnection) => Promise<T>): Promise<T>;
  /**
   * The same on a connection that nobody gets afterwards. The next one is opened meanwhile, so that whoever comes then does
   * not wait for it, or no longer than it takes; not for a database that is to be closed, where a second session would be in
   * the way.
   */
  lastOn<T>(target: SqlTarget, use: (connection: SqlConnection) => Promise<T>): Promise<T>;
  /**
   * The same for taking what ends with its session. Once `take` has succeeded, a connection that is opened anew in that one's
   * place has `regain` done before it sends more than SELECT, and sends nothing but SELECT as long as that throws.
   */
  onTaking<T>(
    target: SqlTarget,
    take: (connection: SqlConnection) => Promise<T>,
    regain: (connection: SqlConnection) => Promise<void>,
  ): Promise<T>;
  /**
   * Closes the database's connection, whatever runs on it: a request under way ends as lost, and whoever comes next
   * gets a new connection.
   */
  drop(target: SqlTarget): Promise<void>;
  closeAll(): Promise<void>;
}

type Regain = (connection: SqlConnection) => Promise<void>;

interface Kept {
  connection: Watched | null;
  /** What a new connection has to have done; null where nothing was taken yet. */
  regain: Regain | null;
  queue: Promise<unknown>;
  /** How often it was given up. */
  drops: number;
}

/** A connection, and whether anything but a look was sent on it. */
interface Watched extends SqlConnection {
  hasOnlyLooked: boolean;
  /** To be done before anything but a look is sent. */
  regain: Regain | null;
}

/** Looks are repeated as often, and none is begun later than this after the first. Milliseconds. */
const ATTEMPTS = 4;
const LOOK_AGAIN_WITHIN_MS = 75_000;
const PAUSE_MS = 500;
/** How long a connection that is being opened is waited for before another one is opened instead. Milliseconds. */
const ARRIVES_WITHIN_MS = 1_000;

/** Sessions over `connector`; connections are opened when first used and again when lost. */
export function createSessions(connector: SqlConnector, clock: Clock = systemClock): Sessions {
  const kept = new Map<string, Kept>();

  const keptFor = (key: string): Kept => {
    const one = kept.get(key) ?? { connection: null, regain: null, queue: Promise.resolve(), drops: 0 };
    kept.set(key, one);
    return one;
  };

  const open = async (one: Kept, key: string, target: SqlTarget): Promise<Watched> => {
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
    one.connection = watched(connection, one.regain);
    return one.connection;
  };

  const takeTurn = async <T>(
    one: Kept,
    target: SqlTarget,
    use: (connection: SqlConnection) => Promise<T>,
  ): Promise<T> => {
    const begun = { at: clock.now(), drops: one.drops };
    for (let attempt = 1; ; attempt++) {
      const connection = await open(one, keyOf(target), target);
      connection.hasOnlyLooked = true;
      try {
        return await use(connection);
      } catch (error) {
        const isLost = error instanceof SqlError && error.kind === 'lost';
        const isLate = attempt === ATTEMPTS || clock.now() - begun.at > LOOK_AGAIN_WITHIN_MS;
        if (!isLost || !connection.hasOnlyLooked || isLate || one.drops !== begun.drops) throw error;
        await clock.sleep(PAUSE_MS);
      }
    }
  };

  const on: Sessions['on'] = (target, use) => {
    const one = keptFor(keyOf(target));
    const turn = one.queue.then(() => takeTurn(one, target, use));
    one.queue = turn.catch(() => {}); // the next in the queue does not care how this one ended
    return turn;
  };

  return {
    on,
    lastOn: (target, use) =>
      on(target, async (connection) => {
        const one = keptFor(keyOf(target));
        const successor = openAhead(connector, target, clock);
        try {
          const result = await use(connection);
          await successor.arrival();
          return result;
        } finally {
          const next = successor.take();
          const isKept = kept.get(keyOf(target)) === one;
          one.connection = next && isKept ? watched(next, one.regain) : null;
          // In this turn: nobody gets it, whatever becomes of its end.
          await Promise.all([connection.close(), isKept ? null : next?.close()]);
        }
      }),
    onTaking: (target, take, regain) =>
      on(target, async (connection) => {
        const one = keptFor(keyOf(target));
        const current = one.connection;
        const before = current?.regain ?? null;
        if (current) current.regain = null; // that is what is being done
        try {
          const taken = await take(connection);
          one.regain = regain;
          return taken;
        } catch (error) {
          if (current) current.regain = before;
          throw error;
        }
      }),
    drop: async (target) => {
      const one = kept.get(keyOf(target));
      if (!one) return;
      const { connection } = one;
      one.connection = null;
      one.drops++;
      await connection?.close();
    },
    closeAll: async () => {
      const connections = [...kept.values()].map((one) => one.connection);
      kept.clear();
      await Promise.all(connections.map((connection) => connection?.close()));
    },
  };
}

interface Successor {
  /** Resolves when it is known whether it can be opened, or it takes too long. */
  arrival(): Promise<void>;
  /** The connection; null where it is not open by now, and then it is closed as soon as it is. */
  take(): SqlConnection | null;
}

function openAhead(connector: SqlConnector, target: SqlTarget, clock: Clock): Successor {
  let connection: SqlConnection | null = null;
  let isTaken = false;
  const arrived = connector.connect(target).then(
    async (opened) => {
      if (isTaken) await opened.close();
      else connection = opened;
    },
    () => {}, // whoever comes next opens one, and is told why it cannot be
  );
  return {
    arrival: async () => {
      const enough = new AbortController();
      const patience = clock.sleep(ARRIVES_WITHIN_MS, enough.signal).catch(() => {}); // it arrived first
      await Promise.race([arrived, patience]);
      enough.abort();
    },
    take: () => {
      isTaken = true;
      return connection;
    },
  };
}

function watched(connection: SqlConnection, regain: Regain | null): Watched {
  const settle = async () => {
    await own.regain?.(connection);
    own.regain = null;
  };
  const own: Watched = {
    hasOnlyLooked: true,
    regain,
    server: connection.server,
    database: connection.database,
    get isOpen() {
      return connection.isOpen;
    },
    query: async (text, ...rest) => {
      if (!isLook(text)) {
        await settle();
        own.hasOnlyLooked = false;
      }
      return connection.query(text, ...rest);
    },
    batch: async (text, options) => {
      await settle();
      own.hasOnlyLooked = false;
      return connection.batch(text, options);
    },
    close: () => connection.close(),
  };
  return own;
}

/** SELECTs alone, none of which makes a table. */
function isLook(text: string): boolean {
  return /^\s*SELECT\b/i.test(text) && !/\bINTO\b|;\s*(?!SELECT\b)\S/i.test(text);
}

function keyOf(target: SqlTarget): string {
  return `${target.host}/${target.database}`.toLowerCase();
}
