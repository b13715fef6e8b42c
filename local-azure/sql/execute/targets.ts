// The table a statement changes, and how changing it is done: logged and locked, or in the session's own
// temporary tables.
import type { TableEntry } from '../catalog/entries.ts';
import { sqlError } from '../errors.ts';
import { mayUse } from '../principals.ts';
import type { Writer } from '../sessions/transaction.ts';
import type { ObjectName } from '../t-sql/ast.ts';
import { type Frame, requireUse } from './frame.ts';

/** Throws 208, 229 (1088 where ALTER is missing), 4406 for a view, 259 for a system view. */
export function resolveTarget(
  frame: Frame,
  name: ObjectName,
  permission: 'INSERT' | 'UPDATE' | 'DELETE' | 'ALTER',
): TableEntry {
  const { session } = frame;
  const temporary = frame.environment.temporary(name.name);
  if (temporary) return temporary;
  if (name.name.startsWith('@')) throw sqlError(1087, name.name);
  const object = session.catalog.object(name);
  if (object?.kind === 'view') throw sqlError(4406, name.text);
  if (object?.kind !== 'table') {
    if (frame.environment.systemView(name)) throw sqlError(259);
    throw sqlError(208, name.text);
  }
  if (permission !== 'ALTER') requireUse(frame, permission, object);
  else if (!mayUse(session.catalog, session.principal, permission, object)) throw sqlError(1088, name.text);
  return object;
}

/** Runs the change on the table as it is once the lock is held. */
export async function writeTable<T>(
  frame: Frame,
  table: TableEntry,
  work: (writer: Writer, table: TableEntry) => T,
): Promise<T> {
  const { session } = frame;
  if (table.id < 0) return writeTemporary(frame, table, work);
  return session.transaction.write(session.lockSignal(frame.signal), (writer) => {
    const current = writer.catalog.tableById(table.id);
    if (!current) throw sqlError(208, table.name);
    return work(writer, current);
  });
}

function writeTemporary<T>(
  frame: Frame,
  table: TableEntry,
  work: (writer: Writer, table: TableEntry) => T,
): T {
  const { store } = frame.session;
  store.run('SAVEPOINT "temporary"');
  try {
    const result = work(temporaryWriter(frame), table);
    store.run('RELEASE "temporary"');
    return result;
  } catch (error) {
    store.run('ROLLBACK TO "temporary"');
    store.run('RELEASE "temporary"');
    throw error;
  }
}

/** Temporary tables are the session's own: nothing to lock, nothing to log. */
export function temporaryWriter({ session }: Frame): Writer {
  return {
    run: (sql, parameters) => session.store.run(sql, parameters),
    query: (sql, parameters) => session.store.query(sql, parameters),
    get catalog() {
      return session.catalog;
    },
    saveEntry: () => {},
    removeEntry: () => {},
    touch: () => {},
  };
}
