// Failover groups through Resource Manager. The first PUT of a group has been seen to get a gateway's 503 and the same
// one 3 s later to be accepted, so an outcome that is not known is read back and the PUT, which changes nothing where
// the group is there, sent again. A conflict then says that the first one was carried out after all.
import type { FailoverGroup as SdkGroup, SqlManagementClient } from '@azure/arm-sql';
import type { Clock } from '../clock.ts';
import { all, longRunning, requestOrNull } from './arm-client.ts';
import { AzureError } from './errors.ts';
import type {
  BeforeSending,
  FailoverGroup,
  FailoverPolicy,
  NewFailoverGroup,
  OnProgress,
  SqlManagement,
} from './ports.ts';
import { partOf } from './resource-id.ts';

type Groups = Pick<SqlManagement, 'listFailoverGroups' | 'createFailoverGroup' | 'deleteFailoverGroup'>;

const ATTEMPTS = 3;
const AGAIN_AFTER_MS = 3_000;
/** Recorded: 20 s to create a group, some 100 s where a database has to be seeded for it. */
const CARRIED_OUT_WITHIN_MS = 180_000;

/** The part of SqlManagement that is about failover groups. Every method throws AzureError. */
export function failoverGroups(
  client: () => Promise<SqlManagementClient>,
  asking: (beforeSending: BeforeSending) => Promise<SqlManagementClient>,
  clock: Clock,
): Groups {
  async function put(group: NewFailoverGroup, onProgress: OnProgress): Promise<void> {
    const { failoverGroups: groups } = await client();
    const { resourceGroup, server } = group.server;
    await longRunning({
      what: `The creation of failover group ${group.name} on ${server}`,
      begin: async (options) => ({
        poller: await groups.beginCreateOrUpdate(resourceGroup, server, group.name, bodyOf(group), options),
      }),
      onProgress,
    });
  }

  /** Whether Azure has the group as it was asked for. */
  async function isThere(group: NewFailoverGroup): Promise<boolean> {
    const { failoverGroups: groups } = await client();
    const { resourceGroup, server } = group.server;
    const found = await requestOrNull(() => groups.get(resourceGroup, server, group.name));
    if (found === null) return false;
    const partners = (found.partnerServers ?? []).map(({ id }) => id);
    return (
      includesId(partners, group.partnerServerId) &&
      group.databaseIds.every((id) => includesId(found.databases ?? [], id))
    );
  }

  async function seenWithin(group: NewFailoverGroup, ms: number, otherwise: AzureError): Promise<void> {
    const until = clock.now() + ms;
    while (!(await isThere(group))) {
      if (clock.now() > until) throw otherwise;
      await clock.sleep(AGAIN_AFTER_MS);
    }
  }

  return {
    listFailoverGroups: async ({ resourceGroup, server }) => {
      const { failoverGroups: groups } = await client();
      const found = await all(() => groups.listByServer(resourceGroup, server));
      return found.map(failoverGroup);
    },

    createFailoverGroup: async (group, onProgress) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await put(group, onProgress);
        } catch (error) {
          if (!(error instanceof AzureError)) throw error;
          if (attempt > 1 && error.status === 409) return seenWithin(group, CARRIED_OUT_WITHIN_MS, error);
          if (!error.outcomeUnknown) throw error;
          if (await isThere(group)) return;
          if (attempt === ATTEMPTS) throw error;
          await clock.sleep(AGAIN_AFTER_MS);
        }
      }
    },

    deleteFailoverGroup: async ({ resourceGroup, server }, name, onProgress, beforeSending) => {
      const { failoverGroups: groups } = await asking(beforeSending);
      await longRunning({
        what: `The deletion of failover group ${name} on ${server}`,
        begin: async (options) => ({
          poller: await groups.beginDelete(resourceGroup, server, name, options),
        }),
        onProgress,
      });
    },
  };
}

function bodyOf({ partnerServerId, databaseIds, policy, tags }: NewFailoverGroup): SdkGroup {
  const { failover, graceMinutes } = policy;
  return {
    tags: { ...tags },
    readWriteEndpoint: {
      failoverPolicy: failover,
      ...(graceMinutes === null ? {} : { failoverWithDataLossGracePeriodMinutes: graceMinutes }),
    },
    readOnlyEndpoint: { failoverPolicy: 'Disabled' },
    partnerServers: [{ id: partnerServerId }],
    databases: [...databaseIds],
  };
}

function failoverGroup(group: SdkGroup): FailoverGroup {
  return {
    name: group.name ?? '',
    role: group.replicationRole ?? '',
    partnerServers: (group.partnerServers ?? []).map(({ id }) => partOf(id, 'servers') ?? id),
    databaseIds: group.databases ?? [],
    policy: policyOf(group),
  };
}

function policyOf({ readWriteEndpoint }: SdkGroup): FailoverPolicy {
  const automatic = readWriteEndpoint?.failoverPolicy === 'Automatic';
  return {
    failover: automatic ? 'Automatic' : 'Manual',
    graceMinutes: automatic ? (readWriteEndpoint.failoverWithDataLossGracePeriodMinutes ?? null) : null,
  };
}

/** Azure gives ids back in other casing than they were sent. */
function includesId(ids: readonly string[], wanted: string): boolean {
  return ids.some((id) => id.toLowerCase() === wanted.toLowerCase());
}
