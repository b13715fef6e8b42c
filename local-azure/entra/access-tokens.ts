// Access tokens as Entra gives them to applications (v1: the audience is the resource as it was asked for), and
// their check by the services that are shown them.
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { AuthenticatedClient } from './client-authentication.ts';
import { type Claims, isSignedBy, readClaims, type SigningKey, signToken } from './jwt.ts';

export interface TokenClaims {
  readonly audience: string;
  readonly objectId: string;
  readonly appId: string;
  readonly tenant: string;
  readonly expiresAt: Date;
}

export class TokenRejected extends Error {
  override readonly name = 'TokenRejected';
  readonly reason: 'malformed' | 'signature' | 'expired' | 'audience';

  constructor(reason: TokenRejected['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface AccessTokenContext {
  readonly tenant: string;
  readonly key: SigningKey;
  readonly clock: Clock;
  readonly random: Random;
}

/** Entra dates tokens five minutes back, for services whose clock goes slow. */
const BACKDATED_SECONDS = 300;

export function issueAccessToken(
  client: AuthenticatedClient,
  audience: string,
  lifetimeSeconds: number,
  { tenant, key, clock, random }: AccessTokenContext,
): string {
  const now = Math.floor(clock.now().getTime() / 1000);
  const { principal, method } = client;
  const issuer = `https://sts.windows.net/${tenant}/`;
  return signToken(
    {
      aud: audience,
      iss: issuer,
      iat: now - BACKDATED_SECONDS,
      nbf: now - BACKDATED_SECONDS,
      exp: now + lifetimeSeconds,
      appid: principal.appId,
      appidacr: method,
      idp: issuer,
      idtyp: 'app',
      oid: principal.objectId,
      sub: principal.objectId,
      tid: tenant,
      uti: random.hex(22),
      ver: '1.0',
    },
    key,
  );
}

/** Throws TokenRejected. Audiences are the same with and without a final slash, as Azure's services hold them. */
export function verifyAccessToken(
  token: string,
  audiences: readonly string[],
  { key, clock }: Pick<AccessTokenContext, 'key' | 'clock'>,
): TokenClaims {
  const claims = readClaims(token);
  if (!claims) throw new TokenRejected('malformed', 'The access token is no signed JSON Web Token.');
  if (!isSignedBy(token, key.publicKey)) {
    throw new TokenRejected('signature', 'The access token was not signed by this directory.');
  }
  const verified = toTokenClaims(claims);
  if (verified.expiresAt.getTime() <= clock.now().getTime()) {
    throw new TokenRejected('expired', `The access token expired at ${verified.expiresAt.toISOString()}.`);
  }
  if (!audiences.some((audience) => withoutSlash(audience) === withoutSlash(verified.audience))) {
    throw new TokenRejected(
      'audience',
      `The access token is for '${verified.audience}', not for this service.`,
    );
  }
  return verified;
}

function toTokenClaims(claims: Claims): TokenClaims {
  return {
    audience: String(claims.aud),
    objectId: String(claims.oid),
    appId: String(claims.appid),
    tenant: String(claims.tid),
    expiresAt: new Date(Number(claims.exp) * 1000),
  };
}

/** `https://x/` and `https://x` name one resource. */
export function withoutSlash(resource: string): string {
  return resource.replace(/\/+$/, '').toLowerCase();
}
