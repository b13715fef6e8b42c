// The production database of the example company at the start: schema of version 1, users, some orders. Made
// by T-SQL in a session of the SQL administrator, as the company did.
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { SessionHost, SqlSession } from '../sql/session.ts';
import { APPLICATION_USER, SQL_ADMINISTRATOR } from './contoso.ts';

export interface DatabaseContent {
  readonly database: string;
  readonly administratorPassword: string;
  /** Of the contained user the sites log in as. */
  readonly applicationPassword: string;
  readonly orders: number;
  readonly clock: Clock;
  readonly random: Random;
}

const CUSTOMERS = [
  'Adatum',
  'Fabrikam',
  'Litware',
  'Northwind Traders',
  'Proseware',
  'Tailspin Toys',
] as const;
const ROWS_A_STATEMENT = 100;

/** Throws an Error with SQL Server's message where the engine refuses a statement. */
export async function fillApplicationDatabase(host: SessionHost, content: DatabaseContent): Promise<void> {
  const session = await host.login(
    { kind: 'password', user: SQL_ADMINISTRATOR, password: content.administratorPassword },
    content.database,
    { address: '127.0.0.1', programName: 'set-up', readOnlyIntent: false },
  );
  try {
    for (const batch of batches(content)) await run(session, batch);
  } finally {
    session.close();
  }
}

function* batches(content: DatabaseContent): Generator<string> {
  yield `CREATE TABLE [dbo].[Orders] (
  [Id] uniqueidentifier NOT NULL CONSTRAINT [PK_Orders] PRIMARY KEY,
  [Customer] nvarchar(100) NOT NULL,
  [Amount] decimal(12,2) NOT NULL,
  [CreatedAt] datetime2 NOT NULL CONSTRAINT [DF_Orders_CreatedAt] DEFAULT (SYSUTCDATETIME())
)`;
  yield `CREATE USER [${APPLICATION_USER}] WITH PASSWORD = N'${content.applicationPassword.replaceAll("'", "''")}'`;
  yield `ALTER ROLE [db_datareader] ADD MEMBER [${APPLICATION_USER}]`;
  yield `ALTER ROLE [db_datawriter] ADD MEMBER [${APPLICATION_USER}]`;
  const rows = Array.from({ length: content.orders }, (_, index) => row(content, index));
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) {
    const some = rows.slice(from, from + ROWS_A_STATEMENT).join(',\n');
    yield `INSERT INTO [dbo].[Orders] ([Id], [Customer], [Amount], [CreatedAt]) VALUES\n${some}`;
  }
}

/** One order an hour until now. */
function row({ random, clock, orders }: DatabaseContent, index: number): string {
  const customer = CUSTOMERS[random.integer(0, CUSTOMERS.length - 1)];
  const amount = (random.integer(100, 1_000_000) / 100).toFixed(2);
  const at = new Date(clock.now().getTime() - (orders - index) * 3_600_000);
  return `('${random.guid()}', N'${customer}', ${amount}, '${at.toISOString().replace('Z', '')}')`;
}

async function run(session: SqlSession, batch: string): Promise<void> {
  for await (const event of session.execute(batch, [], new AbortController().signal)) {
    if (event.kind === 'message' && event.message.severity > 10) {
      throw new Error(`${event.message.text} (${event.message.number}) in: ${batch.slice(0, 200)}`);
    }
  }
}
