// The connector under test, with a scripted server of its own.
import type { SessionEvent } from '../../local-azure/sql/session.ts';
import { parseAzureEnvironment } from '../../src/azure/environment.ts';
import { SqlError } from '../../src/azure/errors.ts';
import { createSqlConnector, type SqlLogin } from '../../src/azure/sql-connection.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { HOST, type Script, type ScriptedServer, startScriptedServer } from './scripted-sql-server.ts';

export const target = { host: HOST, database: 'contoso', purpose: 'freeze' };
export const DONE: SessionEvent = { kind: 'done', rowCount: null };
const open: ScriptedServer[] = [];

/** For afterEach. */
export async function closeServers(): Promise<void> {
  await Promise.all(open.splice(0).map((server) => server.close()));
}

export const silent: Script['run'] = async function* () {
  yield DONE;
};

export async function start(
  run: Script['run'] = silent,
  more: Omit<Script, 'run'> = {},
  sqlLogin: SqlLogin | null = null,
) {
  const server = await startScriptedServer({ run, ...more });
  open.push(server);
  let minted = 0;
  const masked: string[] = [];
  const quick: Clock = {
    now: systemClock.now,
    // Pauses between attempts are 1 to 10 s; limits of requests are longer, or in milliseconds here.
    sleep: (ms: number, signal?: AbortSignal) =>
      systemClock.sleep(ms >= 1_000 && ms <= 10_000 ? 1 : ms, signal),
  };
  const connector = createSqlConnector({
    credential: {
      getToken: async (scope) => ({ token: `token-${++minted} for ${scope}`, expiresOnTimestamp: 0 }),
    },
    environment: parseAzureEnvironment(
      JSON.stringify({ name: 'AzureCloud', connectTo: { [`${HOST}:1433`]: `127.0.0.1:${server.port}` } }),
    ),
    sqlLogin,
    mask: (secret) => masked.push(secret),
    clock: quick,
    log: () => {},
  });
  return { server, connector, masked };
}

export async function caught(promise: Promise<unknown>): Promise<SqlError> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof SqlError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}
