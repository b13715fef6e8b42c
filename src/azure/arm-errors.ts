// From whatever an SDK throws, or ARM answers, to one AzureError. ARM has no single error envelope: `{error:{…}}`,
// bare `{code,message}` (SQL 2014-04-01), capitals `{Code,Message}` (Web), `{Error:{…}}`, `{"odata.error":{…}}`,
// no body at all (409 of Traffic Manager, HEAD). All of them were recorded from Azure.
import { isRestError, type PipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import { AzureError } from './errors.ts';

/** Node's codes for "the request was certainly not sent". */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const OPERATION_FAILED = /^The long-running operation has failed(?:\. (\S+?)\. ([\s\S]*))?$/;

export interface ErrorBody {
  readonly code: string | null;
  readonly message: string | null;
}

/** Whether a request only looks: POST …/list is how App Service reads what holds secrets. */
export function isRead(request: PipelineRequest): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  return request.method === 'POST' && /\/list$/i.test(new URL(request.url).pathname);
}

/** Whether no byte of the request can have reached Azure. */
export function wasNotSent(error: unknown): boolean {
  return isRestError(error) && error.response === undefined && NOT_SENT.has(error.code ?? '');
}

/** The error of an answer that is a refusal (4xx, 5xx), whatever its envelope. */
export function errorOfResponse(
  request: PipelineRequest,
  response: PipelineResponse,
  cause?: unknown,
): AzureError {
  const { status } = response;
  const body = readErrorBody(response.bodyAsText ?? null);
  const name = body.code === null ? `HTTP ${status}` : `HTTP ${status} ${body.code}`;
  return new AzureError(`${describe(request)}: ${name}${body.message === null ? '' : `: ${body.message}`}`, {
    status,
    code: body.code,
    correlationId: correlationIdOf(response),
    // A gateway's 5xx says nothing about what went on behind it; 408 likewise.
    outcomeUnknown: !isRead(request) && (status >= 500 || status === 408),
    cause,
  });
}

/**
 * Any error of an SDK as an AzureError. An UpgradeError (credentials) passes unchanged.
 * @param accepted an operation that Azure had accepted before: where its end was not seen, it is unknown
 */
export function toAzureError(
  error: unknown,
  accepted?: { readonly what: string; readonly correlationId: string | null },
): AzureError | UpgradeError {
  if (error instanceof UpgradeError) return error;
  if (accepted !== undefined) return errorOfOperation(error, accepted);
  if (error instanceof AzureError) return error;
  if (!isRestError(error)) return plainError(error);
  if (error.response !== undefined && error.request !== undefined) {
    return errorOfResponse(error.request, error.response, error);
  }
  const { request } = error;
  const where = request === undefined ? 'Azure' : describe(request);
  return new AzureError(`${where}: ${error.message}`, {
    status: error.statusCode ?? null,
    code: error.code ?? null,
    correlationId: null,
    outcomeUnknown: request !== undefined && !isRead(request) && !wasNotSent(error),
    cause: error,
  });
}

/** Code and message of an error body, with the messages of its details; nulls where there is nothing to read. */
export function readErrorBody(text: string | null): ErrorBody {
  if (text === null || text.trim() === '') return { code: null, message: null };
  const parsed = parseJson(text);
  if (!isObject(parsed)) return { code: null, message: text.trim().slice(0, 300) };
  const wrapped = member(parsed, 'error') ?? member(parsed, 'odata.error');
  if (typeof wrapped === 'string') {
    return { code: wrapped, message: textOf(member(parsed, 'error_description')) };
  }
  const error = isObject(wrapped) ? wrapped : parsed;
  const parts = [textOf(member(error, 'message')), ...detailsOf(error)].filter((part) => part !== null);
  return { code: textOf(member(error, 'code')), message: [...new Set(parts)].join(' ') || null };
}

/** What a support case starts with. */
export function correlationIdOf(response: Pick<PipelineResponse, 'headers'>): string | null {
  return (
    response.headers.get('x-ms-correlation-request-id') ?? response.headers.get('x-ms-request-id') ?? null
  );
}

function errorOfOperation(
  error: unknown,
  accepted: { readonly what: string; readonly correlationId: string | null },
): AzureError {
  const message = messageOf(error);
  // The pollers throw a plain Error for an operation that ended as Failed; code and text are only in its message.
  const failed = OPERATION_FAILED.exec(message);
  if (failed !== null) {
    const [, code = null, text = 'Azure gave no reason'] = failed;
    const name = code === null ? '' : ` ${code}:`;
    return operationError(`${accepted.what} failed:${name} ${text}`, code, false);
  }
  if (message === 'Operation was canceled')
    return operationError(`${accepted.what} was cancelled`, null, false);
  return operationError(`${accepted.what} goes on in Azure; its end was not seen: ${message}`, null, true);

  function operationError(text: string, code: string | null, outcomeUnknown: boolean): AzureError {
    const status = error instanceof AzureError ? error.status : null;
    const { correlationId } = accepted;
    return new AzureError(text, { status, code, correlationId, outcomeUnknown, cause: error });
  }
}

function plainError(error: unknown): AzureError {
  const message = messageOf(error);
  return new AzureError(message, {
    status: null,
    code: null,
    correlationId: null,
    outcomeUnknown: false,
    cause: error,
  });
}

function describe(request: PipelineRequest): string {
  // The subscription's part says nothing new and makes every line too long.
  const path = new URL(request.url).pathname.replace(/^\/subscriptions\/[^/]+/i, '');
  return `${request.method} ${decodeURIComponent(path)}`;
}

function detailsOf(error: Readonly<Record<string, unknown>>): string[] {
  const details = member(error, 'details');
  if (!Array.isArray(details)) return [];
  return details
    .filter(isObject)
    .map((detail) => textOf(member(detail, 'message')))
    .filter((message) => message !== null);
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (isObject(value)) return textOf(member(value, 'value'));
  return null;
}

function member(object: Readonly<Record<string, unknown>>, name: string): unknown {
  const key = Object.keys(object).find((candidate) => candidate.toLowerCase() === name);
  return key === undefined ? undefined : (object[key] ?? undefined);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
