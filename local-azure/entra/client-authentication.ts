// Does a client prove who it is? By a secret, or by a token of an issuer that its application trusts.
import type { KeyObject } from 'node:crypto';
import { isSignedBy, readClaims } from './jwt.ts';
import { Refusal } from './refusal.ts';

export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** An application and its service principal. */
export interface Principal {
  readonly name: string;
  readonly appId: string;
  readonly objectId: string;
  readonly secrets: readonly string[];
  readonly federatedCredentials: readonly FederatedCredential[];
}

/** Someone whose tokens Entra can check: GitHub. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly publicKey: KeyObject;
}

export interface Directory {
  /** The tenant's id. */
  readonly tenant: string;
  readonly principals: readonly Principal[];
  readonly issuers: readonly TrustedIssuer[];
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export interface AuthenticatedClient {
  readonly principal: Principal;
  /** As in the token's appidacr: 1 a secret, 2 an assertion. */
  readonly method: '1' | '2';
}

/** Throws Refusal. */
export function authenticateClient(
  form: URLSearchParams,
  directory: Directory,
  now: Date,
): AuthenticatedClient {
  const principal = findPrincipal(required(form, 'client_id'), directory);
  const assertion = form.get('client_assertion');
  if (assertion !== null) {
    checkAssertion(assertion, form.get('client_assertion_type'), principal, directory, now);
    return { principal, method: '2' };
  }
  const secret = form.get('client_secret');
  if (secret === null) {
    throw new Refusal(
      'invalid_client',
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  if (!principal.secrets.includes(secret)) throw wrongSecret(principal);
  return { principal, method: '1' };
}

/** Throws Refusal where the form lacks the parameter. */
export function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value) return value;
  const message = `The request body must contain the following parameter: '${name}'.`;
  throw new Refusal('invalid_request', 900144, message);
}

function findPrincipal(clientId: string, directory: Directory): Principal {
  const wanted = clientId.toLowerCase();
  const found = directory.principals.find(({ appId }) => appId.toLowerCase() === wanted);
  if (found) return found;
  throw new Refusal(
    'unauthorized_client',
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${directory.tenant}'. This can ` +
      'happen if the application has not been installed by the administrator of the tenant or consented to by ' +
      'any user in the tenant. You may have sent your authentication request to the wrong tenant.',
  );
}

function wrongSecret({ appId }: Principal): Refusal {
  return new Refusal(
    'invalid_client',
    7000215,
    'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, ' +
      `not the client secret ID, for a secret added to app '${appId}'.`,
  );
}

function checkAssertion(
  assertion: string,
  type: string | null,
  principal: Principal,
  directory: Directory,
  now: Date,
): void {
  const claims = type === ASSERTION_TYPE ? readClaims(assertion) : null;
  if (!claims) throw new Refusal('invalid_client', 50027, 'JWT token is invalid or malformed.');
  const issuer = directory.issuers.find((trusted) => trusted.issuer === claims.iss);
  if (issuer && !isSignedBy(assertion, issuer.publicKey)) {
    throw new Refusal('invalid_client', 700027, 'Client assertion failed signature validation.');
  }
  checkTimes(Number(claims.nbf ?? claims.iat), Number(claims.exp), now);
  checkFederation(String(claims.iss), String(claims.sub), String(claims.aud), principal);
}

function checkTimes(from: number, until: number, now: Date): void {
  const seconds = now.getTime() / 1000;
  if (seconds >= from && seconds < until) return;
  throw new Refusal(
    'invalid_client',
    700024,
    `Client assertion is not within its valid time range. Current time: ${now.toISOString()}, assertion valid from ` +
      `${isoTime(from)}, expiry time of assertion ${isoTime(until)}. Review the documentation at ` +
      'https://docs.microsoft.com/azure/active-directory/develop/active-directory-certificate-credentials .',
  );
}

function isoTime(seconds: number): string {
  return Number.isFinite(seconds) ? new Date(seconds * 1000).toISOString() : 'unknown';
}

/** Issuer, then subject, then audience: what does not match is what the refusal names. */
function checkFederation(issuer: string, subject: string, audience: string, principal: Principal): void {
  const all = principal.federatedCredentials;
  if (all.length === 0) {
    const message = `The client '${principal.appId}'(${principal.name}) has no configured federated identity credentials.`;
    throw new Refusal('invalid_client', 70025, message);
  }
  const ofIssuer = all.filter((credential) => credential.issuer === issuer);
  if (ofIssuer.length === 0) throw noMatch(700211, 'issuer', issuer);
  const ofSubject = ofIssuer.filter((credential) => credential.subject === subject);
  if (ofSubject.length === 0) throw noMatch(700213, 'subject', subject);
  if (!ofSubject.some((credential) => credential.audience === audience))
    throw noMatch(700212, 'audience', audience);
}

function noMatch(code: number, what: string, value: string): Refusal {
  return new Refusal(
    'invalid_client',
    code,
    `No matching federated identity record found for presented assertion ${what} '${value}'. Check your federated ` +
      'identity credential Subject, Audience and Issuer against the presented assertion. ' +
      'https://learn.microsoft.com/entra/workload-id/workload-identity-federation',
  );
}
