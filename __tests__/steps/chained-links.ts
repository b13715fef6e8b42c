// Geo-replication links of one database as prepare meets them in two regions: what Resource Manager says of a link, and
// what each of its two databases says.
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { SqlError } from '../../src/azure/errors.ts';
import type { GeoSecondary, SqlConnection, SqlManagement, SqlRow } from '../../src/azure/ports.ts';
import { databaseInfo, link, server } from '../guards/parts.ts';
import { eachLook } from './each-look.ts';
import { type Options, type Preparing, preparing } from './preparing.ts';
import { sessionsWith } from './sessions-with.ts';

/** What is said of a link's state: by "arm", and by the two servers whose databases are asked. */
type Said = Readonly<Record<string, string>>;
/** By their ends: "contoso-sql-2>contoso-sql-3". */
export type Links = Record<string, Said>;

export interface World {
  readonly context: Preparing;
  readonly created: GeoSecondary[];
  /** May be changed. */
  readonly links: Links;
}

export interface WorldOptions extends Options {
  /** What becomes of a creation. */
  readonly create?: () => Promise<void>;
  /** Servers that have a database without a link. */
  readonly there?: readonly string[];
  readonly lock?: 'taken';
  /** Servers that Azure does not know. */
  readonly gone?: readonly string[];
}

const caughtUp = (from: string, to: string): Links => ({
  [`${from}>${to}`]: { arm: 'CATCH_UP', [from]: 'CATCH_UP', [to]: 'CATCH_UP' },
});
export const TO_STAGE = caughtUp('contoso-sql-1', 'contoso-sql-2');
export const TO_STANDBY = caughtUp('contoso-sql-2', 'contoso-sql-3');
const OWN_DR = caughtUp('contoso-sql-1', 'contoso-sql-dr');

export function saying(links: Links, who: string, state: string): Links {
  return Object.fromEntries(Object.entries(links).map(([key, said]) => [key, { ...said, [who]: state }]));
}

/** Production with its own disaster recovery, and these links. */
export function world(links: Links, options: WorldOptions = {}): World {
  const created: GeoSecondary[] = [];
  const all = Object.assign(links, OWN_DR);
  const context = preparing({
    ...options,
    context: {
      sessions: sessionsOf(all, options),
      azure: { sql: managementOf(all, created, options) } as unknown as UpgradeContext['azure'],
      ...options.context,
    },
  });
  return { context, created, links: all };
}

function linksAt(links: Links, server: string) {
  return Object.entries(links).flatMap(([key, said]) => {
    const [from = '', to = ''] = key.split('>');
    if (server !== from && server !== to) return [];
    return [{ said, isPrimary: server === from, partner: server === from ? to : from }];
  });
}

function managementOf(
  links: Links,
  created: GeoSecondary[],
  { there = [], gone = [], create }: WorldOptions,
): Partial<SqlManagement> {
  const exists = (server: string) =>
    server === 'contoso-sql-1' || there.includes(server) || linksAt(links, server).length > 0;
  return {
    getServer: async ({ server: name }) =>
      gone.includes(name)
        ? null
        : server(name, { location: name === 'contoso-sql-3' ? 'westeurope' : 'northeurope' }),
    getDatabase: async ({ server }) =>
      exists(server) ? databaseInfo({ id: `id of contoso on ${server}` }) : null,
    listLinks: async ({ server }) =>
      linksAt(links, server).map(({ said, isPrimary, partner }) =>
        isPrimary
          ? link({ partnerServer: partner, state: said.arm ?? '' })
          : link({ partnerServer: partner, role: 'Secondary', partnerRole: 'Primary' }),
      ),
    createGeoSecondary: async (secondary) => {
      created.push(secondary);
      await create?.();
    },
  };
}

function sessionsOf(links: Links, { lock }: WorldOptions): UpgradeContext['sessions'] {
  const answer = async (server: string, text: string): Promise<SqlRow[]> => {
    if (text.includes('dm_geo_replication_link_status')) return viewOn(links, server);
    if (text.includes('APPLOCK_MODE')) return [{ mode: lock ? 'NoLock' : 'Exclusive' }];
    if (text.includes('sp_getapplock')) return [{ code: -1 }];
    throw new Error(`not expected on ${server}: ${text}`);
  };
  return sessionsWith((target, use) => {
    const server = target.host.split('.')[0] ?? '';
    const connection = {
      query: (text: string) => eachLook(text, (statement) => answer(server, statement)),
    };
    return use(connection as unknown as SqlConnection);
  });
}

function viewOn(links: Links, server: string): SqlRow[] {
  return linksAt(links, server).flatMap(({ said, isPrimary, partner }) => {
    const state = said[server] ?? 'none';
    if (state === 'unreachable') throw new SqlError('no route to host', 'login', []);
    if (state === 'none') return [];
    const row = { partner_server: partner, role: isPrimary ? 0 : 1, replication_state_desc: state };
    return [{ ...row, replication_lag_sec: null, last_commit: null }];
  });
}
