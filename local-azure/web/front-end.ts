// The front end of one deployment unit: TLS, then to the site by the Host header.
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import { resetWhileDown } from '../connection-reset.ts';
import type { Fault, Faults } from '../faults.ts';
import type { Regions } from '../regions.ts';
import type { App } from './orders-app.ts';
import type { RunningSite } from './web-fabric.ts';

export interface HostedSite {
  readonly site: RunningSite;
  /** Null where its package or connection string does not let it start. */
  readonly app: App | null;
}

export interface FrontEndOptions {
  readonly tls: { readonly key: string; readonly cert: string };
  readonly faults: Faults;
  readonly clock: Clock;
  readonly regions: Regions;
  /** Region of the deployment unit; null where none can take it down. */
  readonly location: string | null;
  /** The site of this deployment unit that a host name is bound on. */
  find(hostName: string): HostedSite | null;
}

export interface FrontEnd {
  readonly httpsPort: number;
  readonly httpPort: number;
  close(): Promise<void>;
}

/** Starts on 127.0.0.1, free ports. */
export async function startFrontEnd(options: FrontEndOptions): Promise<FrontEnd> {
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    serve(options, request, response).catch(() => response.destroy());
  };
  const servers = [createHttps(options.tls, listener), createHttp(listener)] as const;
  const { regions, location } = options;
  if (location !== null) for (const server of servers) resetWhileDown(server, regions, location);
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))),
  );
  return {
    httpsPort: (servers[0].address() as AddressInfo).port,
    httpPort: (servers[1].address() as AddressInfo).port,
    close: async () => {
      await Promise.all(
        servers.map((server) => {
          const closed = new Promise<void>((resolve) => server.close(() => resolve()));
          server.closeAllConnections();
          return closed;
        }),
      );
    },
  };
}

async function serve(
  options: FrontEndOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const hostName = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  const hosted = options.find(hostName);
  // The texts are App Service's own.
  if (!hosted) return page(response, 404, '404 Web Site not found.');
  if (hosted.site.state === 'Stopped') return page(response, 403, 'Error 403 - This web app is stopped.');
  if (!hosted.app) return page(response, 503, 'Application Error');
  const path = (request.url ?? '/').split('?')[0];
  const fault = options.faults.take(`site ${label(hosted.site)} ${request.method} ${path}`);
  // Lost by this very call: what it asked for is not done.
  if (options.location !== null && options.regions.isDown(options.location)) return;
  if (fault && (await before(fault, options.clock, response)) === 'answered') return;
  const answer = await hosted.app.respond(request);
  if (fault?.kind === 'late-success') return;
  if (fault?.kind === 'drop-after' || fault?.kind === 'drop-midway') {
    response.destroy();
    return;
  }
  response
    .writeHead(answer.status, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-contoso-site': label(hosted.site),
      'x-contoso-version': hosted.app.version,
    })
    .end(JSON.stringify(answer.body));
}

/** What a fault does before the site works; the others do theirs after it. */
export async function before(
  fault: Fault,
  clock: Clock,
  response: ServerResponse,
): Promise<'answered' | 'go-on'> {
  switch (fault.kind) {
    case 'error':
      response
        .writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers })
        .end(JSON.stringify({ error: fault.code, message: fault.message }));
      return 'answered';
    case 'drop':
      response.destroy();
      return 'answered';
    case 'hang':
      return 'answered';
    case 'delay':
      await clock.sleep(fault.ms);
      return 'go-on';
    case 'late-success':
    case 'drop-after':
    case 'drop-midway':
    case 'operation-fails':
      return 'go-on';
  }
}

/** `contoso-blue`, or `contoso-staging` for a deployment slot, as in its default host name. */
function label(site: RunningSite): string {
  return site.slot === null ? site.name : `${site.name}-${site.slot}`;
}

function page(response: ServerResponse, status: number, title: string): void {
  response
    .writeHead(status, { 'content-type': 'text/html' })
    .end(`<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`);
}
