// Whether the secondary of a geo-replication link has everything that its primary has committed: asked of both ends.
// Used for the link that the upgrade cuts and for the one that protects the stage slot.
import { journalOf } from '../application/journal.ts';
import { type GeoLink, targetOn } from '../application/regions.ts';
import type { Deployment, UpgradeContext } from '../application/upgrade-context.ts';
import { SqlError } from '../azure/errors.ts';
import { LINKS, type LinkStatus, linkAs, waitForCopySync } from '../azure/tsql/geo-replication.ts';
import { lookAtAll } from '../azure/tsql/looks.ts';
import type { JournalEntry } from '../engine/journal.ts';
import { orAbort } from '../engine/or-abort.ts';
import { pauseAfter } from '../engine/pace.ts';
import type { StepRun } from '../engine/step.ts';
import type { UpgradeError } from '../reasons.ts';
import { USERS_WAIT } from './users-wait.ts';

/** One database at one end of a link. */
export interface LinkEnd {
  /** Null also where this end has the other end's role by now. */
  readonly link: LinkStatus | null;
  readonly journal: JournalEntry | null;
}

export interface LinkEnds {
  readonly from: LinkEnd;
  readonly to: LinkEnd;
}

export type Drained =
  | { readonly kind: 'drained'; readonly evidence: string }
  | { readonly kind: 'not-yet'; readonly missing: string };

export const notYet = (missing: string): Drained => ({ kind: 'not-yet', missing });

/** What both ends of the link say. Throws SqlError where one of them does not answer. */
export async function readEnds(context: UpgradeContext, link: GeoLink, name: string): Promise<LinkEnds> {
  const [from, to] = await Promise.all([
    readEnd(context, link.from, 'primary', name, link.to),
    readEnd(context, link.to, 'secondary', name, link.from),
  ]);
  return { from, to };
}

function readEnd(
  context: UpgradeContext,
  at: Deployment,
  role: LinkStatus['role'],
  name: string,
  partner: Deployment,
): Promise<LinkEnd> {
  return context.sessions.on(targetOn(at, name, role), async (connection) => {
    const { links, journal } = await lookAtAll(connection, { links: LINKS, journal: journalOf(context) });
    return { link: linkAs(role, links, partner.server.name), journal };
  });
}

/** Whether the secondary shows all that the primary has committed, the primary's journal entry included. */
export function compareEnds({ from, to }: GeoLink, ends: LinkEnds): Drained {
  const primary = ends.from.link;
  if (!primary) return notYet(`${from.server.name} is not the primary of a link to ${to.server.name}`);
  if (primary.state !== 'CATCH_UP') return notYet(`replication to ${to.server.name} is ${primary.state}`);
  if (primary.lagSeconds === null) return notYet(`replication lag is not known to ${from.server.name}`);
  if (primary.lagSeconds > 0) return notYet(`replication lag is ${primary.lagSeconds} s`);
  if (behind(primary, ends.to.link)) return notYet(`${to.server.name} has not applied the last commit`);
  // The entry is the last thing that this tool has committed on the primary.
  const [here, there] = [ends.from.journal, ends.to.journal];
  if (!here || !hasArrived(here, there))
    return notYet(`${to.server.name} does not show the latest entry of the upgrade on ${from.server.name}`);
  const last = primary.lastCommit?.toISOString() ?? 'not told';
  return { kind: 'drained', evidence: `CATCH_UP, lag 0 s, last commit ${last} on both sides` };
}

function behind(primary: LinkStatus, secondary: LinkStatus | null): boolean {
  if (!primary.lastCommit || !secondary?.lastCommit) return false;
  return secondary.lastCommit.getTime() < primary.lastCommit.getTime();
}

/** The entry that was written here has come there with the data. */
function hasArrived(here: JournalEntry, there: JournalEntry | null): boolean {
  return there?.upgradeId === here.upgradeId && there.status === here.status && there.at === here.at;
}

/** One wait for a link to be drained. */
export interface LinkDrain {
  readonly link: GeoLink;
  readonly name: string;
  /** Looks once at both ends. */
  look(): Promise<Drained>;
  /** What is thrown where it is not drained in time, or where nothing proves it. */
  failed(missing: string, cause?: unknown): UpgradeError;
}

/**
 * Waits `drain-timeout` at most until the link is drained, and has that confirmed by the documented proof. Returns the
 * evidence.
 */
export async function waitUntilDrained(
  context: UpgradeContext,
  drain: LinkDrain,
  run: StepRun,
): Promise<string> {
  const startedAt = context.clock.now();
  const until = startedAt + context.config.drainTimeoutMs;
  let told = '';
  for (;;) {
    run.signal.throwIfAborted();
    const verdict = await lookAndConfirm(context, drain, run);
    if (verdict.kind === 'drained') return verdict.evidence;
    if (context.clock.now() > until) throw drain.failed(verdict.missing);
    if (verdict.missing !== told) run.progress(`${drain.name}: ${verdict.missing}`);
    told = verdict.missing;
    await context.clock.sleep(pauseAfter(context.clock.now() - startedAt, USERS_WAIT), run.signal);
  }
}

/** Where the connection is lost over the proof nothing is proven yet, and both ends are to be looked at again. */
async function lookAndConfirm(context: UpgradeContext, drain: LinkDrain, run: StepRun): Promise<Drained> {
  const verdict = await orAbort(drain.look(), run.signal);
  if (verdict.kind !== 'drained') return verdict;
  try {
    await confirmHardened(context, drain, run);
    return verdict;
  } catch (error) {
    if (error instanceof SqlError && error.kind === 'lost') return notYet(error.message);
    throw error;
  }
}

/**
 * The documented proof that every commit is hardened on the other side, asked when both sides look equal, so that
 * it answers at once. Whether it may run in a read-only database is not documented: where exactly that is refused, the
 * last commit has to be known to both sides and to be the same one. Any other error is no proof of anything.
 */
async function confirmHardened(context: UpgradeContext, drain: LinkDrain, run: StepRun): Promise<void> {
  const { link, name } = drain;
  try {
    const code = await context.sessions.on(targetOn(link.from, name, 'primary'), (connection) =>
      waitForCopySync(connection, link.to.server.name, context.config.drainTimeoutMs, run.signal),
    );
    if (code === 0) return;
    throw drain.failed(`sp_wait_for_database_copy_sync answered ${code}`);
  } catch (error) {
    if (!(error instanceof SqlError) || error.kind !== 'server') throw error;
    if (!isReadOnlyRefusal(error))
      throw drain.failed(`sp_wait_for_database_copy_sync failed: ${error.message}`, error);
    await confirmEqual(context, drain);
    run.progress(
      `${name}: sp_wait_for_database_copy_sync refused (${error.message}); both sides have the same last commit`,
    );
  }
}

/** 3906: the database is read-only. Other statements word the same refusal in numbers of their own. */
function isReadOnlyRefusal(error: SqlError): boolean {
  return error.has(3906) || error.messages.some((message) => /read[- ]?only/i.test(message.text));
}

async function confirmEqual(context: UpgradeContext, drain: LinkDrain): Promise<void> {
  const { link, name } = drain;
  const ends = await readEnds(context, link, name);
  const [here, there] = [ends.from.link?.lastCommit, ends.to.link?.lastCommit];
  if (here && there && here.getTime() === there.getTime()) return;
  const told = (commit: Date | null | undefined) => commit?.toISOString() ?? 'not told';
  throw drain.failed(
    `sp_wait_for_database_copy_sync cannot run here, and the last commit is ${told(here)} on ${link.from.server.name}, ${told(there)} on ${link.to.server.name}`,
  );
}
