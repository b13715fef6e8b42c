// The person on call, at Azure's own interface: with the right to fail over, which the action's role does not have.
import tls from 'node:tls';
import { SqlManagementClient } from '@azure/arm-sql';
import { ClientSecretCredential } from '@azure/identity';
import type { LocalAzure } from '../../local-azure/start.ts';
import { IDS, PRINCIPAL } from '../../local-azure/topologies/contoso.ts';
import { grantCustomRole } from '../../local-azure/topologies/custom-role.ts';
import { AUDIENCES } from '../../local-azure/topologies/environment.ts';

interface GeoSecondary {
  readonly resourceGroup: string;
  readonly server: string;
  readonly database: string;
}

/**
 * What `az sql db replica set-primary --allow-data-loss` does: finds the link of the geo-secondary and fails it over.
 * Rejects with resource manager's refusal.
 */
export async function failOverAsPerson(azure: LocalAzure, secondary: GeoSecondary): Promise<void> {
  const { resourceGroup, server, database } = secondary;
  const scope = `/subscriptions/${IDS.subscription}`;
  azure.arm.setGrants(PRINCIPAL.objectId, [{ scope, actions: ['Microsoft.Sql/*'], notActions: [] }]);
  try {
    const { replicationLinks } = clientOf(azure);
    for await (const link of replicationLinks.listByDatabase(resourceGroup, server, database)) {
      if (link.role !== 'Secondary' || !link.name) continue;
      await replicationLinks.beginFailoverAllowDataLossAndWait(resourceGroup, server, database, link.name);
    }
  } finally {
    await grantCustomRole(azure.arm);
  }
}

function clientOf({ description, ca }: LocalAzure): SqlManagementClient {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), ca]);
  const credential = new ClientSecretCredential(
    IDS.tenant,
    PRINCIPAL.appId,
    description.environment.AZURE_CLIENT_SECRET ?? '',
    { authorityHost: description.authority, disableInstanceDiscovery: true },
  );
  return new SqlManagementClient(credential, IDS.subscription, {
    endpoint: description.arm,
    credentialScopes: `${AUDIENCES.resourceManager}/.default`,
  });
}
