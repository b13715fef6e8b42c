// Law 10 when V1 goes: as long as the database that serves users has no geo-secondary that has caught up, what is left of
// V1 is the last other copy.
import type { DatabaseObservation } from '../application/observe.ts';
import { productionToStandby } from '../application/regions.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { type Assessment, blocked } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { linkAtPrimary, linkName } from './protection.ts';

/**
 * Why the database that serves users has no geo-secondary that has caught up; null where it has one, and in
 * single-region, where it needs none. Asked of its primary region alone, which knows what the other one acknowledges.
 */
export async function whyUnprotected(
  context: UpgradeContext,
  { name, protection }: Pick<DatabaseObservation, 'name' | 'protection'>,
): Promise<string | null> {
  if (!protection) return null;
  const link = productionToStandby(context);
  const managed = protection.production?.state ?? 'not there';
  if (managed !== 'CATCH_UP') return `${name}: ${linkName(link)} is ${managed}`;
  const told = (await linkAtPrimary(context, link, name))?.state ?? 'not there';
  return told === 'CATCH_UP'
    ? null
    : `${name}: ${linkName(link)} is ${told}, as ${link.from.server.name} says`;
}

/** Blocks where one of these databases of V1 is the last other copy; null where none is. */
export async function lastOtherCopy(
  context: UpgradeContext,
  left: readonly DatabaseObservation[],
): Promise<Assessment | null> {
  for (const seen of left) {
    const why = await whyUnprotected(context, seen);
    if (why) return blocked('standby-not-caught-up', v1IsKept(why), ...ADVICE);
  }
  return null;
}

/** Asked once more just before something of V1 goes. Throws 'standby-not-caught-up'. */
export async function assertProtected(context: UpgradeContext, seen: DatabaseObservation): Promise<void> {
  const why = await whyUnprotected(context, seen);
  if (why) throw new UpgradeError('standby-not-caught-up', v1IsKept(why), { advice: ADVICE });
}

const v1IsKept = (why: string) =>
  `V1 is kept: V2 has no geo-secondary that has caught up (${why}), so V1's databases are the last other copy`;
const ADVICE = ['Wait until V2 has its geo-secondary again (phase status tells), then run cleanup again.'];
