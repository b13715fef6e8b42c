// What a person does with the commands of a summary: the requests that `az` makes of them.
import tls from 'node:tls';
import { parseArgs } from 'node:util';
import { WebSiteManagementClient } from '@azure/arm-appservice';
import { SqlManagementClient } from '@azure/arm-sql';
import { TrafficManagerManagementClient } from '@azure/arm-trafficmanager';
import { ClientSecretCredential } from '@azure/identity';
import type { LocalAzure } from '../../local-azure/start.ts';
import { IDS, PRINCIPAL } from '../../local-azure/topologies/contoso.ts';
import { grantCustomRole } from '../../local-azure/topologies/custom-role.ts';
import { AUDIENCES } from '../../local-azure/topologies/environment.ts';
import type { Acted } from './scenario.ts';

/** Sentences of a report's next steps that have commands, each as the list of its commands. */
export function commandsIn({ report }: Acted): string[][] {
  return report.verdict.next
    .map((text) => text.split('\n').filter((line) => line.startsWith('az ')))
    .filter((commands) => commands.length > 0);
}

/** Carries commands out one after the other. Throws what Azure answers, and where nobody knows the command. */
export async function carryOut(azure: LocalAzure, commands: readonly string[]): Promise<void> {
  // A person may do more than the action.
  const scope = `/subscriptions/${IDS.subscription}`;
  azure.arm.setGrants(PRINCIPAL.objectId, [{ scope, actions: ['*'], notActions: [] }]);
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), azure.ca]);
  for (const command of commands) await carryOutOne(azure, command);
  await grantCustomRole(azure.arm);
}

async function carryOutOne(azure: LocalAzure, command: string): Promise<void> {
  const text = { type: 'string', default: '' } as const;
  const { values, positionals } = parseArgs({
    args: command.split(' '),
    allowPositionals: true,
    options: {
      'resource-group': { ...text, short: 'g' },
      server: { ...text, short: 's' },
      name: { ...text, short: 'n' },
      'profile-name': text,
      type: text,
      'endpoint-status': text,
      priority: text,
      slot: text,
      'target-slot': text,
      ttl: text,
      target: text,
      'partner-resource-group': text,
      'partner-server': text,
      'allow-data-loss': { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false, short: 'y' },
    },
  });
  const { 'resource-group': group, server, name, 'allow-data-loss': forced } = values;
  switch (positionals.join(' ')) {
    case 'az sql db replica set-primary':
      return setPrimary(azure, [group, server, name], forced);
    case 'az sql failover-group set-primary': {
      const { failoverGroups } = sqlClient(azure);
      if (forced) await failoverGroups.beginForceFailoverAllowDataLossAndWait(group, server, name);
      else await failoverGroups.beginFailoverAndWait(group, server, name);
      return;
    }
    case 'az sql db delete':
      await sqlClient(azure).databases.beginDeleteAndWait(group, server, name);
      return;
    case 'az sql db replica delete-link':
      return removeLink(azure, [group, server, name], values['partner-server']);
    case 'az network traffic-manager profile update':
      await trafficClient(azure).profiles.update(group, name, { dnsConfig: { ttl: Number(values.ttl) } });
      return;
    case 'az network traffic-manager endpoint delete': {
      const type = endpointType(values.type);
      await trafficClient(azure).endpoints.delete(group, values['profile-name'], type, name);
      return;
    }
    case 'az network traffic-manager endpoint create': {
      const { 'profile-name': profile, 'endpoint-status': endpointStatus, target, priority } = values;
      const created = {
        endpointStatus,
        target,
        priority: Number(priority),
        endpointLocation: 'North Europe',
      };
      const type = endpointType(values.type);
      await trafficClient(azure).endpoints.createOrUpdate(group, profile, type, name, created);
      return;
    }
    case 'az webapp stop':
      if (values.slot === '') await siteClient(azure).webApps.stop(group, name);
      else await siteClient(azure).webApps.stopSlot(group, name, values.slot);
      return;
    case 'az network traffic-manager endpoint update': {
      const { 'profile-name': profile, 'endpoint-status': endpointStatus } = values;
      const type = endpointType(values.type);
      const priority = values.priority === '' ? {} : { priority: Number(values.priority) };
      const change = { ...(endpointStatus === '' ? {} : { endpointStatus }), ...priority };
      await trafficClient(azure).endpoints.update(group, profile, type, name, change);
      return;
    }
    case 'az webapp deployment slot swap': {
      const swap = { targetSlot: values['target-slot'], preserveVnet: true };
      await siteClient(azure).webApps.beginSwapSlotAndWait(group, name, values.slot, swap);
      return;
    }
    default:
      throw new Error(`not a command that this person knows: ${command}`);
  }
}

async function setPrimary(
  azure: LocalAzure,
  where: readonly [group: string, server: string, database: string],
  forced: boolean,
): Promise<void> {
  const { replicationLinks } = sqlClient(azure);
  for await (const { role, name = '' } of replicationLinks.listByDatabase(...where)) {
    if (role === 'Primary') continue;
    if (forced) await replicationLinks.beginFailoverAllowDataLossAndWait(...where, name);
    else await replicationLinks.beginFailoverAndWait(...where, name);
    return;
  }
  throw new Error(`${where.join('/')} is no geo-secondary`);
}

async function removeLink(
  azure: LocalAzure,
  where: readonly [group: string, server: string, database: string],
  partner: string,
): Promise<void> {
  const { replicationLinks } = sqlClient(azure);
  for await (const { partnerServer, name = '' } of replicationLinks.listByDatabase(...where))
    if (partnerServer === partner) await replicationLinks.beginDeleteAndWait(...where, name);
}

/** The SDK's type has the types of endpoints with capitals; Azure, and `az`, do not mind. */
function endpointType(told: string) {
  const type = ENDPOINT_TYPES.find((one) => one.toLowerCase() === told.toLowerCase());
  if (!type) throw new Error(`not a type of endpoint: ${told}`);
  return type;
}

const ENDPOINT_TYPES = ['AzureEndpoints', 'ExternalEndpoints', 'NestedEndpoints'] as const;
const CREDENTIAL_SCOPES = `${AUDIENCES.resourceManager}/.default`;

function sqlClient(azure: LocalAzure): SqlManagementClient {
  return new SqlManagementClient(credentialFor(azure), IDS.subscription, {
    endpoint: azure.description.arm,
    credentialScopes: CREDENTIAL_SCOPES,
    retryOptions: { maxRetries: 0 },
  });
}

function trafficClient(azure: LocalAzure): TrafficManagerManagementClient {
  return new TrafficManagerManagementClient(credentialFor(azure), IDS.subscription, {
    endpoint: azure.description.arm,
    credentialScopes: CREDENTIAL_SCOPES,
    retryOptions: { maxRetries: 0 },
  });
}

function siteClient(azure: LocalAzure): WebSiteManagementClient {
  return new WebSiteManagementClient(credentialFor(azure), IDS.subscription, {
    endpoint: azure.description.arm,
    credentials: { scopes: [CREDENTIAL_SCOPES] },
    retryOptions: { maxRetries: 0 },
  });
}

function credentialFor({ description }: LocalAzure): ClientSecretCredential {
  const secret = description.environment.AZURE_CLIENT_SECRET ?? '';
  return new ClientSecretCredential(IDS.tenant, PRINCIPAL.appId, secret, {
    authorityHost: description.authority,
    disableInstanceDiscovery: true,
  });
}
