// Two logical servers, blue with a database and green without, on a clock that stands still.
import { createLatency } from '../../../local-azure/latency.ts';
import { createRandom } from '../../../local-azure/random.ts';
import { createSqlFabric } from '../../../local-azure/sql/create-fabric.ts';
import type { SqlFabric } from '../../../local-azure/sql/fabric.ts';
import type { EngineValue, Login, ServerMessage, SqlSession } from '../../../local-azure/sql/session.ts';
import { createSimulatedClock, type SimulatedClock } from './simulated-clock.ts';

export const BLUE = 'contoso-sql-blue';
export const GREEN = 'contoso-sql-green';
export const DATABASE = 'contoso';
export const ADMINISTRATOR: Login = { kind: 'password', user: 'contoso-admin', password: 'Correct-Horse-1' };
export const PRINCIPAL = {
  name: 'rolling-upgrade',
  objectId: 'c0ffee00-5d1e-4b6a-9f00-2b7c4d8e9a03',
  appId: 'c0ffee01-5d1e-4b6a-9f00-2b7c4d8e9a03',
};

export type Row = Readonly<Record<string, EngineValue>>;

export interface Outcome {
  /** One array of rows a result set. */
  readonly results: readonly (readonly Row[])[];
  readonly messages: readonly ServerMessage[];
  /** Numbers of the messages above severity 10. */
  readonly errors: readonly number[];
  readonly counts: readonly (number | null)[];
  readonly statuses: readonly number[];
  readonly killed: ServerMessage | null;
  /** Rows of the first result set. */
  readonly rows: readonly Row[];
}

export interface Client extends SqlSession {
  run(
    text: string,
    parameters?: Readonly<Record<string, EngineValue>>,
    signal?: AbortSignal,
  ): Promise<Outcome>;
  /** The only value of the first row. */
  value(text: string, parameters?: Readonly<Record<string, EngineValue>>): Promise<EngineValue>;
}

export interface Fixture {
  readonly fabric: SqlFabric;
  readonly clock: SimulatedClock;
  login(details?: {
    server?: string;
    database?: string | null;
    login?: Login;
    address?: string;
    programName?: string;
  }): Promise<Client>;
  link(seedingMs?: number): string;
  close(): Promise<void>;
}

export function createFixture(options: { readOnlyTravels?: boolean } = {}): Fixture {
  const clock = createSimulatedClock();
  const fabric = createSqlFabric({
    clock,
    random: createRandom(7),
    latency: createLatency('off', 1),
    ...options,
  });
  for (const server of [BLUE, GREEN]) {
    fabric.addServer(server, { login: 'contoso-admin', password: 'Correct-Horse-1' });
    fabric.setFirewall(server, [{ name: 'loopback', start: '127.0.0.1', end: '127.0.0.1' }]);
    fabric.setEntraAdministrator(server, PRINCIPAL);
  }
  fabric.createDatabase(BLUE, DATABASE);
  return {
    fabric,
    clock,
    login: async ({
      server = BLUE,
      database = DATABASE,
      login = ADMINISTRATOR,
      address = '127.0.0.1',
      programName = 'test',
    } = {}) => {
      const host = fabric.hosts().find((each) => each.serverName === server);
      if (!host) throw new Error(`no server ${server}`);
      return asClient(await host.login(login, database, { address, programName, readOnlyIntent: false }));
    },
    link: (seedingMs = 0) => {
      const at = (server: string) => ({ server, database: DATABASE });
      return fabric.startGeoReplication(at(BLUE), at(GREEN), seedingMs).id;
    },
    close: () => fabric.close(),
  };
}

function asClient(session: SqlSession): Client {
  const run: Client['run'] = (text, parameters = {}, signal = new AbortController().signal) => {
    const list = Object.entries(parameters).map(([name, value]) => ({ name, value }));
    return collect(session.execute(text, list, signal));
  };
  return Object.assign(session, {
    run,
    value: async (text: string, parameters?: Readonly<Record<string, EngineValue>>) => {
      const { rows, messages } = await run(text, parameters);
      const row = rows[0];
      if (!row) throw new Error(`no row; ${messages.map((message) => message.text).join(' ')}`);
      return Object.values(row)[0] ?? null;
    },
  });
}

export async function collect(events: ReturnType<SqlSession['execute']>): Promise<Outcome> {
  const results: Row[][] = [];
  const messages: ServerMessage[] = [];
  const counts: (number | null)[] = [];
  const statuses: number[] = [];
  let names: readonly string[] = [];
  let killed: ServerMessage | null = null;
  for await (const event of events) {
    if (event.kind === 'columns') {
      names = event.columns.map((column, at) => column.name || String(at));
      results.push([]);
    } else if (event.kind === 'row') {
      results.at(-1)?.push(Object.fromEntries(event.values.map((value, at) => [names[at] ?? at, value])));
    } else if (event.kind === 'message') messages.push(event.message);
    else if (event.kind === 'done') counts.push(event.rowCount);
    else if (event.kind === 'return-status') statuses.push(event.status);
    else if (event.kind === 'killed') killed = event.message;
  }
  const errors = messages.filter((message) => message.severity > 10).map((message) => message.number);
  return { results, messages, errors, counts, statuses, killed, rows: results[0] ?? [] };
}

export const ORDERS = `CREATE TABLE dbo.Orders (
  Id int NOT NULL CONSTRAINT PK_Orders PRIMARY KEY,
  Customer nvarchar(100) NOT NULL,
  Amount decimal(12,2) NOT NULL CONSTRAINT DF_Amount DEFAULT 0)`;
