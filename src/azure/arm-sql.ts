// Azure SQL through Resource Manager: what the data plane cannot tell (skus, links as both sides see them) or do
// (create a geo-secondary, end a link).
import {
  type ArmContext,
  all,
  askingFirst,
  clientOptions,
  equip,
  longRunning,
  requestOrNull,
} from './arm-client.ts';
import { failoverGroups } from './arm-sql-failover-groups.ts';
import { sqlReads } from './arm-sql-reads.ts';
import { geoSecondaryBody } from './arm-sql-resources.ts';
import { lazy } from './lazy.ts';
import type { BeforeSending, DatabaseRef, FirewallRule, ServerRef, SqlManagement } from './ports.ts';

/** The port SqlManagement over @azure/arm-sql. Every method throws AzureError. */
export function createSqlManagement(context: ArmContext): SqlManagement {
  const newClient = async () => {
    const { SqlManagementClient } = await import('@azure/arm-sql');
    return equip(
      new SqlManagementClient(context.credential, context.subscriptionId, clientOptions(context)),
      context,
    );
  };
  const client = lazy(newClient);
  const asking = async (beforeSending: BeforeSending) => askingFirst(await newClient(), beforeSending);

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
    ...sqlReads(client, context.clock),
    listFirewallRules,
    hasLedgerDigestUploads,
    ...failoverGroups(client, asking, context.clock),

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

    removeLink: async ({ resourceGroup, server, database }, linkId, beforeSending) => {
      const { replicationLinks } = await asking(beforeSending);
      await longRunning({
        what: `The removal of link ${linkId} of ${server}/${database}`,
        begin: async (options) => ({
          poller: await replicationLinks.beginDelete(resourceGroup, server, database, linkId, options),
        }),
      });
    },

    deleteDatabase: async ({ resourceGroup, server, database }, onProgress, beforeSending) => {
      const { databases } = await asking(beforeSending);
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
