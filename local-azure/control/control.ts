// The control page: looks at this Azure and makes things go wrong in it. Loopback only; no part of Azure.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Faults } from '../faults.ts';
import { changeInstances, INSTANCE_PATHS, type InstanceControls } from './instance-controls.ts';

export interface Controls {
  readonly faults: Faults;
  /** Anything JSON can say. */
  state(): unknown;
  /** Throws where there is no such site or version. */
  deploy(site: string, slot: string | null, version: string): Promise<void>;
  /** Of every link there is now; null stops shipping. */
  setReplicationLag(ms: number | null): void;
  setRegionDown(region: string, down: boolean): void;
  /** Absent where there are no instances. */
  readonly instances?: InstanceControls;
}

const text = z.string();
const FAULT_RULE = z.strictObject({
  at: text,
  times: z.number().int().min(1).nullable().optional(),
  after: z.number().int().min(0).optional(),
  fault: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('error'),
      status: z.number().int(),
      code: text,
      message: text,
      headers: z.record(text, text).optional(),
    }),
    z.strictObject({ kind: z.literal('late-success') }),
    z.strictObject({ kind: z.literal('hang') }),
    z.strictObject({ kind: z.literal('drop') }),
    z.strictObject({ kind: z.literal('drop-after') }),
    z.strictObject({ kind: z.literal('drop-midway') }),
    z.strictObject({ kind: z.literal('delay'), ms: z.number().min(0) }),
    z.strictObject({ kind: z.literal('operation-fails'), code: text, message: text }),
  ]),
});
const DEPLOYMENT = z.strictObject({ site: text, slot: text.nullable().default(null), version: text });
const OUTAGE = z.strictObject({ region: text, down: z.boolean() });
const LAG = z.strictObject({ ms: z.number().min(0).nullable() });

const PATHS = [
  'GET /state',
  'POST /faults',
  'DELETE /faults',
  'POST /deploy',
  'POST /replication-lag',
  'POST /region-outage',
];

export interface ControlServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * GET / and /state, POST and DELETE /faults, POST /deploy, POST /replication-lag, POST /region-outage, and what can
 * be done to instances, on a free port of 127.0.0.1.
 * A wrong body is answered with 400 and what is wrong with it.
 */
export async function startControl(controls: Controls): Promise<ControlServer> {
  const server = createServer((request, response) => {
    handle(controls, request, response).catch((error: unknown) => {
      const problem = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
      reply(response, 400, { error: problem });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function handle(controls: Controls, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // A page of another origin must not be able to reach this through the browser of whoever runs it.
  if (request.headers.origin) return reply(response, 403, { error: 'Not for pages of other origins.' });
  switch (`${request.method} ${request.url}`) {
    case 'GET /':
      return page(response, controls.state());
    case 'GET /state':
      return reply(response, 200, controls.state());
    case 'POST /faults': {
      const { at, fault, times, after } = FAULT_RULE.parse(await json(request));
      controls.faults.add({
        at,
        fault: fault.kind === 'error' ? withoutAbsent(fault) : fault,
        ...(times === undefined ? {} : { times }),
        ...(after === undefined ? {} : { after }),
      });
      return reply(response, 200, { added: at });
    }
    case 'DELETE /faults':
      controls.faults.clear();
      return reply(response, 200, { cleared: true });
    case 'POST /deploy': {
      const { site, slot, version } = DEPLOYMENT.parse(await json(request));
      await controls.deploy(site, slot, version);
      return reply(response, 200, { site, slot, version });
    }
    case 'POST /replication-lag': {
      const { ms } = LAG.parse(await json(request));
      controls.setReplicationLag(ms);
      return reply(response, 200, { ms });
    }
    case 'POST /region-outage': {
      const { region, down } = OUTAGE.parse(await json(request));
      controls.setRegionDown(region, down);
      return reply(response, 200, { region, down });
    }
    default:
      return await instances(controls, request, response);
  }
}

async function instances(
  { instances: controls }: Controls,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const call = `${request.method} ${request.url}`;
  const done =
    controls === undefined || request.method !== 'POST'
      ? undefined
      : await changeInstances(controls, call, await json(request));
  if (done !== undefined) return reply(response, 200, done);
  const there = [...PATHS, ...(controls === undefined ? [] : INSTANCE_PATHS)];
  return reply(response, 404, { error: there.join(', ') });
}

type ErrorFault = Extract<z.output<typeof FAULT_RULE>['fault'], { kind: 'error' }>;

function withoutAbsent({ headers, ...fault }: ErrorFault) {
  return headers === undefined ? fault : { ...fault, headers };
}

async function json(request: IncomingMessage): Promise<unknown> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return JSON.parse(body || '{}');
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(`${JSON.stringify(body, null, 2)}\n`);
}

function page(response: ServerResponse, state: unknown): void {
  const escaped = JSON.stringify(state, null, 2).replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    .end(`<!DOCTYPE html><title>Embedded Azure</title><h1>Embedded Azure</h1><pre>${escaped}</pre>`);
}
