// An ADO.NET connection string, as App Service hands it to a site.

export interface SqlEndpoint {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

const SYNONYMS: Readonly<Record<string, keyof SqlEndpoint | 'server'>> = {
  server: 'server',
  'data source': 'server',
  address: 'server',
  database: 'database',
  'initial catalog': 'database',
  'user id': 'user',
  uid: 'user',
  user: 'user',
  password: 'password',
  pwd: 'password',
};

/** Null where the text names no server, database, user or password. Quoted values keep their semicolons. */
export function parseConnectionString(text: string): SqlEndpoint | null {
  const found: Partial<Record<string, string>> = {};
  const pair = /\s*([^=;]+?)\s*=\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|([^;]*))\s*(?:;|$)/g;
  for (const [, key = '', double, single, plain = ''] of text.matchAll(pair)) {
    const name = SYNONYMS[key.toLowerCase()];
    if (name) found[name] = double?.replaceAll('""', '"') ?? single?.replaceAll("''", "'") ?? plain.trim();
  }
  const { server, database, user, password } = found;
  if (!server || !database || !user || password === undefined) return null;
  const [host = '', port = '1433'] = server.replace(/^tcp:/i, '').split(',');
  return { host: host.trim(), port: Number(port), database, user, password };
}

/** The connection string of an Azure SQL database, as the portal writes it. */
export function formatConnectionString(endpoint: SqlEndpoint): string {
  const quoted = /[;'"]/.test(endpoint.password)
    ? `"${endpoint.password.replaceAll('"', '""')}"`
    : endpoint.password;
  return (
    `Server=tcp:${endpoint.host},${endpoint.port};Database=${endpoint.database};User ID=${endpoint.user};` +
    `Password=${quoted};Encrypt=True`
  );
}
