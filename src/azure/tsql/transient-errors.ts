// Errors of SQL Server that pass by themselves, and what of them may be asked again.
// Sources: "Troubleshoot transient connection errors", errors-events reference.
import { SqlError } from '../errors.ts';

/** At login and in a request: a reconfiguration, or a server or its governor that is busy. Nothing was done. */
export const TRANSIENT = [40197, 40501, 40613, 49918, 49919, 49920, 4221, 10928, 10929] as const;

/** The victim of a deadlock has been rolled back. */
const DEADLOCK = 1205;

/** Of ALTER DATABASE: somebody else holds the database, for now. 5069 is what follows any of them. */
const DATABASE_IN_USE = [5006, 5030, 5059, 5061, 5070, 1222] as const;
const ALTER_FAILED = 5069;

/** Whether SQL Server has refused a request as a whole, and the same one may be taken in a moment. */
export function wasRefusedForNow(error: unknown): boolean {
  return error instanceof SqlError && error.kind === 'server' && error.has(...TRANSIENT, DEADLOCK);
}

/** Whether an ALTER DATABASE that has done nothing may do it in a moment. A lost answer tells nothing of it. */
export function mayAlterLater(error: unknown): boolean {
  if (!(error instanceof SqlError) || error.kind === 'cancelled') return false;
  if (error.kind === 'lost' || error.has(...TRANSIENT, DEADLOCK, ...DATABASE_IN_USE)) return true;
  return error.messages.length > 0 && error.messages.every(({ number }) => number === ALTER_FAILED);
}
