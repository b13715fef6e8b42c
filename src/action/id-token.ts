// The token that GitHub gives a job about itself, to be exchanged at Microsoft Entra.
import * as core from '@actions/core';
import type { Environment } from './input-reader.ts';
import { isInRunner } from './sink.ts';

/**
 * How to mint one for an audience; null where the job may not (no `id-token: write`, or no job at all). Minting
 * throws an Error with the answer's status where it is refused.
 */
export function idTokenMint(environment: Environment, audience: string): (() => Promise<string>) | null {
  const url = environment.ACTIONS_ID_TOKEN_REQUEST_URL;
  if (!url) return null;
  if (isInRunner(environment)) return () => core.getIDToken(audience);
  // core.getIDToken prints the token for the runner to mask; where none reads, it would stand on the terminal.
  return () => requestIdToken(url, environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? '', audience);
}

async function requestIdToken(url: string, bearer: string, audience: string): Promise<string> {
  const asked = new URL(url);
  asked.searchParams.set('audience', audience);
  const response = await fetch(asked, { headers: { authorization: `Bearer ${bearer}` } });
  if (!response.ok) throw new Error(`The request for an ID token was answered ${response.status}.`);
  const body: unknown = await response.json();
  if (typeof body !== 'object' || body === null || !('value' in body) || typeof body.value !== 'string')
    throw new Error('The answer to the request for an ID token holds none.');
  return body.value;
}
