// A logical server whose sessions do what a test says, behind a real TDS endpoint.
import { createCertificates } from '../../../local-azure/certificates.ts';
import { systemClock } from '../../../local-azure/clock.ts';
import { createFaults, type Faults } from '../../../local-azure/faults.ts';
import { createLatency } from '../../../local-azure/latency.ts';
import type {
  EngineValue,
  Login,
  Parameter,
  ServerMessage,
  SessionEvent,
  SessionHost,
  SqlTypeName,
} from '../../../local-azure/sql/session.ts';
import type { TokenLogin } from '../../../local-azure/sql/tds/options.ts';
import { startTdsServer, type TdsServer } from '../../../local-azure/sql/tds/server.ts';

export type Script = (
  text: string,
  parameters: readonly Parameter[],
  signal: AbortSignal,
) => AsyncIterable<SessionEvent> | Iterable<SessionEvent>;

export interface Executed {
  readonly text: string;
  readonly parameters: readonly Parameter[];
}

export interface Logins {
  readonly login: Login;
  readonly database: string | null;
  readonly address: string;
  readonly programName: string;
  readonly readOnlyIntent: boolean;
}

export interface ScriptedServer extends TdsServer {
  readonly ca: string;
  readonly faults: Faults;
  readonly logins: Logins[];
  /** Without the SET statements that drivers send after login. */
  readonly executed: Executed[];
  readonly transactions: string[];
  /** Sessions that were closed, by spid. */
  readonly closed: number[];
  /** Ends every idle session, as a failover does. */
  kill(message: ServerMessage): void;
}

export interface ScriptedOptions {
  script?: Script;
  /** Throws to refuse. */
  onLogin?: (login: Login) => void;
  verifySqlToken?: (token: string) => TokenLogin;
}

export const done = (rowCount: number | null = null): SessionEvent => ({ kind: 'done', rowCount });

export const error = (number: number, text: string, severity = 16, line = 1): SessionEvent => ({
  kind: 'message',
  message: { number, severity, state: 1, line, procedure: '', text },
});

export const info = (text: string): SessionEvent => error(0, text, 0);

export function rows(
  columns: readonly (readonly [string, SqlTypeName])[],
  values: readonly (readonly EngineValue[])[],
): SessionEvent[] {
  return [
    { kind: 'columns', columns: columns.map(([name, type]) => ({ name, type })) },
    ...values.map((row): SessionEvent => ({ kind: 'row', values: row })),
    done(values.length),
  ];
}

const certificates = createCertificates();

export async function startScriptedServer(options: ScriptedOptions = {}): Promise<ScriptedServer> {
  const certificate = await certificates;
  const faults = createFaults();
  const logins: Logins[] = [];
  const executed: Executed[] = [];
  const transactions: string[] = [];
  const closed: number[] = [];
  const killers: ((message: ServerMessage) => void)[] = [];
  let spid = 50;

  const host: SessionHost = {
    serverName: 'contoso-sql-blue',
    login: async (login, database, client) => {
      logins.push({ login, database, ...client });
      options.onLogin?.(login);
      spid++;
      const id = spid;
      return {
        spid: id,
        database: database ?? 'master',
        onKilled: (listener) => {
          killers.push(listener);
        },
        close: () => {
          closed.push(id);
        },
        execute: async function* (text, parameters, signal) {
          if (/^\s*set /i.test(text)) return yield done();
          executed.push({ text, parameters });
          yield* options.script?.(text, parameters, signal) ?? [done()];
        },
        transaction: async function* (request) {
          transactions.push(request);
          yield { kind: 'transaction', change: request, descriptor: 7n };
          yield done();
        },
      };
    },
  };

  const server = await startTdsServer({
    host,
    certificate,
    verifySqlToken:
      options.verifySqlToken ?? (() => ({ kind: 'token', objectId: 'o', appId: 'a', audience: 'sql' })),
    fedAuth: { stsUrl: 'https://localhost/tenant', servicePrincipalName: 'https://database.windows.net/' },
    faults,
    latency: createLatency('off', 1),
    clock: systemClock(),
  });
  return {
    ...server,
    ca: certificate.ca,
    faults,
    logins,
    executed,
    transactions,
    closed,
    kill: (message) => {
      for (const killer of killers) killer(message);
    },
  };
}
