// Who calls: the bearer token, checked by Entra's half of this Azure, and what resource manager says where it
// is missing or meant for somebody else.
import type { IncomingMessage } from 'node:http';
import type { Caller } from './call.ts';
import { ArmError } from './errors.ts';

export interface TokenClaims {
  readonly objectId: string;
  readonly appId: string;
  /** As in the token, e.g. https://management.core.windows.net/. */
  readonly audience: string;
}

/** Checks signature and lifetime; the audience is resource manager's to judge. */
export type VerifyToken = (
  token: string,
) =>
  | { readonly kind: 'valid'; readonly claims: TokenClaims }
  | { readonly kind: 'expired' }
  | { readonly kind: 'invalid' };

/** Throws 401. `audiences` are compared without a trailing slash, as Azure does. */
export function authenticate(
  request: IncomingMessage,
  verify: VerifyToken,
  audiences: readonly string[],
  authority: string,
): Caller {
  const header = request.headers.authorization ?? '';
  const token = /^Bearer (.+)$/i.exec(header)?.[1];
  if (token === undefined)
    throw unauthorized(
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
      authority,
    );
  const verdict = verify(token);
  if (verdict.kind === 'expired')
    throw unauthorized(
      'ExpiredAuthenticationToken',
      'The access token expiry UTC time has passed.',
      authority,
    );
  if (verdict.kind === 'invalid')
    throw unauthorized('InvalidAuthenticationToken', 'The access token is invalid.', authority);
  const { audience, objectId, appId } = verdict.claims;
  if (!audiences.some((each) => bare(each) === bare(audience)))
    throw unauthorized(
      'InvalidAuthenticationTokenAudience',
      `The access token has been obtained for wrong audience or resource '${audience}'. It should exactly match with one of the allowed audiences '${audiences.join("','")}'.`,
      authority,
    );
  return { objectId, appId };
}

const bare = (audience: string) => audience.toLowerCase().replace(/\/$/, '');

function unauthorized(code: string, message: string, authority: string): ArmError {
  return new ArmError(401, code, message, {
    headers: {
      'x-ms-failure-cause': 'gateway',
      'www-authenticate': `Bearer authorization_uri="${authority}", error="invalid_token", error_description="${message.replaceAll('"', "'")}"`,
    },
  });
}
