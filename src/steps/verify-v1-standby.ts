// V1's part in the backup region, before users go back to V1: its geo-secondary and its site are there until cleanup.
// Users are not sent to less protection than they have; where V2 has none either, as when the backup region is lost,
// going back is not refused for it.
import { observeDatabase } from '../application/observe.ts';
import { stageToStandby, standbyOf } from '../application/regions.ts';
import { waitForHealth } from '../application/site-health.ts';
import { type DatabasePair, forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import { command } from '../engine/command-line.ts';
import type { StepRun } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { whyUnprotected } from './last-other-copy.ts';
import { linkAtPrimary, linkName } from './protection.ts';

/**
 * Returns what V1 has there; nothing in single-region. Throws 'standby-missing', 'standby-not-caught-up' and
 * 'standby-unhealthy'.
 * @param context one that expects V1's version.
 */
export async function verifyV1Standby(context: UpgradeContext, run: StepRun): Promise<string[]> {
  if (!context.stage.standby) return [];
  const seen = await forEachDatabase(context, (pair) => lookAt(context, pair));
  const evidence = seen.map((one) => one.evidence);
  const [v2] = seen.flatMap((one) => (one.v2Unprotected === null ? [] : [one.v2Unprotected]));
  if (v2 !== undefined) {
    context.log.warning(`V2 has no geo-secondary that has caught up (${v2}); it is not asked of V1 either`);
    return evidence;
  }
  const unprotected = seen.find((one) => one.state !== 'CATCH_UP');
  if (unprotected) throw v1Unprotected(context, unprotected);
  return [...evidence, await waitForSite(context, run)];
}

interface Look {
  readonly name: string;
  /** Of V1's link to its geo-secondary, as V1 says; null where it has none. */
  readonly state: string | null;
  readonly evidence: string;
  readonly v2Unprotected: string | null;
}

async function lookAt(context: UpgradeContext, pair: DatabasePair): Promise<Look> {
  const link = stageToStandby(context);
  const [v1, v2Unprotected] = await Promise.all([
    linkAtPrimary(context, link, pair.name),
    observeDatabase(context, pair).then((seen) => whyUnprotected(context, seen)),
  ]);
  const state = v1?.state ?? null;
  const evidence = `${pair.name}: V1's disaster recovery ${linkName(link)} is ${state ?? 'not there any more'}`;
  return { name: pair.name, state, evidence, v2Unprotected };
}

function v1Unprotected(context: UpgradeContext, { name, state, evidence }: Look): UpgradeError {
  const { from, to } = stageToStandby(context);
  const v1 = ['-g', from.config.sqlResourceGroup, '-s', from.config.sqlServer, '-n', name];
  const message = `Users are not sent back to V1, which would leave them without a geo-secondary: ${evidence}`;
  if (state === null) {
    const partner = [
      '--partner-server',
      to.config.sqlServer,
      '--partner-resource-group',
      to.config.sqlResourceGroup,
    ];
    const create = command('az', 'sql', 'db', 'replica', 'create', ...v1, ...partner);
    const advice = [create, 'Run rollback again once it has caught up.'];
    return new UpgradeError('standby-missing', message, { advice });
  }
  const list = command('az', 'sql', 'db', 'replica', 'list-links', ...v1);
  const advice = [list, 'Run rollback again once it says CATCH_UP.'];
  return new UpgradeError('standby-not-caught-up', message, { advice });
}

async function waitForSite(context: UpgradeContext, run: StepRun): Promise<string> {
  const ref = standbyOf(context, 'stage').site;
  const host = (await context.azure.appService.getSite(ref))?.defaultHostName;
  const wait = host
    ? await waitForHealth(context, host, run, { timeoutMs: context.config.health.timeoutMs })
    : { kind: 'not-healthy' as const, evidence: `${ref.site} does not exist` };
  if (wait.kind === 'healthy') return wait.evidence;
  const slot = ref.deploymentSlot === null ? [] : ['--slot', ref.deploymentSlot];
  const start = command('az', 'webapp', 'start', '-g', ref.resourceGroup, '-n', ref.site, ...slot);
  throw new UpgradeError(
    'standby-unhealthy',
    `V1's site in the backup region is not healthy, and users are not sent back to V1: ${wait.evidence}`,
    { advice: [start, 'Run rollback again.'] },
  );
}
