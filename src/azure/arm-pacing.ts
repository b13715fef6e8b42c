// Requests are sent no faster than Azure Resource Manager takes them, so that none is refused (429) for our own haste.
// Azure fills a bucket of tokens for each kind of request of a principal in a subscription ("Understand how Azure
// Resource Manager throttles requests"); here is our own reckoning of it, set right by what Azure says is left.
import type { PipelinePolicy, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import type { Clock } from '../clock.ts';

type RequestKind = 'reads' | 'writes' | 'deletes';

interface Bucket {
  /** Tokens; below zero as many requests wait for one. */
  left: number;
  /** When that was reckoned, milliseconds. */
  at: number;
}

/** Of Azure's sizes and rates a tenth is left alone: for what is under way, and for others with the same identity. */
const SHARE = 0.9;
const AZURES: Readonly<Record<RequestKind, { readonly size: number; readonly refillASecond: number }>> = {
  reads: { size: 250, refillASecond: 25 },
  writes: { size: 200, refillASecond: 10 },
  deletes: { size: 200, refillASecond: 10 },
};

export interface Pacing {
  /** Resolves when it is the request's turn: first come, first served. Rejects where the signal is aborted first. */
  turn(request: Pick<PipelineRequest, 'method'>, signal?: AbortSignal): Promise<void>;
  /** Takes in what Azure said is left. */
  answered(request: Pick<PipelineRequest, 'method'>, response: Pick<PipelineResponse, 'headers'>): void;
}

/** One for all clients that ask with the same identity. */
export function createPacing(clock: Clock): Pacing {
  const buckets = new Map<RequestKind, Bucket>();

  const refilled = (kind: RequestKind): Bucket => {
    const { size, refillASecond } = AZURES[kind];
    const now = clock.now();
    const bucket = buckets.get(kind) ?? { left: size * SHARE, at: now };
    const since = (Math.max(0, now - bucket.at) / 1000) * refillASecond * SHARE;
    bucket.left = Math.min(size * SHARE, bucket.left + since);
    bucket.at = now;
    buckets.set(kind, bucket);
    return bucket;
  };

  return {
    turn: async (request, signal) => {
      const kind = kindOf(request);
      const bucket = refilled(kind);
      bucket.left--;
      if (bucket.left >= 0) return;
      await clock.sleep((-bucket.left * 1000) / (AZURES[kind].refillASecond * SHARE), signal);
    },
    answered: (request, response) => {
      const kind = kindOf(request);
      const told = response.headers.get(`x-ms-ratelimit-remaining-subscription-${kind}`);
      const left = told === undefined || told.trim() === '' ? Number.NaN : Number(told);
      if (!Number.isFinite(left)) return;
      const bucket = refilled(kind);
      // Only ever down: answers overtake one another, and an older one tells of more.
      bucket.left = Math.min(bucket.left, left - (1 - SHARE) * AZURES[kind].size);
    },
  };
}

/** Stands below the retries: what is sent again waits for its turn again. */
export function pacingPolicy(pacing: Pacing): PipelinePolicy {
  return {
    name: 'pacingPolicy',
    sendRequest: async (request, next) => {
      const signal = request.abortSignal;
      await pacing.turn(request, signal instanceof AbortSignal ? signal : undefined);
      const response = await next(request);
      pacing.answered(request, response);
      return response;
    },
  };
}

function kindOf({ method }: Pick<PipelineRequest, 'method'>): RequestKind {
  if (method === 'DELETE') return 'deletes';
  return method === 'GET' || method === 'HEAD' ? 'reads' : 'writes';
}
