// What Azure answers in the world of the removals, and what becomes of that world.
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { AzureError, SqlError } from '../../src/azure/errors.ts';
import type { FailoverGroup, ReplicationLink, SqlConnection } from '../../src/azure/ports.ts';
import { databaseInfo, link, site } from '../guards/parts.ts';
import { eachLook } from './each-look.ts';
import type { Database, Group, Link, Name, Options, World } from './removal-world.ts';
import { sessionsWith } from './sessions-with.ts';

export function azureOf(world: World, options: Options): Pick<UpgradeContext, 'azure' | 'sessions'> {
  const remove = (what: string, how: () => void) => {
    how();
    world.story.push(what);
    options.after?.(world, what);
  };
  const sql: Partial<UpgradeContext['azure']['sql']> = {
    getDatabase: async ({ server: at }) => {
      const found = world.databases.get(short(at));
      return found ? databaseInfo({ tags: tagsOf(found.createdByTool) }) : null;
    },
    listLinks: async ({ server: at }) => {
      if (!world.databases.has(short(at))) throw refused(404, 'ResourceNotFound');
      return linksOf(world, short(at));
    },
    removeLink: async ({ server: at }, id, beforeSending) => {
      await beforeSending();
      const index = world.links.findIndex((one) => idOf(one) === id);
      const found = world.links[index];
      if (!found || found.from !== short(at)) throw refused(404, 'ResourceNotFound');
      const held = world.groups.some(
        ({ primary, partner }) => primary === found.from && partner === found.to,
      );
      if (held) throw refused(409, 'FailoverGroupAlreadySetup');
      remove(`${id} cut`, () => world.links.splice(index, 1));
    },
    deleteDatabase: async ({ server: at }, _progress, beforeSending) => {
      await beforeSending();
      const name = short(at);
      remove(`${name} deleted`, () => {
        world.databases.delete(name);
        const others = world.links.filter(({ from, to }) => from !== name && to !== name);
        world.links.splice(0, world.links.length, ...others);
      });
    },
    listFailoverGroups: async ({ server: at }) =>
      world.groups
        .filter(({ primary, partner }) => [primary, partner].includes(short(at)))
        .map((group) => groupAt(group, short(at))),
    deleteFailoverGroup: async (_at, name, _progress, beforeSending) => {
      await beforeSending();
      const index = world.groups.findIndex((one) => one.name === name);
      remove(`group ${name} deleted`, () => world.groups.splice(index, 1));
    },
  };
  const appService: Partial<UpgradeContext['azure']['appService']> = {
    getSite: async ({ site: name }) => {
      if (world.story.includes(`site ${name} deleted`)) return null;
      const tags = tagsOf(options.createdSites?.includes(name) ?? false);
      return site(name, { name, defaultHostName: `${name}.azurewebsites.net`, tags });
    },
    deleteSite: async ({ site: name }, beforeSending) => {
      await beforeSending();
      return remove(`site ${name} deleted`, () => {});
    },
  };
  const web: Partial<UpgradeContext['azure']['web']> = {
    get: async (url) => {
      const version = options.answers?.[new URL(url).host.split('.')[0] ?? ''];
      if (version === null) return { kind: 'failed', why: 'connection refused', chain: [] };
      const body = JSON.stringify({ version: version ?? '1.0.0' });
      return { kind: 'answered', status: 200, headers: {}, body, chain: [] };
    },
  };
  return {
    azure: { sql, appService, web } as unknown as UpgradeContext['azure'],
    sessions: sessionsWith(async (target, use) => {
      const name = short(target.host.split('.')[0] ?? '');
      const found = world.databases.get(name);
      if (!found || found.unreachable) throw new SqlError(`${name} cannot be reached`, 'login', []);
      return use(connection(world, name, found, options));
    }),
  };
}

const tagsOf = (byTool: boolean): Record<string, string> =>
  byTool ? { 'rolling-upgrade-created-by': 'contoso' } : {};
const short = (serverName: string) => serverName.replace('contoso-sql-', '') as Name;
const idOf = ({ from, to }: Link) => `${from}→${to}`;

function refused(status: number, code: string): AzureError {
  return new AzureError(code, { status, code, correlationId: null, outcomeUnknown: false });
}

function linksOf(world: World, at: Name, by: 'state' | 'told' = 'state'): ReplicationLink[] {
  return world.links
    .filter(({ from, to }) => from === at || to === at)
    .map((one) => {
      const primary = one.from === at;
      return link({
        id: idOf(one),
        partnerServer: `contoso-sql-${primary ? one.to : one.from}`,
        role: primary ? 'Primary' : 'Secondary',
        partnerRole: primary ? 'Secondary' : 'Primary',
        state: one[by],
      });
    });
}

function groupAt({ name, primary, partner, databases }: Group, at: Name): FailoverGroup {
  return {
    name,
    role: at === primary ? 'Primary' : 'Secondary',
    partnerServers: [`contoso-sql-${at === primary ? partner : primary}`],
    databaseIds: databases.map((one) => `/subscriptions/sub/servers/contoso-sql-${at}/databases/${one}`),
    policy: { failover: 'Manual', graceMinutes: null },
  };
}

function connection(world: World, name: Name, database: Database, { lock }: Options): SqlConnection {
  return {
    server: `contoso-sql-${name}`,
    database: 'contoso',
    isOpen: true,
    query: (all) =>
      eachLook(all, (text) => {
        if (text.includes('Updateability')) {
          const secondary = world.links.some(({ to }) => to === name);
          return [{ mode: database.readOnly || secondary ? 'READ_ONLY' : 'READ_WRITE' }];
        }
        if (text.includes('sys.extended_properties'))
          return database.entry ? [{ entry: JSON.stringify(database.entry) }] : [];
        if (text.includes('APPLOCK_MODE')) return [{ mode: lock === 'taken' ? 'NoLock' : 'Exclusive' }];
        if (text.includes('sp_getapplock')) return [{ code: -1 }];
        if (text.includes('dm_geo_replication_link_status'))
          return linksOf(world, name, 'told').map(statusRow);
        if (text.includes('dm_db_index_usage_stats'))
          return [{ last_write: database.lastWrite, server_time: new Date(world.clock.now()) }];
        throw new Error(`not expected: ${text}`);
      }),
    batch: async (text) => {
      throw new Error(`not expected: ${text}`);
    },
    close: async () => {},
  };
}

function statusRow({ partnerServer, role, state }: ReplicationLink) {
  const primary = role === 'Primary';
  return {
    partner_server: partnerServer,
    role: primary ? 0 : 1,
    replication_state_desc: state,
    replication_lag_sec: primary ? 0 : null,
    last_commit: null,
  };
}
