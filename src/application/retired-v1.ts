// What proves that a database is V1 of the upgrade that is in production, so that cleanup may delete it, and that what
// users are on does not need it any more.
import { linkTo, readLinks } from '../azure/tsql/geo-replication.ts';
import { isCopyOf } from './copy-of-freeze.ts';
import type { DatabaseObservation, DatabaseSide } from './observe.ts';
import { sameName } from './production-slot.ts';
import { inPlaceOfStage, isGeoSecondaryOf } from './removable-stage.ts';
import { type DatabasePair, sqlTarget, type UpgradeContext } from './upgrade-context.ts';
import { isRetiredV1 } from './upgrade-state.ts';

/** V1 of the upgrade that is in production, and V2 was seen to serve: not while the switch is only tried. */
export function isProvenV1(seen: DatabaseObservation): boolean {
  return isRetiredV1(seen) && seen.production.journal?.status === 'serving';
}

/**
 * Whether a database in the backup region is V1's geo-secondary, or was until its link was removed. Then it carries V1's
 * entry; where V1's own database is gone, the entry proves of it what it would prove of V1.
 */
export function isProvenStandbyOfV1(seen: DatabaseObservation, standby: DatabaseSide): boolean {
  const { production, stage, protection } = seen;
  if (production.links.some((link) => sameName(link.partnerServer, standby.ref.server))) return false;
  if (protection?.stage) return isProvenV1(seen) && isGeoSecondaryOf(standby, stage.ref.server);
  if (standby.links.length > 0 || !isProvenV1(inPlaceOfStage(seen, standby))) return false;
  return !stage.info || (isProvenV1(seen) && isCopyOf(stage.ref.server, stage.journal, standby.journal));
}

/**
 * Why the database that serves users has no geo-secondary that has caught up; null where it has one, and in
 * single-region, where it needs none. Asked of its primary region alone, which knows what the other one acknowledges.
 */
export async function whyUnprotected(
  context: UpgradeContext,
  pair: DatabasePair,
  { protection }: DatabaseObservation,
): Promise<string | null> {
  const { standby, server } = context.production;
  if (!standby || !protection) return null;
  const what = `${pair.name}: ${server.name} → ${standby.server.name}`;
  const managed = protection.production?.state ?? 'no link';
  if (managed !== 'CATCH_UP') return `${what} is ${managed}`;
  const link = await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) =>
    linkTo(await readLinks(connection), standby.server.name),
  );
  return link?.state === 'CATCH_UP' ? null : `${what} is ${link?.state ?? 'no link'}, says ${server.name}`;
}
