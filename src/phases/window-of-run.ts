// Since when users can only read, and until when they could, as a run tells it at its end.
import type { Observation } from '../application/observe.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import type { ReadOnlyWindow } from '../engine/report.ts';
import { frozenSince } from './go-back.ts';

/** @param observed how the application is found; null where it could not be looked. Null where production was never seen frozen. */
export function windowOf(
  parts: Pick<UpgradeContext, 'clock' | 'window'>,
  observed: Pick<Observation, 'databases' | 'state'> | null,
): ReadOnlyWindow | null {
  const own = parts.window.report();
  // What this run has closed another one may have opened anew.
  return own?.to === null ? own : (stillReadOnly(parts, observed) ?? own);
}

/** A window that this run only saw. */
function stillReadOnly(
  { clock }: Pick<UpgradeContext, 'clock'>,
  observed: Pick<Observation, 'databases' | 'state'> | null,
): ReadOnlyWindow | null {
  const from = observed && frozenSince(observed);
  if (!from) return null;
  const seconds = (clock.now() - Date.parse(from)) / 1000;
  return { from, to: null, seconds, spentOn: [{ what: 'between runs', seconds }] };
}
