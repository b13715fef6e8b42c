// A logical server that says what a test tells it to, on the real wire: TDS over TLS on loopback.
import tls from 'node:tls';
import { createCertificates } from '../../local-azure/certificates.ts';
import { systemClock as localClock } from '../../local-azure/clock.ts';
import { createFaults, type Faults } from '../../local-azure/faults.ts';
import { createLatency } from '../../local-azure/latency.ts';
import {
  type Login,
  LoginRefused,
  type Parameter,
  type ServerMessage,
  type SessionEvent,
} from '../../local-azure/sql/session.ts';
import { startTdsServer } from '../../local-azure/sql/tds/server.ts';

export interface Script {
  /** What a batch is answered with. */
  readonly run: (
    text: string,
    parameters: readonly Parameter[],
    signal: AbortSignal,
  ) => AsyncIterable<SessionEvent>;
  /** The refusals of the first logins, in order. */
  readonly refusals?: readonly ServerMessage[];
}

export interface ScriptedServer {
  readonly host: string;
  readonly port: number;
  readonly logins: {
    readonly login: Login;
    readonly database: string | null;
    readonly programName: string;
  }[];
  readonly batches: string[];
  readonly tokens: string[];
  readonly faults: Faults;
  /** Ends the idle session that logged in last. */
  kill(): void;
  close(): Promise<void>;
}

export const HOST = 'contoso-sql-blue.database.windows.net';

const certificates = createCertificates();

export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const certificate = await certificates;
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), certificate.ca]);
  const refusals = [...(script.refusals ?? [])];
  const faults = createFaults();
  const [logins, batches, tokens]: [ScriptedServer['logins'], string[], string[]] = [[], [], []];
  const killers: ((message: ServerMessage) => void)[] = [];

  const server = await startTdsServer({
    host: {
      serverName: 'contoso-sql-blue',
      login: async (login, database, { programName }) => {
        const refusal = refusals.shift();
        if (refusal !== undefined) throw new LoginRefused(refusal);
        logins.push({ login, database, programName });
        return {
          spid: 51,
          database: database ?? 'master',
          execute: (text, parameters, signal) => {
            if (isDriversOwn(text)) return nothing();
            batches.push(text);
            return script.run(text, parameters, signal);
          },
          transaction: async function* () {},
          onKilled: (listener) => killers.push(listener),
          close: () => {},
        };
      },
    },
    certificate,
    verifySqlToken: (token) => {
      tokens.push(token);
      return { kind: 'token', objectId: 'o', appId: 'a', audience: 'https://database.windows.net' };
    },
    fedAuth: {
      stsUrl: 'https://login.microsoftonline.com/t',
      servicePrincipalName: 'https://database.windows.net/',
    },
    faults,
    latency: createLatency('off', 1),
    clock: localClock(),
  });
  return {
    host: HOST,
    port: server.port,
    logins,
    batches,
    tokens,
    faults,
    kill: () =>
      killers.at(-1)?.(
        error(596, 'Cannot continue the execution because the session is in the kill state.', 21),
      ),
    close: () => server.close(),
  };
}

export function error(number: number, text: string, severity = 16, line = 1): ServerMessage {
  return { number, severity, state: 1, line, procedure: '', text };
}

/** The settings that the driver makes after each login. */
function isDriversOwn(text: string): boolean {
  return /^set \w+/i.test(text.trim());
}

async function* nothing(): AsyncGenerator<SessionEvent> {
  yield { kind: 'done', rowCount: null };
}
