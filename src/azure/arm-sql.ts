// Azure SQL through Resource Manager: what the data plane cannot tell (skus, links as both sides see them) or do
// (create a geo-secondary, end a link).
import { type ArmContext, all, clientOptions, equip, longRunning, requestOrNull } from './arm-client.ts';
import { failoverGroups } from './arm-sql-failover-groups.ts';
import { databaseInfo, geoSecondaryBody, replicationLink } from './arm-sql-resources.ts';
import { AzureError } from './errors.ts';
import { lazy } from './lazy.ts';
import type {
  DatabaseInfo,
  DatabaseRef,
  FirewallRule,
  ReplicationLink,
  ServerRef,
  SqlManagement,
  SqlServerInfo,
} from './ports.ts';
import { told } from './told.ts';

/** The port SqlManagement over @azure/arm-sql. Every method throws AzureError. */
export function createSqlManagement(context: ArmContext): SqlManagement {
  const client = lazy(async () => {
    const { SqlManagementClient } = await import('@azure/arm-sql');
    return equip(
      new SqlManagementClient(context.credential, context.subscriptionId, clientOptions(context)),
      context,
    );
  });

  async function getServer({ resourceGroup, server }: ServerRef): Promise<SqlServerInfo | null> {
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
      keyId: found.keyId ?? (await encryptionKey({ resourceGroup, server })),
    };
  }

  async function encryptionKey({ resourceGroup, server }: ServerRef): Promise<string | null> {
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

  async function getDatabase(ref: DatabaseRef): Promise<DatabaseInfo | null> {
    const { databases } = await client();
    const found = await requestOrNull(() => databases.get(ref.resourceGroup, ref.server, ref.database));
    return found === null ? null : databaseInfo(found, ref.database);
  }

  async function listLinks(ref: DatabaseRef): Promise<ReplicationLink[]> {
    const { replicationLinks } = await client();
    const links = await all(() =>
      replicationLinks.listByDatabase(ref.resourceGroup, ref.server, ref.database),
    );
    return links.map(replicationLink);
  }

  async function listFirewallRules(ref: ServerRef): Promise<FirewallRule[]> {
    const { firewallRules } = await client();
    const rules = await all(() => firewallRules.listByServer(ref.resourceGroup, ref.server));
    return rules.map((rule) => ({
      name: rule.name ?? '',
      startIpAddress: rule.startIpAddress ?? '',
      endIpAddress: rule.endIpAddress ?? '',
    }));
  }

  async function hasLedgerDigestUploads(ref: DatabaseRef): Promise<boolean> {
    const { ledgerDigestUploadsOperations: uploads } = await client();
    const found = await requestOrNull(() =>
      uploads.get(ref.resourceGroup, ref.server, ref.database, 'current'),
    );
    return found?.state === 'Enabled';
  }

  return {
    getServer,
    getDatabase,
    listLinks,
    listFirewallRules,
    hasLedgerDigestUploads,
    ...failoverGroups(client, context.clock),

    createGeoSecondary: async (secondary, onProgress, signal) => {
      const { databases } = await client();
      const { resourceGroup, server, database } = secondary.target;
      const body = geoSecondaryBody(secondary);
      await longRunning({
        what: `The creation of the geo-secondary ${server}/${database}`,
        begin: async (options) => ({
          poller: await databases.beginCreateOrUpdate(resourceGroup, server, database, body, options),
        }),
        onProgress,
        signal,
      });
    },

    removeLink: async ({ resourceGroup, server, database }, linkId) => {
      const { replicationLinks } = await client();
      await longRunning({
        what: `The removal of link ${linkId} of ${server}/${database}`,
        begin: async (options) => ({
          poller: await replicationLinks.beginDelete(resourceGroup, server, database, linkId, options),
        }),
      });
    },

    deleteDatabase: async ({ resourceGroup, server, database }, onProgress) => {
      const { databases } = await client();
      await longRunning({
        what: `The deletion of ${server}/${database}`,
        begin: async (options) => ({
          poller: await databases.beginDelete(resourceGroup, server, database, options),
        }),
        onProgress,
      });
    },
  };
}
