// The journal's place: one database-level extended property. It is transactional, replicates with the
// data, needs no table in the user's schema, and db_owner may write it.
import type { SqlConnection } from '../ports.ts';
import { type Look, lookAt } from './looks.ts';

const PROPERTY = 'rolling-upgrade';

/** The text this database carries; null where it carries none. */
export const JOURNAL_TEXT: Look<string | null> = {
  select:
    'CONVERT(nvarchar(max), value) AS entry FROM sys.extended_properties WHERE class = 0 AND name = @name',
  parameters: { name: PROPERTY },
  read: ([row]) => (typeof row?.entry === 'string' ? row.entry : null),
};

export function readJournalProperty(connection: SqlConnection): Promise<string | null> {
  return lookAt(connection, JOURNAL_TEXT);
}

/** Writes the text (7,500 bytes at most) in one batch; the database must take writes. */
export async function writeJournalProperty(connection: SqlConnection, text: string): Promise<void> {
  await connection.query(
    `IF EXISTS (SELECT 1 FROM sys.extended_properties WHERE class = 0 AND name = @name)
       EXEC sys.sp_updateextendedproperty @name = @name, @value = @value;
     ELSE
       EXEC sys.sp_addextendedproperty @name = @name, @value = @value;`,
    { name: PROPERTY, value: text },
  );
}
