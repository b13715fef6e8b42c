// Requests that came in, by kind; what the application's own sites ask of their database is nobody's request here.
import type { LocalAzure } from '../../local-azure/start.ts';
import { APPLICATION_USER } from '../../local-azure/topologies/contoso.ts';

export interface Tally {
  /** GET and HEAD, polls included. */
  readonly armReads: number;
  readonly armWrites: number;
  readonly sqlLogins: number;
  /** With the one that a driver sends by itself after a login. */
  readonly sqlBatches: number;
}

export const NOTHING: Tally = { armReads: 0, armWrites: 0, sqlLogins: 0, sqlBatches: 0 };

/** How sites ask whether their database is well. */
const SITES_HEALTH = "AS [updateability], COL_LENGTH(N'dbo.Orders'";

/** One call, by its name in faults.ts. Neither of a resource manager nor of SQL: nothing. */
export function tallyOf(call: string): Tally {
  if (/^arm (GET|HEAD) /.test(call)) return { ...NOTHING, armReads: 1 };
  if (call.startsWith('arm ')) return { ...NOTHING, armWrites: 1 };
  if (call.startsWith('sql login ')) return { ...NOTHING, sqlLogins: 1 };
  if (!call.startsWith('sql batch ') || call.includes(SITES_HEALTH)) return NOTHING;
  return { ...NOTHING, sqlBatches: 1 };
}

export function plus(a: Tally, b: Tally): Tally {
  return {
    armReads: a.armReads + b.armReads,
    armWrites: a.armWrites + b.armWrites,
    sqlLogins: a.sqlLogins + b.sqlLogins,
    sqlBatches: a.sqlBatches + b.sqlBatches,
  };
}

/** A site's login, and the batch that its driver sends after it, taken back. */
const SITES_LOGIN: Tally = { ...NOTHING, sqlLogins: -1, sqlBatches: -1 };

export interface TallyKeeper {
  /** What came while `work` was done. */
  during(work: () => Promise<unknown>): Promise<Tally>;
}

export function keepTally({ faults, fabric }: Pick<LocalAzure, 'faults' | 'fabric'>): TallyKeeper {
  let total = NOTHING;
  faults.onCall((call) => {
    total = plus(total, tallyOf(call));
  });
  faults.onAnswered((call) => {
    const [, server = '', database = ''] = /^sql login ([^/]+)\/(.+)$/.exec(call) ?? [];
    if (server === '') return;
    const newest = 'SELECT TOP (1) login_name FROM sys.dm_exec_sessions ORDER BY session_id DESC';
    const [session] = fabric.inspect(server, database, newest);
    if (session?.login_name === APPLICATION_USER) total = plus(total, SITES_LOGIN);
  });
  return {
    during: async (work) => {
      const before = total;
      await work();
      return {
        armReads: total.armReads - before.armReads,
        armWrites: total.armWrites - before.armWrites,
        sqlLogins: total.sqlLogins - before.sqlLogins,
        sqlBatches: total.sqlBatches - before.sqlBatches,
      };
    },
  };
}
