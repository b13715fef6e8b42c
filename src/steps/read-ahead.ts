// What a step after the freeze would ask Resource Manager for, although it hardly ever changes, is read before the freeze, so
// that users do not wait for it. Whoever finds nothing here asks.
import type { Observation } from '../application/observe.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';

/** Of one run of one topology. */
export interface ReadAhead {
  /** The application just before the freeze; null where this run did not make ready. */
  observed: Observation | null;
  /** Geo-redundant: where V2's site in the backup region answers; null where that was not read. */
  standbyHost: string | null;
}

export const nothingRead = (): ReadAhead => ({ observed: null, standbyHost: null });

/** Where V2's site in the backup region answers, where nothing moves that until the switch; else null. Throws AzureError. */
export async function readStandbyHost(context: UpgradeContext): Promise<string | null> {
  if (!context.stage.standby || context.config.switchMethod === 'slot-swap') return null;
  const site = await context.azure.appService.getSite(context.stage.standby.site);
  return site?.defaultHostName ?? null;
}
