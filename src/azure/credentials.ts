// Who the product is to Azure. In a GitHub job that is the job's own OIDC identity, minted afresh for every token:
// an assertion lives five minutes, so what azure/login left behind is stale before a script of an hour ends
// (AADSTS700024).
import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import { type Clock, systemClock } from '../clock.ts';
import { entraError, isUnavailable } from './credential-errors.ts';
import { credentialsMissing, namedIdentity } from './credentials-missing.ts';
import type { AzureEnvironment } from './environment.ts';
import { scopeOf } from './environment.ts';
import { lazy } from './lazy.ts';
import { createTokenAnswers, type TokenAnswers } from './token-answers.ts';
import { withPatience } from './token-patience.ts';

export interface CredentialSettings {
  readonly environment: AzureEnvironment;
  /** Inputs, or AZURE_TENANT_ID and AZURE_CLIENT_ID; null or empty where not given. */
  readonly tenantId: string | null;
  readonly clientId: string | null;
  /** Mints a GitHub OIDC token for the environment's tokenExchangeAudience; null where the job may not. */
  readonly mintIdToken: (() => Promise<string>) | null;
  readonly mask: (secret: string) => void;
  /** AZURE_CLIENT_SECRET, AZURE_TENANT_ID, AZURE_CLIENT_ID, and what a managed identity is found by. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Whether a managed identity answers here. */
  readonly hasManagedIdentity: () => Promise<boolean>;
  /** The system's where absent. */
  readonly clock?: Clock;
}

export type CredentialKind = 'github-oidc' | 'client-secret' | 'managed-identity' | 'azure-cli';

export interface Credential extends TokenCredential {
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>;
  /** When access lapses and cannot be renewed; null where every token can be had anew. */
  expiresAt(): Promise<Date | null>;
}

/**
 * A token is used again until this long before it lapses. A new connection, and giving production back is often one, then needs
 * neither GitHub nor Entra. Milliseconds.
 */
const RENEW_BEFORE_MS = 5 * 60_000;

interface Source {
  readonly kind: CredentialKind;
  readonly credential: TokenCredential;
  /** What ways tried before it said. */
  readonly tried: readonly unknown[];
}

/**
 * The first way of these that is given: the job's OIDC token, a client secret, a managed identity, the Azure CLI.
 * `getToken` masks every token before it returns it, and throws UpgradeError 'credentials-missing' (with all four
 * ways) or 'credentials-refused' (with Entra's code and what to do), AzureError where Entra did not answer, or was busy,
 * for half a minute.
 */
export function createCredential(settings: CredentialSettings): Credential {
  const answers = createTokenAnswers();
  const newSource = () => lazy(() => chooseSource(settings, answers));
  let source = newSource();

  const { clock = systemClock, environment } = settings;
  const kept = new Map<string, AccessToken>();

  async function getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    const scope = [scopes].flat().join(' ');
    const have = kept.get(scope);
    // With claims Azure asks for another one than the one it was shown.
    if (have && !options?.claims && have.expiresOnTimestamp - clock.now() > RENEW_BEFORE_MS) return have;
    const ask = () => askForToken(scopes, options);
    const asked = { from: environment.authority, answers };
    const token = await withPatience(clock, asked, ask, options?.abortSignal);
    kept.set(scope, token);
    return token;
  }

  async function askForToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    const { kind, credential, tried } = await source();
    try {
      const token = await credential.getToken(scopes, options);
      if (token === null) throw credentialsMissing(settings, tried);
      settings.mask(token.token);
      return token;
    } catch (error) {
      if (isUnavailable(error, kind)) throw credentialsMissing(settings, [...tried, error]);
      // After a 429 or 5xx MSAL asks nobody for a minute (ThrottlingUtils), longer than users are to wait: the next try has a client of its own.
      source = newSource();
      throw entraError(error, kind, environment.authority, answers.last());
    }
  }

  return {
    getToken,
    expiresAt: async () => {
      const { kind } = await source();
      // The CLI may hold the assertion of a login that ended; what it has now is all that is sure.
      if (kind !== 'azure-cli') return null;
      const token = await getToken(scopeOf(settings.environment.resourceManagerAudience));
      return new Date(token.expiresOnTimestamp);
    },
  };
}

async function chooseSource(settings: CredentialSettings, answers: TokenAnswers): Promise<Source> {
  const { variables, environment, mask } = settings;
  const { tenantId, clientId } = namedIdentity(settings);
  const { mintIdToken, clock = systemClock } = settings;
  const isNamed = tenantId !== null && clientId !== null;
  const mint = mintIdToken !== null && isNamed ? mintedAhead(mintIdToken, clock) : null;
  const identity = await import('@azure/identity');
  const options = {
    authorityHost: environment.authority,
    disableInstanceDiscovery: environment.isCustom,
    additionalPolicies: [{ policy: answers.policy, position: 'perRetry' as const }],
  };

  if (mint !== null && tenantId !== null && clientId !== null) {
    const assertion = async () => {
      const token = await mint();
      mask(token);
      return token;
    };
    const credential = new identity.ClientAssertionCredential(tenantId, clientId, assertion, options);
    return { kind: 'github-oidc', credential, tried: [] };
  }
  const secret = variables.AZURE_CLIENT_SECRET;
  if (secret && tenantId !== null && clientId !== null) {
    mask(secret);
    return {
      kind: 'client-secret',
      credential: new identity.ClientSecretCredential(tenantId, clientId, secret, options),
      tried: [],
    };
  }
  const cli = new identity.AzureCliCredential(tenantId === null ? {} : { tenantId });
  if (!(await settings.hasManagedIdentity())) return { kind: 'azure-cli', credential: cli, tried: [] };
  const managed = new identity.ManagedIdentityCredential(clientId === null ? {} : { clientId });
  return firstAvailable(managed, cli, scopeOf(environment.resourceManagerAudience));
}

/** An assertion lives five minutes: one that was asked for ahead is used within this time or not at all. */
const AHEAD_MS = 60_000;

/** The first is asked for at once: GitHub answers while Entra's client is being loaded. */
function mintedAhead(mint: () => Promise<string>, clock: Clock): () => Promise<string> {
  const askedAt = clock.now();
  let first: Promise<string> | null = mint();
  first.catch(() => {}); // told to whoever uses it
  return () => {
    const ahead = first;
    first = null;
    return ahead !== null && clock.now() - askedAt < AHEAD_MS ? ahead : mint();
  };
}

/** A GitHub-hosted runner is a machine of Azure's without an identity of the user's, so finding one is no proof. */
async function firstAvailable(
  managed: TokenCredential,
  cli: TokenCredential,
  scope: string,
): Promise<Source> {
  try {
    await managed.getToken(scope);
    return { kind: 'managed-identity', credential: managed, tried: [] };
  } catch (error) {
    if (!isUnavailable(error, 'managed-identity')) throw error;
    return { kind: 'azure-cli', credential: cli, tried: [error] };
  }
}
