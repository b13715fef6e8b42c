// How a command of the user's (sqlpackage, dotnet ef, Flyway) reaches the database: by variables of its environment,
// never by its arguments, which every process of the machine can read.
import { type AzureEnvironment, reachedAt, SQL_PORT } from './environment.ts';
import type { SqlTarget } from './ports.ts';
import type { SqlProof } from './sql-connection.ts';

export interface CommandVariables {
  readonly environment: Readonly<Record<string, string>>;
  /** To be masked before anything is started with them. */
  readonly secrets: readonly string[];
}

/**
 * SQL_SERVER (host name), SQL_DATABASE, SQL_CONNECTION_STRING (ADO.NET), and SQL_ACCESS_TOKEN, or SQL_USER and
 * SQL_PASSWORD. ADO.NET takes a token beside the string, not in it.
 */
export function commandVariables(
  { host, database, purpose }: SqlTarget,
  proof: SqlProof,
  environment: AzureEnvironment,
): CommandVariables {
  const reached = reachedAt(environment, host, SQL_PORT);
  const common: (readonly [string, string])[] = [
    ['Server', `tcp:${reached.replace(/:(\d+)$/, ',$1')}`],
    ['Database', database],
    ['Encrypt', 'True'],
    ['TrustServerCertificate', 'False'],
    // The certificate has the server's name, wherever the way to it begins.
    ...(reached === `${host}:${SQL_PORT}` ? [] : [['HostNameInCertificate', host] as const]),
    ['Application Name', `rolling-upgrade ${purpose}`],
  ];
  const base = { SQL_SERVER: host, SQL_DATABASE: database };
  if (proof.kind === 'token') {
    return {
      environment: { ...base, SQL_CONNECTION_STRING: adoNet(common), SQL_ACCESS_TOKEN: proof.token },
      secrets: [proof.token],
    };
  }
  const { user, password } = proof.login;
  const connectionString = adoNet([...common, ['User ID', user], ['Password', password]]);
  return {
    environment: {
      ...base,
      SQL_CONNECTION_STRING: connectionString,
      SQL_USER: user,
      SQL_PASSWORD: password,
    },
    secrets: [password, connectionString],
  };
}

/** Values with separators or quotes in them are quoted, quotes doubled, as ADO.NET reads them. */
function adoNet(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([key, value]) => `${key}=${quoted(value)}`).join(';');
}

function quoted(value: string): string {
  return /[;='"\s]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
