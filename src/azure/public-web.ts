// The application as its users see it: names resolved step by step, pages fetched over connections of their own.
// Nothing is cached, so what is seen is what is true now.
import type { Clock } from '../clock.ts';
import { messageOf } from '../message-of.ts';
import { type AzureEnvironment, reachedAt } from './environment.ts';
import { createNameResolver } from './name-resolution.ts';
import type { PublicWeb, Resolution, WebAnswer } from './ports.ts';
import { fetchOnce, type Route } from './web-request.ts';

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/**
 * The port PublicWeb. `resolve` throws an Error where no resolver answered, which is not "no such name"; `get`
 * never throws.
 */
export function createPublicWeb(environment: AzureEnvironment, clock: Clock): PublicWeb {
  const resolve = createNameResolver(environment.dnsServers);

  return {
    resolve,
    get: async (url, timeoutMs) => {
      const target = new URL(url);
      const resolution = await routeTo(target);
      if (resolution.kind === 'failed') return resolution;
      const { chain, route } = resolution;
      const answer = await fetchOnce(target, route, clock, timeoutMs);
      return { ...answer, chain };
    },
  };

  async function routeTo(
    target: URL,
  ): Promise<
    | { readonly kind: 'found'; readonly chain: readonly string[]; readonly route: Route }
    | Extract<WebAnswer, { kind: 'failed' }>
  > {
    const host = target.hostname.replace(/^\[|\]$/g, '');
    const port = Number(target.port) || (DEFAULT_PORTS[target.protocol] ?? 443);
    // A name with a way of its own needs no resolver.
    const mapped = mappedRoute(host, port);
    if (mapped !== null) return { kind: 'found', chain: [host], route: mapped };
    const resolution = await resolveOrFailure(host);
    if (resolution.kind === 'failed') return resolution;
    const { chain } = resolution;
    const canonical = chain.at(-1) ?? host;
    const route = mappedRoute(canonical, port);
    if (route !== null) return { kind: 'found', chain, route };
    if (resolution.kind === 'no-such-name')
      return { kind: 'failed', why: `${canonical}: no such name`, chain };
    return { kind: 'found', chain, route: { addresses: resolution.addresses, port } };
  }

  function mappedRoute(host: string, port: number): Route | null {
    const reached = reachedAt(environment, host, port);
    if (reached === `${host}:${port}`) return null;
    const { hostname, port: reachedPort } = new URL(`tcp://${reached}`);
    return { addresses: [hostname.replace(/^\[|\]$/g, '')], port: Number(reachedPort) };
  }

  async function resolveOrFailure(
    host: string,
  ): Promise<Resolution | Extract<WebAnswer, { kind: 'failed' }>> {
    try {
      return await resolve(host);
    } catch (error) {
      return { kind: 'failed', why: messageOf(error), chain: [host] };
    }
  }
}
