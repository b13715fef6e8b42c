// (1) "Monitor the secondary to see if the seeding process is completed": on both sides of the link. 100 percent is
// not caught up; CATCH_UP is.
import { observeDatabase } from '../application/observe.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { linkTo, readLinks } from '../azure/tsql/geo-replication.ts';
import { createProgress, type Progress } from '../engine/progress.ts';
import { done, later, type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';

const FIRST_POLL_MS = 1_000;
const LONGEST_POLL_MS = 15_000;
const LINE_EVERY_MS = 30_000;

export function waitForSeeding(context: UpgradeContext): Step {
  return {
    id: 'wait-for-seeding',
    title: 'Wait until the stage database has caught up',
    article: null,
    phase: 'prepare',
    changes: '',
    pivot: false,
    assess: async () => {
      const seen = await forEachDatabase(context, (pair) => seeding(context, pair));
      if (seen.some((one) => one.kind === 'no-link')) return later('there is no link yet');
      const waiting = seen.filter((one) => one.kind === 'seeding');
      return waiting.length === 0
        ? done(...seen.map((one) => one.evidence))
        : toDo(...waiting.map((one) => one.evidence));
    },
    apply: (run) => forEachDatabase(context, (pair) => waitForDatabase(context, pair, run)),
    undo: null,
  };
}

type Seeding = {
  readonly kind: 'no-link' | 'seeding' | 'caught-up';
  readonly percent: number | null;
  readonly evidence: string;
};

async function seeding(context: UpgradeContext, pair: DatabasePair): Promise<Seeding> {
  const seen = await observeDatabase(context, pair);
  if (!seen.link) return { kind: 'no-link', percent: null, evidence: `${pair.name}: no link` };
  const percent = seen.link.percentComplete;
  const told = `${pair.name}: ${seen.link.state} ${percent ?? '?'} %`;
  if (seen.link.state !== 'CATCH_UP') return { kind: 'seeding', percent, evidence: told };
  if (seen.stage.access === 'unreachable') {
    return {
      kind: 'seeding',
      percent,
      evidence: `${pair.name}: stage does not answer yet (${seen.stage.why})`,
    };
  }
  const other = await context.sessions.on(sqlTarget(context, 'stage', pair.name), async (connection) =>
    linkTo(await readLinks(connection), context.production.server.name),
  );
  if (other?.state !== 'CATCH_UP') {
    return {
      kind: 'seeding',
      percent,
      evidence: `${pair.name}: stage says ${other?.state ?? 'no link'}`,
    };
  }
  return { kind: 'caught-up', percent: 100, evidence: `${pair.name}: CATCH_UP on both sides` };
}

async function waitForDatabase(context: UpgradeContext, pair: DatabasePair, run: StepRun): Promise<string> {
  const until = context.clock.now() + context.config.seedingTimeoutMs;
  const progress = seedingProgress(context, pair.name, run);
  try {
    for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 1.5, LONGEST_POLL_MS)) {
      const seen = await seeding(context, pair);
      if (seen.kind === 'caught-up') {
        progress.finish(seen.evidence);
        return seen.evidence;
      }
      progress.update(seen.percent, seen.evidence);
      if (context.clock.now() > until) throw notSeeded(context, seen.evidence);
      await context.clock.sleep(pause, run.signal);
    }
  } catch (error) {
    progress.stop('it goes on in Azure');
    throw error;
  }
}

/** Percent, rate and remaining time of a database's seeding, as lines of the step. */
export function seedingProgress(context: UpgradeContext, database: string, run: StepRun): Progress {
  return createProgress({
    clock: context.clock,
    log: run.progress,
    label: `Seeding ${database}`,
    minIntervalMs: LINE_EVERY_MS,
  });
}

function notSeeded(context: UpgradeContext, evidence: string): UpgradeError {
  return new UpgradeError(
    'seeding-not-complete',
    `Seeding is not complete after ${Math.round(context.config.seedingTimeoutMs / 60_000)} minutes (${evidence}); it goes on in Azure`,
    { advice: ['Run prepare again: it goes on waiting where this run stopped. Production is not affected.'] },
  );
}
