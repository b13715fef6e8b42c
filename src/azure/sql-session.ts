// One TDS connection as the product uses it. A batch is sent once and never again by itself; whoever sent it reads back
// what became of it. A statement of the tool's own is sent again where SQL Server says that it did nothing, for now.
import { type Connection, Request } from 'tedious';
import type { Clock } from '../clock.ts';
import { SqlError } from './errors.ts';
import type { BatchOptions, SqlConnection, SqlMessage, SqlRow, SqlTarget } from './ports.ts';
import { errorOfRequest, sqlMessage } from './sql-errors.ts';
import { type Column, parameterType, rowOf } from './sql-values.ts';
import { wasRefusedForNow } from './tsql/transient-errors.ts';

const QUERY_TIMEOUT_MS = 30_000;
/** Pauses before a refused statement is sent again. Users may be waiting to write. Milliseconds. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000];

interface Exchange {
  readonly errors: SqlMessage[];
  readonly onMessage: ((message: SqlMessage) => void) | undefined;
}

/** Wraps a connection that has logged in. */
export function openSession(connection: Connection, target: SqlTarget, clock: Clock): SqlConnection {
  const server = target.host.split('.')[0] ?? target.host;
  const where = `${server}/${target.database}`;
  let isOpen = true;
  let exchange: Exchange | null = null;

  connection.on('errorMessage', (token) => exchange?.errors.push(sqlMessage(token)));
  connection.on('infoMessage', (token) => exchange?.onMessage?.(sqlMessage(token)));
  connection.on('end', () => {
    isOpen = false;
  });
  // A broken connection is told by the request that was under way, or by isOpen; unheard it would end the process.
  connection.on('error', () => {
    isOpen = false;
  });

  async function run(
    text: string,
    send: (request: Request) => void,
    { timeoutMs, signal, onMessage }: BatchOptions,
  ): Promise<void> {
    if (signal?.aborted) throw new SqlError(`${where}: cancelled before it was sent`, 'cancelled', []);
    if (!isOpen) throw new SqlError(`${where}: the connection is closed; nothing was sent`, 'lost', []);
    const errors: SqlMessage[] = [];
    exchange = { errors, onMessage };
    const attention = stopper(connection, clock, timeoutMs, signal);
    try {
      await new Promise<void>((resolve, reject) => {
        const request = new Request(text, (error) => {
          if (error) reject(error);
          else resolve();
        });
        // The driver's own timer stops at the first packet of the answer; ours holds to the end.
        request.setTimeout(0);
        send(request);
      });
    } catch (error) {
      throw errorOfRequest(error, errors, where, attention.stopped());
    } finally {
      attention.dispose();
      exchange = null;
    }
  }

  return {
    server: target.host,
    database: target.database,
    get isOpen() {
      return isOpen;
    },

    query: async (text, parameters = {}, timeoutMs = QUERY_TIMEOUT_MS, signal) => {
      const ask = async () => {
        const rows: SqlRow[] = [];
        const send = (request: Request) => {
          for (const [name, value] of Object.entries(parameters)) {
            request.addParameter(name, parameterType(value), value);
          }
          request.on('row', (columns: readonly Column[]) => rows.push(rowOf(columns)));
          connection.execSql(request);
        };
        await run(text, send, { timeoutMs, ...(signal === undefined ? {} : { signal }) });
        return rows;
      };
      for (const pause of PAUSES_MS) {
        try {
          return await ask();
        } catch (error) {
          if (!wasRefusedForNow(error) || !isOpen || signal?.aborted) throw error;
          await clock.sleep(pause, signal).catch(() => {}); // asked to stop: the statement says so
        }
      }
      return ask();
    },

    batch: (text, options) => run(text, (request) => connection.execSqlBatch(request), options),

    close: () =>
      new Promise((resolve) => {
        if (!isOpen) {
          resolve();
          return;
        }
        connection.once('end', resolve);
        connection.close();
      }),
  };
}

/** Without a reason of its own every request would end with an exception made for nobody, stack trace and all. */
const IN_TIME = 'the request ended first';

/** Sends the attention, at the time limit or when asked to; the driver then waits for SQL Server to confirm it. */
function stopper(connection: Connection, clock: Clock, timeoutMs: number, signal: AbortSignal | undefined) {
  let stopped: 'cancelled' | 'timed-out' | null = null;
  const timer = new AbortController();
  const stop = (why: 'cancelled' | 'timed-out') => {
    if (connection.cancel()) stopped = why;
  };
  const onAbort = () => stop('cancelled');
  signal?.addEventListener('abort', onAbort, { once: true });
  if (timeoutMs > 0) {
    clock.sleep(timeoutMs, timer.signal).then(
      () => stop('timed-out'),
      () => {}, // in time
    );
  }
  return {
    stopped: () => stopped,
    dispose: () => {
      timer.abort(IN_TIME);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}
