// The journal's place: one database-level extended property. It is transactional, replicates with the
// data, needs no table in the user's schema, and db_owner may write it.
import { decodeJournal, encodeJournal, type JournalEntry } from '../../engine/journal.ts';
import type { SqlConnection } from '../ports.ts';

const PROPERTY = 'rolling-upgrade';

/** The entry this database carries; null where it carries none of this product. */
export async function readJournal(connection: SqlConnection): Promise<JournalEntry | null> {
  const rows = await connection.query(
    'SELECT CONVERT(nvarchar(max), value) AS entry FROM sys.extended_properties WHERE class = 0 AND name = @name;',
    { name: PROPERTY },
  );
  const text = rows[0]?.entry;
  return typeof text === 'string' ? decodeJournal(text) : null;
}

/** Writes the entry, in one statement batch; the database must take writes. */
export async function writeJournal(connection: SqlConnection, entry: JournalEntry): Promise<void> {
  await connection.query(
    `IF EXISTS (SELECT 1 FROM sys.extended_properties WHERE class = 0 AND name = @name)
       EXEC sys.sp_updateextendedproperty @name = @name, @value = @value;
     ELSE
       EXEC sys.sp_addextendedproperty @name = @name, @value = @value;`,
    { name: PROPERTY, value: encodeJournal(entry) },
  );
}
