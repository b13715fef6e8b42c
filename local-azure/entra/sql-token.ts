// A database's view of an access token.
import type { Login } from '../sql/session.ts';
import type { Entra } from './entra.ts';

/** Azure SQL's resource, for which a client asks its token. */
export const SQL_AUDIENCE = 'https://database.windows.net/';

/** What a TDS server checks tokens with. Throws TokenRejected. */
export function sqlTokenVerifier(
  entra: Pick<Entra, 'verify'>,
  audience = SQL_AUDIENCE,
): (token: string) => Extract<Login, { kind: 'token' }> {
  return (token) => {
    const { objectId, appId, audience: presented } = entra.verify(token, [audience]);
    return { kind: 'token', objectId, appId, audience: presented };
  };
}
