// "Monitor the secondary to see if the seeding process is completed": the stage database, and where there is a backup
// region the stage database's own geo-secondary.
import { type GeoLink, productionToStage, stageToStandby } from '../application/regions.ts';
import { forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import { orAbort } from '../engine/or-abort.ts';
import { pauseAfter } from '../engine/pace.ts';
import { type Assessment, done, later, type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { SEEDING_PACE, seedingOf } from './seeding.ts';
import { seedingProgress } from './seeding-progress.ts';

/** In which users wait for it as well: in upgrade production is read-only. */
type SeedingPhase = 'prepare' | 'upgrade';

/** Until the stage database has caught up with production. */
export function waitForSeeding(context: UpgradeContext): Step {
  return {
    ...waitFor(context, productionToStage(context), 'prepare'),
    id: 'wait-for-seeding',
    title: 'Wait until the stage database has caught up',
    waitsFor: 'seeding of the stage database',
  };
}

/** Until the stage database's geo-secondary in the backup region has caught up with it. */
export function waitForStandbySeeding(context: UpgradeContext): Step {
  return {
    ...waitFor(
      context,
      stageToStandby(context),
      context.config.standbyMode === 'chained' ? 'prepare' : 'upgrade',
    ),
    id: 'wait-for-standby-seeding',
    title: 'Wait until the backup region has caught up with the stage database',
    waitsFor: 'seeding in the backup region',
  };
}

function waitFor(context: UpgradeContext, geoLink: GeoLink, phase: SeedingPhase): Omit<Step, 'id' | 'title'> {
  return {
    article: null,
    phase,
    changes: '',
    pivot: false,
    assess: (run) => orAbort(assess(context, geoLink), run.signal),
    apply: (run) =>
      forEachDatabase(context, ({ name }) => waitForDatabase(context, { geoLink, phase, name }, run)),
    undo: null,
  };
}

async function assess(context: UpgradeContext, geoLink: GeoLink): Promise<Assessment> {
  const seen = await forEachDatabase(context, ({ name }) => seedingOf(context, geoLink, name));
  if (seen.some((one) => one.kind === 'no-link')) return later('there is no link yet');
  const waiting = seen.filter((one) => one.kind === 'seeding');
  return waiting.length === 0
    ? done(...seen.map((one) => one.evidence))
    : toDo(...waiting.map((one) => one.evidence));
}

interface Waiting {
  readonly geoLink: GeoLink;
  readonly phase: SeedingPhase;
  readonly name: string;
}

async function waitForDatabase(context: UpgradeContext, waiting: Waiting, run: StepRun): Promise<string> {
  const { geoLink, phase, name } = waiting;
  const { clock } = context;
  const startedAt = clock.now();
  const until = startedAt + context.config.seedingTimeoutMs;
  const progress = seedingProgress(context, name, run);
  try {
    for (;;) {
      const seen = await orAbort(seedingOf(context, geoLink, name), run.signal);
      const { kind, percent, evidence } = seen;
      if (kind === 'caught-up') {
        progress.finish(evidence);
        return evidence;
      }
      progress.update(percent, evidence);
      if (clock.now() > until) throw notSeeded(context, phase, evidence);
      await clock.sleep(pauseAfter(clock.now() - startedAt, SEEDING_PACE), run.signal);
    }
  } catch (error) {
    progress.stop('it goes on in Azure');
    throw error;
  }
}

/** What a person can do about it, by the phase that waited. */
const ADVICE: Readonly<Record<SeedingPhase, string>> = {
  prepare: 'Run prepare again: it goes on waiting where this run stopped. Production is not affected.',
  upgrade:
    'Users were read-only for this seeding. Give it more time (seeding.timeout, max-read-only) before the next upgrade.',
};

function notSeeded(context: UpgradeContext, phase: SeedingPhase, evidence: string): UpgradeError {
  return new UpgradeError(
    'seeding-not-complete',
    `Seeding is not complete after ${Math.round(context.config.seedingTimeoutMs / 60_000)} minutes (${evidence}); it goes on in Azure`,
    { advice: [ADVICE[phase]] },
  );
}
