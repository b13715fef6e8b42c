// Production read-only, so that nothing is written to V1's database that the copy would not have.

import { journalOf, readJournal, renewJournal, writeJournal } from '../application/journal.ts';
import { assertKnown, isOvertaken } from '../application/known-entries.ts';
import { ensureStillAlone } from '../application/still-alone.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { recordWritable } from '../application/way-back.ts';
import { writeAgain } from '../application/write-again.ts';
import { SqlError } from '../azure/errors.ts';
import { ACCESS, type Access } from '../azure/tsql/access-mode.ts';
import { LINKS, type LinkStatus, linkTo } from '../azure/tsql/geo-replication.ts';
import { lookAtAll } from '../azure/tsql/looks.ts';
import { mayAlterLater } from '../azure/tsql/transient-errors.ts';
import { type Assessment, blocked, done, type Step, toDo } from '../engine/step.ts';
import { messageOf } from '../message-of.ts';
import { closeDatabase, settleWriters } from './close-database.ts';
import { freezeKey } from './freeze-key.ts';
import { freezeOrder } from './freeze-order.ts';
import { freezeChanges, freezeFailed, frozenElsewhere } from './freeze-words.ts';
import { freezeLastsMs, isAnnounced, settleFreeze } from './late-freeze.ts';
import { whyNotSettled } from './still-closed.ts';
import { assertStillPrimary, whyNotPrimary } from './still-primary.ts';
import { unfreeze } from './unfreeze.ts';

/**
 * How long it is tried again where what stood in its way may pass, on top of what one statement may take, and the pauses
 * between: one that is never answered is given up later than it could end, for its attention is waited for too. Milliseconds.
 */
const TRIED_AGAIN_WITHIN_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

export function freezeProduction(context: UpgradeContext): Step {
  const names = context.databases.map((pair) => pair.name).join(', ');
  const server = context.production.server.name;
  return {
    id: 'freeze',
    title: 'Set production read-only',
    article: null,
    phase: 'upgrade',
    changes: `users can only read: ${freezeChanges(context, `${names} on ${server}`)}`,
    pivot: false,
    assess: async () => {
      const assessments = await forEachDatabase(context, (pair) => assess(context, pair));
      const first =
        assessments.find((one) => one.kind === 'blocked') ?? assessments.find((one) => one.kind === 'to-do');
      return first ?? done(`${names} on ${server} is read-only already`);
    },
    apply: async (run) => {
      const upgradeId = await currentUpgradeId(context);
      const frozen: string[] = [];
      for (const databases of await freezeOrder(context)) {
        run.signal.throwIfAborted();
        frozen.push(...(await freezeTogether(context, databases, upgradeId, run.signal)));
      }
      context.window.spend('drain');
      return [...frozen, `upgrade ${upgradeId}`];
    },
    undo: unfreeze(context),
  };
}

async function assess(context: UpgradeContext, pair: DatabasePair): Promise<Assessment> {
  const { access, unsettled, journal, links } = await context.sessions.on(
    sqlTarget(context, 'production', pair.name),
    async (connection) => {
      const seen = await lookAtAll(connection, { access: ACCESS, links: LINKS, journal: journalOf(context) });
      return { ...seen, unsettled: await whyNotSettled(connection, seen.access) };
    },
  );
  const link = linkTo(links, context.stage.server.name);
  const elsewhere = whyNotPrimary(context, pair, links);
  if (elsewhere) return blocked(elsewhere.reason, elsewhere.message, ...elsewhere.advice);
  if (access.mode === 'read-only') {
    if (journal?.status !== 'freezing') return frozenElsewhere(context, pair, access);
    context.window.open(Date.parse(journal.at));
    if (unsettled) return toDo(`${pair.name} is fenced, and ${unsettled}`);
    // Whoever wrote before this moment did so while the copy was linked, and the drain is yet to come.
    if (access.isFenced && link && access.at) context.window.confirm(freezeKey(pair.production), access.at);
    return done();
  }
  if (!link) {
    return blocked(
      'stage-compromised',
      `${pair.name} on ${context.stage.server.name} is not linked to production any more, so it cannot be brought up to date`,
      'Remove the stage database (phase rollback with rollback.stage: remove), then run prepare again.',
    );
  }
  return toDo(`${pair.name} is read-write`);
}

/** Announced no sooner than they are frozen: a way back waits for what was announced. */
async function freezeTogether(
  context: UpgradeContext,
  databases: readonly DatabasePair[],
  upgradeId: string,
  signal: AbortSignal,
): Promise<string[]> {
  await ensureStillAlone(context);
  await forEachDatabase({ databases }, (pair) =>
    writeAgain(context, 'production', () => announce(context, pair, upgradeId)),
  );
  // A way back finds what is announced: from here on another run's answers all of them.
  await ensureStillAlone(context);
  return forEachDatabase({ databases }, (pair) => freeze(context, pair, signal));
}

/** A resumed upgrade keeps its id: the databases that were frozen already carry it. */
async function currentUpgradeId(context: UpgradeContext): Promise<string> {
  const entries = await forEachDatabase(context, (pair) =>
    context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
      const { access, journal } = await lookAtAll(connection, {
        access: ACCESS,
        journal: journalOf(context),
      });
      return access.mode === 'read-only' ? journal : null;
    }),
  );
  return entries.find((entry) => entry !== null)?.upgradeId ?? context.newUpgradeId;
}

