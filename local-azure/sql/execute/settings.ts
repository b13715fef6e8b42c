// SET options of the session.
import { sqlError } from '../errors.ts';
import type { StatementOf } from '../t-sql/ast.ts';
import type { Frame } from './frame.ts';
import { resolveTarget } from './targets.ts';

export function setOption({ session }: Frame, statement: StatementOf<'set-option'>): void {
  const on = statement.value === 'ON';
  for (const option of statement.options) {
    switch (option) {
      case 'NOCOUNT':
        session.settings.noCount = on;
        break;
      case 'XACT_ABORT':
        session.settings.abortOnError = on;
        break;
      case 'IMPLICIT_TRANSACTIONS':
        session.settings.implicitTransactions = on;
        break;
      case 'ANSI_DEFAULTS':
        session.settings.implicitTransactions = on;
        break;
      case 'LOCK_TIMEOUT': {
        const ms = Number(statement.value);
        session.settings.lockTimeoutMs = ms < 0 ? null : ms;
        break;
      }
      case 'ROWCOUNT':
        if (Number(statement.value) !== 0) throw sqlError(40517, 'SET ROWCOUNT');
        break;
      case 'DATEFORMAT':
        if (!/^(mdy|ymd)$/i.test(statement.value)) throw sqlError(40517, `SET DATEFORMAT ${statement.value}`);
        break;
      case 'DATEFIRST':
        if (statement.value !== '7') throw sqlError(40517, `SET DATEFIRST ${statement.value}`);
        break;
      case 'LANGUAGE':
        if (!/^(us_)?english$/i.test(statement.value))
          throw sqlError(40517, `SET LANGUAGE ${statement.value}`);
        break;
      // The others change how SQL Server plans or pads; the ANSI ways are the only ones here.
    }
  }
}

export function setIdentityInsert(frame: Frame, statement: StatementOf<'identity-insert'>): void {
  const { session } = frame;
  const table = resolveTarget(frame, statement.table, 'ALTER');
  if (!table.columns.some((column) => column.identity)) throw sqlError(8106, statement.table.text);
  if (!statement.on) {
    session.identityInsert = null;
    return;
  }
  if (session.identityInsert !== null && session.identityInsert !== table.id) {
    const other = session.catalog.tableById(session.identityInsert)?.name ?? '';
    throw sqlError(8107, other, statement.table.text);
  }
  session.identityInsert = table.id;
}
