// Requests are sent no faster than Azure Resource Manager takes them, so that none is refused (429) for our own haste.
// Azure fills a bucket of tokens for each kind of request of a principal in a subscription ("Understand how Azure
// Resource Manager throttles requests"); here is our own reckoning of it, set right by what Azure says is left.
import type { PipelinePolicy, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import type { Clock } from '../clock.ts';

type RequestKind = 'reads' | 'writes' | 'deletes';

interface Bucket {
  /** Tokens. */
  left: number;
  /** Up to when it has been refilled, milliseconds; null before the first answer. */
  refilledAt: number | null;
  /** Sent and not answered: Azure may or may not have counted them in what it says is left. */
  underWay: number;
  /** The last of those who wait. */
  queue: Promise<void>;
}

/** Of Azure's sizes and rates a tenth is left alone, for others with the same identity. */
const SHARE = 0.9;
const AZURES: Readonly<Record<RequestKind, { readonly size: number; readonly refillASecond: number }>> = {
  reads: { size: 250, refillASecond: 25 },
  writes: { size: 200, refillASecond: 10 },
  deletes: { size: 200, refillASecond: 10 },
};

export interface Pacing {
  /** Resolves when it is the request's turn: first come, first served. Rejects where the signal is aborted first. */
  turn(request: Pick<PipelineRequest, 'method'>, signal?: AbortSignal): Promise<void>;
  /** To be told once of each request that had its turn, with the answer, or null where there was none. */
  ended(request: Pick<PipelineRequest, 'method'>, response: Pick<PipelineResponse, 'headers'> | null): void;
}

/** One for all clients that ask with the same identity. */
export function createPacing(clock: Clock): Pacing {
  const buckets = new Map<RequestKind, Bucket>();

  const bucketOf = (kind: RequestKind): Bucket => {
    const bucket = buckets.get(kind) ?? {
      left: AZURES[kind].size * SHARE,
      refilledAt: null,
      underWay: 0,
      queue: Promise.resolve(),
    };
    buckets.set(kind, bucket);
    return bucket;
  };

  /** Azure's bucket begins to refill when the first request reaches it, which is before its answer reaches us. */
  const refill = (kind: RequestKind, bucket: Bucket): void => {
    if (bucket.refilledAt === null) return;
    const { size, refillASecond } = AZURES[kind];
    const now = clock.now();
    const since = Math.max(0, now - bucket.refilledAt) / 1000;
    bucket.left = Math.min(size * SHARE, bucket.left + since * refillASecond * SHARE);
    bucket.refilledAt = now;
  };

  const takeToken = async (kind: RequestKind, bucket: Bucket, signal?: AbortSignal): Promise<void> => {
    for (refill(kind, bucket); bucket.left < 1; refill(kind, bucket)) {
      await clock.sleep(Math.ceil(((1 - bucket.left) * 1000) / (AZURES[kind].refillASecond * SHARE)), signal);
    }
    bucket.left--;
    bucket.underWay++;
  };

  return {
    turn: (request, signal) => {
      const kind = kindOf(request);
      const bucket = bucketOf(kind);
      const turn = bucket.queue.then(() => takeToken(kind, bucket, signal));
      bucket.queue = turn.catch(() => {}); // whoever is next does not care why this one left
      return turn;
    },
    ended: (request, response) => {
      const kind = kindOf(request);
      const bucket = bucketOf(kind);
      bucket.underWay--;
      bucket.refilledAt ??= clock.now();
      const told = response?.headers.get(`x-ms-ratelimit-remaining-subscription-${kind}`);
      if (told === undefined || told.trim() === '' || !Number.isFinite(Number(told))) return;
      refill(kind, bucket);
      // Only ever down: answers overtake one another, and an older one tells of more.
      bucket.left = Math.min(bucket.left, Math.max(0, Number(told) - bucket.underWay));
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
      let response: PipelineResponse | null = null;
      try {
        response = await next(request);
        return response;
      } finally {
        pacing.ended(request, response);
      }
    },
  };
}

function kindOf({ method }: Pick<PipelineRequest, 'method'>): RequestKind {
  if (method === 'DELETE') return 'deletes';
  return method === 'GET' || method === 'HEAD' ? 'reads' : 'writes';
}
