// Where slots are swapped, both regions are swapped, as one: the backup region first. Its database is a geo-secondary,
// so nobody can write to V2 there; the pivot follows, and where that fails this region is swapped back.
import { COMPLETE } from '../application/copy-of-freeze.ts';
import { readJournal } from '../application/journal.ts';
import { isRightMissing, rightMissing } from '../application/missing-right.ts';
import { swapSlots } from '../application/moving-users-commands.ts';
import { readSlotRoles, sameName } from '../application/production-slot.ts';
import { inBackupRegion } from '../application/regions.ts';
import { ensureRunLock, lockTakings } from '../application/run-lock.ts';
import { type PivotWrite, type UsersAre, usersAfter } from '../application/settle-pivot.ts';
import { ensureStillAlone } from '../application/still-alone.ts';
import { forEachDatabase, sqlTarget, type UpgradeContext } from '../application/upgrade-context.ts';
import { AzureError } from '../azure/errors.ts';
import type { BeforeSending } from '../azure/ports.ts';
import { shell } from '../engine/command-line.ts';
import type { JournalStatus } from '../engine/journal.ts';
import { orAbort } from '../engine/or-abort.ts';
import { done, type Step, type StepRun, toDo, type Undo } from '../engine/step.ts';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import { askedFirst } from './asked-first.ts';
import { mayPass } from './remove-until-gone.ts';

export function swapStandby(context: UpgradeContext): Step {
  const backup = inBackupRegion(context);
  const { site } = backup.production.site;
  const slot = context.config.deploymentSlot;
  const connected = `${site} is connected to ${backup.stage.server.name}`;
  return {
    id: 'swap-standby',
    title: `Swap slot ${slot} of ${site} in the backup region with production`,
    article: null,
    phase: 'switch',
    changes: `site ${site} in the backup region: slot ${slot} and production are swapped; each keeps its database`,
    pivot: false,
    assess: async () => {
      const { production } = await readSlotRoles(backup.config, context.azure);
      return sameName(production.name, context.stage.config.name) ? done(connected) : toDo();
    },
    apply: async (run) => {
      await ensureRunLock(context, 'stage');
      context.window.spend('swap in the backup region');
      const takings = lockTakings(context);
      const asking = async () => {
        await ensureStillAlone(context);
        // Users wait: it is looked once more only where another run may have swapped, and died before it said so.
        if (lockTakings(context) !== takings) await assertNotSwapped(backup, backup.production.config.name);
      };
      // Users are read-only meanwhile: a lost swap that may come late is settled by the undo, once they can write.
      const swapped = await swap(backup, run, 'over', asking);
      if (swapped.is !== 'stage') throw notSwapped(context, swapped);
      return [connected];
    },
    undo: swapBack(context),
  };
}

/** How often a swap is sent that Azure has refused for now. */
const ATTEMPTS = 2;
const PAUSE_MS = 2_000;

interface Swapped {
  /** Which slot's site the region has in production, in the words of the view that was swapped. */
  readonly is: UsersAre;
  readonly failure: unknown;
}

/** Somebody has swapped since it was looked: one more would take that back. */
class SwappedMeanwhile extends Error {}

/** Throws SwappedMeanwhile where the region has another slot's site in production than that. */
async function assertNotSwapped({ config, azure }: UpgradeContext, seen: string): Promise<void> {
  const { production, evidence } = await readSlotRoles(config, azure);
  if (!sameName(production.name, seen)) throw new SwappedMeanwhile(evidence);
}

/**
 * Brings the view's stage site into production, unless it is there. A swap that Azure is at is waited for.
 * @param doubtful what a swap counts as that was neither carried out nor refused for sure.
 * @param beforeSending throws where another run has acted meanwhile; after SwappedMeanwhile it is looked again.
 */
async function swap(
  view: UpgradeContext,
  run: StepRun,
  doubtful: PivotWrite,
  beforeSending: BeforeSending,
): Promise<Swapped> {
  for (let attempt = 1; ; attempt++) {
    const before = await orAbort(usersAfter(view, 'over'), run.signal);
    if (before !== 'production') return { is: before, failure: null };
    const swapped = await sendSwap(view, run, doubtful, beforeSending);
    if (attempt === ATTEMPTS || !mayBeSentAgain(swapped)) return swapped;
    run.progress(`the swap was not sent, or not carried out (${messageOf(swapped.failure)}); once more`);
    await view.clock.sleep(PAUSE_MS, run.signal);
  }
}

async function sendSwap(
  view: UpgradeContext,
  run: StepRun,
  doubtful: PivotWrite,
  beforeSending: BeforeSending,
): Promise<Swapped> {
  const { appService } = view.azure;
  const ref = { ...view.production.site, deploymentSlot: null };
  const { deploymentSlot } = view.config;
  const asked = askedFirst(async () => {
    run.signal.throwIfAborted(); // Azure may have made it wait
    await beforeSending();
  });
  const sent = appService.swapWithProduction(
    ref,
    deploymentSlot,
    run.progress,
    run.signal,
    asked.beforeSending,
  );
  const failure = await sent.then(
    () => null,
    (error: unknown) => error,
  );
  const refusal = asked.refusal();
  if (refusal instanceof SwappedMeanwhile) return { is: 'production', failure: refusal };
  if (refusal !== null) throw refusal;
  run.signal.throwIfAborted(); // whoever undoes it looks what became of it
  return { is: await orAbort(usersAfter(view, writeOf(failure, doubtful)), run.signal), failure };
}

