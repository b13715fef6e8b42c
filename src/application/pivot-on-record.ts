// What the databases that answer say of the write that moves users.
import type { JournalStatus } from '../engine/journal.ts';
import {
  type DatabaseObservation,
  type DatabaseSide,
  observeDatabasesThatAnswer,
  observeStandby,
} from './observe.ts';
import { sameName } from './production-slot.ts';
import type { UpgradeContext } from './upgrade-context.ts';
import { isSilent } from './way-back.ts';

/** `not-known`: one that could say so does not answer. */
export type PivotOnRecord = 'tried' | 'not-tried' | 'not-known';

/**
 * Asks production, and the stage database or, where that is silent, its geo-secondary (which may be behind). A
 * geo-secondary that is not there, or still being seeded, says 'not-tried': users are sent to none without. Never throws.
 */
export async function pivotOnRecord(context: UpgradeContext): Promise<PivotOnRecord> {
  const { databases } = await observeDatabasesThatAnswer(context);
  const said = await Promise.all(databases.map((seen) => onRecordOf(context, seen)));
  const telling: readonly PivotOnRecord[] = ['tried', 'not-known'];
  return telling.find((one) => said.includes(one)) ?? 'not-tried';
}

async function onRecordOf(
  context: UpgradeContext,
  { name, production, stage }: DatabaseObservation,
): Promise<PivotOnRecord> {
  const copy = isSilent(stage) ? await standbyOfStage(context, name) : stage;
  if (saysProduction(production) || (copy && saysStage(copy, context.stage.config.sqlServer))) return 'tried';
  return copy === null || isSilent(copy) || isSilent(production) ? 'not-known' : 'not-tried';
}

async function standbyOfStage(context: UpgradeContext, name: string): Promise<DatabaseSide | null> {
  return observeStandby(context, 'stage', name).catch(() => null);
}

const BEFORE_THE_PIVOT: readonly JournalStatus[] = [
  'freezing',
  'unfrozen',
  'upgrading',
  'scripted',
  'upgraded',
];

/** What was written on another server came with the data: it is of what production went through before. */
function saysStage({ journal }: DatabaseSide, stageServer: string): boolean {
  if (journal === null || !sameName(journal.server, stageServer)) return false;
  return !BEFORE_THE_PIVOT.includes(journal.status);
}

/** Users come to it, or leave it, and were not seen to have arrived. */
const UNDER_WAY: readonly JournalStatus[] = ['switching', 'returning', 'giving-back'];

function saysProduction({ journal }: DatabaseSide): boolean {
  return journal !== null && UNDER_WAY.includes(journal.status);
}
