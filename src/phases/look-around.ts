// What is known about the application at one moment, for the report.
import { type Observation, observe, observeWhatAnswers } from '../application/observe.ts';
import { besideItsSite, failedOverAlone, inBackupRegion } from '../application/regions.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import type { EndpointView } from '../engine/report.ts';
import { messageOf } from '../message-of.ts';
import { connectWhatAnswers, type RunParts, within } from './connect-application.ts';
import { endpointViews } from './endpoint-views.ts';

/** How long a rollback looks around before it gives production back. Milliseconds. */
const BRIEFLY_MS = 5_000;
/** A look takes two or three seconds where everything answers. Milliseconds. */
const ONE_MOMENT_MS = 5_000;

export interface Seen {
  readonly context: UpgradeContext;
  readonly observed: Observation;
  /** What the backup region shows; null in a topology that has none. */
  readonly backup: Observation | null;
  readonly endpoints: readonly EndpointView[];
}

/**
 * Reads everything.
 * @param partial whether what does not answer is only told as such; else throws what the ports throw.
 */
export async function look(context: UpgradeContext, partial: boolean): Promise<Seen> {
  const observed = await (partial ? observeWhatAnswers : observe)(context);
  const { production, stage } = context;
  const backup =
    production.standby && stage.standby ? await observeWhatAnswers(inBackupRegion(context)) : null;
  // A site is beside its own server, also where single databases were failed over.
  const isApart = failedOverAlone(context).length > 0;
  const beside = isApart ? await observeWhatAnswers(besideItsSite(context)) : observed;
  return { context, observed, backup, endpoints: await endpointViews(context, beside, backup) };
}

/**
 * The world as far as it can be read; null where it cannot. A machine that stood still while it looked has seen one half before and the
 * other half after whatever another run has done meanwhile: it looks once more, but for a cancelled job, which has no time.
 */
export async function lookAgain(parts: RunParts, signal: AbortSignal): Promise<Seen | null> {
  const startedAt = parts.clock.now();
  const seen = await tryToLook(parts);
  const isOfOneMoment = parts.clock.now() - startedAt <= ONE_MOMENT_MS;
  if (seen === null || isOfOneMoment || signal.aborted) return seen;
  return (await within(parts.clock, tryToLook(parts), null)) ?? seen;
}

async function tryToLook(parts: RunParts): Promise<Seen | null> {
  try {
    return await look(await connectWhatAnswers(parts), true);
  } catch (error) {
    parts.log.warning(`Not everything could be read: ${messageOf(error)}`);
    return null;
  }
}

/** Giving production back does not wait for what does not answer. */
export function lookBriefly(parts: RunParts): Promise<Seen | null> {
  const patience = parts.clock.sleep(BRIEFLY_MS).then(() => null);
  return Promise.race([tryToLook(parts), patience]);
}
