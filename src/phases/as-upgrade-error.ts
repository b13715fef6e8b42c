import { isRightMissing, rightMissing } from '../application/missing-right.ts';
import { AzureError, SqlError } from '../azure/errors.ts';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import { adviceOn, groupMissing, isGroupMissing } from './azure-advice.ts';

/** Any failure as the one error type of the report; what it was stays its cause. */
export function asUpgradeError(error: unknown): UpgradeError {
  if (error instanceof UpgradeError) return error;
  if (isRightMissing(error)) return rightMissing(error);
  if (isGroupMissing(error)) return groupMissing(error);
  if (error instanceof AzureError || error instanceof SqlError)
    return new UpgradeError('azure-error', error.message, {
      advice: adviceOn(causesOf(error)),
      cause: error,
    });
  const message = messageOf(error);
  return new UpgradeError('internal-error', message, { cause: error });
}

/** Everything that was said, outermost first: ARM's code and correlation id, every message of SQL Server. */
export function causesOf(error: unknown): string[] {
  return [...new Set(chain(error, new Set()))];
}

/** `seen` ends a chain that comes back to itself. */
function chain(error: unknown, seen: Set<unknown>): string[] {
  if (error === undefined || error === null || seen.has(error)) return [];
  seen.add(error);
  if (!(error instanceof Error)) return [String(error)];
  const joined = error instanceof AggregateError ? error.errors : [];
  return [...describe(error), ...joined.flatMap((one) => chain(one, seen)), ...chain(error.cause, seen)];
}

function describe(error: Error): string[] {
  if (error instanceof SqlError) {
    const said = error.messages.map(
      (one) => `Msg ${one.number}, Level ${one.severity}, State ${one.state}, Line ${one.line}: ${one.text}`,
    );
    return said.length > 0 ? said : [`SQL (${error.kind}): ${error.message}`];
  }
  if (error instanceof AzureError) {
    const details = [
      error.status === null ? 'no answer' : `HTTP ${error.status}`,
      error.code,
      error.correlationId ? `correlation id ${error.correlationId}` : null,
    ].filter((detail) => detail !== null);
    return [`${error.message} (${details.join(', ')})`];
  }
  // Its message is the report's own; a collection says nothing that its members do not say.
  if (error instanceof UpgradeError || error instanceof AggregateError) return [];
  return [`${error.name}: ${error.message}`];
}
