// How many requests resource manager takes: a bucket of tokens for each kind of request of each principal, which
// refills all the time ("Understand how Azure Resource Manager throttles requests"). Who finds it empty is answered 429.
import type { Clock } from '../../clock.ts';
import type { Caller } from './call.ts';
import { refusedByGateway } from './errors.ts';

export type RequestKind = 'reads' | 'writes' | 'deletes';

interface Limit {
  readonly size: number;
  /** Tokens. */
  readonly refillASecond: number;
}

/** For one subscription and one principal, in one region. */
export const REQUEST_LIMITS: Readonly<Record<RequestKind, Limit>> = {
  reads: { size: 250, refillASecond: 25 },
  writes: { size: 200, refillASecond: 10 },
  deletes: { size: 200, refillASecond: 10 },
};

export interface RequestCounts extends Readonly<Record<RequestKind, number>> {
  /** Answered 429 for want of a token; not counted by kind. */
  readonly refused: number;
}

export interface RequestLimits {
  /** Takes a token; says how many are left. Throws 429, with the seconds until there is one. */
  take(caller: Caller, method: string): number;
  /** Of everybody, since the start. */
  counts(): RequestCounts;
}

interface Bucket {
  left: number;
  /** Milliseconds. */
  at: number;
}

/** @param pace how many times faster than Azure's the buckets refill; null: they are never empty. */
export function createRequestLimits(subscription: string, clock: Clock, pace: number | null): RequestLimits {
  const buckets = new Map<string, Bucket>();
  const counts = { reads: 0, writes: 0, deletes: 0, refused: 0 };

  const refilled = (objectId: string, kind: RequestKind): Bucket => {
    const { size, refillASecond } = REQUEST_LIMITS[kind];
    const now = clock.now().getTime();
    const key = `${objectId} ${kind}`;
    const bucket = buckets.get(key) ?? { left: size, at: now };
    const passed = Math.max(0, now - bucket.at) / 1000;
    const left = pace === null ? size : Math.min(size, bucket.left + passed * refillASecond * pace);
    const filled = { left, at: now };
    buckets.set(key, filled);
    return filled;
  };

  return {
    counts: () => ({ ...counts }),
    take: (caller, method) => {
      const kind = requestKind(method);
      const bucket = refilled(caller.objectId, kind);
      if (bucket.left < 1) {
        counts.refused++;
        const seconds = (1 - bucket.left) / (REQUEST_LIMITS[kind].refillASecond * (pace ?? 1));
        throw throttled(subscription, caller, kind, Math.max(1, Math.ceil(seconds)));
      }
      bucket.left--;
      counts[kind]++;
      return Math.floor(bucket.left);
    },
  };
}

export function requestKind(method: string): RequestKind {
  if (method === 'DELETE') return 'deletes';
  return method === 'GET' || method === 'HEAD' ? 'reads' : 'writes';
}

/** The header in which resource manager tells what is left. */
export function remainingHeader(method: string): string {
  return `x-ms-ratelimit-remaining-subscription-${requestKind(method)}`;
}

/** Code and message as seen in the wild; that the seconds are those until the next token is assumed. */
function throttled(subscription: string, { objectId }: Caller, kind: RequestKind, seconds: number) {
  const error = refusedByGateway(
    429,
    'SubscriptionRequestsThrottled',
    `Number of '${kind.slice(0, -1)}' requests for subscription '${subscription}' actor '${objectId}' exceeded. Please try again after '${seconds}' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information.`,
  );
  return error.withHeaders({
    'retry-after': String(seconds),
    [`x-ms-ratelimit-remaining-subscription-${kind}`]: '0',
  });
}
