// Resource Manager as the SDKs see it through their HTTP client: answers are queued or computed, requests are kept.
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline';
import type { ArmContext } from '../../src/azure/arm-client.ts';
import { parseAzureEnvironment } from '../../src/azure/environment.ts';
import type { Clock } from '../../src/clock.ts';

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A code of Node's: the connection failed so. */
export type Reply = Answer | { readonly network: string };

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface StubArm {
  readonly context: ArmContext;
  readonly requests: SeenRequest[];
  readonly slept: number[];
  readonly log: string[];
}

/** Time stands still but for sleeping, which is instant. */
export function instantClock(): Clock & { readonly slept: number[] } {
  let now = Date.UTC(2026, 10, 21);
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}

export function stubArm(answer: (request: SeenRequest, index: number) => Reply): StubArm {
  const requests: SeenRequest[] = [];
  const log: string[] = [];
  const clock = instantClock();
  const httpClient: HttpClient = {
    sendRequest: async (request) => {
      const seen = see(request);
      requests.push(seen);
      const reply = answer(seen, requests.length - 1);
      if ('network' in reply) throw new RestError('broken', { code: reply.network, request });
      return {
        request,
        status: reply.status,
        headers: createHttpHeaders({ 'content-type': 'application/json', ...reply.headers }),
        bodyAsText: textOf(reply.body),
      };
    },
  };
  const context: ArmContext = {
    credential: {
      getToken: async () => ({ token: 'secret-token', expiresOnTimestamp: Date.now() + 3_600_000 }),
    },
    environment: parseAzureEnvironment('AzureCloud'),
    subscriptionId: 'sub-1',
    userAgent: 'rolling-upgrade/0.0.0 (run 7)',
    clock,
    log: (line) => log.push(line),
    httpClient,
  };
  return { context, requests, slept: clock.slept, log };
}

function see(request: PipelineRequest): SeenRequest {
  const url = new URL(request.url);
  return {
    method: request.method,
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    headers: request.headers.toJSON(),
    body: typeof request.body === 'string' ? JSON.parse(request.body) : undefined,
  };
}

function textOf(body: unknown): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}
