// Removing something of Azure SQL for good. Whatever a removal answered, what counts is whether the thing is still
// there: a killed run's removal may be under way, and an answer may have been lost.
import { linkToSecondary } from '../application/observe.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { AzureError } from '../azure/errors.ts';
import type { DatabaseRef, ServerRef } from '../azure/ports.ts';
import type { StepRun } from '../engine/step.ts';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import { passes } from './try-again.ts';

const ATTEMPTS = 7;
const FIRST_PAUSE_MS = 1_000;

/** Deletes a database and reads back that it is gone. */
export async function deleteDatabase(
  context: UpgradeContext,
  ref: DatabaseRef,
  run: StepRun,
): Promise<string> {
  const { sql } = context.azure;
  const what = `${ref.database} on ${ref.server}`;
  await removeUntilGone(context, run, {
    what,
    isThere: async () => (await sql.getDatabase(ref)) !== null,
    remove: () => sql.deleteDatabase(ref, run.progress),
  });
  return `${what} is deleted`;
}

/** Ends the geo-replication link between exactly these two, and reads back that the primary has it no more. */
export async function endLink(
  context: UpgradeContext,
  primary: DatabaseRef,
  secondary: DatabaseRef,
  run: StepRun,
): Promise<string> {
  const { sql } = context.azure;
  const what = `the link ${primary.server} → ${secondary.server} of ${primary.database}`;
  const find = async () => linkToSecondary(await sql.listLinks(primary), secondary);
  await removeUntilGone(context, run, {
    what,
    isThere: async () => (await find()) !== null,
    remove: async () => {
      const link = await find();
      if (link) await sql.removeLink(primary, link.id);
    },
  });
  return `${what} is removed`;
}

/** Deletes a failover group; its databases and their links stay. */
export async function deleteFailoverGroup(
  context: UpgradeContext,
  server: ServerRef,
  name: string,
  run: StepRun,
): Promise<string> {
  const { sql } = context.azure;
  const what = `failover group ${name} on ${server.server}`;
  await removeUntilGone(context, run, {
    what,
    isThere: async () => (await sql.listFailoverGroups(server)).some((group) => group.name === name),
    remove: () => sql.deleteFailoverGroup(server, name, run.progress),
  });
  return `${what} is deleted`;
}

interface Removal {
  readonly what: string;
  isThere(): Promise<boolean>;
  remove(): Promise<void>;
}

async function removeUntilGone(
  context: UpgradeContext,
  run: StepRun,
  { what, isThere, remove }: Removal,
): Promise<void> {
  let pause = FIRST_PAUSE_MS;
  for (let attempt = 1; await isThere(); attempt++) {
    if (attempt > ATTEMPTS) throw new UpgradeError('azure-error', `${what}: removed, and still there`);
    if (attempt > 1) {
      await context.clock.sleep(pause, run.signal);
      pause *= 2;
    }
    try {
      await remove();
    } catch (error) {
      if (attempt === ATTEMPTS || !mayPass(error)) throw error;
      run.progress(`${what}: its removal answered ${messageOf(error)}; reading back`);
    }
  }
}

/** Another operation on the same resource (409, and 404 from a removal under way), a busy or silent Azure. */
export function mayPass(error: unknown): boolean {
  return passes(error) || (error instanceof AzureError && (error.status === 404 || error.status === 409));
}
