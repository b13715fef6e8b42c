// Chained geo-replication, the secondary of a secondary: what Azure refuses.
import { ArmError } from '../core/errors.ts';
import { sameName } from '../core/ids.ts';
import type { Source } from './geo-secondary.ts';
import type { Server } from './model.ts';
import type { SqlRegistry } from './registry.ts';

/** Throws where the source is itself a secondary and no further copy may hang on it; any other source will do. */
export function checkChain(registry: SqlRegistry, source: Source, target: Server): void {
  const link = incoming(registry, source);
  if (link === null) return;
  const above = [source, ...sourcesAbove(registry, source)];
  // Which of its codes Azure answers with for Hyperscale is not documented; this one says what it is.
  if (source.database.sku.tier === 'Hyperscale')
    throw new ArmError(
      405,
      'UnsupportedReplicationOperation',
      'An unsupported replication operation was initiated on the database: a geo-secondary of a Hyperscale database cannot be the source of another geo-secondary.',
    );
  if ([target, ...above.map(({ server }) => server)].some((server) => server.keyUri !== null))
    throw new ArmError(
      400,
      'SecurityAzureKeyVaultGeoChainError',
      'Creating secondary of secondary (a process known as chaining) is not supported when enabling Transparent Data Encryption using Azure Key Vault (BYOK).',
    );
  if (above.some(({ database }) => database.ledgerDigestEndpoint !== null))
    throw new ArmError(
      400,
      'UnableToCreateGeoChain',
      'Creating a geo-secondary of a geo-secondary is not supported when automatic upload of ledger digests is enabled.',
    );
  if (link.state !== 'CATCH_UP')
    throw new ArmError(
      400,
      'IncorrectReplicationLinkState',
      'The operation expects the database to be in an expected state on the replication link.',
    );
}

function incoming({ context }: SqlRegistry, { server, database }: Source) {
  const links = context.fabric.links(server.name, database.name);
  return links.find((link) => sameName(link.secondary.server, server.name)) ?? null;
}

/** Nearest first. */
function sourcesAbove(registry: SqlRegistry, source: Source): Source[] {
  const link = incoming(registry, source);
  const server = link === null ? undefined : registry.servers.get(link.primary.server);
  const database = server === undefined ? null : registry.database(server, source.database.name);
  if (server === undefined || database === null) return [];
  return [{ server, database }, ...sourcesAbove(registry, { server, database })];
}
