// One GET over a connection of its own: nothing kept alive, no redirect followed, certificates checked against the
// name in the URL wherever the connection goes.
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Clock } from '../clock.ts';
import { messageOf } from '../message-of.ts';
import type { WebAnswer } from './ports.ts';

export interface Route {
  /** Tried as Node tries several addresses of one name. Host names are left to the system. */
  readonly addresses: readonly string[];
  readonly port: number;
}

type WithoutChain<Answer> = Answer extends unknown ? Omit<Answer, 'chain'> : never;

const MAX_BODY_BYTES = 64 * 1024;
const LONGEST_REASON = 500;

/** @param timeoutMs of the whole exchange, connecting included. Never throws. */
export async function fetchOnce(
  url: URL,
  route: Route,
  clock: Clock,
  timeoutMs: number,
): Promise<WithoutChain<WebAnswer>> {
  const ended = new AbortController();
  const timeout = new AbortController();
  clock.sleep(timeoutMs, ended.signal).then(
    () => timeout.abort(),
    () => {}, // the answer came first
  );
  try {
    const response = await send(url, route, timeout.signal);
    const body = await readBody(response);
    return { kind: 'answered', status: response.statusCode ?? 0, headers: flat(response), body };
  } catch (error) {
    return {
      kind: 'failed',
      why: timeout.signal.aborted ? `no answer within ${timeoutMs} ms` : reason(error),
    };
  } finally {
    ended.abort();
  }
}

function send(url: URL, { addresses, port }: Route, signal: AbortSignal): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const options = {
    method: 'GET',
    host,
    port,
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host, accept: '*/*', 'user-agent': 'rolling-upgrade', 'cache-control': 'no-cache' },
    signal,
    autoSelectFamily: true,
    ...goTo(host, addresses),
  };
  return new Promise((resolve, reject) => {
    const sent =
      url.protocol === 'http:'
        ? httpRequest({ ...options, agent: new HttpAgent({ keepAlive: false }) }, resolve)
        : httpsRequest(
            {
              ...options,
              agent: new HttpsAgent({ keepAlive: false, maxCachedSessions: 0 }),
              // An IP address is no server name (RFC 6066).
              ...(isIP(host) === 0 ? { servername: host } : {}),
            },
            resolve,
          );
    sent.once('error', reject);
    // After "101 Switching Protocols" Node closes the connection and tells nobody but those who listen for this.
    sent.once('close', () => reject(new Error('the connection was closed without an answer')));
    sent.end();
  });
}

/** Node asks this instead of the system's resolver, so that Host header and certificate stay the URL's. */
function goTo(urlHost: string, addresses: readonly string[]): { host?: string; lookup?: LookupFunction } {
  const [first] = addresses;
  if (first === undefined) return {};
  if (isIP(first) === 0 || isIP(urlHost) !== 0) return { host: first };
  const answers = addresses.map((address) => ({ address, family: isIP(address) }));
  const [answer] = answers;
  return {
    lookup: (_host, options, callback) => {
      if (options.all) callback(null, answers);
      else callback(null, answer?.address ?? first, answer?.family ?? 4);
    },
  };
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_BODY_BYTES) break; // leaving the loop destroys the stream
  }
  return Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString('utf8');
}

function flat(response: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
  );
}

function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join('; ');
  // A certificate of somebody else is quoted with all its names.
  return messageOf(error).slice(0, LONGEST_REASON);
}
