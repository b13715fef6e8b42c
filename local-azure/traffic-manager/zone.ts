// The public names of this Azure, answered as a recursive resolver would: the whole chain of aliases.
import type { TrafficManagerService } from './traffic-manager.ts';

export type ZoneRecord =
  | { readonly type: 'CNAME'; readonly name: string; readonly ttl: number; readonly data: string }
  | { readonly type: 'A'; readonly name: string; readonly ttl: number; readonly data: string };

export interface ZoneAnswer {
  /** False: the last name of the chain does not exist (NXDOMAIN). */
  readonly exists: boolean;
  readonly records: readonly ZoneRecord[];
}

export interface ZoneOptions {
  readonly traffic: Pick<TrafficManagerService, 'resolve'>;
  /** Whether a site or a SQL server goes by the name: it has an address then. */
  hasAddress(name: string): boolean;
  /** The owner's own alias of a name; null where there is none. */
  alias(name: string): string | null;
  /** Of addresses and of the owner's aliases; a profile has its own. */
  readonly ttlSeconds: number;
}

const LONGEST_CHAIN = 8;

/** Answers for an A query; records of other types there are none, so an existing name answers empty. */
export function lookUp(name: string, options: ZoneOptions): ZoneAnswer {
  const records: ZoneRecord[] = [];
  let current = name.toLowerCase().replace(/\.$/, '');
  while (records.length < LONGEST_CHAIN) {
    const next = nextRecord(current, options);
    if (next === 'no-such-name') return { exists: false, records };
    records.push(next);
    if (next.type === 'A') break;
    current = next.data;
  }
  return { exists: true, records };
}

function nextRecord(name: string, options: ZoneOptions): ZoneRecord | 'no-such-name' {
  const alias = options.alias(name);
  if (alias) return { type: 'CNAME', name, ttl: options.ttlSeconds, data: alias };
  const routed = options.traffic.resolve(name);
  if (routed.kind === 'endpoint') {
    return { type: 'CNAME', name, ttl: routed.ttlSeconds, data: routed.target.toLowerCase() };
  }
  if (options.hasAddress(name)) return { type: 'A', name, ttl: options.ttlSeconds, data: '127.0.0.1' };
  return 'no-such-name';
}
