// The public end of a role's load balancer: every request goes to an instance in service, or finds none.
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Answer, ComputeFabric } from '../compute/fabric.ts';
import { resetWhileDown } from '../connection-reset.ts';
import type { Faults } from '../faults.ts';
import type { Regions } from '../regions.ts';
import { before } from '../web/front-end.ts';

export interface BalancerOptions {
  /** Called so in faults and headers. */
  readonly name: string;
  readonly scheme: 'http' | 'https';
  readonly tls: { readonly key: string; readonly cert: string };
  readonly location: string;
  readonly regions: Regions;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly compute: Pick<ComputeFabric, 'request'>;
  /** The role behind the address now, as the fabric calls it; null where there is none. */
  role(): string | null;
}

export interface Balancer {
  readonly port: number;
  close(): Promise<void>;
}

/** As Azure's load balancer has it: four minutes. Node's own five seconds meet the next request of a quiet user. */
const IDLE_MS = 240_000;

/** Starts on 127.0.0.1, on a free port. */
export async function startBalancer(options: BalancerOptions): Promise<Balancer> {
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    serve(options, request, response).catch(() => response.destroy());
  };
  const server = options.scheme === 'https' ? createHttps(options.tls, listener) : createHttp(listener);
  server.keepAliveTimeout = IDLE_MS;
  resetWhileDown(server, options.regions, options.location);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  { name, faults, clock, regions, location, compute, role }: BalancerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0];
  const fault = faults.take(`service ${name} ${request.method} ${path}`);
  // Lost by this very call: what it asked for is not done.
  if (regions.isDown(location)) return;
  if (fault && (await before(fault, clock, response)) === 'answered') return;
  const behind = role();
  const answer: Answer = behind === null ? { kind: 'refused' } : compute.request(behind);
  if (fault?.kind === 'late-success') return;
  if (fault?.kind === 'drop-after' || fault?.kind === 'drop-midway') {
    response.destroy();
    return;
  }
  reply(response, name, answer);
}

/** Azure's own load balancer would leave the connection unanswered; a refusal can be counted. */
function reply(response: ServerResponse, name: string, answer: Answer): void {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-contoso-service': name,
  };
  if (answer.kind === 'refused') {
    response.writeHead(503, headers).end(JSON.stringify({ error: 'No instance is in service.' }));
    return;
  }
  const { version, instance } = answer;
  response
    .writeHead(200, { ...headers, 'x-contoso-version': version })
    .end(JSON.stringify({ version, instance: instance.name, domain: instance.updateDomain }));
}
