import { describe, expect, test } from '@jest/globals';
import { entraError, isUnavailable } from '../../src/azure/credential-errors.ts';
import { type CredentialSettings, createCredential } from '../../src/azure/credentials.ts';
import { parseAzureEnvironment } from '../../src/azure/environment.ts';
import { AzureError } from '../../src/azure/errors.ts';
import { UpgradeError } from '../../src/reasons.ts';

const AUTHORITY = 'https://login.microsoftonline.com';
const refusal = (message: string) => entraError(new Error(message), 'github-oidc', AUTHORITY);

describe('what Entra refuses', () => {
  test.each([
    [
      'AADSTS700213: No matching federated identity record found for presented assertion subject',
      'federated credential',
    ],
    ['AADSTS70021: No matching federated identity record found', 'federated credential'],
    ['AADSTS700024: Client assertion is not within its valid time range.', 'expired'],
    ['AADSTS7000215: Invalid client secret provided.', 'client secret is wrong'],
    ['AADSTS700016: Application was not found in the directory', 'not known in this tenant'],
  ])('%s', (message, meaning) => {
    const error = refusal(`invalid_request: ${message} Trace ID: x`);
    expect(error).toMatchObject({ reason: 'credentials-refused' });
    expect(error.message).toContain(meaning);
    expect(error.message).toContain(message);
    expect(error instanceof UpgradeError && error.advice.length).toBeGreaterThan(0);
  });

  test('with a code nobody listed still has its code and a place to look it up', () => {
    expect(refusal('AADSTS53003: Blocked by Conditional Access policies.')).toMatchObject({
      reason: 'credentials-refused',
      message: expect.stringContaining('AADSTS53003'),
      advice: [expect.stringContaining('https://')],
    });
  });

  test('Entra that does not answer is not a refusal', () => {
    const error = refusal('connect ECONNREFUSED 127.0.0.1:1');
    expect(error).toBeInstanceOf(AzureError);
    expect(error.message).toContain(AUTHORITY);
  });

  test('the Azure CLI calls both "unavailable": not being there, and what Entra refused it', () => {
    const unavailable = (message: string) =>
      Object.assign(new Error(message), { name: 'CredentialUnavailableError' });
    expect(isUnavailable(unavailable('Azure CLI could not be found.'))).toBe(true);
    expect(isUnavailable(unavailable('AADSTS700024: Client assertion …'))).toBe(false);
  });
});

describe('ways to log in', () => {
  const settings = (over: Partial<CredentialSettings>): CredentialSettings => ({
    environment: parseAzureEnvironment('AzureCloud'),
    tenantId: null,
    clientId: null,
    mintIdToken: null,
    mask: () => {},
    variables: {},
    hasManagedIdentity: async () => false,
    ...over,
  });

  test('none: all four are named', async () => {
    // No az on this PATH.
    const path = process.env.PATH;
    process.env.PATH = '';
    try {
      const credential = createCredential(settings({}));
      await expect(credential.getToken('https://management.azure.com/.default')).rejects.toMatchObject({
        reason: 'credentials-missing',
        advice: [
          expect.stringContaining('OIDC'),
          expect.stringContaining('AZURE_CLIENT_SECRET'),
          expect.stringContaining('Managed identity'),
          expect.stringContaining('az login'),
        ],
      });
    } finally {
      process.env.PATH = path;
    }
  });

  test('what is minted afresh never lapses', async () => {
    const oidc = createCredential(
      settings({ tenantId: 'tenant', clientId: 'client', mintIdToken: async () => 'jwt' }),
    );
    await expect(oidc.expiresAt()).resolves.toBeNull();
  });

  test('the secret is masked before it is used', async () => {
    const masked: string[] = [];
    const credential = createCredential(
      settings({
        mask: (secret) => masked.push(secret),
        variables: { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c', AZURE_CLIENT_SECRET: 'hush-hush' },
      }),
    );
    await credential.expiresAt();
    expect(masked).toEqual(['hush-hush']);
  });
});
