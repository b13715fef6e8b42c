// Production read-write again: the first thing that any rollback does, and the one that must work.
import { journalOf, readJournal } from '../application/journal.ts';
import { assertKnown } from '../application/known-entries.ts';
import { assertStillLooked } from '../application/run-lock.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { recordWritable } from '../application/way-back.ts';
import { ACCESS, type AccessMode, readAccessMode, setReadWrite } from '../azure/tsql/access-mode.ts';
import { LINKS } from '../azure/tsql/geo-replication.ts';
import { lookAtAll } from '../azure/tsql/looks.ts';
import { FREEZE_STATUSES, type JournalEntry } from '../engine/journal.ts';
import type { StepRun, Undo } from '../engine/step.ts';
import { messageOf } from '../message-of.ts';
import { type ReasonCode, UpgradeError } from '../reasons.ts';
import { announcedAt, freezeLastsMs, isAnnounced, settleFreeze } from './late-freeze.ts';
import { type OpeningGate, openingGate } from './opening-gate.ts';
import { assertStillPrimary } from './still-primary.ts';
import { unfreezeCommand } from './unfreeze-command.ts';

/** How long it is tried, again and again, before a person has to. Milliseconds. */
const BUDGET_MS = 180_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

type Unfrozen = 'unfrozen' | 'writable-already';

export function unfreeze(context: UpgradeContext): Undo {
  return {
    order: 'restore-service',
    what: 'Set production read-write',
    apply: async (run) => {
      context.window.spend('unfreeze');
      const gate = openingGate(context);
      const outcomes = await forEachDatabase(context, (pair) => unfreezeDatabase(context, gate, pair, run));
      context.window.close();
      return {
        kind: outcomes.includes('unfrozen') ? 'undone' : 'nothing-to-undo',
        evidence: writable(context),
      };
    },
  };
}

/** A sentence for each server: databases that were failed over one by one are on two. */
function writable({ databases }: UpgradeContext): string[] {
  const servers = [...new Set(databases.map(({ production }) => production.server))];
  return servers.map((server) => {
    const there = databases.filter(({ production }) => production.server === server);
    return `${there.map(({ name }) => name).join(', ')} on ${server} is READ_WRITE, read back`;
  });
}

async function unfreezeDatabase(
  context: UpgradeContext,
  gate: OpeningGate,
  pair: DatabasePair,
  run: StepRun,
): Promise<Unfrozen> {
  const until = context.clock.now() + BUDGET_MS;
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    try {
      return await tryOnce(context, gate, pair, run);
    } catch (error) {
      // Anything else may pass: a session of our own that SQL Server has not noticed to be gone holds the lock, and
      // Entra does not answer at times.
      const final = error instanceof UpgradeError && FINAL.includes(error.reason);
      if (final || context.clock.now() + pause > until + gate.spentMs() || run.signal.aborted)
        throw unfreezeFailed(context, pair, error);
      run.progress(`${pair.name} is not writable yet (${messageOf(error)}); trying again`);
      await context.clock.sleep(pause, run.signal);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }
}

async function tryOnce(
  context: UpgradeContext,
  gate: OpeningGate,
  pair: DatabasePair,
  run: StepRun,
): Promise<Unfrozen> {
  const target = sqlTarget(context, 'production', pair.name);
  const before = await context.sessions.on(target, async (connection) => {
    const seen = await lookAtAll(connection, { access: ACCESS, links: LINKS, journal: journalOf(context) });
    assertStillPrimary(context, pair, seen.links);
    return { mode: seen.access.mode, journal: seen.journal };
  });
  if ((await settledMode(context, pair, before, run)) === 'read-write') {
    if (isAnnounced(context, before.journal)) await tell(context, pair, before.journal);
    return 'writable-already';
  }
  assertOurs(pair, before.journal);
  await gate.pass();
  await context.sessions.on(target, async (connection) => {
    await assertStillLooked(context, pair, connection);
    await setReadWrite(connection);
    if ((await readAccessMode(connection)) !== 'read-write')
      throw new Error('still closed for writers after it was opened');
  });
  await tell(context, pair, before.journal);
  return 'unfrozen';
}

/** Writable, and a freeze was announced whose end nobody saw: it may be under way. */
async function settledMode(
  context: UpgradeContext,
  pair: DatabasePair,
  { mode, journal }: { mode: AccessMode; journal: JournalEntry | null },
  run: StepRun,
): Promise<AccessMode> {
  if (mode === 'read-only' || !isAnnounced(context, journal)) return mode;
  const sentAt = Math.min(announcedAt(journal), context.clock.now());
  if (context.clock.now() < sentAt + freezeLastsMs(context)) {
    run.progress(`${pair.name} is writable, but a freeze may be under way: waiting until it cannot be`);
  }
  return (await settleFreeze(context, pair, sentAt, run.signal)).mode;
}

/** Users can write; that the journal says so too is worth a try, not a failure. */
async function tell(
  context: UpgradeContext,
  pair: DatabasePair,
  journal: JournalEntry | null,
): Promise<void> {
  await context.sessions
    .on(sqlTarget(context, 'production', pair.name), async (connection) => {
      assertKnown(context.known, connection, await readJournal(context, connection)); // of a freeze that was announced since
      await recordWritable(context, connection, journal);
    })
    .catch((error: unknown) => context.log.warning(`journal not written: ${messageOf(error)}`));
}

/** A database that somebody else set read-only is left as it is. */
function assertOurs({ name, production }: DatabasePair, journal: JournalEntry | null): void {
  if (journal && FREEZE_STATUSES.includes(journal.status)) return;
  throw new UpgradeError(
    'production-frozen-elsewhere',
    `${name} on ${production.server} is read-only, but not by this tool`,
    { advice: ['Find out who set it read-only; this tool does not undo what it has not done.'] },
  );
}

function unfreezeFailed(context: UpgradeContext, pair: DatabasePair, cause: unknown): UpgradeError {
  if (cause instanceof UpgradeError && KEPT_REASONS.includes(cause.reason)) return cause;
  return new UpgradeError(
    'unfreeze-failed',
    `${pair.name} on ${pair.production.server} could not be set read-write`,
    {
      cause,
      advice: [
        ...(cause instanceof UpgradeError ? cause.advice : []),
        // Another run may have had the lock by then, where this one could not ask for it any more.
        `Where users are on ${context.production.config.name} (phase status tells):\n${unfreezeCommand(context, pair.name)}`,
      ],
    },
  );
}

/** Where users are on the other slot, or may be, or another run has frozen it: production is not opened, whatever is tried. */
export const MOVED: readonly ReasonCode[] = [
  'point-of-no-return-passed',
  'switch-outcome-unknown',
  'overtaken-by-another-run',
];
/** Trying again changes nothing: somebody else froze it, or it is production no longer. */
const FINAL: readonly ReasonCode[] = ['production-frozen-elsewhere', 'region-mismatch', ...MOVED];
/** This database is not to be given back by hand: the command for it is not given away. */
const KEPT_REASONS: readonly ReasonCode[] = [...FINAL, 'locked-by-another-run'];
