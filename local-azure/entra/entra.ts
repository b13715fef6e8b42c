// Entra's token service as far as applications need it: discovery, keys, tokens; as a handler for any HTTPS
// server, and as the check that the services use.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import type { Random } from '../random.ts';
import { type TokenClaims, verifyAccessToken } from './access-tokens.ts';
import type { Principal, TrustedIssuer } from './client-authentication.ts';
import { type DiscoveryKind, instanceMetadata, openIdConfiguration } from './discovery.ts';
import { answerFaulty, type JsonAnswer, readForm, sendJson } from './http.ts';
import { createSigningKey, publicJwk } from './jwt.ts';
import { answerTokenRequest } from './token-endpoint.ts';

export interface EntraOptions {
  readonly tenant: string;
  readonly principals: readonly Principal[];
  /** Whose assertions can be checked: GitHub's, from github-oidc.ts. */
  readonly issuers: readonly TrustedIssuer[];
  readonly faults: Faults;
  readonly clock: Clock;
  readonly random: Random;
}

export interface Entra {
  /** Answers what is Entra's; false where the request is for someone else. Never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** Throws TokenRejected. Audiences are compared without a final slash. */
  verify(token: string, audiences: readonly string[]): TokenClaims;
  /** Of tokens issued from now on. */
  setTokenLifetime(seconds: number): void;
}

/** Azure's is random between 60 and 90 minutes, or 3599 s where lifetimes are configured. */
const LIFETIME_SECONDS = 3599;

/** Resources of the public cloud that a token may be for. */
const RESOURCES: readonly string[] = [
  'https://management.core.windows.net/',
  'https://management.azure.com/',
  'https://database.windows.net/',
  'https://graph.microsoft.com/',
];

type Route = (context: RouteContext) => Promise<JsonAnswer> | JsonAnswer;

interface RouteContext {
  readonly request: IncomingMessage;
  /** First segment of the path. */
  readonly tenant: string;
  readonly host: string;
}

export async function createEntra(options: EntraOptions): Promise<Entra> {
  const { tenant, principals, issuers, faults, clock, random } = options;
  const key = await createSigningKey(random.hex(27));
  let lifetimeSeconds = LIFETIME_SECONDS;
  const endpoint = {
    directory: { tenant, principals, issuers },
    key,
    resources: RESOURCES,
    clock,
    random,
    lifetimeSeconds: () => lifetimeSeconds,
  };

  const discovery =
    (kind: DiscoveryKind): Route =>
    (context) => ({
      status: 200,
      body: openIdConfiguration(kind, `https://${context.host}`, context.tenant),
    });
  const keys: Route = () => ({ status: 200, body: { keys: [publicJwk(key)] } });
  const token: Route = async ({ request, tenant: asked, host }) =>
    answerTokenRequest(asked, await readForm(request), host, endpoint);

  /** `az` asks below adfs twice, since its authority already ends in /adfs. */
  const routes: readonly (readonly [string, RegExp, Route])[] = [
    [
      'GET',
      /^\/(common)\/discovery\/instance$/,
      ({ host }) => ({ status: 200, body: instanceMetadata(`https://${host}`, tenant) }),
    ],
    ['GET', /^\/(adfs)\/(?:adfs\/)?\.well-known\/openid-configuration$/, discovery('adfs')],
    ['GET', /^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/, discovery('v2')],
    ['GET', /^\/([^/]+)\/\.well-known\/openid-configuration$/, discovery('v1')],
    ['GET', /^\/([^/]+)\/(?:adfs\/)?discovery\/(?:v2\.0\/)?keys$/, keys],
    ['POST', /^\/(adfs)\/(?:adfs\/)?oauth2\/token$/, token],
    ['POST', /^\/([^/]+)\/oauth2\/(?:v2\.0\/)?token$/, token],
  ];

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const [path = ''] = (request.url ?? '').split('?');
    for (const [method, pattern, route] of routes) {
      const match = pattern.exec(path);
      if (!match || request.method !== method) continue;
      const context = { request, tenant: match[1] ?? '', host: request.headers.host ?? 'localhost' };
      await answer(method === 'POST' ? 'entra token' : 'entra discovery', response, async () =>
        route(context),
      );
      return true;
    }
    return false;
  }

  async function answer(
    call: string,
    response: ServerResponse,
    work: () => Promise<JsonAnswer>,
  ): Promise<void> {
    try {
      await answerFaulty(call, response, work, { faults, clock });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      sendJson(response, { status: 500, body: { error: 'server_error', error_description: message } });
    }
  }

  return {
    handle,
    verify: (presented, audiences) => verifyAccessToken(presented, audiences, { key, clock }),
    setTokenLifetime: (seconds) => {
      lifetimeSeconds = seconds;
    },
  };
}
