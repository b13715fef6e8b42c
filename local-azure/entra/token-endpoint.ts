// The token endpoint: client credentials for an access token.
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import { issueAccessToken, withoutSlash } from './access-tokens.ts';
import { authenticateClient, type Directory, required } from './client-authentication.ts';
import type { JsonAnswer } from './http.ts';
import type { SigningKey } from './jwt.ts';
import { Refusal, refusalBody } from './refusal.ts';

export interface TokenEndpoint {
  readonly directory: Directory;
  readonly key: SigningKey;
  /** Resources there are tokens for; those of the server's own host always are. */
  readonly resources: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  lifetimeSeconds(): number;
}

/** @param host Of the request: custom clouds (az cloud register) name their resources after it. */
export function answerTokenRequest(
  tenant: string,
  form: URLSearchParams,
  host: string,
  endpoint: TokenEndpoint,
): JsonAnswer {
  const { clock, random } = endpoint;
  try {
    return { status: 200, body: grant(tenant, form, host, endpoint) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: error.status, body: refusalBody(error, clock, random) };
  }
}

function grant(tenant: string, form: URLSearchParams, host: string, endpoint: TokenEndpoint): object {
  const { directory, key, clock, random } = endpoint;
  checkTenant(tenant, directory);
  const grantType = required(form, 'grant_type');
  if (grantType !== 'client_credentials') {
    throw new Refusal(
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${grantType}'.`,
    );
  }
  const client = authenticateClient(form, directory, clock.now());
  const audience = audienceOf(form);
  checkResource(audience, host, endpoint);
  const lifetime = endpoint.lifetimeSeconds();
  return {
    token_type: 'Bearer',
    expires_in: lifetime,
    ext_expires_in: lifetime,
    access_token: issueAccessToken(client, audience, lifetime, {
      tenant: directory.tenant,
      key,
      clock,
      random,
    }),
  };
}

function checkTenant(tenant: string, directory: Directory): void {
  if (tenant === 'adfs' || tenant.toLowerCase() === directory.tenant.toLowerCase()) return;
  throw new Refusal(
    'invalid_request',
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct ` +
      'cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for ' +
      'the tenant.',
  );
}

/** v2 asks by scope, `<resource>/.default`; v1 and AD FS may name the resource itself. */
function audienceOf(form: URLSearchParams): string {
  const resource = form.get('resource');
  if (resource) return resource;
  // MSAL adds the OpenID scopes to whatever it is asked for.
  const openId = ['openid', 'profile', 'offline_access'];
  const scopes = required(form, 'scope')
    .split(/\s+/)
    .filter((scope) => scope !== '' && !openId.includes(scope));
  const [scope = '', ...more] = scopes;
  if (more.length > 0 || !scope.endsWith('/.default')) {
    throw new Refusal(
      'invalid_scope',
      1002012,
      `The provided value for scope ${scopes.join(' ')} is not valid. Client credential flows must have a scope value ` +
        'with /.default suffixed to the resource identifier (application ID URI).',
    );
  }
  return scope.slice(0, -'/.default'.length);
}

function checkResource(audience: string, host: string, { resources, directory }: TokenEndpoint): void {
  const known = resources.some((resource) => withoutSlash(resource) === withoutSlash(audience));
  if (known || withoutSlash(audience) === `https://${host}`.toLowerCase()) return;
  throw new Refusal(
    'invalid_resource',
    500011,
    `The resource principal named ${audience} was not found in the tenant named ${directory.tenant}. This can happen ` +
      'if the application has not been installed by the administrator of the tenant or consented to by any user in ' +
      'the tenant. You might have sent your authentication request to the wrong tenant.',
  );
}
