// The compromised stage database is removed, where the configuration says so, its geo-secondary in the backup region
// first; by default both are kept for root cause analysis.

import { isSameEntry } from '../application/copy-of-freeze.ts';
import {
  type DatabaseObservation,
  type DatabaseSide,
  linkToSecondary,
  observeDatabase,
  observeStandby,
} from '../application/observe.ts';
import { inBackupRegion } from '../application/regions.ts';
import {
  isGeoSecondaryOf,
  type Kept,
  keptUnlessConfirmed,
  whyStageKept,
  whyStandbyKept,
} from '../application/removable-stage.ts';
import { seenUnderLock } from '../application/run-lock.ts';
import { type DatabasePair, forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import { writtenAfterEntry } from '../application/user-writes.ts';
import type { DatabaseRef } from '../azure/ports.ts';
import type { StepRun, Undo, UndoOutcome } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { deleteDatabase, endLink, type StillSeen } from './remove-until-gone.ts';

export function removeStage(context: UpgradeContext): Undo {
  const remove = context.config.rollback.stage === 'remove';
  const { stage } = context;
  const [databases, where] = stage.standby
    ? ['databases', `${stage.server.name} and its geo-secondary on ${stage.standby.server.name}`]
    : ['database', stage.server.name];
  const stays = stage.standby ? 'stay as they are' : 'stays as it is';
  return {
    order: 'tidy',
    what: remove
      ? `Remove the stage database on ${where}`
      : `Keep the stage database on ${where} for root cause analysis`,
    apply: async (run) => {
      if (!remove) {
        const evidence = [`rollback.stage is keep: the ${databases} on ${where} ${stays}`];
        return { kind: 'kept', evidence, unconfirmed: null };
      }
      return outcomeOf(
        context,
        (await forEachDatabase(context, (pair) => removePair(context, pair, run))).flat(),
      );
    },
  };
}

type Removal =
  | { readonly kind: 'absent' | 'removed'; readonly where: string }
  | { readonly kind: 'kept'; readonly where: string; readonly kept: Kept };

/** What is there, and why it has to stay; nulls where it may go. */
interface PairSeen {
  readonly seen: DatabaseObservation;
  readonly stageKept: Kept | null;
  /** Null where there is no backup region. */
  readonly standby: { readonly side: DatabaseSide; readonly kept: Kept | null } | null;
}

/** The geo-secondary, where there is one, then the stage database: what the first is linked to goes last. */
async function removePair(context: UpgradeContext, pair: DatabasePair, run: StepRun): Promise<Removal[]> {
  const look = () => lookAtPair(context, pair);
  const { seen: now, isStillSo } = await seenUnderLock(context, look, mayAnyGo);
  const { seen, stageKept, standby } = now;
  const { info } = seen.stage;
  const anew = () => removePair(context, pair, run);
  if (!standby) {
    const only = await removeOne(context, { ref: pair.stage, info, kept: stageKept, isStillSo }, run);
    return only ? [only] : anew();
  }
  const { ref } = standby.side;
  const linked = seen.protection?.stage ?? null;
  // Each of these takes a while, and another run may have acted where the lock was lost over it.
  if (linked && !standby.kept && !(await endLink(context, pair.stage, ref, run, isStillSo))) return anew();
  const first = await removeOne(
    context,
    { ref, info: standby.side.info, kept: standby.kept, isStillSo },
    run,
  );
  if (!first) return anew();
  // Deleting the primary of a link would leave its secondary to itself.
  const held = linked && standby.kept ? { ...standby.kept, why: `${where(ref)} is kept` } : null;
  const kept = stageKept ?? held ?? (info && (await whyStageKeptNow(context, pair)));
  const second = await removeOne(context, { ref: pair.stage, info, kept, isStillSo }, run);
  return second ? [first, second] : [first, ...(await anew())];
}

async function lookAtPair(context: UpgradeContext, pair: DatabasePair): Promise<PairSeen> {
  const seen = await observeDatabase(context, pair);
  const side = await observeStandby(context, 'stage', pair.name);
  const stageKept =
    whyStageKept(context, seen) ??
    (seen.stage.info && (await whyFailedOverTo(context, pair))) ??
    (await whyStageWritten(context, pair, seen, side));
  if (!side) return { seen, stageKept, standby: null };
  const kept =
    whyStandbyKept(context, seen, side, stageKept) ?? (await whyStandbyWritten(context, pair, seen, side));
  return { seen, stageKept, standby: { side, kept } };
}

function mayAnyGo({ seen, stageKept, standby }: PairSeen): boolean {
  const stageMayGo = seen.stage.info !== null && stageKept === null;
  if (stageMayGo || standby === null || standby.kept !== null) return stageMayGo;
  return standby.side.info !== null || Boolean(seen.protection?.stage);
}

/** Removing its geo-secondary has taken minutes. */
async function whyStageKeptNow(context: UpgradeContext, pair: DatabasePair): Promise<Kept | null> {
  return (
    (await whyFailedOverTo(context, pair)) ?? whyStageKept(context, await observeDatabase(context, pair))
  );
}

/** Asked just before anything of it would be removed: somebody may have failed production over to it since it was looked at. */
async function whyFailedOverTo(context: UpgradeContext, pair: DatabasePair): Promise<Kept | null> {
  const links = await context.azure.sql.listLinks(pair.stage);
  if (!linkToSecondary(links, pair.production)) return null;
  return {
    why: `production was failed over to it: ${where(pair.production)} is its geo-secondary`,
    confirm: null,
  };
}

/**
 * Cut off from production and from its geo-secondary, it may have served users while it was a pair with one of them. In one region that
 * is one that carries production's own entry: on one that the script was begun on V2's own site may write, where nobody is yet.
 */
async function whyStageWritten(
  context: UpgradeContext,
  pair: DatabasePair,
  { production, stage }: DatabaseObservation,
  standby: DatabaseSide | null,
): Promise<Kept | null> {
  if (!stage.info || isGeoSecondaryOf(stage, production.ref.server)) return null;
  if (standby ? isGeoSecondaryOf(standby, stage.ref.server) : !isSameEntry(production.journal, stage.journal))
    return null;
  // The script writes after that entry; users are not sent to what it has not finished.
  if (stage.journal?.status === 'upgrading') return null;
  return whyWritten(context, await writtenAfterEntry(context, 'stage', pair, stage));
}

/** The same of the geo-secondary: it took no write while it was one. */
async function whyStandbyWritten(
  context: UpgradeContext,
  pair: DatabasePair,
  { stage }: DatabaseObservation,
  standby: DatabaseSide,
): Promise<Kept | null> {
  if (!standby.info || standby.access === 'unreachable' || isGeoSecondaryOf(standby, stage.ref.server))
    return null;
  return whyWritten(context, await writtenAfterEntry(inBackupRegion(context), 'stage', pair, standby));
}

function whyWritten(context: UpgradeContext, at: Date | null): Kept | null {
  if (!at) return null;
  return keptUnlessConfirmed(
    context,
    `it was written at ${at.toISOString()}, after the upgrade's last entry, so users may have been there`,
  );
}

interface ToRemove {
  readonly ref: DatabaseRef;
  readonly info: DatabaseObservation['stage']['info'];
  /** Why it has to stay; null where it may go. */
  readonly kept: Kept | null;
  readonly isStillSo: StillSeen;
}

/** Null where it has to be looked at again first. */
async function removeOne(
  context: UpgradeContext,
  { ref, info, kept, isStillSo }: ToRemove,
  run: StepRun,
): Promise<Removal | null> {
  if (!info) return { kind: 'absent', where: where(ref) };
  if (kept) return { kind: 'kept', where: where(ref), kept };
  const deleted = await deleteDatabase(context, ref, run, isStillSo);
  return deleted === null ? null : { kind: 'removed', where: where(ref) };
}

const where = ({ server, database }: DatabaseRef) => `${database} on ${server}`;

function outcomeOf(context: UpgradeContext, removals: readonly Removal[]): UndoOutcome {
  const evidence = removals.map(evidenceOf);
  if (removals.some((one) => one.kind === 'removed')) return { kind: 'undone', evidence };
  const kept = removals.filter((one) => one.kind === 'kept');
  if (kept.length === 0) return { kind: 'nothing-to-undo', evidence };
  const [unconfirmed] = kept.filter((one) => one.kept.confirm !== null);
  return { kind: 'kept', evidence, unconfirmed: unconfirmed ? notConfirmed(context, unconfirmed) : null };
}

function evidenceOf(removal: Removal): string {
  switch (removal.kind) {
    case 'absent':
      return `${removal.where} does not exist`;
    case 'removed':
      return `${removal.where} is removed`;
    case 'kept':
      return `${removal.where} is kept: ${removal.kept.why}${howToRemove(removal.kept)}`;
  }
}

const howToRemove = ({ confirm }: Kept) =>
  confirm === null ? '' : `; to remove it run rollback with the input confirm: "${confirm}"`;

function notConfirmed({ confirm }: UpgradeContext, { where, kept }: Extract<Removal, { kind: 'kept' }>) {
  const found = confirm.trim() === '' ? '' : `: found "${confirm}"`;
  return new UpgradeError(
    'confirmation-missing',
    `${where} is kept (${kept.why}), and its removal was not confirmed${found}`,
    {
      advice: [`If nobody needs what is in it, run rollback with the input confirm: "${kept.confirm ?? ''}"`],
    },
  );
}
