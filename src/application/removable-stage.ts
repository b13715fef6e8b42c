// What proves that a database of the stage slot may be deleted: it holds nothing but a copy of production and what the
// upgrade script made of it. Never one that this upgrade has not made, or that users are or were on.
import type { ReplicationLink } from '../azure/ports.ts';
import { type JournalStatus, MOVED_STATUSES } from '../engine/journal.ts';
import { isCopyOf, isSameEntry } from './copy-of-freeze.ts';
import type { DatabaseObservation, DatabaseSide } from './observe.ts';
import { sameName } from './production-slot.ts';
import { createdByTool, type UpgradeContext } from './upgrade-context.ts';

/** Why a database stays. */
export interface Kept {
  readonly why: string;
  /** Text of the input `confirm` with which it would go; null where none would do. */
  readonly confirm: string | null;
}

/** Why the stage database has to stay; null where it may go. */
export function whyStageKept(context: UpgradeContext, seen: DatabaseObservation): Kept | null {
  if (!seen.stage.info) return null;
  if (!createdByTool(context, seen.stage.info)) return keep('this tool has not created it');
  const other = primaryOtherThanProduction(seen);
  if (other !== null) return keep(`${other} was failed over to, and may have served users`);
  return whyKept(context, seen);
}

/** Whose geo-secondary the stage database is, where that is not production: after a disaster V2's standby took over. */
function primaryOtherThanProduction({ production, stage }: DatabaseObservation): string | null {
  const isAbove = ({ role }: ReplicationLink) => role === 'Secondary' || role === 'NonReadableSecondary';
  const other = stage.links.find(
    (link) => isAbove(link) && !sameName(link.partnerServer, production.ref.server),
  );
  return other?.partnerServer ?? null;
}

/**
 * Why the stage database's geo-secondary has to stay; null where it may go. It shares the fate of its primary: as long
 * as that is there and stays, so does this.
 * @param stage what was said of the stage database itself.
 */
export function whyStandbyKept(
  context: UpgradeContext,
  seen: DatabaseObservation,
  standby: DatabaseSide,
  stage: Kept | null,
): Kept | null {
  if (!standby.info) return null;
  const { server } = standby.ref;
  if (seen.production.links.some((link) => sameName(link.partnerServer, server)))
    return keep('it is linked to the database that serves users');
  if (stage) return stage;
  if (isGeoSecondaryOf(standby, seen.stage.ref.server) && seen.protection?.stage) return null;
  const [link] = standby.links;
  if (link) return keep(`it is linked to ${link.partnerServer}`);
  if (!createdByTool(context, standby.info)) return keep('this tool has not created it');
  if (standby.access === 'unreachable') return keep(`it cannot be read (${standby.why})`);
  if (seen.stage.info && isSameEntry(seen.stage.journal, standby.journal)) return null;
  return whyKept(context, inPlaceOfStage(seen, standby));
}

/** What it carries was written on the stage server, or came from production by way of it. */
export function inPlaceOfStage(seen: DatabaseObservation, standby: DatabaseSide): DatabaseObservation {
  return {
    ...seen,
    link: null,
    stage: { ...standby, ref: { ...standby.ref, server: seen.stage.ref.server } },
  };
}

/** As the secondary itself says; after a failover Azure goes on listing links that are not there any more. */
export function isGeoSecondaryOf(secondary: DatabaseSide, primaryServer: string): boolean {
  const linked = secondary.links.some(
    (one) => one.role !== 'Primary' && sameName(one.partnerServer, primaryServer),
  );
  return linked && secondary.access !== 'read-write';
}

function whyKept(context: UpgradeContext, seen: DatabaseObservation): Kept | null {
  const { production, stage } = seen;
  if (production.access === 'absent' || production.access === 'unreachable')
    return keep('production cannot be read');
  if (seen.link && isGeoSecondaryOf(stage, production.ref.server)) return null;
  const here = production.journal;
  const there = stage.journal;
  if (!here || !there || !sameName(here.server, production.ref.server)) return keep(NOT_PROVEN);
  // Whatever production says: its very entry came with its data. V1's original was written on V1's server.
  if (isCopyOf(production.ref.server, here, there)) return null;
  if (here.status === 'switching' || MOVED_STATUSES.includes(here.status))
    return keep('production is V2, so it may be the V1 that users were on');
  const written = whatUsersMayHaveWritten(seen);
  if (written !== null) return keptUnlessConfirmed(context, written);
  return isMadeByThisUpgrade(seen) ? null : keep(NOT_PROVEN);
}

/** Why it stays until somebody says that it may go. */
export function keptUnlessConfirmed(context: UpgradeContext, why: string): Kept | null {
  return confirmed(context) ? null : { why, confirm: expected(context) };
}

const NOT_PROVEN = 'nothing proves that this upgrade made it';
const keep = (why: string): Kept => ({ why, confirm: null });

/** The input that lets go what users may have written to V2, in cleanup's words. */
const expected = ({ stage }: UpgradeContext) => `remove ${stage.config.name}`;

function confirmed(context: UpgradeContext): boolean {
  return context.confirm.trim().toLowerCase() === expected(context).toLowerCase();
}

/** What is only on the stage database, in words; null where the switch was never tried. */
function whatUsersMayHaveWritten({ production, stage }: DatabaseObservation): string | null {
  if (!stage.journal || stage.journal.upgradeId !== production.journal?.upgradeId) return null;
  const { status, server } = stage.journal;
  if (status === 'returning') return 'it holds what users wrote to V2 before they were taken back to V1';
  if (!sameName(server, stage.ref.server)) return null;
  if (MOVED_STATUSES.includes(status)) return 'users were on it, and somebody has sent them back to V1';
  return status === 'switching' ? 'the switch to it was tried, so users may have written there' : null;
}

/** What is on the stage database from the script's begin until it was tried to send users there. */
const SCRIPTED: readonly JournalStatus[] = ['upgrading', 'scripted', 'upgraded'];

/** Not once the switch was tried: users may have written there. */
function isMadeByThisUpgrade({ production, stage }: DatabaseObservation): boolean {
  const here = production.journal;
  const there = stage.journal;
  if (!here || !there) return false;
  if (here.upgradeId !== there.upgradeId || !GOING_BACK.includes(here.status)) return false;
  if (SCRIPTED.includes(there.status)) return sameName(there.server, stage.ref.server);
  return there.status === 'freezing' && sameName(there.server, production.ref.server);
}

/** What production says while its upgrade is under way, and once it was given back. */
const GOING_BACK: readonly JournalStatus[] = ['freezing', 'unfrozen'];