/**
 * The intention is written before the freeze: a frozen database says who froze it, and so does its copy. Throws
 * 'region-mismatch' where the database was failed over: it is read-only because of its role then.
 */
export async function announce(
  context: UpgradeContext,
  pair: DatabasePair,
  upgradeId: string,
): Promise<void> {
  await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
    const { access, links, journal } = await lookAtAll(connection, {
      access: ACCESS,
      links: LINKS,
      journal: journalOf(context),
    });
    assertStillPrimary(context, pair, links);
    assertKnown(context.known, connection, journal);
    if (access.mode === 'read-only') return;
    const serverAt = access.at?.toISOString();
    await writeJournal(context, 'production', connection, { upgradeId, status: 'freezing', serverAt });
  });
}

/**
 * Sets one database read-only and returns the evidence. Whatever the statement answered, and also when it answered
 * nothing, the database is asked. It is tried again where that may help and it takes writes. Throws 'freeze-failed' and
 * 'freeze-not-possible' where it still does, and 'region-mismatch' where it was failed over meanwhile.
 */
export async function freeze(
  context: UpgradeContext,
  pair: DatabasePair,
  signal: AbortSignal,
): Promise<string> {
  const target = sqlTarget(context, 'production', pair.name);
  const startedAt = context.clock.now();
  let pause = FIRST_PAUSE_MS;
  let sent = await sendFreeze(context, pair, signal);
  while (sent.access.mode === 'read-write') {
    const isLate = context.clock.now() + pause > startedAt + freezeLastsMs(context) + TRIED_AGAIN_WITHIN_MS;
    if (signal.aborted || isLate || !mayAlterLater(sent.failure)) {
      await withdraw(context, pair);
      signal.throwIfAborted();
      throw freezeFailed(context, pair, sent.failure);
    }
    context.log.warning(
      `${pair.name} was not set read-only (${messageOf(sent.failure)}); again in ${pause} ms`,
    );
    await context.clock.sleep(pause, signal).catch(() => {}); // asked to stop: withdrawn at the next turn
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    if (signal.aborted) continue;
    await announceAgain(context, pair);
    sent = await sendFreeze(context, pair, signal);
  }
  const { access, links } = sent;
  context.window.open(context.clock.now());
  assertStillPrimary(context, pair, links);
  const closed = access.isReadOnly
    ? { at: access.at, evidence: 'READ_ONLY' }
    : await settleWriters(context, target, signal);
  if (closed.at) context.window.confirm(freezeKey(pair.production), closed.at);
  const seconds = ((context.clock.now() - startedAt) / 1000).toFixed(1);
  return `${pair.name} on ${context.production.server.name} is ${closed.evidence}, read back after ${seconds} s`;
}

interface Outcome {
  readonly access: Access;
  readonly links: readonly LinkStatus[];
}

interface Sent extends Outcome {
  readonly failure: unknown;
}

async function sendFreeze(context: UpgradeContext, pair: DatabasePair, signal: AbortSignal): Promise<Sent> {
  const sentAt = context.clock.now();
  let failure: unknown = null;
  try {
    await closeDatabase(context, sqlTarget(context, 'production', pair.name), signal);
  } catch (error) {
    // However the database is by then, it is so by the other run.
    if (isOvertaken(error)) throw error;
    failure = error;
  }
  return { failure, ...(await outcomeOf(context, pair, failure, sentAt, signal)) };
}

/** How long a freeze may be under way is counted from its announcement. */
async function announceAgain(context: UpgradeContext, pair: DatabasePair): Promise<void> {
  await ensureStillAlone(context);
  await writeAgain(context, 'production', () =>
    context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
      const { access, journal } = await lookAtAll(connection, {
        access: ACCESS,
        journal: journalOf(context),
      });
      assertKnown(context.known, connection, journal);
      if (journal)
        await renewJournal(context, connection, { ...journal, serverAt: access.at?.toISOString() });
    }),
  );
}

async function outcomeOf(
  context: UpgradeContext,
  pair: DatabasePair,
  failure: unknown,
  sentAt: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const look = () =>
    context.sessions.on(sqlTarget(context, 'production', pair.name), (connection) =>
      lookAtAll(connection, { access: ACCESS, links: LINKS }),
    );
  const isLost = failure instanceof SqlError && failure.kind === 'lost';
  if (!isLost) return look();
  const seconds = freezeLastsMs(context) / 1000;
  context.log.warning(
    `${failure.message}. SQL Server may still carry it out: looking for up to ${seconds} s before it is believed that it did not`,
  );
  const access = await settleFreeze(context, pair, sentAt, signal);
  return { ...(await look()), access };
}

/** The freeze is known to have come to nothing, and production says so: nobody has to wait for it any more. */
async function withdraw(context: UpgradeContext, pair: DatabasePair): Promise<void> {
  try {
    await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
      const journal = await readJournal(context, connection);
      assertKnown(context.known, connection, journal);
      if (isAnnounced(context, journal)) await recordWritable(context, connection, journal);
    });
  } catch (error) {
    context.log.warning(`${pair.name}: journal not written: ${messageOf(error)}`);
  }
}
