// Before anybody is sent to the stage slot: it could take over a disaster. V2 answers in the backup region as well (it
// reads: its database is a readable geo-secondary), and that database has caught up.
import { inBackupRegion } from '../application/regions.ts';
import { waitForHealth } from '../application/site-health.ts';
import { forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import { command } from '../engine/command-line.ts';
import { type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { waitUntilProtected } from './protection.ts';

export function verifyStandby(context: UpgradeContext): Step {
  const { health, drainTimeoutMs } = context.config;
  return {
    id: 'verify-standby',
    title: `Version ${health.expectedVersion} answers in the backup region, and its database has caught up`,
    article: null,
    phase: 'switch',
    changes: '',
    pivot: false,
    waitsFor: 'V2 to answer, and replication to the backup region',
    assess: async () => toDo(),
    apply: async (run) => {
      const answered = await waitForStandby(context, run);
      const caughtUp = await forEachDatabase(context, (pair) =>
        waitUntilProtected(context, pair, run, drainTimeoutMs),
      );
      return [answered, ...caughtUp];
    },
    undo: null,
  };
}

async function waitForStandby(context: UpgradeContext, run: StepRun): Promise<string> {
  const { health } = context.config;
  const { site: ref } = inBackupRegion(context).stage;
  const host = (await context.azure.appService.getSite(ref))?.defaultHostName;
  if (!host) {
    throw new UpgradeError(
      'resource-not-found',
      `The stage slot's site in the backup region, ${ref.site}, does not exist`,
    );
  }
  const wait = await waitForHealth(context, host, run, { timeoutMs: health.timeoutMs, usersWait: true });
  if (wait.kind === 'healthy') return wait.evidence;
  const slot = ref.deploymentSlot === null ? [] : ['--slot', ref.deploymentSlot];
  const tail = command('az', 'webapp', 'log', 'tail', '-g', ref.resourceGroup, '-n', ref.site, ...slot);
  throw new UpgradeError(
    'standby-unhealthy',
    `Version ${health.expectedVersion} does not answer at the stage slot's site in the backup region: ${wait.evidence}`,
    {
      advice: [
        `Deploy V2 to it and look at its log: ${tail}`,
        `Its database is a geo-secondary, which only reads: ${health.path} must answer one of health.expected-status without writing.`,
      ],
    },
  );
}
