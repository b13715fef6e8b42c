// What a test asks of an embedded Azure that runs in its own process: as a user, as a site's owner, as the SQL administrator.
import { request } from 'node:https';
import { systemClock } from '../../../local-azure/clock.ts';
import { createRandom } from '../../../local-azure/random.ts';
import type { LocalAzure } from '../../../local-azure/start.ts';
import { createResolver } from '../../../local-azure/users/resolver.ts';
import { startUsers, type Users } from '../../../local-azure/users/users.ts';

const PUBLIC_NAME = 'www.contoso.example';
const clock = systemClock();

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await clock.sleep(20);
}

function cloudOf({ description }: LocalAzure): { connectTo: Record<string, string> } {
  return JSON.parse(description.environment.INPUT_AZURE_ENVIRONMENT ?? '{}');
}

export interface SiteAnswer {
  readonly status: number;
  /** Parsed where it is a JSON object. */
  readonly body: unknown;
}

export interface SiteRequest {
  readonly path?: string;
  /** Posted as JSON. */
  readonly body?: unknown;
  /** Host name the user asked for, where it is not the site's own. */
  readonly host?: string;
}

/** Asks a site at its own address. */
export function ask(
  local: LocalAzure,
  site: string,
  { path = '/health', body, host = site }: SiteRequest = {},
): Promise<SiteAnswer> {
  const [address = '', port = ''] = (cloudOf(local).connectTo[`${site}:443`] ?? '').split(':');
  const method = body === undefined ? 'GET' : 'POST';
  const options = { host: address, port, path, method, servername: host, headers: { host }, agent: false };
  return new Promise((resolve, reject) => {
    request({ ...options, rejectUnauthorized: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: text.startsWith('{') ? JSON.parse(text) : text }),
      );
    })
      .on('error', reject)
      .end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Name at the end of a name's chain of aliases, or why there is none. */
export async function leadsTo(local: LocalAzure, name: string): Promise<string> {
  const answer = await createResolver(local.description.dns, clock, createRandom(1)).resolve(name);
  return answer.kind === 'resolved' ? answer.canonicalName : answer.kind;
}

/** Name of the site behind the public name, or why there is none. */
export function whereUsersGo(local: LocalAzure): Promise<string> {
  return leadsTo(local, PUBLIC_NAME);
}

export function usersOf(local: LocalAzure): Users {
  return startUsers({
    publicName: PUBLIC_NAME,
    dnsServer: local.description.dns,
    connectTo: cloudOf(local).connectTo,
    ca: local.ca,
    clock,
    random: createRandom(3),
    readsPerSecond: 50,
    writesPerSecond: 25,
  });
}

/** Ids, lower case. */
export function ordersOn(local: LocalAzure, server: string): Set<string> {
  const rows = local.fabric.inspect(server, 'contoso', 'SELECT Id FROM Orders');
  return new Set(rows.map((row) => String(row.Id).toLowerCase()));
}

/** Runs a batch as the SQL administrator. Throws an Error with SQL Server's message. */
export async function administer(
  local: LocalAzure,
  server: string,
  database: string,
  batch: string,
): Promise<void> {
  const { user, password } = local.description.sqlLogin;
  const host = local.fabric.hosts().find((each) => each.serverName === server);
  const client = { address: '127.0.0.1', programName: 'test', readOnlyIntent: false };
  const session = await host?.login({ kind: 'password', user, password }, database, client);
  if (!session) throw new Error('no session');
  try {
    for await (const event of session.execute(batch, [], new AbortController().signal)) {
      if (event.kind === 'message' && event.message.severity > 10) throw new Error(event.message.text);
    }
  } finally {
    session.close();
  }
}
