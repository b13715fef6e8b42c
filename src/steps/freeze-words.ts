// What is said of the freeze: what it changes, and why it cannot be or was not done.
import type { DatabasePair, UpgradeContext } from '../application/upgrade-context.ts';
import { SqlError } from '../azure/errors.ts';
import type { Access } from '../azure/tsql/access-mode.ts';
import { quoteName } from '../azure/tsql/identifiers.ts';
import { LOWER_FENCE } from '../azure/tsql/write-fence.ts';
import { type Assessment, blocked } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';

/** For the plan, by the method of the configuration. */
export function freezeChanges(
  { config: { freezeMethod, freezeGraceSeconds } }: UpgradeContext,
  what: string,
): string {
  const readOnly = `${what} is set READ_ONLY, open transactions get ${freezeGraceSeconds} s`;
  const denied = `writing, and running procedures and functions, is denied to everybody but this tool in ${what} (a role of its own), sessions that hold writes get ${freezeGraceSeconds} s, reading goes on`;
  if (freezeMethod === 'auto') return `${readOnly}; where SQL Server refuses that (1468), ${denied}`;
  return freezeMethod === 'read-only' ? readOnly : denied;
}

/** Read-only, and not by this tool. */
export function frozenElsewhere(context: UpgradeContext, pair: DatabasePair, access: Access): Assessment {
  return blocked(
    'production-frozen-elsewhere',
    `${pair.name} on ${context.production.server.name} is read-only, but not by this tool`,
    'Find out who set it read-only; this tool does not undo what it has not done.',
    access.isFenced
      ? LOWER_FENCE
      : `ALTER DATABASE ${quoteName(pair.name)} SET READ_WRITE WITH ROLLBACK IMMEDIATE;`,
  );
}

/** It takes writes still. What is an UpgradeError already stays what it is. */
export function freezeFailed(context: UpgradeContext, pair: DatabasePair, cause: unknown): UpgradeError {
  const where = `${pair.name} on ${context.production.server.name}`;
  if (cause instanceof UpgradeError) return cause;
  if (cause instanceof SqlError && cause.has(1468)) {
    return new UpgradeError(
      'freeze-not-possible',
      `SQL Server does not let ${where} be set read-only while it is replicated`,
      {
        cause,
        advice: [
          'Set freeze.method: auto (or deny-writes) in the configuration file, and run the upgrade again: writing is then denied by permissions.',
        ],
      },
    );
  }
  return new UpgradeError('freeze-failed', `${where} could not be set read-only; it is read-write`, {
    cause,
    advice: [
      'Look for long transactions (sys.dm_tran_active_transactions), or raise freeze.grace, and run again.',
    ],
  });
}
