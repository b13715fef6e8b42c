// One request of one user: the name resolved, the canonical name reached, TLS checked, the answer read.
import { Agent, request as httpsRequest } from 'node:https';
import type { Resolver } from './resolver.ts';

export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly servedBy: string; readonly body: string }
  /** `why` is a short, countable word: NXDOMAIN, ECONNREFUSED, timeout … */
  | { readonly kind: 'failed'; readonly why: string };

export interface BrowserOptions {
  readonly resolver: Resolver;
  readonly connectTo: Readonly<Record<string, string>>;
  /** PEM. */
  readonly ca: string;
  readonly requestTimeoutMs: number;
}

export interface Browser {
  get(hostName: string, path: string): Promise<Answer>;
  post(hostName: string, path: string, body: unknown): Promise<Answer>;
  close(): void;
}

const CONNECTIONS = 8;

/** Keeps connections alive as browsers do; a new address means new connections. */
export function createBrowser(options: BrowserOptions): Browser {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, ca: options.ca });

  async function send(hostName: string, method: string, path: string, body: string | null): Promise<Answer> {
    const resolution = await options.resolver.resolve(hostName);
    if (resolution.kind === 'no-such-name') return { kind: 'failed', why: 'NXDOMAIN' };
    if (resolution.kind === 'no-answer') return { kind: 'failed', why: 'no DNS answer' };
    const address = options.connectTo[`${resolution.canonicalName}:443`] ?? `${resolution.canonicalName}:443`;
    const { hostname, port } = new URL(`https://${address}`);
    const request = httpsRequest({
      agent,
      host: hostname,
      port: Number(port || 443),
      servername: hostName,
      method,
      path,
      headers: { host: hostName, ...(body === null ? {} : { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(options.requestTimeoutMs),
    });
    return new Promise((resolve) => {
      request.on('error', (error) => resolve({ kind: 'failed', why: shortReason(error) }));
      request.on('response', (response) => {
        const servedBy = `${response.headers['x-contoso-site'] ?? '?'} ${response.headers['x-contoso-version'] ?? '?'}`;
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', (error) => resolve({ kind: 'failed', why: shortReason(error) }));
        response.on('end', () =>
          resolve({ kind: 'answered', status: response.statusCode ?? 0, servedBy, body: text }),
        );
      });
      request.end(body ?? undefined);
    });
  }

  return {
    get: (hostName, path) => send(hostName, 'GET', path, null),
    post: (hostName, path, body) => send(hostName, 'POST', path, JSON.stringify(body)),
    close: () => agent.destroy(),
  };
}

function shortReason(error: Error): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'timeout';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
