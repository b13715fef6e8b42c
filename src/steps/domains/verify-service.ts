// Success is what was verified: every instance runs the new version, and every role has its minimum, several times in a row.

import type { Phase } from '../../engine/report.ts';
import { done, later, type Step, type StepRun, toDo } from '../../engine/step.ts';
import { UpgradeError } from '../../reasons.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { count, formatList } from '../../service/words.ts';
import { bothVersions, goOnOrBack } from './both-versions.ts';
import { watchHealth } from './health-watch.ts';
import { lookAtInstances } from './instance-commands.ts';
import { lookPatiently } from './patient-look.ts';
import type { WalkMemory } from './walk-track.ts';

export function verifyService(
  context: ServiceContext,
  memory: WalkMemory,
  phase: Extract<Phase, 'upgrade' | 'switch'>,
): Step {
  return {
    id: 'verify-service',
    title: 'Every instance runs the new version, and the service is healthy',
    article: null,
    phase,
    changes: '',
    pivot: false,
    assess: async (run) => {
      const { look, progress, standing } = await lookPatiently(context, run);
      if (look.record === null && progress.kind === 'done') return done(progress.words);
      const isForward = [...standing.values()].every((of) => of === 'target');
      return isForward ? toDo(progress.words) : later(progress.words);
    },
    apply: (run) => verify(context, memory, run),
    undo: null,
  };
}

async function verify(context: ServiceContext, memory: WalkMemory, run: StepRun): Promise<string[]> {
  const { clock, config } = context;
  const until = clock.now() + config.health.timeoutMs;
  const watch = watchHealth(context, memory.forward, LAST);
  for (;;) {
    const seen = await watch.look();
    if (seen !== null) {
      const { observed, evaluation } = seen;
      const others = withoutTarget(observed);
      const { verdict } = evaluation;
      if (verdict.kind === 'good' && others.length === 0) return evidenceOf(observed, evaluation.roles);
      if (verdict.kind === 'bad') {
        const keys = verdict.instances.map(({ key }) => key);
        throw notVerified(context, observed, 'update-failed', verdict.why, keys);
      }
      if (clock.now() >= until) {
        if (others.length > 0) {
          const what = `${formatList(others)} do not run the new version: they appeared, or were changed, meanwhile`;
          throw notVerified(context, observed, 'instances-differ', what, others);
        }
        const why = verdict.kind === 'waiting' ? verdict.why : 'it changes all the time';
        throw notVerified(context, observed, 'update-failed', `the time is over: ${why}`, []);
      }
    }
    await clock.sleep(config.health.intervalMs, run.signal);
  }
}

/** No domain is in flight. */
const LAST = -1;

function withoutTarget({ versions }: ServiceObservation): string[] {
  return [...versions].filter(([, { version }]) => version !== 'target').map(([key]) => key);
}

function evidenceOf(
  { versions }: ServiceObservation,
  roles: readonly { readonly role: string; readonly good: number; readonly walked: number }[],
): string[] {
  const words = roles.map(({ role, good, walked }) => `${role}: ${good} of ${walked} good`).join(', ');
  return [`${count(versions.size, 'instance')} run the new version; ${words}`];
}

function notVerified(
  { config }: ServiceContext,
  observed: ServiceObservation,
  reason: 'update-failed' | 'instances-differ',
  what: string,
  keys: readonly string[],
): UpgradeError {
  return new UpgradeError(
    reason,
    `Every domain was walked, and the service is not as it should be: ${what}. ${bothVersions(observed)}`,
    { advice: [...lookAtInstances(config, observed.look, keys), ...goOnOrBack()] },
  );
}
