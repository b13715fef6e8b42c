// Azure SQL's resources between the SDK's shapes and the ports'.
import type { Database, ReplicationLink as SdkLink, Sku as SdkSku } from '@azure/arm-sql';
import { UpgradeError } from '../reasons.ts';
import type { DatabaseInfo, GeoSecondary, ReplicationLink, Sku } from './ports.ts';
import { told } from './told.ts';

/** The body of the PUT. Throws 'service-tier-mismatch' where it would be of another size than its source. */
export function geoSecondaryBody({ source, location, elasticPoolId, tags }: GeoSecondary): Database {
  const body: Database = {
    location,
    tags: { ...tags },
    createMode: 'Secondary',
    secondaryType: 'Geo',
    sourceDatabaseId: source.id,
  };
  if (elasticPoolId !== null) return { ...body, elasticPoolId };
  if (source.elasticPoolId !== null) {
    throw new UpgradeError(
      'service-tier-mismatch',
      `${source.name} is in an elastic pool; its geo-secondary needs a pool as well, or it would be of another size.`,
      { advice: ['Name the pool on the other server as "elastic-pool" of that slot.'] },
    );
  }
  return source.sku === null ? body : { ...body, sku: sdkSku(source.sku) };
}

/** @param name what was asked for. */
export function databaseInfo(database: Database, name: string): DatabaseInfo {
  return {
    id: told(database.id, `the id of database ${name}`),
    name: database.name ?? name,
    location: database.location,
    status: database.status ?? null,
    sku: database.sku ? sku(database.sku) : null,
    elasticPoolId: database.elasticPoolId ?? null,
    maxSizeBytes: database.maxSizeBytes ?? null,
    zoneRedundant: database.zoneRedundant ?? null,
    autoPauseDelay: database.autoPauseDelay ?? null,
    tags: database.tags ?? {},
    createdAt: database.creationDate ?? null,
  };
}

/**
 * `id` is the link's GUID: the same on both sides, and what `removeLink` takes. Throws AzureError where the answer does
 * not tell whose link it is: a link that is not recognised would pass for one that has been cut.
 */
export function replicationLink(link: SdkLink): ReplicationLink {
  return {
    id: told(link.name, 'the id of a replication link'),
    partnerServer: told(link.partnerServer, 'which server a replication link leads to'),
    partnerDatabase: told(link.partnerDatabase, 'which database a replication link leads to'),
    partnerLocation: link.partnerLocation ?? null,
    role: told(link.role, 'which end of a replication link this is'),
    partnerRole: link.partnerRole ?? '',
    state: link.replicationState ?? '',
    percentComplete: link.percentComplete ?? null,
    linkType: link.linkType ?? null,
    startedAt: link.startTime ?? null,
  };
}

function sku({ name, tier, family, capacity }: SdkSku): Sku {
  return { name, tier: tier ?? null, family: family ?? null, capacity: capacity ?? null };
}

function sdkSku({ name, tier, family, capacity }: Sku): SdkSku {
  return {
    name,
    ...(tier === null ? {} : { tier }),
    ...(family === null ? {} : { family }),
    ...(capacity === null ? {} : { capacity }),
  };
}
