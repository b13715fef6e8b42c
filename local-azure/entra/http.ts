// The little of HTTP that the token endpoints need.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults.ts';

const LONGEST_BODY = 256 * 1024;

/** Throws where the body is longer than any token request. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_BODY) throw new Error('The request body is too long.');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

export interface JsonAnswer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export function sendJson(response: ServerResponse, { status, body, headers }: JsonAnswer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store, no-cache',
    Pragma: 'no-cache',
    'Content-Length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

export interface HttpFaultContext {
  readonly faults: Faults;
  readonly clock: Clock;
}

/** Answers as `work` says, unless a fault is queued for the call. */
export async function answerFaulty(
  call: string,
  response: ServerResponse,
  work: () => Promise<JsonAnswer>,
  { faults, clock }: HttpFaultContext,
): Promise<void> {
  const fault = faults.take(call);
  switch (fault?.kind) {
    case 'hang':
      return;
    case 'drop':
      response.destroy();
      return;
    case 'late-success':
      await work();
      return;
    case 'drop-after':
    case 'drop-midway':
      await work();
      response.destroy();
      return;
    case 'error':
      return sendJson(response, {
        status: fault.status,
        body: { error: fault.code, error_description: fault.message },
        headers: fault.headers ?? {},
      });
    case 'operation-fails':
      return sendJson(response, {
        status: 400,
        body: { error: fault.code, error_description: fault.message },
      });
    case 'delay':
      await clock.sleep(fault.ms);
      break;
  }
  sendJson(response, await work());
}
