// Connections to the logical servers: always encrypted, the server's certificate always checked, with a token that
// is good for a while yet.
import { connect as connectSocket } from 'node:net';
import type { AccessToken, TokenCredential } from '@azure/core-auth';
import { Connection, type ConnectionConfiguration } from 'tedious';
import type { Clock } from '../clock.ts';
import type { Log } from './arm-retry.ts';
import { type AzureEnvironment, reachedAt, SQL_PORT, scopeOf } from './environment.ts';
import { AzureError, SqlError } from './errors.ts';
import type { SqlConnection, SqlConnector, SqlMessage, SqlTarget } from './ports.ts';
import { commandVariables } from './sql-command-environment.ts';
import { codesOf, errorOfConnect, sqlMessage } from './sql-errors.ts';
import { openSession } from './sql-session.ts';
import { TRANSIENT } from './tsql/transient-errors.ts';

export interface SqlLogin {
  readonly user: string;
  readonly password: string;
}

export interface SqlContext {
  readonly credential: TokenCredential;
  readonly environment: AzureEnvironment;
  /** Null: Entra tokens. */
  readonly sqlLogin: SqlLogin | null;
  readonly mask: (secret: string) => void;
  /** Link to this run; null outside GitHub. Others see it in sys.dm_exec_sessions.program_name. */
  readonly runUrl?: string | null;
  readonly clock: Clock;
  readonly log: Log;
}

/** What proves the caller to SQL Server, for one connection. */
export type SqlProof =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'login'; readonly login: SqlLogin };

/** A token is shown by every connection until it ends within this: each asking costs GitHub and Entra a request. */
const TOKEN_LEFT_MS = 5 * 60_000;
/** Microsoft advises 30 s at least. */
const CONNECT_TIMEOUT_MS = 30_000;
/** How long SQL Server gets to confirm an attention; it rolls the statement back first. */
const ATTENTION_TIMEOUT_MS = 30_000;

/**
 * How long a connection is tried again, in milliseconds, by why it failed. Numbers: "Troubleshoot transient
 * connection errors"; reconfigurations are mostly over within 60 s.
 */
const PATIENCE = {
  transient: { numbers: TRANSIENT, ms: 60_000 },
  // Also what "no such user in this database" looks like, where waiting only hides the cause.
  databaseNotThere: { numbers: [4060], ms: 10_000 },
  network: {
    codes: ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ETIMEOUT', 'EAI_AGAIN'],
    ms: 20_000,
  },
} as const;
/** Microsoft advises 5 s for the first; that is for fleets, and here users may be waiting to write. */
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 10_000;

/** The port SqlConnector. `connect` throws SqlError of kind 'login', or 'cancelled' where the signal was aborted. */
export function createSqlConnector(context: SqlContext): SqlConnector {
  const tokens = keptTokens(context);

  async function proof(): Promise<SqlProof> {
    if (context.sqlLogin !== null) {
      context.mask(context.sqlLogin.password);
      return { kind: 'login', login: context.sqlLogin };
    }
    const token = await tokens();
    if (token !== null) return { kind: 'token', token: token.token };
    throw new AzureError(`No token for ${context.environment.sqlAudience}`, {
      status: null,
      code: null,
      correlationId: null,
      outcomeUnknown: false,
    });
  }

  return {
    connect: async (target, signal) => {
      const started = context.clock.now();
      for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
        try {
          return await connectOnce(context, target, await proof(), signal);
        } catch (error) {
          if (!(error instanceof SqlError)) throw error;
          if (context.clock.now() - started + delay > patienceWith(error)) throw error;
          context.log(`${error.message}; again in ${delay} ms`);
          await pause(context.clock, delay, signal, target);
        }
      }
    },

    commandEnvironment: async (target) => {
      const variables = commandVariables(target, await proof(), context.environment);
      for (const secret of variables.secrets) context.mask(secret);
      return variables.environment;
    },
  };
}

