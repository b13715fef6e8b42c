// Which database is the original and which one the copy. The journal travels with the data, so both carry the same
// upgrade id after the link is cut; only the server and the moment in the entry tell them apart.
import type { JournalEntry, JournalStatus } from '../engine/journal.ts';
import { sameName } from './production-slot.ts';

/**
 * Whether the stage database is a copy, untouched since, of this very freeze of production: production says of
 * itself that it was frozen, and the stage database carries that entry, written on production's server at that
 * moment. V1's own database, frozen by the upgrade that V2 came from, carries V2's upgrade id too and is not one.
 *
 * @param productionServer the logical server that production is on in this run.
 */
export function isCopyOfFreeze(
  productionServer: string,
  production: JournalEntry | null,
  stage: JournalEntry | null,
): boolean {
  return production?.status === 'freezing' && isCopyOf(productionServer, production, stage);
}

/**
 * Whether the stage database is such a copy, or has been one and the upgrade has gone on from there: `upgrading`,
 * `scripted` and what says that it is complete are written on the stage server, under the id of production's freeze.
 */
export function isOfFreeze(
  productionServer: string,
  production: JournalEntry | null,
  stage: JournalEntry | null,
): boolean {
  if (isCopyOfFreeze(productionServer, production, stage)) return true;
  return (
    production?.status === 'freezing' &&
    sameName(production.server, productionServer) &&
    stage?.upgradeId === production.upgradeId &&
    UNDER_WAY.includes(stage.status) &&
    !sameName(stage.server, productionServer)
  );
}

/** What a copy says whose upgrade has come to its end: all that V2 needs is there. */
export const COMPLETE: readonly JournalStatus[] = ['upgraded', 'switching', 'moved', 'serving'];

/** Whether the upgrade of such a copy has come to its end. */
export function isUpgradedCopy(
  productionServer: string,
  production: JournalEntry | null,
  stage: JournalEntry | null,
): boolean {
  const isComplete = stage !== null && COMPLETE.includes(stage.status);
  return isComplete && isOfFreeze(productionServer, production, stage);
}

/** Since when the frozen V1 has taken no write, by its own server's clock, as its copy tells; null where that does not. */
export function closedAt(v1: JournalEntry | null, v2: JournalEntry | null): Date | null {
  if (v1?.status !== 'freezing' || v2?.upgradeId !== v1.upgradeId || !v2.closedAt) return null;
  return new Date(v2.closedAt);
}

/** Whether the stage database carries production's own entry, letter for letter. */
export function isCopyOf(
  productionServer: string,
  production: JournalEntry | null,
  stage: JournalEntry | null,
): boolean {
  return (
    production !== null && sameName(production.server, productionServer) && isSameEntry(production, stage)
  );
}

/** Whether both databases carry one entry, letter for letter, or neither carries any. */
export function isSameEntry(one: JournalEntry | null, other: JournalEntry | null): boolean {
  if (!one || !other) return one === other;
  return (
    sameName(one.server, other.server) &&
    one.upgradeId === other.upgradeId &&
    one.status === other.status &&
    one.at === other.at
  );
}

/** What is written on the stage server from the script's begin until V1 is given up. */
const UNDER_WAY: readonly JournalStatus[] = ['upgrading', 'scripted', ...COMPLETE];
