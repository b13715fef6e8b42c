// A small connection pool that outlives its connections: a freeze kills every session of the database.
import type { SqlEndpoint } from './connection-string.ts';
import {
  type DatabaseAccess,
  type DatabaseConnection,
  DatabaseError,
  openConnection,
} from './sql-connection.ts';

export interface SqlPool {
  /**
   * Lends a connection to `work`. `safeToRepeat`: where a connection from the pool turns out to be dead, the
   * work is done once more on a new one; only reads may say so.
   */
  use<T>(safeToRepeat: boolean, work: (connection: DatabaseConnection) => Promise<T>): Promise<T>;
  /** Closes idle connections now and lent ones when they come back: requests under way are served to the end. */
  close(): void;
}

/** @param size connections at most; further requests wait their turn. */
export function createSqlPool(
  endpoint: SqlEndpoint,
  access: DatabaseAccess,
  appName: string,
  size: number,
): SqlPool {
  const idle: DatabaseConnection[] = [];
  const waiting: (() => void)[] = [];
  let lent = 0;
  let closed = false;

  async function turn(): Promise<void> {
    if (lent < size) {
      lent++;
      return;
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function pass(): void {
    const next = waiting.shift();
    if (next) next();
    else lent--;
  }

  function takeIdle(): DatabaseConnection | null {
    for (let connection = idle.pop(); connection; connection = idle.pop()) {
      if (connection.isOpen) return connection;
    }
    return null;
  }

  function giveBack(connection: DatabaseConnection): void {
    if (connection.isOpen && !closed) idle.push(connection);
    else connection.close();
  }

  async function run<T>(
    connection: DatabaseConnection,
    work: (connection: DatabaseConnection) => Promise<T>,
  ): Promise<T> {
    try {
      return await work(connection);
    } finally {
      giveBack(connection);
    }
  }

  return {
    use: async (safeToRepeat, work) => {
      await turn();
      try {
        const pooled = takeIdle();
        if (!pooled) return await run(await openConnection(endpoint, access, appName), work);
        try {
          return await run(pooled, work);
        } catch (error) {
          const stale = error instanceof DatabaseError && error.kind === 'lost';
          if (!stale || !safeToRepeat) throw error;
        }
        return await run(await openConnection(endpoint, access, appName), work);
      } finally {
        pass();
      }
    },
    close: () => {
      closed = true;
      for (const connection of idle.splice(0)) connection.close();
    },
  };
}
