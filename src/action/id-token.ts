// The token that GitHub gives a job about itself, to be exchanged at Microsoft Entra (documentation: "OpenID Connect
// reference", methods for requesting the OIDC token).
import { getJson } from '../azure/get-json.ts';
import type { Environment } from './input-reader.ts';
import { proxyFor } from './proxy.ts';

/**
 * How to mint one for an audience; null where the job may not (no `id-token: write`, or no job at all). Minting
 * throws an Error with the answer's status where it is refused. It goes through the runner's proxy, where there is one. Whoever mints one masks it.
 */
export function idTokenMint(environment: Environment, audience: string): (() => Promise<string>) | null {
  const url = environment.ACTIONS_ID_TOKEN_REQUEST_URL;
  if (!url) return null;
  return () => requestIdToken(url, environment, audience);
}

async function requestIdToken(url: string, environment: Environment, audience: string): Promise<string> {
  const asked = new URL(url);
  asked.searchParams.set('audience', audience);
  const bearer = environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? '';
  const { status, body } = await getJson(asked, bearer, proxyFor(asked, environment));
  if (status >= 400) throw new Error(`The request for an ID token was answered ${status}.`);
  if (typeof body !== 'object' || body === null || !('value' in body) || typeof body.value !== 'string')
    throw new Error('The answer to the request for an ID token holds none.');
  return body.value;
}
