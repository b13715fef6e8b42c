// PUT of a database with createMode Secondary: what Azure refuses, and the seeding that follows.
import type { ArmCall } from '../core/call.ts';
import { ArmError } from '../core/errors.ts';
import { parseId, sameName } from '../core/ids.ts';
import { asObject, asText } from '../core/json.ts';
import type { Work } from '../core/operations.ts';
import { checkChain } from './chain.ts';
import type { Database, Server } from './model.ts';
import type { SqlRegistry } from './registry.ts';
import type { DatabaseSku } from './sku.ts';
import { poolSku, requestedSku, tierRank } from './sku.ts';

const MAX_SECONDARIES = 4;
const MAX_HYPERSCALE_SECONDARIES = 1;
/** How often the operation looks at the link, in milliseconds. */
const LOOK_EVERY = 25;

export interface Source {
  readonly server: Server;
  readonly database: Database;
}

/** The source a request names; throws 400/404 as Azure does. */
export function sourceOf(registry: SqlRegistry, call: ArmCall): Source {
  const properties = asObject(call.body.properties);
  const id = asText(properties.sourceDatabaseId) ?? asText(properties.sourceResourceId);
  if (id === null)
    throw new ArmError(
      400,
      'InvalidDatabaseCreateOrUpdateRequest',
      "The request body for the create or update database operation is invalid: 'sourceDatabaseId' is required.",
    );
  if (parseId(id) === null)
    throw new ArmError(400, 'InvalidResourceId', `The resource id '${id}' is invalid.`);
  const source = registry.byId(id);
  if (source === null)
    throw new ArmError(404, 'SourceDatabaseNotFound', 'The source database does not exist.');
  if (!registry.context.authorization.isAllowed(call.caller, 'Microsoft.Sql/servers/databases/read', id))
    throw new ArmError(
      400,
      'InvalidAddSecondaryPermission',
      'User does not have sufficient permission to add secondary on the specified server.',
    );
  return source;
}

/** Throws what Azure answers instead of accepting this geo-secondary; returns its sku. */
export function checkSecondary(
  registry: SqlRegistry,
  call: ArmCall,
  source: Source,
  target: { readonly server: Server; readonly name: string },
): DatabaseSku {
  if (sameName(source.server.name, target.server.name))
    throw new ArmError(
      400,
      'ReplicationSourceAndTargetMustBeInDifferentServers',
      'The replication source and target databases must be in different logical servers.',
    );
  if (!sameName(source.database.name, target.name))
    throw new ArmError(
      400,
      'ReplicationSourceAndTargetMustHaveSameName',
      'The replication source and target databases must have the same name.',
    );
  checkSource(registry, source, target.server);
  return skuOfSecondary(call, source, target);
}

/** Throws where this source cannot have one more geo-secondary, or not on that server. */
export function checkSource(registry: SqlRegistry, source: Source, target: Server): void {
  checkLimit(registry, source);
  checkChain(registry, source, target);
}

function checkLimit(registry: SqlRegistry, source: Source): void {
  const secondaries = registry.context.fabric
    .links(source.server.name, source.database.name)
    .filter((link) => sameName(link.primary.server, source.server.name));
  const limit = source.database.sku.tier === 'Hyperscale' ? MAX_HYPERSCALE_SECONDARIES : MAX_SECONDARIES;
  if (secondaries.length < limit) return;
  throw new ArmError(
    400,
    'GeoReplicaLimitReached',
    `The per-replica replication limit was reached. A database may have at most ${limit} geo-secondaries.`,
  );
}

function skuOfSecondary(
  call: ArmCall,
  source: Source,
  target: { server: Server; name: string },
): DatabaseSku {
  const pool = poolOf(call, target.server);
  const sku = pool === null ? (requestedSku(call.body) ?? source.database.sku) : poolSku(pool.tier);
  const [from, to] = [tierRank(source.database.sku), tierRank(sku)];
  if (from === to) return sku;
  const names = {
    source: `${source.server.name}.${source.database.name}`,
    target: `${target.server.name}.${target.name}`,
  };
  if (from > to)
    throw new ArmError(
      400,
      'SourceDatabaseEditionCouldNotBeUpgraded',
      `The source database '${names.source}' cannot have higher edition than the target database '${names.target}'. Upgrade the edition on the target before upgrading source.`,
    );
  throw new ArmError(
    400,
    'TargetDatabaseEditionCouldNotBeDowngraded',
    `The target database '${names.target}' cannot have a different edition than the source database '${names.source}'.`,
  );
}

/** The pool on the target server that a request names; throws 400 TargetElasticPoolDoesNotExist. */
export function poolOf(call: ArmCall, server: Server): { readonly id: string; readonly tier: string } | null {
  const id = asText(asObject(call.body.properties).elasticPoolId);
  if (id === null) return null;
  const name = parseId(id)?.names.at(-1) ?? id;
  const pool = server.elasticPools.get(name);
  if (pool !== undefined) return { id, tier: pool.tier };
  throw new ArmError(
    400,
    'TargetElasticPoolDoesNotExist',
    `The elastic pool does not exist on a server: elastic pool '${name}', server '${server.name}'.`,
  );
}

/** Seeds, and ends when the link has caught up (or sooner, where this Azure is told so). */
export function seeding(
  registry: SqlRegistry,
  source: Source,
  target: { server: Server; database: Database },
): Work {
  const { fabric, clock, latency, behaviour } = registry.context;
  return async (signal) => {
    const link = fabric.startGeoReplication(
      { server: source.server.name, database: source.database.name },
      { server: target.server.name, database: target.database.name },
      latency.of('create-secondary'),
    );
    target.database.creating = false;
    if (behaviour.putSecondaryReturnsBeforeSeeding) return;
    await caughtUp(registry, target, link.id, signal, () => clock.sleep(LOOK_EVERY, signal));
  };
}

async function caughtUp(
  registry: SqlRegistry,
  target: { server: Server; database: Database },
  linkId: string,
  signal: AbortSignal,
  pause: () => Promise<void>,
): Promise<void> {
  for (;;) {
    const link = registry.context.fabric
      .links(target.server.name, target.database.name)
      .find((each) => each.id === linkId);
    if (link === undefined)
      throw new ArmError(
        409,
        'OperationCancelled',
        'The operation has been cancelled: the replication link was removed while seeding.',
      );
    if (link.state === 'CATCH_UP') return;
    signal.throwIfAborted();
    await pause();
  }
}
