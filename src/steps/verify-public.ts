// Success is what was verified: the expected version answers at the name that users open.
import { observe } from '../application/observe.ts';
import { sameName } from '../application/production-slot.ts';
import { type HealthAnswer, waitForHealth } from '../application/site-health.ts';
import { forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import { type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { markStage, SWITCH_MARKS } from './mark-stage.ts';

export function verifyPublic(context: UpgradeContext, marks = SWITCH_MARKS): Step {
  const { expectedVersion } = context.config.health;
  return {
    id: 'verify-public',
    title: `Version ${expectedVersion} answers at the public name`,
    article: null,
    phase: 'switch',
    changes:
      'nothing for users; it resolves the public name, asks until V2 answers, and records that V2 serves',
    pivot: false,
    assess: async () => toDo(),
    apply: async (run) => {
      const evidence = await waitForPublic(context, run);
      await forEachDatabase(context, (pair) => markStage(context, pair, marks.after));
      return [evidence];
    },
    undo: null,
  };
}

/** Resolves the public name and asks it, until the expected version has answered from the stage site. */
export async function waitForPublic(context: UpgradeContext, run: StepRun): Promise<string> {
  const { profile, sites } = await observe(context);
  const name = publicName(context, profile?.fqdn ?? sites.production?.defaultHostName ?? null);
  if (!name) throw new UpgradeError('resource-not-found', 'There is no public name to ask');
  const ttlMs = (profile?.ttlSeconds ?? 0) * 1000;
  const wait = await waitForHealth(context, name, run, {
    timeoutMs: context.config.health.timeoutMs + ttlMs,
    through: (answer) => throughStage(context, answer, sites.stage?.defaultHostName ?? ''),
    onFirst: () => context.window.close(),
  });
  if (wait.kind === 'healthy') return wait.evidence;
  throw new UpgradeError(
    'switch-failed',
    `Users were switched, but version ${context.config.health.expectedVersion} does not answer at ${name}: ${wait.evidence}`,
    { advice: [`nslookup ${name}`, 'If DNS has not followed yet, run phase switch again: it only looks.'] },
  );
}

/** The name users open: the configured one, the profile's own, or the site's. */
export function publicName(context: UpgradeContext, fallback: string | null): string | null {
  return context.config.trafficManager?.publicName ?? fallback;
}

/** An answer by way of the old endpoint proves nothing, whatever version it names. */
function throughStage(context: UpgradeContext, answer: HealthAnswer, stageHost: string): string | null {
  if (context.config.switchMethod === 'slot-swap') return null; // the site's address stays, its content moved
  if (answer.chain.some((name) => sameName(name, stageHost))) return null;
  return `the public name still leads to ${answer.chain.at(-1) ?? 'nowhere'}`;
}
