// (9) The compromised stage database is removed, where the configuration says so; by default it is kept for
// root cause analysis. Never removed: a database that this upgrade has not made, or that users are on.
import { observeDatabase } from '../application/observe.ts';
import {
  createdByTool,
  type DatabasePair,
  forEachDatabase,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import type { StepRun, Undo } from '../engine/step.ts';

export function removeStage(context: UpgradeContext): Undo {
  const remove = context.config.rollback.stage === 'remove';
  const server = context.stage.server.name;
  return {
    order: 'tidy',
    what: remove
      ? `(9) Remove the stage database on ${server}`
      : `(9) Keep the stage database on ${server} for root cause analysis`,
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
  const { stage } = seen;
  const where = `${pair.name} on ${stage.ref.server}`;
  if (!stage.info) return { removed: false, evidence: `${where} does not exist` };
  const linked = seen.link !== null;
  const copyOfThis = stage.journal !== null && stage.journal.upgradeId === seen.production.journal?.upgradeId;
  if (!createdByTool(context, stage.info) || !(linked || copyOfThis)) {
    return { removed: false, evidence: `${where} is kept: nothing proves that this upgrade made it` };
  }
  await context.azure.sql.deleteDatabase(pair.stage, run.progress);
  return { removed: true, evidence: `${where} is removed` };
}
