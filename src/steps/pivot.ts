// The one write that moves users, by whichever method: what is made sure before it is sent, and how it is found
// out what became of it, whatever it answered.

import { readJournal } from '../application/journal.ts';
import { isOvertaken } from '../application/known-entries.ts';
import { isRightMissing, rightMissing } from '../application/missing-right.ts';
import { ensureRunLock, lockTakings } from '../application/run-lock.ts';
import { sentBack, sentToV2 } from '../application/sent-back.ts';
import {
  type PivotWrite,
  returnOutcomeUnknown,
  switchOutcomeUnknown,
  usersAfter,
} from '../application/settle-pivot.ts';
import { ensureStillAlone, lostAgain } from '../application/still-alone.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { AzureError, UnendedError, WrittenError } from '../azure/errors.ts';
import type { BeforeSending } from '../azure/ports.ts';
import type { JournalStatus } from '../engine/journal.ts';
import type { StepRun } from '../engine/step.ts';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import { type AskedFirst, askedFirst } from './asked-first.ts';
import { markDatabase, type PivotMarks, recordMoved } from './mark-stage.ts';
import { waitUntilProtected } from './protection.ts';
import { mayPass } from './remove-until-gone.ts';
import { assertUntouched } from './untouched.ts';

/** It was seen before; this is for a lag that is not known for a moment. Milliseconds. */
const PROTECTED_WITHIN_MS = 10_000;

/** How often the write is sent, where it is settled each time that it has moved nobody and what stood in its way may pass. */
const ATTEMPTS = 2;
const PAUSE_MS = 2_000;

/**
 * A run that stands still between its announcement and the write, and loses its lock there, must not send it: whoever has the lock then
 * looks for 20 s where users are before production is opened (settle-pivot.ts). Milliseconds.
 */
const ANNOUNCED_FOR_MS = 5_000;
/** How often it is announced anew before the write is given up. */
const ROUNDS = 4;

/** The write that moves users: nothing is sent before it is called. */
export type Write = (beforeSending: BeforeSending) => Promise<void>;

/**
 * Sends the write, once more where that is safe and may help, and resolves when users are on the stage slot. Throws before it is sent what the lock, the looks
 * at production and at the stage slot's protection, and the preparation throw; afterwards the refusal or 'switch-failed' where users have certainly not been moved, and
 * 'switch-outcome-unknown' where that could not be settled.
 */
export async function moveUsers(
  context: UpgradeContext,
  marks: PivotMarks,
  run: StepRun,
  prepare: () => Promise<Write>,
): Promise<void> {
  context.window.spend('switch');
  const ready = await readyToMove(context, marks, run, prepare);
  let { send } = ready;
  if (ready.hasWaited && (await areSwapped(context, marks, null))) return;
  let announced = announcedFrom(context, marks);
  const before = await announce(context, marks);
  context.window.disarm();
  for (let attempt = 1; ; attempt++) {
    const failure = await send(announced.beforeSending).then(
      () => null,
      (error: unknown) => error,
    );
    // By itself: nothing was sent. After an answer that tells nothing (503) that answer is the failure, and it is settled.
    if (failure !== null && failure === announced.refusal()) {
      if (!isOvertaken(failure)) await takeBack(context, before);
      throw failure;
    }
    if (failure === null || failure instanceof WrittenError) return arrived(context, marks, failure);
    if (await areMoved(context, marks, writeOf(context, before, failure), failure)) return;
    try {
      if (attempt === ATTEMPTS || !mayBeSentAgain(context, failure, run)) throw notSwitched(context, failure);
      run.progress(`the switch was not carried out (${messageOf(failure)}); once more`);
      await context.clock.sleep(PAUSE_MS, run.signal);
      ({ send } = await readyToMove(context, marks, run, prepare));
      announced = announcedFrom(context, marks);
      await announce(context, marks);
    } catch (error) {
      await takeBack(context, before);
      throw error;
    }
    // What Azure refused this one for may have been another swap, which has come meanwhile.
    if (await areSwapped(context, marks, failure)) return;
  }
}

/**
 * From this moment on nobody else opens production for a while; later than that it is asked whether another run has. The lock is asked
 * for each time: the clock of a machine that stands still may stand still with it, and goes on where it stopped.
 */
function announcedFrom(context: UpgradeContext, marks: PivotMarks): AskedFirst {
  const { clock } = context;
  let from = clock.now();
  return askedFirst(async () => {
    const heldSince = async (takings: number) => {
      await ensureStillAlone(context);
      return lockTakings(context) === takings;
    };
    const isHeld = await heldSince(lockTakings(context));
    const now = clock.now();
    if (isHeld && now >= from && now - from <= ANNOUNCED_FOR_MS) return; // a clock may be set back
    for (let round = 1; round <= ROUNDS; round++) {
      const takings = lockTakings(context);
      // Whoever comes next goes by the moment of the announcement: how long this write may come yet.
      await announce(context, marks);
      from = clock.now();
      // Another run that was killed, or a person, may have opened it and said so nowhere.
      await forEachDatabase(context, (pair) => assertUntouched(context, pair));
      if (await heldSince(takings)) return;
    }
    throw lostAgain(context, ROUNDS);
  });
}

/** A profile is written only where it is as it was read; a swap is carried out whatever was, and one too many takes users back. */
async function areSwapped(context: UpgradeContext, marks: PivotMarks, cause: unknown): Promise<boolean> {
  return context.config.switchMethod === 'slot-swap' && areMoved(context, marks, 'over', cause);
}