/** Azure has refused it for now, or it is there. One that may come late and another one would be none. */
function mayBeSentAgain({ is, failure }: Swapped): boolean {
  if (failure instanceof SwappedMeanwhile) return true;
  const isRefused = failure instanceof AzureError && !failure.outcomeUnknown;
  return is === 'production' && isRefused && mayPass(failure);
}

/** Refused also where another swap is under way, which is waited for; whatever else was said, it is looked. */
function writeOf(failure: unknown, doubtful: PivotWrite): PivotWrite {
  return failure instanceof AzureError && !failure.outcomeUnknown ? 'refused' : doubtful;
}

function notSwapped(context: UpgradeContext, { is, failure }: Swapped): UpgradeError {
  const { site } = inBackupRegion(context).production.site;
  const what =
    is === 'unknown'
      ? `It is not known whether the slots of ${site} in the backup region were swapped`
      : `The slots of ${site} in the backup region were not swapped`;
  const where = `${what}; users were not switched to ${context.stage.config.name}, they are still on ${context.production.config.name}`;
  if (isRightMissing(failure)) return rightMissing(failure, `${where}. `);
  // Users have not been moved for sure: not 'switch-outcome-unknown', which would keep production read-only.
  return new UpgradeError('switch-failed', where, { cause: failure });
}

/** Where users are where they were, the backup region's site has to be that slot's as well. */
function swapBack(context: UpgradeContext): Undo {
  const backup = inBackupRegion(context);
  const { site } = backup.production.site;
  const { name } = context.production.config;
  return {
    order: 'tidy', // users are not on that site
    what: `Swap the slots of ${site} in the backup region back`,
    apply: async (run) => {
      const here = await readSlotRoles(context.config, context.azure);
      if (!sameName(here.production.name, name))
        return { kind: 'nothing-to-undo', evidence: [`${here.evidence}: users have been switched`] };
      const there = await usersAfter(backup, await swapOnRecord(context));
      if (there === 'production')
        return {
          kind: 'nothing-to-undo',
          evidence: [`${site} is connected to ${backup.production.server.name}`],
        };
      if (there === 'unknown') throw notSwappedBack(context, null);
      // What is in production there now goes back to where it came from.
      const back = { ...backup, production: backup.stage, stage: backup.production };
      const left = new UsersHaveLeft();
      const asking = async () => {
        await ensureRunLock(context, 'production');
        const now = await readSlotRoles(context.config, context.azure);
        if (!sameName(now.production.name, name)) throw left;
        await assertNotSwapped(back, back.production.config.name);
      };
      const swapped = await swap(back, run, 'unknown', asking).catch((error: unknown) => {
        if (error === left) return left;
        throw error;
      });
      if (swapped instanceof UsersHaveLeft)
        return {
          kind: 'nothing-to-undo',
          evidence: [`users have been switched to ${context.stage.config.name} meanwhile`],
        };
      if (swapped.is !== 'stage') throw notSwappedBack(context, swapped.failure);
      return { kind: 'undone', evidence: [`${site} is connected to ${backup.production.server.name} again`] };
    },
  };
}

/** Another run has moved them since it was looked: V2's site is to be in production in both regions. */
class UsersHaveLeft extends Error {}

/** What the databases say from the moment at which a swap may have been sent: on the way to V2, and back to V1. */
const MAY_BE_SWAPPING: readonly JournalStatus[] = [...COMPLETE, 'giving-back'];

/** A swap whose answer was lost may begin late; where none can have been sent, one look is enough. */
async function swapOnRecord(context: UpgradeContext): Promise<PivotWrite> {
  try {
    const said = await forEachDatabase(context, (pair) =>
      context.sessions.on(sqlTarget(context, 'stage', pair.name), (connection) =>
        readJournal(context, connection),
      ),
    );
    const maySwap = said.some((entry) => entry !== null && MAY_BE_SWAPPING.includes(entry.status));
    return maySwap ? 'unknown' : 'over';
  } catch {
    return 'unknown'; // the stage slot is gone or does not answer: it may have said anything
  }
}

function notSwappedBack(context: UpgradeContext, cause: unknown): UpgradeError {
  const { production, stage } = inBackupRegion(context);
  const { resourceGroup, site } = production.site;
  return new UpgradeError(
    'switch-failed',
    `The slots of ${site} in the backup region could not be swapped back: users are on ${context.production.config.name}, and after a disaster they would get the site of ${stage.server.name}`,
    {
      cause,
      advice: [
        `See what ${site} is connected to: ${shell`az webapp config connection-string list -g ${resourceGroup} -n ${site}`}`,
        `Where that is ${stage.server.name}: ${swapSlots(production.site, context.config.deploymentSlot)}`,
      ],
    },
  );
}
