// An application with two databases: frozen, drained, upgraded and given back together.
import { afterEach, describe, expect, test } from '@jest/globals';
import { createRandom } from '../../local-azure/random.ts';
import type { SqlSession } from '../../local-azure/sql/session.ts';
import type { LocalAzure } from '../../local-azure/start.ts';
import { type Acted, type Scenario, startScenario } from './scenario.ts';

const BLUE = 'contoso-sql-blue';
const GREEN = 'contoso-sql-green';
const DATABASES = ['contoso', 'billing'] as const;

let scenario: Scenario;
let writer: Writer | null = null;
afterEach(async () => {
  await writer?.stop();
  writer = null;
  await scenario?.close();
});

async function prepared(billing: string, more = ''): Promise<void> {
  scenario = await startScenario();
  scenario.azure.arm.sql.createDatabase({ server: BLUE, name: 'billing', sku: 'S1' });
  const session = await login(scenario.azure, BLUE, 'billing');
  await execute(session, 'CREATE TABLE dbo.Invoices (Id uniqueidentifier NOT NULL PRIMARY KEY)');
  session.close();
  scenario.write('db/billing.sql', billing);
  scenario.editConfig((text) =>
    text
      .replace('databases: [contoso]', 'databases: [contoso, billing]')
      .replace('scripts: [db/v2/*.sql]', 'scripts: { contoso: [db/v2/*.sql], billing: [db/billing.sql] }')
      .concat(more),
  );
  writer = await startWriter(scenario.azure);
  const { report } = await scenario.act({ phase: 'prepare' });
  expect([report.result, report.state]).toEqual(['succeeded', 'prepared']);
  expect(scenario.azure.fabric.links(BLUE, 'billing')).toHaveLength(1);
}

/** Both writable, users on V1, and what was written stays written. */
async function expectBothGivenBack({ report }: Acted): Promise<void> {
  expect(DATABASES.map((database) => scenario.readOnly(BLUE, database))).toEqual([false, false]);
  expect(report.productionSlot).toBe('blue');
  expect(report.readOnly?.to).not.toBeNull();
  expect(report.verdict.headline).toContain('can read and write');
  const before = writer?.written.length ?? 0;
  await writer?.resumed();
  await writer?.stop();
  expect(writer?.written.length).toBeGreaterThan(before);
  expect(lost(BLUE)).toEqual([]);
}

/** What was acknowledged and is not on this server. */
function lost(server: typeof BLUE | typeof GREEN): string[] {
  const ids = new Set([
    ...scenario.rows(server, 'SELECT Id FROM dbo.Orders').map(({ Id }) => String(Id).toLowerCase()),
    ...scenario
      .rows(server, 'SELECT Id FROM dbo.Invoices', 'billing')
      .map(({ Id }) => String(Id).toLowerCase()),
  ]);
  return (writer?.written ?? []).filter((id) => !ids.has(id));
}

const ADD_DUE = 'ALTER TABLE dbo.Invoices ADD Due date NULL;\nGO\n';

