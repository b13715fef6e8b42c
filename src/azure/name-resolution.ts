// A name followed to its addresses by hand, so that each step of the chain can be shown: public name, Traffic
// Manager, the site that it chose.
import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { messageOf } from '../message-of.ts';
import type { Resolution } from './ports.ts';

const MAX_ALIASES = 8;
const QUERY = { timeout: 2_000, tries: 2 };

/** c-ares: NXDOMAIN. */
const NO_SUCH_NAME = 'ENOTFOUND';
/** c-ares: the name exists, without records of this type. */
const NO_RECORDS = 'ENODATA';

/**
 * Resolves names with the given servers (`address:port`; none: the system's), past all caches of this machine.
 * The function throws an Error where no server answered or one failed.
 */
export function createNameResolver(servers: readonly string[]): (name: string) => Promise<Resolution> {
  return async (name) => {
    if (isIP(name) !== 0) return { kind: 'resolved', chain: [name], addresses: [name] };
    // A resolver each time: one that had an error keeps away from that server for a while.
    const resolver = new Resolver(QUERY);
    if (servers.length > 0) resolver.setServers(servers);
    return follow(resolver, [name]);
  };
}

async function follow(resolver: Resolver, chain: readonly string[]): Promise<Resolution> {
  const name = chain.at(-1) ?? '';
  const alias = await records(() => resolver.resolveCname(name), name);
  if (alias === null) return { kind: 'no-such-name', chain };
  const [target] = alias;
  if (target !== undefined) {
    if (chain.length > MAX_ALIASES) throw new Error(`${chain[0]}: more than ${MAX_ALIASES} aliases`);
    return follow(resolver, [...chain, target]);
  }
  const [v4, v6] = await Promise.all([
    records(() => resolver.resolve4(name), name),
    records(() => resolver.resolve6(name), name),
  ]);
  const addresses = [...(v4 ?? []), ...(v6 ?? [])];
  return addresses.length === 0 ? { kind: 'no-such-name', chain } : { kind: 'resolved', chain, addresses };
}

/** Null for NXDOMAIN, empty where the name has no such records. */
async function records(ask: () => Promise<string[]>, name: string): Promise<string[] | null> {
  try {
    return await ask();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === NO_SUCH_NAME) return null;
    if (code === NO_RECORDS) return [];
    throw new Error(`${name} could not be resolved: ${code ?? messageOf(error)}`, { cause: error });
  }
}
