// A stub resolver that honours TTLs, as the computers of users do: one DNS server, the whole chain of aliases.
import { createSocket } from 'node:dgram';
import { type Answer, decode, encode } from 'dns-packet';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';

export interface Resolved {
  readonly kind: 'resolved';
  /** The name at the end of the chain of aliases. */
  readonly canonicalName: string;
  /** Of the whole chain: the shortest. */
  readonly ttlSeconds: number;
}

export type Resolution = Resolved | { readonly kind: 'no-such-name' } | { readonly kind: 'no-answer' };

export interface Resolver {
  /** From the cache while the answer's TTL lasts. Failures are not cached. */
  resolve(name: string): Promise<Resolution>;
}

const TIMEOUT_MS = 3_000;

/** @param server `address:port` */
export function createResolver(server: string, clock: Clock, random: Random): Resolver {
  const cache = new Map<string, { until: number; answer: Resolved }>();
  const underWay = new Map<string, Promise<Resolution>>();

  async function ask(name: string): Promise<Resolution> {
    const answer = await query(server, name, random.integer(0, 65_535));
    if (answer.kind === 'resolved') {
      cache.set(name, { until: clock.now().getTime() + answer.ttlSeconds * 1000, answer });
    }
    return answer;
  }

  return {
    resolve: (name) => {
      const cached = cache.get(name);
      if (cached && cached.until > clock.now().getTime()) return Promise.resolve(cached.answer);
      const pending = underWay.get(name) ?? ask(name).finally(() => underWay.delete(name));
      underWay.set(name, pending);
      return pending;
    },
  };
}

function query(server: string, name: string, id: number): Promise<Resolution> {
  const { hostname, port } = new URL(`udp://${server}`);
  const socket = createSocket('udp4');
  return new Promise<Resolution>((resolve) => {
    const timer = setTimeout(() => resolve({ kind: 'no-answer' }), TIMEOUT_MS);
    const settle = (resolution: Resolution) => {
      clearTimeout(timer);
      resolve(resolution);
    };
    socket.on('error', () => settle({ kind: 'no-answer' }));
    socket.on('message', (message) => {
      const resolution = read(message, name, id);
      if (resolution) settle(resolution);
    });
    const question = encode({
      type: 'query',
      id,
      flags: 0x0100, // recursion desired
      questions: [{ type: 'A', name }],
    });
    socket.send(question, Number(port), hostname);
  }).finally(() => socket.close());
}

/** Null for a datagram that answers another question. */
function read(message: Uint8Array, name: string, id: number): Resolution | null {
  const packet = decode(Buffer.from(message));
  if (packet.id !== id) return null;
  const rcode = (packet.flags ?? 0) & 0x0f;
  if (rcode === 3) return { kind: 'no-such-name' };
  const answers = packet.answers ?? [];
  if (rcode !== 0 || !answers.some((answer) => answer.type === 'A')) return { kind: 'no-answer' };
  return { kind: 'resolved', canonicalName: endOfChain(name, answers), ttlSeconds: shortestTtl(answers) };
}

function endOfChain(name: string, answers: readonly Answer[]): string {
  let current = name.toLowerCase();
  for (const _ of answers) {
    const alias = answers.find((a) => a.type === 'CNAME' && a.name.toLowerCase() === current);
    if (alias?.type !== 'CNAME') break;
    current = alias.data.toLowerCase();
  }
  return current;
}

function shortestTtl(answers: readonly Answer[]): number {
  const ttls = answers.flatMap((answer) => ('ttl' in answer && answer.ttl !== undefined ? [answer.ttl] : []));
  return Math.min(...ttls);
}
