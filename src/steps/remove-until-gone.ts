// Removing something of Azure SQL for good. Whatever a removal answered, what counts is whether the thing is still
// there: a killed run's removal may be under way, and an answer may have been lost.
import { linkToSecondary } from '../application/observe.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { AzureError } from '../azure/errors.ts';
import type { BeforeSending, DatabaseRef, ServerRef } from '../azure/ports.ts';
import type { StepRun } from '../engine/step.ts';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import { passes } from './try-again.ts';

const ATTEMPTS = 7;
const FIRST_PAUSE_MS = 1_000;

/** Asked just before each try, also where Azure has made one wait: whether what is removed is still what was looked at. */
export type StillSeen = () => Promise<boolean>;

/** Deletes a database and reads back that it is gone; null where it has to be looked at again first. */
export async function deleteDatabase(
  context: UpgradeContext,
  ref: DatabaseRef,
  run: StepRun,
  stillSeen: StillSeen,
): Promise<string | null> {
  const { sql } = context.azure;
  const what = `${ref.database} on ${ref.server}`;
  const isGone = await removeUntilGone(context, run, stillSeen, {
    what,
    find: () => sql.getDatabase(ref),
    remove: (_found, beforeSending) => sql.deleteDatabase(ref, run.progress, beforeSending),
  });
  return isGone ? `${what} is deleted` : null;
}

/** Ends the geo-replication link between exactly these two, and reads back that the primary has it no more; null as above. */
export async function endLink(
  context: UpgradeContext,
  primary: DatabaseRef,
  secondary: DatabaseRef,
  run: StepRun,
  stillSeen: StillSeen,
): Promise<string | null> {
  const { sql } = context.azure;
  const what = `the link ${primary.server} → ${secondary.server} of ${primary.database}`;
  const isGone = await removeUntilGone(context, run, stillSeen, {
    what,
    find: async () => linkToSecondary(await sql.listLinks(primary), secondary),
    remove: ({ id }, beforeSending) => sql.removeLink(primary, id, beforeSending),
  });
  return isGone ? `${what} is removed` : null;
}

/** Deletes a failover group; its databases and their links stay. Null as above. */
export async function deleteFailoverGroup(
  context: UpgradeContext,
  server: ServerRef,
  name: string,
  run: StepRun,
  stillSeen: StillSeen,
): Promise<string | null> {
  const { sql } = context.azure;
  const what = `failover group ${name} on ${server.server}`;
  const isGone = await removeUntilGone(context, run, stillSeen, {
    what,
    find: async () => (await sql.listFailoverGroups(server)).find((group) => group.name === name) ?? null,
    remove: (_found, beforeSending) => sql.deleteFailoverGroup(server, name, run.progress, beforeSending),
  });
  return isGone ? `${what} is deleted` : null;
}

interface Removal<T> {
  readonly what: string;
  /** Null where it is gone. */
  find(): Promise<T | null>;
  remove(found: T, beforeSending: BeforeSending): Promise<void>;
}

/** Whether it is gone; else nothing is removed any more. */
async function removeUntilGone<T>(
  context: UpgradeContext,
  run: StepRun,
  stillSeen: StillSeen,
  { what, find, remove }: Removal<T>,
): Promise<boolean> {
  let pause = FIRST_PAUSE_MS;
  for (let attempt = 1; ; attempt++) {
    const found = await find();
    if (found === null) return true;
    if (attempt > ATTEMPTS) throw new UpgradeError('azure-error', `${what}: removed, and still there`);
    if (attempt > 1) {
      await context.clock.sleep(pause, run.signal);
      pause *= 2;
    }
    // Another run may have put another one in its place, which users are on.
    let isStillSeen = true;
    const beforeSending = async () => {
      isStillSeen = await stillSeen();
      if (!isStillSeen) throw new Error(`${what} has to be looked at again`);
    };
    try {
      await remove(found, beforeSending);
    } catch (error) {
      if (!isStillSeen) return false;
      if (attempt === ATTEMPTS || !mayPass(error)) throw error;
      run.progress(`${what}: its removal answered ${messageOf(error)}; reading back`);
    }
  }
}

/** Another operation on the same resource (409, and 404 from a removal under way), a busy or silent Azure. */
export function mayPass(error: unknown): boolean {
  return passes(error) || (error instanceof AzureError && (error.status === 404 || error.status === 409));
}
