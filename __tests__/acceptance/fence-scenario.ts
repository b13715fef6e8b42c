// The example company with freeze.method deny-writes: its people, who sign in to the databases, and what of the fence is
// seen there.
import { createRandom } from '../../local-azure/random.ts';
import type { EngineValue, SqlSession } from '../../local-azure/sql/session.ts';
import { FENCE_ROLE } from '../../src/azure/tsql/write-fence.ts';
import type { Scenario, SqlServer } from './scenario.ts';

const PASSWORD = 'Correct-Horse-7';

/** Writes `freeze.method` and `freeze.grace` into the configuration file. */
export function freezeBy(scenario: Scenario, method: 'deny-writes' | 'auto', grace = '2s'): void {
  scenario.editConfig((text) =>
    text.replace(/freeze:\n {2}grace: \w+/, `freeze:\n  method: ${method}\n  grace: ${grace}`),
  );
}

/** SQL Server refuses SET READ_ONLY, as on a database of an availability group. */
export function refuseReadOnly(scenario: Scenario, server: SqlServer): void {
  scenario.azure.faults.add({
    at: `sql batch ${server}/.* ALTER DATABASE .*SET READ_ONLY`,
    fault: { kind: 'error', status: 16, code: '1468', message: 'involved in a database mirroring session' },
    times: null,
  });
}

export interface Person {
  /** Rows of one batch. Throws "229: …" with SQL Server's number, also where the session was ended. */
  run(batch: string): Promise<Record<string, EngineValue>[]>;
  close(): void;
}

/** The administrator, or a user whose password is the one that `createUser` gives. */
export async function signIn(
  { azure }: Scenario,
  server: SqlServer,
  user: string,
  database = 'contoso',
): Promise<Person> {
  const host = azure.fabric.hosts().find(({ serverName }) => serverName === server);
  if (!host) throw new Error(`There is no server ${server}.`);
  const { sqlLogin } = azure.description;
  const password = user === sqlLogin.user ? sqlLogin.password : PASSWORD;
  const client = { address: '127.0.0.1', programName: `person ${user}`, readOnlyIntent: false };
  const session = await host.login({ kind: 'password', user, password }, database, client);
  return { run: (batch) => rowsOf(session, batch), close: () => session.close() };
}

/** As the administrator, who is gone afterwards. */
export async function asAdministrator(
  scenario: Scenario,
  server: SqlServer,
  batches: readonly string[],
  database = 'contoso',
): Promise<void> {
  const administrator = await signIn(scenario, server, scenario.azure.description.sqlLogin.user, database);
  try {
    for (const batch of batches) await administrator.run(batch);
  } finally {
    administrator.close();
  }
}

export const createUser = (name: string) => [
  `CREATE USER [${name}] WITH PASSWORD = '${PASSWORD}'`,
  `ALTER ROLE db_datareader ADD MEMBER [${name}]`,
  `ALTER ROLE db_datawriter ADD MEMBER [${name}]`,
];

async function rowsOf(session: SqlSession, batch: string): Promise<Record<string, EngineValue>[]> {
  const rows: Record<string, EngineValue>[] = [];
  let names: string[] = [];
  let done = false;
  for await (const event of session.execute(batch, [], new AbortController().signal)) {
    done ||= event.kind === 'done';
    if (event.kind === 'columns') names = event.columns.map(({ name }) => name);
    if (event.kind === 'row')
      rows.push(Object.fromEntries(names.map((name, at) => [name, event.values[at] ?? null])));
    if (event.kind === 'killed' || (event.kind === 'message' && event.message.severity > 10))
      throw new Error(`${event.message.number}: ${event.message.text}`);
  }
  if (!done) throw new Error('The session was ended.');
  return rows;
}

const ids = createRandom(5);

/** An order of its own; resolves with its id. */
export async function order(person: Person): Promise<string> {
  const id = ids.guid();
  await person.run(`INSERT INTO dbo.Orders (Id, Customer, Amount) VALUES ('${id}', N'Adatum', 1)`);
  return id.toLowerCase();
}

export function ordersOn(scenario: Scenario, server: SqlServer): ReadonlySet<string> {
  return new Set(
    scenario.rows(server, 'SELECT Id FROM dbo.Orders').map(({ Id }) => String(Id).toLowerCase()),
  );
}

/** Whether the fence stands there. */
export function isFenced(scenario: Scenario, server: SqlServer, database = 'contoso'): boolean {
  const found = scenario.rows(
    server,
    `SELECT name FROM sys.database_principals WHERE name = N'${FENCE_ROLE}'`,
    database,
  );
  return found.length > 0;
}

/** Everything that says who may do what: principals, memberships, permissions. */
export function rightsOn(scenario: Scenario, server: SqlServer): unknown {
  return [
    'SELECT name, type, principal_id FROM sys.database_principals ORDER BY principal_id',
    'SELECT role_principal_id, member_principal_id FROM sys.database_role_members ORDER BY role_principal_id, member_principal_id',
    'SELECT class, major_id, minor_id, grantee_principal_id, permission_name, state FROM sys.database_permissions ORDER BY grantee_principal_id, permission_name, major_id',
  ].map((query) => scenario.rows(server, query));
}
