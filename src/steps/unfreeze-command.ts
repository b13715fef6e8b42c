// The way back for a person, where the tool does not open production itself.
import { sqlTarget, type UpgradeContext } from '../application/upgrade-context.ts';
import { quoteName } from '../azure/tsql/identifiers.ts';
import { LOWER_FENCE } from '../azure/tsql/write-fence.ts';
import type { FreezeMethod } from '../config/config.ts';
import { sqlcmd } from '../engine/command-line.ts';

/** The statement for a person, where the tool could not: it opens what `freeze.method` may have closed. */
export function unfreezeCommand(context: UpgradeContext, database: string): string {
  const { host } = sqlTarget(context, 'production', database);
  return sqlcmd(host, database, openingStatement(context.config.freezeMethod, database));
}

function openingStatement(method: FreezeMethod, database: string): string {
  const open = `ALTER DATABASE ${quoteName(database)} SET READ_WRITE WITH ROLLBACK IMMEDIATE;`;
  if (method === 'read-only') return open;
  // Either may have been meant when it was closed. A database that is writable refuses to be set so while it is replicated.
  return `IF DATABASEPROPERTYEX(DB_NAME(), 'Updateability') = 'READ_ONLY' ${open} ${LOWER_FENCE}`;
}