/** Those who ask while one is on its way share it; a failure is not kept. */
function keptTokens({ credential, environment, clock }: SqlContext): () => Promise<AccessToken | null> {
  let kept: { readonly token: Promise<AccessToken | null>; endsAt: number } | null = null;
  return () => {
    if (kept !== null && clock.now() < kept.endsAt - TOKEN_LEFT_MS) return kept.token;
    const token = credential.getToken(scopeOf(environment.sqlAudience));
    const own = { token, endsAt: Number.POSITIVE_INFINITY };
    kept = own;
    token.then(
      (answer) => {
        own.endsAt = answer?.expiresOnTimestamp ?? 0;
      },
      () => {
        own.endsAt = 0;
      },
    );
    return token;
  };
}

async function connectOnce(
  { environment, clock, runUrl = null }: SqlContext,
  target: SqlTarget,
  proof: SqlProof,
  signal: AbortSignal | undefined,
): Promise<SqlConnection> {
  if (signal?.aborted) throw cancelled(target);
  const connection = new Connection(configuration(target, proof, environment, runUrl));
  const messages: SqlMessage[] = [];
  const collect = (token: Parameters<typeof sqlMessage>[0]) => messages.push(sqlMessage(token));
  connection.on('errorMessage', collect);
  const onAbort = () => connection.close();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
  } catch (error) {
    if (signal?.aborted) throw cancelled(target);
    throw errorOfConnect(error, messages, `${target.host}/${target.database}`);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    connection.off('errorMessage', collect);
  }
  return openSession(connection, target, clock);
}

function configuration(
  { host, database, purpose }: SqlTarget,
  proof: SqlProof,
  environment: AzureEnvironment,
  runUrl: string | null,
): ConnectionConfiguration {
  const direct = `${host}:${SQL_PORT}`;
  const isDirect = reachedAt(environment, host, SQL_PORT) === direct;
  return {
    server: host,
    authentication:
      proof.kind === 'token'
        ? { type: 'azure-active-directory-access-token', options: { token: proof.token } }
        : { type: 'default', options: { userName: proof.login.user, password: proof.login.password } },
    options: {
      port: SQL_PORT,
      database,
      appName: programName(purpose, runUrl),
      encrypt: true,
      trustServerCertificate: false,
      connectTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: 0,
      cancelTimeout: ATTENTION_TIMEOUT_MS,
      // Connecting is repeated here, with more numbers and with the reasons kept.
      maxRetriesOnTransientErrors: 0,
      // A server may redirect to another host of Azure's, whose certificate has its own name: hence no serverName.
      ...(isDirect ? {} : { connector: connectorTo(environment, host) }),
    },
  };
}

/** LOGIN7 takes 128 characters; a run that is cut off could not be opened. */
function programName(purpose: string, runUrl: string | null): string {
  const named = `rolling-upgrade ${runUrl ?? ''}`.trimEnd();
  return `${named.length <= 128 ? named : 'rolling-upgrade'} ${purpose}`.slice(0, 128);
}

/** The driver hands over where it wants to go, also after a redirect, although its types do not say so. */
function connectorTo(environment: AzureEnvironment, host: string) {
  return (wanted: { host: string; port: number } = { host, port: SQL_PORT }) => {
    const { hostname, port } = new URL(`tcp://${reachedAt(environment, wanted.host, wanted.port)}`);
    const socket = connectSocket({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) });
    return new Promise<typeof socket>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(socket);
      });
    });
  };
}

function patienceWith(error: SqlError): number {
  if (error.kind !== 'login') return 0;
  if (error.has(...PATIENCE.transient.numbers)) return PATIENCE.transient.ms;
  if (error.has(...PATIENCE.databaseNotThere.numbers)) return PATIENCE.databaseNotThere.ms;
  const network: readonly string[] = PATIENCE.network.codes;
  const isNetwork =
    error.messages.length === 0 && codesOf(error.cause).some((code) => network.includes(code));
  return isNetwork ? PATIENCE.network.ms : 0;
}

async function pause(
  clock: Clock,
  ms: number,
  signal: AbortSignal | undefined,
  target: SqlTarget,
): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch {
    throw cancelled(target);
  }
}

function cancelled({ host, database }: SqlTarget): SqlError {
  return new SqlError(`Connecting to ${host}/${database} was cancelled`, 'cancelled', []);
}
