// Requests that came in, by kind; what the application's own sites ask of their database is nobody's request here.
import type { Faults } from '../../local-azure/faults.ts';
import type { SqlFabric } from '../../local-azure/sql/fabric.ts';
import { APPLICATION_USER } from '../../local-azure/topologies/contoso.ts';

export interface Tally {
  /** GET and HEAD, polls included. */
  readonly armReads: number;
  /** POST: actions. Azure counts them as writes, also where they only list what a GET does not tell. */
  readonly armActions: number;
  /** PUT, PATCH and DELETE. */
  readonly armWrites: number;
  readonly sqlLogins: number;
  /** With the one that a driver sends by itself after a login. */
  readonly sqlBatches: number;
}

export const NOTHING: Tally = { armReads: 0, armActions: 0, armWrites: 0, sqlLogins: 0, sqlBatches: 0 };

/** How sites ask whether their database is well, and how they write. */
const OF_SITES = ["AS [updateability], COL_LENGTH(N'dbo.Orders'", 'INSERT INTO [dbo].[Orders]'];

/** One call, by its name in faults.ts; nothing where it is of neither resource manager nor SQL. */
export function tallyOf(call: string): Tally {
  if (/^arm (GET|HEAD) /.test(call)) return { ...NOTHING, armReads: 1 };
  if (call.startsWith('arm POST ')) return { ...NOTHING, armActions: 1 };
  if (call.startsWith('arm ')) return { ...NOTHING, armWrites: 1 };
  if (call.startsWith('sql login ')) return { ...NOTHING, sqlLogins: 1 };
  if (!call.startsWith('sql batch ') || OF_SITES.some((text) => call.includes(text))) return NOTHING;
  return { ...NOTHING, sqlBatches: 1 };
}

export function plus(a: Tally, b: Tally, sign: 1 | -1 = 1): Tally {
  return {
    armReads: a.armReads + sign * b.armReads,
    armActions: a.armActions + sign * b.armActions,
    armWrites: a.armWrites + sign * b.armWrites,
    sqlLogins: a.sqlLogins + sign * b.sqlLogins,
    sqlBatches: a.sqlBatches + sign * b.sqlBatches,
  };
}

/** A site's login, and the batch that its driver sends after it. */
const SITES_LOGIN: Tally = { ...NOTHING, sqlLogins: 1, sqlBatches: 1 };

export interface TallyKeeper {
  /** What came while `work` was done. */
  during(work: () => Promise<unknown>): Promise<Tally>;
}

export interface Watched {
  readonly faults: Faults;
  /** Of the session that was opened last. */
  newestLogin(server: string, database: string): string | null;
}

export function keepTally({ faults, newestLogin }: Watched): TallyKeeper {
  let total = NOTHING;
  faults.onCall((call) => {
    total = plus(total, tallyOf(call));
  });
  faults.onAnswered((call) => {
    const [, server = '', database = ''] = /^sql login ([^/]+)\/(.+)$/.exec(call) ?? [];
    if (server !== '' && newestLogin(server, database) === APPLICATION_USER)
      total = plus(total, SITES_LOGIN, -1);
  });
  return {
    during: async (work) => {
      const before = total;
      await work();
      return plus(total, before, -1);
    },
  };
}

/** As the server itself lists its sessions. */
export function newestLoginOf(fabric: SqlFabric): Watched['newestLogin'] {
  return (server, database) => {
    const query = 'SELECT TOP (1) login_name FROM sys.dm_exec_sessions ORDER BY session_id DESC';
    const login = fabric.inspect(server, database, query)[0]?.login_name;
    return typeof login === 'string' ? login : null;
  };
}
