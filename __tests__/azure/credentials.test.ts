import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { entraError, isUnavailable } from '../../src/azure/credential-errors.ts';
import { type CredentialSettings, createCredential } from '../../src/azure/credentials.ts';
import { parseAzureEnvironment } from '../../src/azure/environment.ts';
import { AzureError } from '../../src/azure/errors.ts';
import { systemClock } from '../../src/clock.ts';
import { causesOf } from '../../src/phases/as-upgrade-error.ts';
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

  test.each([
    'AADSTS90033: A transient error has occurred. Please try again.',
    'temporarily_unavailable: Error(s): 90055 - AADSTS90055: Too many requests.',
    'server_error: AADSTS900000: whatever it is',
  ])('that Entra is busy is not a refusal: %s', (message) => {
    expect(refusal(message)).toBeInstanceOf(AzureError);
  });

  test('Entra that does not answer is not a refusal', () => {
    const error = refusal('connect ECONNREFUSED 127.0.0.1:1');
    expect(error).toBeInstanceOf(AzureError);
    expect(error.message).toContain(AUTHORITY);
  });

  test('the Azure CLI calls both "unavailable": not being there, and what Entra refused it', () => {
    const unavailable = (message: string) =>
      Object.assign(new Error(message), { name: 'CredentialUnavailableError' });
    expect(isUnavailable(unavailable('Azure CLI could not be found.'), 'azure-cli')).toBe(true);
    expect(isUnavailable(unavailable('AADSTS700024: Client assertion …'), 'azure-cli')).toBe(false);
  });

  test.each(['github-oidc', 'client-secret'] as const)('%s is never missing where it is used', (kind) => {
    // As MSAL's credentials say it where the authority does not answer.
    const error = Object.assign(new Error('endpoints_resolution_error: See https://aka.ms/msal.js.errors'), {
      name: 'CredentialUnavailableError',
    });
    expect(isUnavailable(error, kind)).toBe(false);
    const told = entraError(error, kind, AUTHORITY);
    expect(told).toBeInstanceOf(AzureError);
    expect(told.message).toContain(`${AUTHORITY} did not describe the tenant`);
  });
});

async function onPath(path: string, use: () => Promise<void>): Promise<void> {
  const before = process.env.PATH;
  process.env.PATH = path;
  try {
    await use();
  } finally {
    process.env.PATH = before;
  }
}

/** Runs with an `az` that is this shell command. */
async function withCli(command: string, use: () => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'az-'));
  try {
    await writeFile(join(folder, 'az'), `#!/bin/sh\n${command}\n`, { mode: 0o755 });
    await onPath(`${folder}${delimiter}${process.env.PATH}`, use);
  } finally {
    await rm(folder, { recursive: true });
  }
}

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
    await onPath('', async () => {
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
    });
  });

  const mintIdToken = async () => 'jwt';
  test.each<[string, Partial<CredentialSettings>, string, RegExp]>([
    [
      'no token of the job',
      { tenantId: 'tenant', clientId: 'client' },
      'tenant-id and client-id are given, but this job has no OIDC token of GitHub',
      /^Add "permissions: id-token: write" to the job\.$/,
    ],
    ['no tenant', { clientId: 'client', mintIdToken }, 'tenant-id is empty', /^Give tenant-id\./],
    [
      'no client, which an environment variable would be, too',
      { tenantId: '', variables: { AZURE_TENANT_ID: 'tenant' }, mintIdToken },
      'client-id is empty',
      /^Give client-id\./,
    ],
    ['neither', { mintIdToken }, 'tenant-id and client-id are empty', /^Give tenant-id and client-id\./],
  ])('%s: that is what is told first, and what other ways said below', async (_, given, what, advice) => {
    await onPath('', async () => {
      const error = await createCredential(settings(given))
        .getToken('https://management.azure.com/.default')
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        reason: 'credentials-missing',
        message: `There are no credentials for Azure: ${what}`,
      });
      expect((error as UpgradeError).advice[0]).toMatch(advice);
      expect(causesOf(error).join()).toContain('Azure CLI');
    });
  });

  const onUnix = process.platform === 'win32' ? test.skip : test;
  onUnix('the Azure CLI: access ends when its token does', async () => {
    await withCli(`echo '{"accessToken":"cli-token","expires_on":1795000000}'`, async () => {
      const masked: string[] = [];
      const credential = createCredential(settings({ mask: (secret) => masked.push(secret) }));
      expect((await credential.expiresAt())?.getTime()).toBe(1_795_000_000_000);
      expect(masked).toEqual(['cli-token']);
    });
  });

  onUnix('the Azure CLI with the stale login of azure/login: says what to do instead', async () => {
    const stale =
      'echo "ERROR: AADSTS700024: Client assertion is not within its valid time range." >&2; exit 1';
    await withCli(stale, async () => {
      const credential = createCredential(settings({}));
      await expect(credential.getToken('https://database.windows.net/.default')).rejects.toMatchObject({
        reason: 'credentials-refused',
        advice: expect.arrayContaining([expect.stringContaining('azure/login')]),
      });
    });
  });

  onUnix('a token is used again until shortly before it lapses', async () => {
    const lapses = 1_795_000_000_000;
    await withCli(`echo '{"accessToken":"cli-token","expires_on":1795000000}'`, async () => {
      const asked: string[] = [];
      let now = lapses - 60 * 60_000;
      const clock = { ...systemClock, now: () => now };
      const credential = createCredential(settings({ clock, mask: (token) => asked.push(token) }));
      const database = 'https://database.windows.net/.default';
      for (const minutesLeft of [60, 30, 6]) {
        now = lapses - minutesLeft * 60_000;
        await credential.getToken(database);
      }
      expect(asked).toHaveLength(1);
      await credential.getToken('https://management.azure.com/.default');
      expect(asked).toHaveLength(2);
      now = lapses - 4 * 60_000;
      await credential.getToken(database);
      expect(asked).toHaveLength(3);
    });
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
