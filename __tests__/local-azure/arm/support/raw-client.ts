// Requests as written, for what the SDKs would not send.
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import type { JsonObject, JsonValue } from '../../../../local-azure/arm/core/json.ts';
import { asObject, isObject } from '../../../../local-azure/arm/core/json.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** {} where the body is empty or no object. */
  readonly body: JsonObject;
  /** Code of whichever envelope the answer came in. */
  readonly code: string | null;
  readonly message: string | null;
}

export type Caller = (
  method: string,
  pathAndQuery: string,
  options?: { readonly body?: JsonValue; readonly token?: string | null },
) => Promise<RawAnswer>;

export function createCaller(endpoint: string, ca: string): Caller {
  return (method, pathAndQuery, { body, token = 'valid' } = {}) =>
    new Promise((resolve, reject) => {
      const payload = body === undefined ? undefined : JSON.stringify(body);
      const headers = {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      };
      const sent = request(
        new URL(pathAndQuery, endpoint),
        { method, headers, ca, agent: false },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve(
              toAnswer(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString('utf8')),
            ),
          );
        },
      );
      sent.on('error', reject);
      sent.end(payload);
    });
}

function toAnswer(status: number, headers: IncomingHttpHeaders, text: string): RawAnswer {
  const parsed: JsonValue = text === '' ? {} : JSON.parse(text);
  const body = isObject(parsed) ? parsed : {};
  const error = asObject(body.error);
  const code = error.code ?? body.code ?? body.Code ?? null;
  const message = error.message ?? body.message ?? body.Message ?? null;
  return { status, headers, text, body, code: code as string | null, message: message as string | null };
}
