// (9) The compromised stage database is removed, where the configuration says so; by default it is kept for
// root cause analysis. Never removed: a database that this upgrade has not made, or that users are or were on.
import { isCopyOf } from '../application/copy-of-freeze.ts';
import { type DatabaseObservation, observeDatabase } from '../application/observe.ts';
import { sameName } from '../application/production-slot.ts';
import { ensureRunLock } from '../application/run-lock.ts';
import {
  createdByTool,
  type DatabasePair,
  forEachDatabase,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import type { JournalStatus } from '../engine/journal.ts';
import type { StepRun, Undo } from '../engine/step.ts';

export function removeStage(context: UpgradeContext): Undo {
  const remove = context.config.rollback.stage === 'remove';
  const server = context.stage.server.name;
  return {
    order: 'tidy',
    what: remove
      ? `Remove the stage database on ${server}`
      : `Keep the stage database on ${server} for root cause analysis`,
    apply: async (run) => {
      if (!remove)
        return { kind: 'nothing-to-undo', evidence: [`rollback.stage is keep: ${server} stays as it is`] };
      const removed = await forEachDatabase(context, (pair) => removeDatabase(context, pair, run));
      const changed = removed.some((one) => one.removed);
      return { kind: changed ? 'undone' : 'nothing-to-undo', evidence: removed.map((one) => one.evidence) };
    },
  };
}

async function removeDatabase(context: UpgradeContext, pair: DatabasePair, run: StepRun) {
  const seen = await observeDatabase(context, pair);
  const where = `${pair.name} on ${pair.stage.server}`;
  if (!seen.stage.info) return { removed: false, evidence: `${where} does not exist` };
  const kept = !createdByTool(context, seen.stage.info)
    ? 'this tool has not created it'
    : whyKept(seen, { expected: `remove ${context.stage.config.name}`, given: context.confirm });
  if (kept) return { removed: false, evidence: `${where} is kept: ${kept}` };
  await ensureRunLock(context, 'production');
  await context.azure.sql.deleteDatabase(pair.stage, run.progress);
  return { removed: true, evidence: `${where} is removed` };
}

/** The input that lets go what users may have written to V2, in cleanup's words. */
export interface Confirmation {
  readonly expected: string;
  readonly given: string;
}

/**
 * Why the stage database has to stay; null where it is proven that it holds nothing but a copy of production and
 * what the upgrade script made of it.
 */
export function whyKept(seen: DatabaseObservation, confirm: Confirmation): string | null {
  const { production, stage } = seen;
  if (production.access === 'absent' || production.access === 'unreachable')
    return 'production cannot be read';
  if (isSecondaryOfProduction(seen)) return null;
  const here = production.journal;
  const there = stage.journal;
  if (!here || !there || !sameName(here.server, production.ref.server))
    return 'nothing proves that this upgrade made it';
  // Whatever production says: its very entry came with its data. V1's original was written on V1's server.
  if (isCopyOf(production.ref.server, here, there)) return null;
  if (here.status === 'serving' || here.status === 'switching')
    return 'production is V2, so it may be the V1 that users were on';
  const written = whatUsersMayHaveWritten(seen);
  if (written !== null) {
    if (confirm.given.trim().toLowerCase() === confirm.expected.toLowerCase()) return null;
    return `${written}; to remove it run rollback with the input confirm: "${confirm.expected}"`;
  }
  return isMadeByThisUpgrade(seen) ? null : 'nothing proves that this upgrade made it';
}

/** Both sides say so: after a failover Azure goes on listing links that are not there any more. */
function isSecondaryOfProduction({ production, stage, link }: DatabaseObservation): boolean {
  const back = stage.links.some(
    (one) => one.role !== 'Primary' && sameName(one.partnerServer, production.ref.server),
  );
  return link !== null && back && stage.access !== 'read-write';
}

/** What is only on the stage database, in words; null where the switch was never tried. */
function whatUsersMayHaveWritten({ production, stage }: DatabaseObservation): string | null {
  const { status, upgradeId, server = '' } = stage.journal ?? {};
  if (upgradeId !== production.journal?.upgradeId) return null;
  if (status === 'returning') return 'it holds what users wrote to V2 before they were taken back to V1';
  const tried = status === 'switching' && sameName(server, stage.ref.server);
  return tried ? 'the switch to it was tried, so users may have written there' : null;
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
