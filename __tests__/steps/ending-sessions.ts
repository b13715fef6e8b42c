// Real sessions on a world in memory, whose connections can end all at once, and the locks with them.
import type { SqlConnection, SqlConnector } from '../../src/azure/ports.ts';
import { createSessions, type Sessions } from '../../src/azure/tsql/sessions.ts';
import { eachLook } from './each-look.ts';
import type { Switching } from './switching.ts';

export interface EndingSessions {
  readonly sessions: Sessions;
  end(): void;
}

/** @param answered once a statement was carried out, before its answer is there */
export function endingSessions(
  world: Switching,
  answered: (text: string, host: string) => Promise<void> | void = () => {},
): EndingSessions {
  let opened = 0;
  const open = new Set<number>();
  const holders = new Map<string, number>();
  const connector: Pick<SqlConnector, 'connect'> = {
    connect: async (target) => {
      const id = ++opened;
      open.add(id);
      const base = await new Promise<SqlConnection>((resolve) => {
        void world.context.sessions.on(target, async (connection) => resolve(connection));
      });
      return {
        ...base,
        get isOpen() {
          return open.has(id);
        },
        close: async () => {},
        query: async (text, ...rest) => {
          const rows = await eachLook(text, (statement) => {
            if (statement.includes('APPLOCK_MODE'))
              return [{ mode: holders.get(target.host) === id ? 'Exclusive' : 'NoLock' }];
            if (!statement.includes('sp_getapplock')) return base.query(statement, ...rest);
            holders.set(target.host, id);
            return [{ code: 0 }];
          });
          await answered(text, target.host);
          return rows;
        },
      };
    },
  };
  return {
    sessions: createSessions(connector as SqlConnector, world.clock),
    end: () => {
      open.clear();
      holders.clear();
    },
  };
}
