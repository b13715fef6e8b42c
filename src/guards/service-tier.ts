import type { DatabaseObservation } from '../application/observe.ts';
import type { DatabasePair, UpgradeContext } from '../application/upgrade-context.ts';
import type { DatabaseInfo, Sku } from '../azure/ports.ts';
import { command } from '../engine/command-line.ts';
import type { Guard, Verdict } from './guard.ts';
import { fail, notKnowable, pass, perDatabase } from './verdict.ts';

/**
 * Geo-replication wants one service tier on both sides. A smaller copy throttles production's log
 * (HADR_THROTTLE_LOG_RATE_MISMATCHED_SLO), and it is production after the switch.
 */
export const serviceTier: Guard = {
  id: 'service-tier',
  title: 'The stage database has the service tier and size of production',
  phases: ['prepare', 'upgrade'],
  check: (context, observed) =>
    perDatabase(context, observed, (pair, { production, stage }) => {
      if (!production.info) return notKnowable(`${pair.name} is not on ${production.ref.server}`);
      return (
        autoPause(pair, production.info) ??
        poolMissing(context, pair, production.info) ??
        different(pair, production.info, stage.info) ??
        secondHyperscaleReplica(context, pair, production) ??
        pass(`${pair.name}: ${sizeOf(production.info)}${stage.info ? ' on both sides' : ''}`)
      );
    }),
};

/** Serverless pauses on both sides or neither, and a paused primary does not replicate: Azure refuses the pair. */
function autoPause(pair: DatabasePair, info: DatabaseInfo): Verdict | null {
  if (info.autoPauseDelay === null || info.autoPauseDelay < 0) return null;
  return fail(
    'service-tier-mismatch',
    `${pair.name} on ${pair.production.server} pauses after ${info.autoPauseDelay} minutes; geo-replication does not support auto-pause`,
    'Switch auto-pause off:',
    update(pair.production, '--auto-pause-delay', '-1'),
  );
}

function poolMissing(context: UpgradeContext, pair: DatabasePair, info: DatabaseInfo): Verdict | null {
  const { config, server } = context.stage;
  if (info.elasticPoolId === null || config.elasticPool !== null) return null;
  return fail(
    'service-tier-mismatch',
    `${pair.name} is in an elastic pool on ${pair.production.server}, and slot ${config.name} names none`,
    `Name a pool on ${server.name} in slots.${config.name}.sql-server.elastic-pool; this lists them:`,
    command(
      'az',
      'sql',
      'elastic-pool',
      'list',
      '-g',
      config.sqlResourceGroup,
      '-s',
      server.name,
      '-o',
      'table',
    ),
  );
}

function different(pair: DatabasePair, production: DatabaseInfo, stage: DatabaseInfo | null): Verdict | null {
  if (!stage || !production.sku || !stage.sku || sameSize(production, stage)) return null;
  const evidence = `${pair.name} is ${sizeOf(production)} on ${pair.production.server} and ${sizeOf(stage)} on ${pair.stage.server}`;
  const pooled = stage.elasticPoolId ?? production.elasticPoolId;
  if (pooled !== null) {
    return fail('service-tier-mismatch', evidence, 'Put both databases into pools of one service tier.');
  }
  return fail(
    'service-tier-mismatch',
    evidence,
    'Give the stage database the service objective of production (where both grow, the copy first):',
    update(pair.stage, ...sizeOptions(production.sku)),
  );
}

/** Databases in a pool have the pool's size: only the tier is theirs. */
function sameSize(a: DatabaseInfo, b: DatabaseInfo): boolean {
  if (a.elasticPoolId !== null || b.elasticPoolId !== null) return same(a.sku?.tier, b.sku?.tier);
  return same(size(a.sku), size(b.sku));
}

/** DTU sizes are tier and DTUs, by whatever name (Standard, S1); vCore sizes are not: GP_Gen5, GP_S_Gen5. */
function size(sku: Sku | null): string {
  if (!sku) return '';
  const byCapacity = sku.family === null && sku.capacity !== null;
  return `${sku.tier} ${byCapacity ? '' : sku.name} ${sku.capacity}`;
}

function same(a: string | null | undefined, b: string | null | undefined): boolean {
  return (a ?? '').toLowerCase() === (b ?? '').toLowerCase();
}

function sizeOptions({ name, tier, family, capacity }: Sku): string[] {
  if (capacity === null) return ['--service-objective', name];
  const model = /^(GP|HS)_S_/i.test(name) ? 'Serverless' : 'Provisioned';
  const cores = family === null ? [] : ['--family', family, '--compute-model', model];
  return ['--edition', tier ?? name, ...cores, '--capacity', String(capacity)];
}

/** One geo-replica was documented in 2021; newer limits are looser, and Azure itself tells when one is created. */
function secondHyperscaleReplica(
  context: UpgradeContext,
  pair: DatabasePair,
  production: DatabaseObservation['production'],
): Verdict | null {
  if (!same(production.info?.sku?.tier, 'Hyperscale')) return null;
  const others = production.links.filter(
    (link) => link.role === 'Primary' && !same(link.partnerServer, context.stage.server.name),
  );
  if (others.length === 0) return null;
  return notKnowable(
    `${pair.name} is Hyperscale and has a geo-replica on ${others.map((link) => link.partnerServer).join(', ')}; whether Azure allows a second one for the stage slot shows when prepare creates it`,
  );
}

function sizeOf({ sku, elasticPoolId }: DatabaseInfo): string {
  if (!sku) return 'of unknown size';
  if (elasticPoolId !== null)
    return `${sku.tier ?? sku.name} in pool ${elasticPoolId.split('/').at(-1) ?? ''}`;
  const name = same(sku.name, sku.tier) ? sku.name : `${sku.tier ?? ''} ${sku.name}`.trim();
  if (sku.capacity === null) return name;
  return sku.family === null ? `${name}, ${sku.capacity} DTU` : `${name}, ${sku.capacity} vCores`;
}

function update(ref: DatabasePair['stage'], ...options: string[]): string {
  return command(
    'az',
    'sql',
    'db',
    'update',
    '-g',
    ref.resourceGroup,
    '-s',
    ref.server,
    '-n',
    ref.database,
    ...options,
  );
}
