// GitHub's side of "log in without a secret": the runner's endpoint that mints a job's identity token.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import type { Random } from '../random.ts';
import type { TrustedIssuer } from './client-authentication.ts';
import { answerFaulty, type JsonAnswer, sendJson } from './http.ts';
import { createSigningKey, type SigningKey, signToken } from './jwt.ts';

export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';
/** What azure/login and @azure/identity ask the job's token for. */
export const TOKEN_EXCHANGE_AUDIENCE = 'api://AzureADTokenExchange';

export interface GitHubOidcOptions {
  /** `owner/name`. */
  readonly repository: string;
  /** repo:owner/name:environment:production, repo:owner/name:ref:refs/heads/main … */
  readonly subject: string;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly random: Random;
}

export interface GitHubOidc {
  /** Answers the request URL; false where the request is for someone else. Never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** ACTIONS_ID_TOKEN_REQUEST_TOKEN. */
  readonly requestToken: string;
  /** ACTIONS_ID_TOKEN_REQUEST_URL, where `base` is the server's: https://localhost:1234 */
  requestUrl(base: string): string;
  readonly trustedIssuer: TrustedIssuer;
}

const PATH = '/github/oidc/token';
const LIFETIME_SECONDS = 300;

export async function createGitHubOidc(options: GitHubOidcOptions): Promise<GitHubOidc> {
  const { faults, clock, random } = options;
  const key = await createSigningKey(random.hex(40));
  const requestToken = random.hex(64);

  const mint = async (request: IncomingMessage): Promise<JsonAnswer> => {
    if (request.headers.authorization !== `Bearer ${requestToken}`) {
      return { status: 401, body: { message: 'Bad credentials' } };
    }
    const audience = new URL(request.url ?? '', 'https://localhost').searchParams.get('audience');
    return { status: 200, body: { value: identityToken(audience, key, options) } };
  };

  return {
    requestToken,
    requestUrl: (base) => `${base}${PATH}?api-version=2.0`,
    trustedIssuer: { issuer: GITHUB_ISSUER, publicKey: key.publicKey },
    handle: async (request, response) => {
      const [path] = (request.url ?? '').split('?');
      if (path !== PATH || request.method !== 'GET') return false;
      try {
        await answerFaulty('github oidc', response, () => mint(request), { faults, clock });
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        sendJson(response, { status: 500, body: { message } });
      }
      return true;
    },
  };
}

/** Claims as in GitHub's documentation of OpenID Connect. */
function identityToken(audience: string | null, key: SigningKey, options: GitHubOidcOptions): string {
  const { repository, subject, clock, random } = options;
  const now = Math.floor(clock.now().getTime() / 1000);
  const [owner = ''] = repository.split('/');
  return signToken(
    {
      jti: random.guid(),
      sub: subject,
      aud: audience ?? `https://github.com/${owner}`,
      iss: GITHUB_ISSUER,
      iat: now,
      nbf: now,
      exp: now + LIFETIME_SECONDS,
      ref: 'refs/heads/main',
      ref_type: 'branch',
      repository,
      repository_owner: owner,
      repository_visibility: 'private',
      runner_environment: 'github-hosted',
      event_name: 'workflow_dispatch',
    },
    key,
  );
}
