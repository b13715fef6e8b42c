// Before anybody is sent there: V2 answers at its own address, and nothing was written to production since the
// freeze.

import { observe } from '../application/observe.ts';
import { ensureRunLock } from '../application/run-lock.ts';
import { askHealth, waitForHealth } from '../application/site-health.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { readWriteActivity } from '../azure/tsql/write-activity.ts';
import { blocked, type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { assertFrozen } from './drain.ts';

export function verifyStage(context: UpgradeContext): Step {
  const { expectedVersion } = context.config.health;
  return {
    id: 'verify-stage',
    title: `Version ${expectedVersion} answers at the stage site's own address`,
    article: null,
    phase: 'switch',
    changes: 'nothing; it asks the stage site and compares the version',
    pivot: false,
    assess: async () => {
      const { state, profile } = await observe(context);
      if (state !== 'upgraded') {
        return blocked(
          'stage-not-upgraded',
          `The stage database is not upgraded (state: ${state})`,
          'Run phase upgrade first.',
        );
      }
      if (profile && profile.status === 'Disabled') {
        return blocked(
          'switch-failed',
          `Profile ${profile.name} is disabled: nobody could be switched anywhere`,
        );
      }
      return toDo();
    },
    apply: async (run) => {
      await ensureRunLock(context, 'production');
      await ensureRunLock(context, 'stage');
      context.window.spend('verify V2');
      const untouched = await forEachDatabase(context, (pair) => assertUntouched(context, pair));
      const health = await waitForStage(context, run);
      context.window.spend('switch');
      return [health, ...untouched];
    },
    undo: null,
  };
}

async function waitForStage(context: UpgradeContext, run: StepRun): Promise<string> {
  const site = await context.azure.appService.getSite(context.stage.site);
  const host = site?.defaultHostName;
  if (!host)
    throw new UpgradeError('resource-not-found', `The stage site ${context.stage.site.site} does not exist`);
  const wait = await waitForHealth(context, host, run, { timeoutMs: context.config.health.timeoutMs });
  if (wait.kind === 'healthy') return wait.evidence;
  throw new UpgradeError(
    'stage-unhealthy',
    `Version ${context.config.health.expectedVersion} does not answer at the stage site: ${wait.evidence}`,
    {
      advice: [
        `Deploy V2 to ${site.name} and look at its log: az webapp log tail -g ${context.stage.site.resourceGroup} -n ${site.name}`,
      ],
    },
  );
}

/** Somebody may have unfrozen production, written, and frozen it again; the copy would not have it. */
async function assertUntouched(context: UpgradeContext, pair: DatabasePair): Promise<string> {
  await assertFrozen(context, pair);
  const activity = await context.sessions.on(sqlTarget(context, 'production', pair.name), readWriteActivity);
  const window = context.window.report();
  if (activity.lastWrite && window) {
    // Held against the server's own clock: the runner's may be off.
    const frozenFor = context.clock.now() - Date.parse(window.from);
    const frozenAt = activity.now.getTime() - frozenFor;
    if (activity.lastWrite.getTime() > frozenAt + CLOCK_TOLERANCE_MS)
      throw written(context, pair, activity.lastWrite);
  }
  return `${pair.name} on ${context.production.server.name}: read-only, no write since the freeze`;
}

/** The journal entry of a resumed window is older than the freeze itself by the grace; rounding does the rest. */
const CLOCK_TOLERANCE_MS = 1_000;

function written(context: UpgradeContext, pair: DatabasePair, at: Date): UpgradeError {
  return new UpgradeError(
    'production-frozen-elsewhere',
    `${pair.name} on ${context.production.server.name} was written at ${at.toISOString()}, after it was frozen: the stage copy does not have that write`,
    {
      advice: [
        'Production is given back with all its data. Find out who set it read-write, then upgrade again.',
      ],
    },
  );
}

/** What answers at a slot's own address, for the endpoint table; null where nothing does. */
export async function versionAt(context: UpgradeContext, host: string | null): Promise<string | null> {
  if (!host) return null;
  return (await askHealth(context, host)).version;
}
