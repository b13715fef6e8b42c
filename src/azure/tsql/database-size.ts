import { SqlError } from '../errors.ts';
import type { SqlConnection } from '../ports.ts';

/** Bytes that the data files take, which is what seeding copies; null where the server does not tell. */
export async function readDataSize(connection: SqlConnection): Promise<number | null> {
  try {
    const rows = await connection.query(
      `SELECT SUM(CAST(size AS bigint)) * 8192 AS bytes FROM sys.database_files WHERE type_desc = N'ROWS';`,
    );
    const bytes = Number(rows[0]?.bytes ?? Number.NaN);
    return Number.isFinite(bytes) && bytes > 0 ? bytes : null;
  } catch (error) {
    if (error instanceof SqlError && error.kind === 'server') return null;
    throw error;
  }
}
