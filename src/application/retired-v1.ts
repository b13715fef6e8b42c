// What proves that a database is V1 of the upgrade that is in production, so that cleanup may delete it.
import { isCopyOf } from './copy-of-freeze.ts';
import type { DatabaseObservation, DatabaseSide } from './observe.ts';
import { sameName } from './production-slot.ts';
import { inPlaceOfStage, isGeoSecondaryOf } from './removable-stage.ts';
import { isRetiredV1 } from './upgrade-state.ts';

/** V1 of the upgrade that is in production, closed, and V2 was seen to serve: not while the switch is only tried. */
export function isProvenV1(seen: DatabaseObservation): boolean {
  const isClosed = seen.stage.access === 'read-only';
  return isRetiredV1(seen) && isClosed && seen.production.journal?.status === 'serving';
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
