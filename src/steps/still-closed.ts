// Whether nobody can write into a database that was closed, asked again before something rests upon it.

import { sessionWords } from '../application/fence-words.ts';
import type { SqlConnection } from '../azure/ports.ts';
import type { Access } from '../azure/tsql/access-mode.ts';
import { readWriteActivity } from '../azure/tsql/write-activity.ts';
import { readFence } from '../azure/tsql/write-fence.ts';
import { readWriteHolders } from '../azure/tsql/write-holders.ts';

/** Times of writes are told in steps of 3.33 ms. */
const CLOCK_STEP_MS = 10;

/**
 * Why it is not; null where nobody can. READ_ONLY says so by itself. Of a fenced database it is asked whether the fence is
 * whole, whether a transaction from before it goes on, and whether somebody whom it does not bind has written.
 *
 * @param access as it was just read on this connection.
 * @param closedAt from when on there can have been no write, by the server's clock; null where this run does not know.
 */
export async function whyNotClosed(
  connection: SqlConnection,
  { isReadOnly, isFenced }: Access,
  closedAt: Date | null,
): Promise<string | null> {
  if (isReadOnly) return null;
  if (!isFenced) return 'somebody set it read-write';
  // Without a moment only transactions count: a statement that is under way may be one that is being refused.
  const open = await whyNotWhole(connection, closedAt ?? new Date(0));
  if (open) return open;
  const { lastWrite } = await readWriteActivity(connection);
  if (!closedAt || !lastWrite || lastWrite.getTime() <= closedAt.getTime() + CLOCK_STEP_MS) return null;
  return `somebody whom the fence does not bind wrote at ${lastWrite.toISOString()}`;
}

/**
 * Why a database that reads as closed is to be closed again: a run that was killed had raised its fence and did not see the
 * last writer go. Null where it is settled.
 *
 * @param access as it was just read on this connection.
 */
export async function whyNotSettled(
  connection: SqlConnection,
  { isReadOnly, isFenced, at }: Access,
): Promise<string | null> {
  return isReadOnly || !isFenced ? null : whyNotWhole(connection, at ?? new Date(0));
}

async function whyNotWhole(connection: SqlConnection, since: Date): Promise<string | null> {
  const { missing } = await readFence(connection);
  if (missing.length > 0) return `somebody changed the fence: ${missing.join('; ')}`;
  const holders = await readWriteHolders(connection, since);
  return holders.length > 0 ? `writes are held by ${holders.map(sessionWords).join('; ')}` : null;
}