describe('two databases', () => {
  test('are upgraded and switched together; no acknowledged write is lost; the window covers both', async () => {
    await prepared(ADD_DUE);
    let firstFrozen: number | null = null;
    const watching = setInterval(() => {
      if (DATABASES.some((database) => scenario.readOnly(BLUE, database))) firstFrozen ??= Date.now();
    }, 20);
    const upgraded = await scenario.act({ phase: 'upgrade' });
    clearInterval(watching);
    expect([upgraded.report.result, upgraded.report.state]).toEqual(['succeeded', 'upgraded']);
    expect(DATABASES.map((database) => scenario.readOnly(BLUE, database))).toEqual([true, true]);
    expect(DATABASES.map((database) => scenario.readOnly(GREEN, database))).toEqual([false, false]);
    await writer?.stop();
    expect(writer?.refused).toEqual({ contoso: expect.any(Number), billing: expect.any(Number) });
    expect(writer?.written.length).toBeGreaterThan(0);
    expect(lost(GREEN)).toEqual([]);
    expect(scenario.rows(GREEN, 'SELECT Due FROM dbo.Invoices', 'billing').length).toBeGreaterThan(0);
    expect(scenario.rows(GREEN, 'SELECT Version FROM dbo.SchemaVersion')).toEqual([{ Version: 2 }]);

    const switched = await scenario.act({ phase: 'switch' });
    expect([switched.report.result, switched.report.productionSlot]).toEqual(['succeeded', 'green']);
    // Seen from outside: from the first database frozen to the end of the run that froze both.
    const outside = Date.parse(upgraded.report.endedAt) - (firstFrozen ?? Number.NaN);
    expect(Date.parse(upgraded.report.readOnly?.from ?? '')).toBeLessThan(
      Date.parse(upgraded.report.endedAt),
    );
    expect((switched.report.readOnly?.seconds ?? 0) * 1000).toBeGreaterThan(outside / 2);
    const cleaned = await scenario.act({ phase: 'cleanup', confirm: 'remove blue' });
    expect([cleaned.report.result, cleaned.report.state]).toEqual(['succeeded', 'not-prepared']);
    expect(scenario.azure.fabric.databases(BLUE).filter((name) => name !== 'master')).toEqual([]);
  });

  test('the script of the second one fails: both are given back', async () => {
    await prepared(`${ADD_DUE}ALTER TABLE dbo.NoSuchTable ADD Due date NULL;\nGO\n`);
    const failed = await scenario.act({ phase: 'upgrade, switch' });
    expect([failed.run.main.exitCode, failed.report.result, failed.report.reasonCode]).toEqual([
      1,
      'rolled-back',
      'script-failed',
    ]);
    expect(failed.report.error?.message).toContain('db/billing.sql:3');
    expect(failed.report.state).toBe('compromised');
    await expectBothGivenBack(failed);
  });

  test('the second one does not drain: no link is cut, both are given back, and the next upgrade succeeds', async () => {
    await prepared(ADD_DUE, 'drain: { timeout: 3s }\n');
    const [link] = scenario.azure.fabric.links(BLUE, 'billing');
    scenario.azure.fabric.setReplicationLag(link?.id ?? '', null);
    const failed = await scenario.act({ phase: 'upgrade, switch' });
    expect([failed.report.result, failed.report.reasonCode]).toEqual(['rolled-back', 'drain-failed']);
    expect(failed.report.error?.message).toContain('billing');
    expect(DATABASES.map((database) => scenario.azure.fabric.links(BLUE, database).length)).toEqual([1, 1]);
    await expectBothGivenBack(failed);

    scenario.azure.fabric.setReplicationLag(link?.id ?? '', 0);
    const again = await scenario.act({ phase: 'upgrade, switch' });
    expect([again.report.result, again.report.productionSlot]).toEqual(['succeeded', 'green']);
    expect(lost(GREEN)).toEqual([]);
  });

  test('the freeze of the second one is refused: the first one is given back', async () => {
    await prepared(ADD_DUE);
    scenario.azure.faults.add({
      at: `sql batch ${BLUE}/billing .*SET READ_ONLY`,
      fault: { kind: 'error', status: 16, code: '5069', message: 'ALTER DATABASE statement failed.' },
      times: null, // once is ridden out
    });
    const failed = await scenario.act({ phase: 'upgrade, switch' });
    expect([failed.report.result, failed.report.reasonCode]).toEqual(['rolled-back', 'freeze-failed']);
    expect(DATABASES.map((database) => scenario.azure.fabric.links(BLUE, database).length)).toEqual([1, 1]);
    await expectBothGivenBack(failed);
  });

  test('killed between the two freezes: post gives both back', async () => {
    await prepared(ADD_DUE);
    // The second freeze is still to come when the first one is through; it comes after the kill.
    scenario.azure.faults.add({
      at: `sql batch ${BLUE}/billing .*SET READ_ONLY`,
      fault: { kind: 'delay', ms: 4000 },
    });
    let kill = () => {};
    const watching = setInterval(() => {
      if (scenario.readOnly(BLUE) && !scenario.readOnly(BLUE, 'billing')) kill();
    }, 50);
    const killed = await scenario.act(
      { phase: 'upgrade, switch' },
      {
        onMain: (main) => {
          kill = () => main.kill('SIGKILL');
        },
      },
    );
    clearInterval(watching);
    expect(killed.run.main.signal).toBe('SIGKILL');
    expect([killed.run.post?.exitCode, killed.report.result]).toEqual([0, 'rolled-back']);
    await expectBothGivenBack(killed);
  });
});

interface Writer {
  /** Ids of acknowledged writes, in either database. */
  readonly written: readonly string[];
  /** By database: refused because it is read-only. */
  readonly refused: Readonly<Record<string, number>>;
  /** Resolves when both databases have taken a write again. */
  resumed(): Promise<void>;
  stop(): Promise<void>;
}

/** Writes into both databases of V1, without pause, as long as they take it; asks again after a refusal. */
async function startWriter(azure: LocalAzure): Promise<Writer> {
  const random = createRandom(11);
  const written: string[] = [];
  const refused: Record<string, number> = {};
  let ended = false;
  const write = async (database: string, insert: (id: string) => string) => {
    let session: SqlSession | null = null;
    while (!ended) {
      const id = random.guid();
      try {
        session ??= await login(azure, BLUE, database);
        await execute(session, insert(id));
        written.push(id);
      } catch (error) {
        if (String(error).includes('3906')) refused[database] = (refused[database] ?? 0) + 1;
        // A freeze ends sessions whose transactions it rolls back.
        session?.close();
        session = null;
      }
      await pause(20);
    }
    session?.close();
  };
  const writing = Promise.all([
    write('contoso', (id) => `INSERT INTO dbo.Orders (Id, Customer, Amount) VALUES ('${id}', N'Adatum', 1)`),
    write('billing', (id) => `INSERT INTO dbo.Invoices (Id) VALUES ('${id}')`),
  ]);
  return {
    written,
    refused,
    resumed: () => pause(500),
    stop: async () => {
      ended = true;
      await writing;
    },
  };
}

function login(azure: LocalAzure, server: string, database: string): Promise<SqlSession> {
  const host = azure.fabric.hosts().find(({ serverName }) => serverName === server);
  if (!host) throw new Error(`There is no server ${server}.`);
  return host.login({ kind: 'password', ...azure.description.sqlLogin }, database, {
    address: '127.0.0.1',
    programName: 'writer',
    readOnlyIntent: false,
  });
}

/** Throws with SQL Server's number and text, also where the server has ended the session. */
async function execute(session: SqlSession, batch: string): Promise<void> {
  let done = false;
  for await (const event of session.execute(batch, [], new AbortController().signal)) {
    done ||= event.kind === 'done';
    if (event.kind === 'killed' || (event.kind === 'message' && event.message.severity > 10)) {
      throw new Error(`${event.message.number}: ${event.message.text}`);
    }
  }
  if (!done) throw new Error('The session was ended.');
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
