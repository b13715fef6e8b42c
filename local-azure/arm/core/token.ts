// Who calls: the bearer token, checked by Entra's half of this Azure, and what resource manager says where it
// is missing or meant for somebody else.
import type { IncomingMessage } from 'node:http';
import type { TokenClaims } from '../../entra/access-tokens.ts';
import { TokenRejected } from '../../entra/access-tokens.ts';
import type { Caller } from './call.ts';
import { ArmError } from './errors.ts';

/** Entra's check of a token; throws TokenRejected. */
export type VerifyToken = (
  token: string,
  audiences: readonly string[],
) => Pick<TokenClaims, 'objectId' | 'appId'>;

/** Throws 401. */
export function authenticate(
  request: IncomingMessage,
  verify: VerifyToken,
  audiences: readonly string[],
  authority: string,
): Caller {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined)
    throw unauthorized(
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
      authority,
    );
  try {
    const { objectId, appId } = verify(token, audiences);
    return { objectId, appId };
  } catch (error) {
    if (!(error instanceof TokenRejected)) throw error;
    const { code, message } = refusalOf(error, audiences);
    throw unauthorized(code, message, authority);
  }
}

function refusalOf(rejected: TokenRejected, audiences: readonly string[]): { code: string; message: string } {
  if (rejected.reason === 'expired') return { code: 'ExpiredAuthenticationToken', message: rejected.message };
  if (rejected.reason === 'audience')
    return {
      code: 'InvalidAuthenticationTokenAudience',
      message: `The access token has been obtained for wrong audience or resource. It should exactly match with one of the allowed audiences '${audiences.join("','")}'.`,
    };
  return { code: 'InvalidAuthenticationToken', message: 'The access token is invalid.' };
}

function unauthorized(code: string, message: string, authority: string): ArmError {
  return new ArmError(401, code, message, {
    headers: {
      'x-ms-failure-cause': 'gateway',
      'www-authenticate': `Bearer authorization_uri="${authority}", error="invalid_token", error_description="${message.replaceAll('"', "'")}"`,
    },
  });
}
