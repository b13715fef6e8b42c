// What a step after the freeze would ask Resource Manager for is read before users wait for it: what hardly ever changes before
// the freeze, and the profile while V2 is verified. Whoever finds nothing here asks.
import type { Observation } from '../application/observe.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import type { OpenProfile, ProfileRef } from '../azure/ports.ts';

/** A profile that was asked for longer ago is asked for anew: somebody may have changed it since. Milliseconds. */
const JUST_ASKED_MS = 500;

/** Of one run of one topology. */
export interface ReadAhead {
  /** The application just before the freeze; null where this run did not make ready. */
  observed: Observation | null;
  /** Geo-redundant: where V2's site in the backup region answers; null where that was not read. */
  standbyHost: string | null;
  /** The profile that is about to be written; null where nobody has asked for it. */
  profile: AskedProfile | null;
}

interface AskedProfile {
  readonly askedAt: number;
  /** Null where it was not to be had. */
  readonly opening: Promise<OpenProfile | null>;
}

export const nothingRead = (): ReadAhead => ({ observed: null, standbyHost: null, profile: null });

/** Where V2's site in the backup region answers, where nothing moves that until the switch; else null. Throws AzureError. */
export async function readStandbyHost(context: UpgradeContext): Promise<string | null> {
  if (!context.stage.standby || context.config.switchMethod === 'slot-swap') return null;
  const site = await context.azure.appService.getSite(context.stage.standby.site);
  return site?.defaultHostName ?? null;
}

/** Asks for the profile, where the switch will write one, and waits for nothing. */
export function askForProfile({ config, azure, clock }: UpgradeContext, ahead: ReadAhead): void {
  if (config.switchMethod !== 'traffic-manager' || !config.trafficManager) return;
  const opening = azure.trafficManager.openProfile(config.trafficManager).catch(() => null);
  ahead.profile = { askedAt: clock.now(), opening };
}

/** The profile that was asked for just now, for one write; else it is read. Throws what openProfile throws. */
export async function takeProfile(
  { azure, clock }: UpgradeContext,
  ahead: ReadAhead,
  ref: ProfileRef,
): Promise<OpenProfile> {
  const { profile: asked } = ahead;
  ahead.profile = null;
  const isRecent = asked !== null && Math.abs(clock.now() - asked.askedAt) <= JUST_ASKED_MS;
  return (isRecent && (await asked.opening)) || azure.trafficManager.openProfile(ref);
}
