// The backup region as guards see it, and how a guard of one region becomes one of both.
import { type Observation, observe } from '../application/observe.ts';
import { inBackupRegion } from '../application/regions.ts';
import type { Slot, UpgradeContext } from '../application/upgrade-context.ts';
import { messageOf } from '../message-of.ts';
import type { Guard, GuardedPhase, Verdict } from './guard.ts';
import { allOf, notKnowable } from './verdict.ts';

/** The application in one region, and what was seen of it. */
export interface SeenRegion {
  readonly context: UpgradeContext;
  readonly observed: Observation;
}

export type BackupRegion =
  | ({ readonly kind: 'answers' } & SeenRegion)
  /** SQL servers that the configuration names and Azure does not know. */
  | { readonly kind: 'servers-missing'; readonly slots: readonly Slot[] }
  | { readonly kind: 'silent'; readonly error: unknown };

/** Never throws because of Azure. `observed`: of the primary region, by this run of guards. */
export type ReadBackupRegion = (context: UpgradeContext, observed: Observation) => Promise<BackupRegion>;

/** Asks the backup region once a run of guards, whichever guard is the first to want it. */
export function backupRegionReader(): ReadBackupRegion {
  const readings = new WeakMap<Observation, Promise<BackupRegion>>();
  return (context, observed) => {
    const reading = readings.get(observed) ?? read(inBackupRegion(context));
    readings.set(observed, reading);
    return reading;
  };
}

/** The servers are read anew: a run may have begun without an answer about them. */
async function read(backup: UpgradeContext): Promise<BackupRegion> {
  const { production, stage, azure } = backup;
  const serverOf = ({ config }: Slot) =>
    azure.sql.getServer({ resourceGroup: config.sqlResourceGroup, server: config.sqlServer });
  try {
    const [here, there] = await Promise.all([serverOf(production), serverOf(stage)]);
    if (!here || !there) {
      return { kind: 'servers-missing', slots: [...(here ? [] : [production]), ...(there ? [] : [stage])] };
    }
    const context = {
      ...backup,
      production: { ...production, server: here },
      stage: { ...stage, server: there },
    };
    return { kind: 'answers', context, observed: await observe(context) };
  } catch (error) {
    return { kind: 'silent', error };
  }
}

/** What a guard says in the backup region; `primary` is the application in its primary region. */
export type CheckInBackupRegion = (
  backup: SeenRegion,
  phase: GuardedPhase,
  primary: UpgradeContext,
) => Promise<Verdict>;

/**
 * The guard, asked in both regions. One that cannot be asked hides nothing of the other.
 * @param check what it asks in the backup region, where that is not the same.
 */
export function inBothRegions(guard: Guard, read: ReadBackupRegion, check?: CheckInBackupRegion): Guard {
  const there: CheckInBackupRegion =
    check ?? (({ context, observed }, phase) => guard.check(context, observed, phase));
  return {
    ...guard,
    title: `${guard.title}, in both regions`,
    check: async (context, observed, phase) => {
      const inBackup = async (): Promise<Verdict> => {
        const backup = await read(context, observed);
        return backup.kind === 'answers'
          ? there(onlyThere(backup), phase, context)
          : notKnowable(`the backup region could not be asked: ${whySilent(backup)}`);
      };
      const primary = () => guard.check(context, observed, phase);
      return allOf(await Promise.all([primary, inBackup].map(orNotKnowable)));
    },
  };
}

/** Why nothing is known about the backup region. */
export function whySilent(backup: Exclude<BackupRegion, { kind: 'answers' }>): string {
  if (backup.kind === 'servers-missing') {
    return `${backup.slots.map(({ config }) => config.sqlServer).join(', ')} is not there`;
  }
  return messageOf(backup.error);
}

/** A database that production's standby does not have, or not yet, is told by the guard of the standby. */
function onlyThere({ context, observed }: SeenRegion): SeenRegion {
  const databases = observed.databases.filter(({ production }) => production.info && production.why === '');
  return { context, observed: { ...observed, databases } };
}

async function orNotKnowable(check: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await check();
  } catch (error) {
    return notKnowable(messageOf(error));
  }
}
