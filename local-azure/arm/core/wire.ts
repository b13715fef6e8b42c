// Between sockets and calls: reading a request's JSON, writing an answer with the headers Azure sends.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import type { ArmAnswer } from './call.ts';
import { refusedByGateway } from './errors.ts';
import type { JsonObject } from './json.ts';
import { isObject } from './json.ts';

const MAX_BODY = 4 * 1024 * 1024;

/** The request's JSON object; {} where it has no body. Throws 400 InvalidRequestContent. */
export async function readBody(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY)
      throw refusedByGateway(
        413,
        'RequestContentTooLarge',
        'The request content size exceeds the maximum size.',
      );
    chunks.push(bytes);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text.trim() === '') return {};
  return parse(text);
}

function parse(text: string): JsonObject {
  try {
    const value = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // refused below, with Azure's words
  }
  throw refusedByGateway(
    400,
    'InvalidRequestContent',
    'The request content was invalid and could not be deserialized.',
  );
}

export interface AnswerWriter {
  write(request: IncomingMessage, response: ServerResponse, answer: ArmAnswer): void;
}

/** Writes answers with the headers that all of them have. */
export function createAnswerWriter(clock: Clock, random: Random): AnswerWriter {
  return {
    write: (request, response, answer) => {
      const correlation = correlationOf(request) ?? random.guid();
      const stamp = clock
        .now()
        .toISOString()
        .replace(/[-:]|\.\d+/g, '');
      const headers: Record<string, string> = {
        'cache-control': 'no-cache',
        pragma: 'no-cache',
        expires: '-1',
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
        'x-content-type-options': 'nosniff',
        'x-ms-request-id': random.guid(),
        'x-ms-correlation-request-id': correlation,
        'x-ms-routing-request-id': `NORTHEUROPE:${stamp}:${correlation}`,
        ...answer.headers,
      };
      const client = request.headers['x-ms-client-request-id'];
      if (typeof client === 'string') headers['x-ms-client-request-id'] = client;
      send(request, response, answer, headers);
    },
  };
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: ArmAnswer,
  headers: Record<string, string>,
): void {
  const text = answer.text ?? jsonOf(answer);
  if (text === null || request.method === 'HEAD') {
    if (answer.status !== 204) headers['content-length'] = '0';
    if (answer.contentType !== undefined) headers['content-type'] = answer.contentType;
    response.writeHead(answer.status, headers);
    response.end();
    return;
  }
  response.writeHead(answer.status, {
    ...headers,
    'content-type': answer.contentType ?? 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(text)),
  });
  response.end(text);
}

function jsonOf(answer: ArmAnswer): string | null {
  if (answer.body === undefined) return null;
  const json = JSON.stringify(answer.body);
  return answer.escapeSlashes ? json.replaceAll('/', '\\/') : json;
}

function correlationOf(request: IncomingMessage): string | null {
  const given = request.headers['x-ms-correlation-request-id'];
  return typeof given === 'string' && given !== '' ? given : null;
}
