// What V1 has in the backup region is removed before V1 itself: its failover group, the geo-replication link, the
// database that the link kept up to date, and the site where the tool had created it. Never what protects V2.
import {
  type DatabaseObservation,
  type DatabaseSide,
  observeDatabase,
  observeStandby,
} from '../application/observe.ts';
import { standbyOf } from '../application/regions.ts';
import { isProvenStandbyOfV1 } from '../application/retired-v1.ts';
import { seenUnderLock } from '../application/run-lock.ts';
import { type DatabasePair, forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import { done, type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { assertProtected, lastOtherCopy } from './last-other-copy.ts';
import { blockedBy, notProven } from './not-proven.ts';
import { deleteDatabase, endLink } from './remove-until-gone.ts';
import { removeSiteOfV1 } from './remove-v1.ts';

export function removeV1Standby(context: UpgradeContext): Step {
  const v1 = context.stage.server.name;
  const standby = standbyOf(context, 'stage');
  const server = standby.server.name;
  const names = context.databases.map((pair) => pair.name).join(', ');
  return {
    id: 'remove-v1-standby',
    title: `Remove V1's geo-secondary on ${server}`,
    article: null,
    phase: 'cleanup',
    changes: `the geo-replication link ${v1} → ${server} is removed, then ${names} on ${server} is deleted; V1 has no disaster recovery any more, V2 has its own`,
    pivot: false,
    assess: async () => {
      const left = (await forEachDatabase(context, (pair) => look(context, pair))).filter(isLeft);
      if (left.length === 0) return done(`${names} is not on ${server} any more`);
      const unproven = left.find((one) => !isProvenStandbyOfV1(one.seen, one.standby));
      if (unproven) return blockedBy(standbyNotProven(unproven));
      const seen = left.map((one) => one.seen);
      return (await lastOtherCopy(context, seen)) ?? toDo(`left: ${seen.map((one) => one.name).join(', ')}`);
    },
    apply: async (run) =>
      (await forEachDatabase(context, (pair) => removeStandby(context, pair, run))).flat(),
    undo: null,
  };
}

interface Look {
  readonly seen: DatabaseObservation;
  /** V1's database in the backup region. */
  readonly standby: DatabaseSide;
}

async function look(context: UpgradeContext, pair: DatabasePair): Promise<Look> {
  const [seen, standby] = await Promise.all([
    observeDatabase(context, pair),
    observeStandby(context, 'stage', pair.name),
  ]);
  if (!standby) throw new UpgradeError('internal-error', `${pair.name} has no backup region`);
  return { seen, standby };
}

const standbyNotProven = ({ seen, standby }: Look) => notProven(standby.ref, [seen.stage, standby]);

const isLeft = ({ seen, standby }: Look) => standby.info !== null || Boolean(seen.protection?.stage);

async function removeStandby(context: UpgradeContext, pair: DatabasePair, run: StepRun): Promise<string[]> {
  const { seen: now, isStillSo } = await seenUnderLock(context, () => proven(context, pair), isLeft);
  const { ref } = now.standby;
  if (!isLeft(now)) return [`${ref.database} on ${ref.server} is gone`];
  const removals = [
    ...(now.seen.protection?.stage ? [() => endLink(context, pair.stage, ref, run, isStillSo)] : []),
    () => deleteDatabase(context, ref, run, isStillSo),
  ];
  const evidence: string[] = [];
  for (const remove of removals) {
    const removed = await remove();
    if (removed === null) return [...evidence, ...(await removeStandby(context, pair, run))];
    evidence.push(removed);
  }
  return evidence;
}

/** Throws where anything of it is there and may not go. */
async function proven(context: UpgradeContext, pair: DatabasePair): Promise<Look> {
  const now = await look(context, pair);
  if (!isLeft(now)) return now;
  if (!isProvenStandbyOfV1(now.seen, now.standby)) throw standbyNotProven(now);
  await assertProtected(context, now.seen);
  return now;
}

export function removeV1StandbySite(context: UpgradeContext): Step {
  const standby = standbyOf(context, 'stage');
  return removeSiteOfV1(context, standby, 'remove-v1-standby-site', "V1's site in the backup region,");
}
