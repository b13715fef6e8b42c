// Before anybody is sent to the stage slot: it could take over a disaster. V2 answers in the backup region as well (it
// reads: its database is a readable geo-secondary), and that database has caught up.
import { readSlotRoles, sameName } from '../application/production-slot.ts';
import { inBackupRegion } from '../application/regions.ts';
import { waitForHealth } from '../application/site-health.ts';
import { forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import type { SiteRef } from '../azure/ports.ts';
import { command } from '../engine/command-line.ts';
import { type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { waitUntilProtected } from './protection.ts';
import { nothingRead, type ReadAhead } from './read-ahead.ts';

/** @param ahead tells where V2's site there answers, if that was read before the freeze. */
export function verifyStandby(context: UpgradeContext, ahead = nothingRead()): Step {
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
      const answered = await waitForStandby(context, ahead, run);
      const caughtUp = await forEachDatabase(context, (pair) =>
        waitUntilProtected(context, pair, run, drainTimeoutMs),
      );
      return [answered, ...caughtUp];
    },
    undo: null,
  };
}

/**
 * Where slots are swapped the backup region comes first: a switch that goes on, after its pivot was held, finds V2 in
 * production there. Throws 'production-slot-unclear'.
 */
async function siteOfV2(context: UpgradeContext): Promise<SiteRef> {
  const backup = inBackupRegion(context);
  if (context.config.switchMethod !== 'slot-swap') return backup.stage.site;
  const { production } = await readSlotRoles(backup.config, context.azure);
  const isSwapped = sameName(production.name, context.stage.config.name);
  return { ...backup.stage.site, deploymentSlot: isSwapped ? null : context.config.deploymentSlot };
}

async function waitForStandby(context: UpgradeContext, ahead: ReadAhead, run: StepRun): Promise<string> {
  const { health } = context.config;
  const ref = await siteOfV2(context);
  const host = ahead.standbyHost ?? (await context.azure.appService.getSite(ref))?.defaultHostName;
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
