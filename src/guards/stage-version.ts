import { askHealth } from '../application/site-health.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import type { Guard, Verdict } from './guard.ts';
import { siteName } from './site-settings.ts';
import { notKnowable, pass } from './verdict.ts';

/**
 * Told, not judged: V2 on a database that is not upgraded yet may well be unhealthy, may read its version from that
 * database, and may be deployed as late as while it is seeded. But a V2 that nobody has deployed is otherwise only found
 * when users can no longer write.
 */
export const stageVersion: Guard = {
  id: 'stage-version',
  title: 'The stage site answers as V2',
  phases: ['upgrade'],
  check: async (context, observed) => {
    const site = observed.sites.stage;
    const name = siteName(context.stage.site);
    if (!site) return pass(`the stage web app ${name} does not exist`);
    const { status, version, evidence } = await askHealth(context, site.defaultHostName);
    const { expectedVersion, expectedStatus } = context.config.health;
    const told = `stage: ${evidence}`;
    // Users have been moved: the stage slot is V1's.
    if (observed.state === 'switched' || status === null || version === expectedVersion) return pass(told);
    if (version === null && !expectedStatus.includes(status)) return pass(told);
    return notV2(context, told, version);
  },
};

function notV2({ config, stage }: UpgradeContext, told: string, version: string | null): Verdict {
  const { expectedVersion } = config.health;
  const name = siteName(stage.site);
  const what =
    version === null
      ? 'it answers and tells no version where health.version-from looks'
      : `health.expected-version is ${expectedVersion}`;
  return notKnowable(
    `${told}; ${what}. The switch waits until ${name} answers ${expectedVersion}, while users cannot write`,
    `Deploy V2 to ${name} before phase upgrade, or correct health.expected-version (${expectedVersion}) or health.version-from. If V2 takes its version from the database, that is as it should be before the script.`,
  );
}
