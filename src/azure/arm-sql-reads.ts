// What is read of servers, databases and links over and over. Of one database it is read as such; of several of a server
// at once, from the server's list: the number of requests does not grow with the number of databases.
import type { SqlManagementClient } from '@azure/arm-sql';
import type { Clock } from '../clock.ts';
import { all, requestOrNull } from './arm-client.ts';
import { databaseInfo, replicationLink } from './arm-sql-resources.ts';
import { type AnswerAll, askedTogether } from './asked-together.ts';
import { AzureError } from './errors.ts';
import type {
  DatabaseInfo,
  DatabaseRef,
  ReplicationLink,
  ServerRef,
  SqlManagement,
  SqlServerInfo,
} from './ports.ts';
import { partOf } from './resource-id.ts';
import { told } from './told.ts';

type Reads = Pick<SqlManagement, 'getServer' | 'getDatabase' | 'listLinks'>;

/** That part of SqlManagement. Every method throws AzureError. */
export function sqlReads(client: () => Promise<SqlManagementClient>, clock: Clock): Reads {
  const getServer = askedTogether<ServerRef, SqlServerInfo | null>(clock, keyOf, async ([first]) => {
    const server = first === undefined ? null : await readServer(client, first);
    return () => server;
  });

  const getDatabase = askedTogether<DatabaseRef, DatabaseInfo | null>(
    clock,
    keyOf,
    oneOrList(
      (ref) => readDatabase(client, ref),
      (ref) => listDatabases(client, ref),
    ),
  );

  const listLinks = askedTogether<DatabaseRef, ReplicationLink[]>(
    clock,
    keyOf,
    oneOrList(
      (ref) => readLinks(client, ref),
      async (server) => {
        const linksOf = await listServersLinks(client, server);
        return async (ref) => {
          const links = linksOf(ref.database);
          // A database without links and one that is not there look alike in the server's list.
          if (links.length === 0 && (await getDatabase(ref)) === null) throw noDatabase(ref);
          return links;
        };
      },
    ),
  );

  return { getServer, getDatabase, listLinks };
}

/** Where the list may not be read, or is not to be had, the databases are read one by one. */
function oneOrList<Answer>(
  one: (ref: DatabaseRef) => Promise<Answer>,
  list: (server: ServerRef) => Promise<(ref: DatabaseRef) => Answer | Promise<Answer>>,
): AnswerAll<DatabaseRef, Answer> {
  return async (refs) => {
    const distinct = new Map(refs.map((ref) => [ref.database.toLowerCase(), ref]));
    const [first] = distinct.values();
    if (first !== undefined && distinct.size > 1) {
      try {
        return await list(first);
      } catch (error) {
        if (!(error instanceof AzureError) || error.status !== 403) throw error;
      }
    }
    const answers = new Map(
      [...distinct].map(([name, ref]) => {
        const answer = one(ref);
        answer.catch(() => {}); // told to those who asked for it
        return [name, answer];
      }),
    );
    return (ref) => answers.get(ref.database.toLowerCase()) ?? one(ref);
  };
}

async function readServer(
  client: () => Promise<SqlManagementClient>,
  { resourceGroup, server }: ServerRef,
): Promise<SqlServerInfo | null> {
  const { servers } = await client();
  // Without $expand Azure leaves the administrator out.
  const expand = 'administrators/activedirectory';
  const found = await requestOrNull(() => servers.get(resourceGroup, server, { expand }));
  if (found === null) return null;
  return {
    id: told(found.id, `the id of server ${server}`),
    name: found.name ?? server,
    location: found.location,
    fullyQualifiedDomainName: told(found.fullyQualifiedDomainName, `the address of server ${server}`),
    publicNetworkAccess: found.publicNetworkAccess ?? null,
    entraAdministrator: found.administrators?.login ?? null,
    keyId: found.keyId ?? (await encryptionKey(client, { resourceGroup, server })),
  };
}

async function encryptionKey(
  client: () => Promise<SqlManagementClient>,
  { resourceGroup, server }: ServerRef,
): Promise<string | null> {
  const { encryptionProtectors } = await client();
  try {
    const protector = await requestOrNull(() => encryptionProtectors.get(resourceGroup, server, 'current'));
    return protector?.serverKeyType === 'AzureKeyVault' ? (protector.uri ?? null) : null;
  } catch (error) {
    // The built-in role SQL DB Contributor may not read the protector, and needs not for anything else here.
    if (error instanceof AzureError && error.status === 403) return null;
    throw error;
  }
}

async function readDatabase(
  client: () => Promise<SqlManagementClient>,
  ref: DatabaseRef,
): Promise<DatabaseInfo | null> {
  const { databases } = await client();
  const found = await requestOrNull(() => databases.get(ref.resourceGroup, ref.server, ref.database));
  return found === null ? null : databaseInfo(found, ref.database);
}

async function listDatabases(
  client: () => Promise<SqlManagementClient>,
  { resourceGroup, server }: ServerRef,
) {
  const { databases } = await client();
  const found = await requestOrNull(() => all(() => databases.listByServer(resourceGroup, server)));
  const byName = new Map(
    (found ?? []).map((database) => [
      told(database.name, `the name of a database of ${server}`).toLowerCase(),
      database,
    ]),
  );
  return ({ database: name }: DatabaseRef): DatabaseInfo | null => {
    const database = byName.get(name.toLowerCase());
    return database === undefined ? null : databaseInfo(database, name);
  };
}

async function readLinks(
  client: () => Promise<SqlManagementClient>,
  ref: DatabaseRef,
): Promise<ReplicationLink[]> {
  const { replicationLinks } = await client();
  const links = await all(() => replicationLinks.listByDatabase(ref.resourceGroup, ref.server, ref.database));
  return links.map(replicationLink);
}

async function listServersLinks(
  client: () => Promise<SqlManagementClient>,
  { resourceGroup, server }: ServerRef,
) {
  const { replicationLinks } = await client();
  const links = await all(() => replicationLinks.listByServer(resourceGroup, server));
  const byDatabase = Map.groupBy(links, ({ id }) =>
    told(partOf(id ?? '', 'databases'), `which database of ${server} a replication link is of`).toLowerCase(),
  );
  return (database: string): ReplicationLink[] =>
    (byDatabase.get(database.toLowerCase()) ?? []).map(replicationLink);
}

function noDatabase({ server, database }: DatabaseRef): AzureError {
  return new AzureError(`There is no database ${server}/${database}`, {
    status: 404,
    code: 'ResourceNotFound',
    correlationId: null,
    outcomeUnknown: false,
  });
}

function keyOf({ resourceGroup, server }: ServerRef): string {
  return `${resourceGroup}/${server}`.toLowerCase();
}
