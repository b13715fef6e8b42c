// Success is what was verified: the expected version answers at the name that users open.
import { findEndpoint, readSlotRoles, sameName } from '../application/production-slot.ts';
import { type HealthAnswer, waitForHealth } from '../application/site-health.ts';
import { forEachDatabase, type Role, type UpgradeContext } from '../application/upgrade-context.ts';
import { type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { assertNothingLeftBehind } from './left-behind.ts';
import { markStage, recordMoved, SWITCH_MARKS } from './mark-stage.ts';
import { whileThere } from './while-there.ts';

export function verifyPublic(context: UpgradeContext, marks = SWITCH_MARKS): Step {
  const { expectedVersion } = context.config.health;
  return {
    id: 'verify-public',
    title: `Version ${expectedVersion} answers at the public name`,
    article: null,
    phase: 'switch',
    changes: '',
    pivot: false,
    waitsFor: `DNS and ${marks.version}`,
    assess: async () => toDo(),
    apply: async (run) => {
      const recorded = recordMoved(context, marks); // users can write by now, and wait for nothing
      const evidence = await waitForPublic(context, run, 'stage').finally(() => recorded);
      await assertNothingLeftBehind(context, marks.version);
      await forEachDatabase(context, (pair) => markStage(context, pair, marks.after));
      return evidence;
    },
    undo: null,
  };
}

/**
 * Resolves the public name and asks it, until the expected version has answered from the site of the slot that users
 * were moved to. Returns evidence; throws 'switch-failed', and 'resource-not-found' where its database is gone.
 * @param role of that slot: the stage slot in the run that switches, production in every later one.
 */
export async function waitForPublic(
  context: UpgradeContext,
  run: StepRun,
  role: Role,
): Promise<readonly string[]> {
  const { azure, config } = context;
  const [profile, site, ofUsers] = await Promise.all([
    config.trafficManager && azure.trafficManager.getProfile(config.trafficManager),
    azure.appService.getSite(context[role].site),
    azure.appService.getSite(context.production.site),
  ]);
  const name = publicName(context, profile?.fqdn ?? ofUsers?.defaultHostName ?? null);
  if (!name) throw new UpgradeError('resource-not-found', 'There is no public name to ask');
  const ttlMs = (profile?.ttlSeconds ?? 0) * 1000;
  const { backup } = context[role].config;
  const hosts: SlotHosts = {
    site: site?.defaultHostName ?? '',
    standby: (profile && backup && findEndpoint(profile, backup)?.target) ?? null,
  };
  const wait = await whileThere(context, role, run, (watched) =>
    waitForHealth(context, name, watched, {
      timeoutMs: config.health.timeoutMs + ttlMs,
      through: (answer) => throughSite(context, answer, hosts),
      onFirst: () => context.window.close(),
    }),
  );
  if (wait.kind !== 'healthy') throw notSeen(context, name, wait.evidence);
  return [wait.evidence, await behindTheName(context, name, role)];
}

/** The name users open: the configured one, the profile's own, or the site's. */
export function publicName(context: UpgradeContext, fallback: string | null): string | null {
  return context.config.trafficManager?.publicName ?? fallback;
}

/** The addresses of the slot that users were moved to. */
interface SlotHosts {
  readonly site: string;
  /** In the backup region; null where there is none. */
  readonly standby: string | null;
}

/**
 * An answer by way of the old endpoint proves nothing, whatever version it names. Nor does one of the backup region's
 * site: Traffic Manager has failed over, and there users can only read.
 */
function throughSite(
  context: UpgradeContext,
  { chain }: HealthAnswer,
  { site, standby }: SlotHosts,
): string | null {
  if (context.config.switchMethod === 'slot-swap') return null; // the site's address stays, its content moved
  if (chain.some((name) => sameName(name, site))) return null;
  if (standby !== null && chain.some((name) => sameName(name, standby)))
    return `the public name leads to ${standby} in the backup region: Traffic Manager finds ${site} not healthy`;
  return `the public name still leads to ${chain.at(-1) ?? 'nowhere'}`;
}

/** A version answers for its code only: where slots are swapped the same address may have either database behind it. */
async function behindTheName(context: UpgradeContext, name: string, role: Role): Promise<string> {
  const { production, evidence } = await readSlotRoles(context.config, context.azure);
  if (sameName(production.name, context[role].config.name)) return evidence;
  throw notSeen(context, name, evidence);
}

function notSeen(context: UpgradeContext, name: string, evidence: string): UpgradeError {
  return new UpgradeError(
    'switch-failed',
    `Users were switched, but version ${context.config.health.expectedVersion} does not answer at ${name}: ${evidence}`,
    { advice: [`nslookup ${name}`, 'If DNS has not followed yet, run phase switch again: it only looks.'] },
  );
}
