import type { UpgradeContext } from '../application/upgrade-context.ts';
import { createProgress, type Progress } from '../engine/progress.ts';
import type { StepRun } from '../engine/step.ts';

const LINE_EVERY_MS = 30_000;

/** Percent, rate and remaining time of a database's seeding, as lines of the step. */
export function seedingProgress(context: UpgradeContext, database: string, run: StepRun): Progress {
  return createProgress({
    clock: context.clock,
    log: run.progress,
    label: `Seeding ${database}`,
    minIntervalMs: LINE_EVERY_MS,
  });
}
