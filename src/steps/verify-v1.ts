// Before users are sent back to V1: its site is asked at its own address, and what it has in the backup region. Nobody
// has looked at it since the switch.
import { waitForHealth } from '../application/site-health.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { shell } from '../engine/command-line.ts';
import { blocked, type Step, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { verifyV1Standby } from './verify-v1-standby.ts';

/** @param v1Version what V1's site answered just now; null where it answered no version. */
export function verifyV1(context: UpgradeContext, v1Version: string | null): Step {
  const { site } = context.stage.site;
  return {
    id: 'verify-v1',
    title: context.stage.standby
      ? `V1 answers at the address of ${site}, and has its standby`
      : `V1 answers at the address of ${site}`,
    article: null,
    phase: 'rollback',
    changes: '',
    pivot: false,
    assess: async () => {
      if (v1Version !== null) return toDo(`version ${v1Version}`);
      return blocked(
        'stage-unhealthy',
        `V1's site ${site} does not answer with a version: users are not sent there`,
        ...advice(context),
      );
    },
    apply: async (run) => {
      const v1 = withVersion(context, v1Version);
      const host = (await context.azure.appService.getSite(context.stage.site))?.defaultHostName;
      if (!host) throw new UpgradeError('resource-not-found', `V1's site ${site} does not exist any more`);
      const wait = await waitForHealth(v1, host, run, { timeoutMs: context.config.health.timeoutMs });
      if (wait.kind === 'healthy') return [wait.evidence, ...(await verifyV1Standby(v1, run))];
      throw new UpgradeError(
        'stage-unhealthy',
        `V1's site is not healthy, and users are not sent there: ${wait.evidence}`,
        { advice: advice(context) },
      );
    },
    undo: null,
  };
}

function advice({ stage, config }: UpgradeContext): string[] {
  const { site, resourceGroup } = stage.site;
  return [
    `Start V1's site and look at its log: ${shell`az webapp start -g ${resourceGroup} -n ${site}`}; ${shell`az webapp log tail -g ${resourceGroup} -n ${site}`}`,
    `Its database is read-only until users come back: what ${config.health.path} answers then must be among health.expected-status.`,
  ];
}

/** The same context expecting another version to answer: V1's, which the configuration does not name any more. */
export function withVersion(context: UpgradeContext, version: string | null): UpgradeContext {
  if (!version) return context;
  const health = { ...context.config.health, expectedVersion: version };
  return { ...context, config: { ...context.config, health } };
}