/**
 * Azure has carried the write out, so that users were moved. Where they are not seen there somebody has sent them back: throws
 * 'switch-outcome-unknown', and later runs read it in the journal, before anything else can end this one.
 */
async function arrived(context: UpgradeContext, marks: PivotMarks, cause: unknown): Promise<void> {
  if ((await usersAfter(context, 'none')) === 'stage') return;
  await recordMoved(context, marks);
  if (await areMoved(context, marks, 'answered', cause)) return;
  throw marks.version === 'V2' ? sentBack(context) : sentToV2(context);
}

/** Whether users are on the stage slot. Throws 'switch-outcome-unknown'. */
async function areMoved(
  context: UpgradeContext,
  marks: PivotMarks,
  write: PivotWrite,
  cause: unknown,
): Promise<boolean> {
  const users = await usersAfter(context, write);
  if (users === 'unknown')
    throw marks.version === 'V2'
      ? switchOutcomeUnknown(context, cause)
      : returnOutcomeUnknown(context, cause);
  return users === 'stage';
}

interface Ready {
  /** A lock was not had at once: it is not known what another run has done meanwhile. */
  readonly hasWaited: boolean;
  readonly send: Write;
}

/**
 * Everything that has to hold at the moment at which the write is sent, and the write. What is written is read while what allows
 * it is looked at last, and again where another run may have written meanwhile. Where any of it fails, nothing was tried.
 */
async function readyToMove(
  context: UpgradeContext,
  marks: PivotMarks,
  run: StepRun,
  prepare: () => Promise<Write>,
): Promise<Ready> {
  await assertProtected(context, marks, run);
  const [hasWaited, send] = await Promise.all([assertMayMove(context), prepare()]);
  run.signal.throwIfAborted();
  if (!hasWaited) return { hasWaited, send };
  await assertProtected(context, marks, run);
  return { hasWaited, send: await prepare() };
}

async function assertProtected(context: UpgradeContext, marks: PivotMarks, run: StepRun): Promise<void> {
  if (!marks.onlyToProtected || !context.stage.standby) return;
  await forEachDatabase(context, (pair) => waitUntilProtected(context, pair, run, PROTECTED_WITHIN_MS));
}

/** Returns whether a lock was not had at once. */
async function assertMayMove(context: UpgradeContext): Promise<boolean> {
  const ofStage = await ensureRunLock(context, 'stage');
  const takings = lockTakings(context);
  await ensureStillAlone(context);
  await forEachDatabase(context, (pair) => assertUntouched(context, pair));
  return lockTakings(context) !== takings || ofStage === 'waited-for';
}

/**
 * Says on every stage database that the write is tried, and when; returns what they said before. It is the last look at them, also
 * where there is nothing to be said: users are not moved to a database that was deleted while the locks were asked for.
 */
function announce(context: UpgradeContext, marks: PivotMarks): Promise<SaidBefore> {
  return forEachDatabase(context, async (pair) => {
    if (marks.before === null)
      await context.sessions.on(sqlTarget(context, 'stage', pair.name), (connection) =>
        readJournal(context, connection),
      );
    return [pair, await markDatabase(context, 'stage', pair, marks.before)] as const;
  });
}

/**
 * Only once it is settled that users have not been moved. A profile is written as a whole, so that a second write does
 * what the first would have done. A swap that comes late and one more would be none: it is sent again only where Azure
 * has refused it.
 */
function mayBeSentAgain({ config, window }: UpgradeContext, failure: unknown, run: StepRun): boolean {
  if (!(failure instanceof AzureError) || run.signal.aborted) return false;
  const readOnlyMs = (window.report()?.seconds ?? 0) * 1000;
  if (readOnlyMs >= config.maxReadOnlyMs) return false;
  return mayPass(failure) && !(failure.outcomeUnknown && config.switchMethod === 'slot-swap');
}

/** What every stage database said before the pivot was announced; null where nothing was to be announced. */
type SaidBefore = readonly (readonly [DatabasePair, JournalStatus | null])[];

/** Of one that failed: only Azure's refusal, or ours to send it, says that nothing is under way. */
function writeOf({ config }: UpgradeContext, before: SaidBefore, failure: unknown): PivotWrite {
  // Found changed before it was sent, or sent once more: by whom and to what has to be looked at.
  if (failure instanceof UpgradeError && failure.reason === 'profile-changed') return 'refused';
  if (failure instanceof UnendedError) return 'under-way';
  // Credentials may fail while a swap goes on.
  if (!(failure instanceof AzureError) || failure.outcomeUnknown) return 'unknown';
  // A swap is refused also because another one is under way, and an earlier run's write may come yet.
  const firstTry = before.every(([, status]) => status === 'upgraded');
  return firstTry && config.switchMethod === 'traffic-manager' ? 'none' : 'refused';
}

/** It is settled that users were not moved: no later run has to find that out again. */
async function takeBack(context: UpgradeContext, before: SaidBefore): Promise<void> {
  await Promise.all(
    before.map(([pair, status]) =>
      markDatabase(context, 'stage', pair, status).catch((error: unknown) =>
        context.log.warning(`journal of ${pair.name} not written: ${messageOf(error)}`),
      ),
    ),
  );
}

function notSwitched(context: UpgradeContext, cause: unknown): UpgradeError {
  if (cause instanceof UpgradeError) return cause;
  const { production, stage } = context;
  const where = `Users were not switched to ${stage.config.name}; they are still on ${production.config.name}`;
  if (isRightMissing(cause)) return rightMissing(cause, `${where}. `);
  return new UpgradeError('switch-failed', where, { cause });
}
