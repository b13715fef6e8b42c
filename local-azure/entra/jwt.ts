// JSON Web Tokens, signed RS256 as Entra and GitHub sign theirs.
import { createPublicKey, generateKeyPair, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';

export type Claims = Readonly<Record<string, unknown>>;

export interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A fresh RSA-2048 key. */
export async function createSigningKey(id: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return { id, privateKey, publicKey };
}

export function signToken(claims: Claims, key: SigningKey): string {
  const signed = `${encode({ typ: 'JWT', alg: 'RS256', kid: key.id, x5t: key.id })}.${encode(claims)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key.privateKey).toString('base64url')}`;
}

/** Null where the text is no JWT signed with RS256. */
export function readClaims(token: string): Claims | null {
  const [header, payload, signature, ...rest] = token.split('.');
  if (!header || !payload || !signature || rest.length > 0) return null;
  return decode(header)?.alg === 'RS256' ? decode(payload) : null;
}

export function isSignedBy(token: string, publicKey: KeyObject): boolean {
  const end = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  return verify('RSA-SHA256', Buffer.from(token.slice(0, end)), publicKey, signature);
}

/** The key as a JWKS lists it. */
export function publicJwk(key: SigningKey): JsonWebKey {
  const jwk = createPublicKey(key.privateKey).export({ format: 'jwk' });
  return { ...jwk, use: 'sig', alg: 'RS256', kid: key.id, x5t: key.id };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): Claims | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : null;
  } catch {
    return null;
  }
}
