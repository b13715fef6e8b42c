// One connection of tedious, one batch after the other.
import { Connection, Request } from 'tedious';

/** Rejects with what SQL Server said. */
export interface Sql {
  (batch: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): void;
}

/** With SQL_USER and SQL_PASSWORD of the environment. @param at `address:port` */
export async function openSql(at: string, server: string, database: string): Promise<Sql> {
  const [host = '', port] = at.split(':');
  const connection = new Connection({
    server: host,
    authentication: {
      type: 'default',
      options: { userName: process.env.SQL_USER ?? '', password: process.env.SQL_PASSWORD ?? '' },
    },
    options: {
      port: Number(port),
      database,
      encrypt: true,
      serverName: `${server}.database.windows.net`,
      requestTimeout: 0,
    },
  });
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  return Object.assign((batch: string) => run(connection, batch), { close: () => connection.close() });
}

function run(connection: Connection, batch: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  return new Promise((resolve, reject) => {
    const request = new Request(batch, (error) => (error ? reject(error) : resolve(rows)));
    request.on('row', (columns: readonly { metadata: { colName: string }; value: unknown }[]) => {
      rows.push(Object.fromEntries(columns.map(({ metadata, value }) => [metadata.colName, value])));
    });
    connection.execSqlBatch(request);
  });
}
