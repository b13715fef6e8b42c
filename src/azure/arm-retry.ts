// When a request to Azure Resource Manager is sent again. The SDKs' own policy repeats writes after a broken
// connection or a 5xx, when nobody knows whether the first one was carried out; for a slot swap or the removal of
// a link that must not happen. Steps read Azure back instead, so a write is repeated only where Azure says it did
// nothing (429), asks for it (503 with Retry-After) or where it was never sent (connection refused).
import {
  isRestError,
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
  type SendRequest,
} from '@azure/core-rest-pipeline';
import type { Clock } from '../clock.ts';
import { messageOf } from '../message-of.ts';
import { isRead, wasNotSent } from './arm-errors.ts';

export type Log = (line: string) => void;

const MAX_RETRIES = 3;
const FIRST_DELAY_MS = 1_000;
/** Longer waits are not sat out in silence: the step's own time limit decides. */
const LONGEST_DELAY_MS = 60_000;
/** Resource Manager gives up on a resource provider after 60 s (504), so no write is answered after that. */
const ANSWER_WITHIN_MS = { read: 20_000, write: 65_000 } as const;

/** A write whose body is made of what was read: somebody else may change that while Azure makes us wait. */
export interface RenewableRequest extends PipelineRequest {
  /** The body for sending it once more. Where it throws the request is not sent again. */
  renew?: () => Promise<string>;
}

type Attempt =
  | { readonly kind: 'response'; readonly response: PipelineResponse }
  | { readonly kind: 'error'; readonly error: unknown };

/** Repeats reads after anything transient, writes only where they certainly were not carried out. */
export function armRetryPolicy(clock: Clock, log: Log): PipelinePolicy {
  return {
    name: 'armRetryPolicy',
    sendRequest: async (request, next) => {
      for (let retry = 0; ; retry++) {
        const attempt = await tryOnce(request, next);
        const delay = retry < MAX_RETRIES ? delayBeforeRetry(request, attempt, retry, clock) : null;
        if (delay === null || delay > LONGEST_DELAY_MS) return outcome(attempt);
        log(`${request.method} ${new URL(request.url).pathname}: ${why(attempt)}; again in ${delay} ms`);
        await clock.sleep(delay, nativeSignal(request));
        if (!(await renewed(request, log))) return outcome(attempt);
      }
    },
  };
}

/** Bounds one request, body included; a time-out is a network error, not an abort of the caller's. */
export function answerTimeoutPolicy(
  limits: { readonly read: number; readonly write: number } = ANSWER_WITHIN_MS,
): PipelinePolicy {
  return {
    name: 'answerTimeoutPolicy',
    sendRequest: async (request, next) => {
      const limit = isRead(request) ? limits.read : limits.write;
      const timeout = AbortSignal.timeout(limit);
      const callers = nativeSignal(request);
      request.abortSignal = callers === undefined ? timeout : AbortSignal.any([callers, timeout]);
      // A connection that idled may be gone without our knowing; then a write's fate would be unknown for nothing.
      request.disableKeepAlive ||= !isRead(request);
      try {
        return await next(request);
      } catch (error) {
        if (!timeout.aborted || callers?.aborted === true) throw error;
        throw new RestError(`no answer within ${limit / 1000} s`, { code: 'ETIMEDOUT', request });
      } finally {
        if (callers === undefined) delete request.abortSignal;
        else request.abortSignal = callers;
      }
    },
  };
}

/** Whether it may be sent once more. Where not, its last answer stands: that tells whether it may have been carried out. */
async function renewed(request: RenewableRequest, log: Log): Promise<boolean> {
  if (!request.renew) return true;
  try {
    request.body = await request.renew();
    // The client has set it for the body before, and would cut this one or wait for more of it.
    request.headers.delete('Content-Length');
    return true;
  } catch (error) {
    log(`${request.method} ${new URL(request.url).pathname}: not sent once more: ${messageOf(error)}`);
    return false;
  }
}

async function tryOnce(request: PipelineRequest, next: SendRequest): Promise<Attempt> {
  try {
    return { kind: 'response', response: await next(request) };
  } catch (error) {
    return { kind: 'error', error };
  }
}

function outcome(attempt: Attempt): PipelineResponse {
  if (attempt.kind === 'error') throw attempt.error;
  return attempt.response;
}

function delayBeforeRetry(
  request: PipelineRequest,
  attempt: Attempt,
  retry: number,
  clock: Clock,
): number | null {
  const backoff = FIRST_DELAY_MS * 2 ** retry;
  if (attempt.kind === 'error') {
    const again = isRead(request) ? isNetworkError(attempt.error) : wasNotSent(attempt.error);
    return again ? backoff : null;
  }
  const { status } = attempt.response;
  const asked = retryAfter(attempt.response, clock);
  if (status === 429) return asked ?? backoff;
  if (isRead(request)) return isTransientStatus(status) ? (asked ?? backoff) : null;
  // A POST starts something anew each time it is sent (slotsswap); PUT and DELETE do not.
  return status === 503 && request.method !== 'POST' ? asked : null;
}

function retryAfter(response: PipelineResponse, clock: Clock): number | null {
  const header = response.headers.get('retry-after');
  if (header === undefined) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return seconds * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - clock.now());
}

function isTransientStatus(status: number): boolean {
  return status === 408 || (status >= 500 && status !== 501 && status !== 505);
}

function isNetworkError(error: unknown): boolean {
  return isRestError(error) && error.response === undefined && error.code !== RestError.PARSE_ERROR;
}

function why(attempt: Attempt): string {
  if (attempt.kind === 'response') return `HTTP ${attempt.response.status}`;
  return messageOf(attempt.error);
}

function nativeSignal(request: PipelineRequest): AbortSignal | undefined {
  return request.abortSignal instanceof AbortSignal ? request.abortSignal : undefined;
}
