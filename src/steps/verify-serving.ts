// Before V1 goes for good: V2 has been seen to serve, and it does so now, at the name that users open.
import { observe } from '../application/observe.ts';
import { waitForHealth } from '../application/site-health.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { blocked, type Step, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { leftOnV1 } from './left-behind.ts';
import { blockedBy } from './not-proven.ts';
import { publicName } from './verify-public.ts';

export function verifyServing(context: UpgradeContext): Step {
  const { expectedVersion } = context.config.health;
  return {
    id: 'verify-serving',
    title: `Version ${expectedVersion} still answers at the public name`,
    article: null,
    phase: 'cleanup',
    changes: '',
    pivot: false,
    assess: async () => {
      const { databases } = await observe(context);
      const unseen = databases.find(({ production }) => production.journal?.status !== 'serving');
      if (unseen) {
        return blocked(
          'phase-not-applicable',
          `${unseen.name} on ${context.production.server.name} says that users were switched to it, not that V2 was seen to answer them (${unseen.production.journal?.status ?? 'no entry'})`,
          'Run phase switch: it asks V2 at the public name, and records that it serves. Then run cleanup.',
        );
      }
      const left = await leftOnV1(context);
      return left ? blockedBy(left) : toDo();
    },
    apply: async (run) => {
      const { profile, sites } = await observe(context);
      const name = publicName(context, profile?.fqdn ?? sites.production?.defaultHostName ?? null);
      if (!name) throw new UpgradeError('resource-not-found', 'There is no public name to ask');
      const wait = await waitForHealth(context, name, run, { timeoutMs: context.config.health.timeoutMs });
      if (wait.kind === 'healthy') return [wait.evidence];
      throw new UpgradeError(
        'production-unhealthy',
        `V1 is kept: version ${expectedVersion} does not answer at ${name} now: ${wait.evidence}`,
        {
          advice: [
            'Mend V2 first, or go back to V1 (phase rollback); then run cleanup again.',
            'Where health.expected-version names a later version already, run cleanup with the one that serves.',
          ],
        },
      );
    },
    undo: null,
  };
}
