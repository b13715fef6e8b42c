// Logging in with Microsoft's own library against the embedded Azure's Entra and GitHub endpoints.
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCertificates } from '../../local-azure/certificates.ts';
import { systemClock } from '../../local-azure/clock.ts';
import { createEntra, type Entra } from '../../local-azure/entra/entra.ts';
import { createGitHubOidc, GITHUB_ISSUER, type GitHubOidc } from '../../local-azure/entra/github-oidc.ts';
import { type EntraServer, startEntra } from '../../local-azure/entra/server.ts';
import { createFaults } from '../../local-azure/faults.ts';
import { createRandom } from '../../local-azure/random.ts';
import { type CredentialSettings, createCredential } from '../../src/azure/credentials.ts';
import { parseAzureEnvironment, scopeOf } from '../../src/azure/environment.ts';
import { systemClock as systemTime } from '../../src/clock.ts';

const TENANT = '7f4a9c32-61b8-4e0d-8c27-a9d05e3b1f02';
const APP = 'c0ffee00-5d1e-4b6a-9f00-2b7c4d8e9a03';
/** Trusts the main branch, not the environment. */
const BRANCH_APP = 'b0a2c4e6-5d1e-4b6a-9f00-2b7c4d8e9a03';
const STRANGER = 'deadbeef-5d1e-4b6a-9f00-2b7c4d8e9a03';
const SUBJECT = 'repo:contoso/orders:environment:production';

const trust = (subject: string) => ({
  issuer: GITHUB_ISSUER,
  subject,
  audience: 'api://AzureADTokenExchange',
});

let github: GitHubOidc;
let entra: Entra;
let server: EntraServer;
const faults = createFaults();

beforeAll(async () => {
  const certificate = await createCertificates();
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), certificate.ca]);
  const common = { faults, clock: systemClock(), random: createRandom(1) };
  github = await createGitHubOidc({ ...common, repository: 'contoso/orders', subject: SUBJECT });
  entra = await createEntra({
    ...common,
    tenant: TENANT,
    issuers: [github.trustedIssuer],
    principals: [
      {
        name: 'rolling-upgrade',
        appId: APP,
        objectId: APP,
        secrets: ['the-secret'],
        federatedCredentials: [trust(SUBJECT)],
      },
      {
        name: 'branch-only',
        appId: BRANCH_APP,
        objectId: BRANCH_APP,
        secrets: [],
        federatedCredentials: [trust('repo:contoso/orders:ref:refs/heads/main')],
      },
    ],
  });
  server = await startEntra([github, entra], certificate);
});
afterAll(() => server.close());

function settings(over: Partial<CredentialSettings> = {}): CredentialSettings {
  return {
    environment: parseAzureEnvironment(
      JSON.stringify({
        name: 'LocalAzure',
        resourceManager: server.authority,
        resourceManagerAudience: 'https://management.core.windows.net/',
        authority: server.authority,
        sqlAudience: 'https://database.windows.net/',
      }),
    ),
    tenantId: TENANT,
    clientId: APP,
    mintIdToken: null,
    mask: () => {},
    variables: {},
    hasManagedIdentity: async () => false,
    ...over,
  };
}

/** As @actions/core does it. */
const mint = (audience: string) => async () => {
  const answer = await fetch(
    `${github.requestUrl(server.authority)}&audience=${encodeURIComponent(audience)}`,
    {
      headers: { authorization: `Bearer ${github.requestToken}` },
    },
  );
  return ((await answer.json()) as { value: string }).value;
};

const tokenFor = (audience: string, over: Partial<CredentialSettings>) =>
  createCredential(settings(over)).getToken(scopeOf(audience));

describe.each([
  ['the job’s OIDC token', () => ({ mintIdToken: mint('api://AzureADTokenExchange') })],
  ['a client secret', () => ({ variables: { AZURE_CLIENT_SECRET: 'the-secret' } })],
])('with %s', (_, way) => {
  test.each([
    'https://management.core.windows.net/',
    'https://database.windows.net/',
  ])('a token for %s is had, and masked before it is handed out', async (audience) => {
    const masked: string[] = [];
    const { token } = await tokenFor(audience, { ...way(), mask: (secret) => masked.push(secret) });
    expect(entra.verify(token, [audience])).toMatchObject({ appId: APP });
    expect(masked).toContain(token);
  });
});

test('a new assertion is minted for every token that has to be fetched', async () => {
  let minted = 0;
  const credential = createCredential(
    settings({
      mintIdToken: () => {
        minted++;
        return mint('api://AzureADTokenExchange')();
      },
    }),
  );
  await credential.getToken(scopeOf('https://management.core.windows.net/'));
  const forTheFirst = minted;
  expect(forTheFirst).toBeGreaterThan(0);
  await credential.getToken(scopeOf('https://database.windows.net/'));
  expect(minted).toBeGreaterThan(forTheFirst);
});

describe('Entra refuses', () => {
  test.each<[string, () => Partial<CredentialSettings>, string]>([
    ['a secret that is wrong', () => ({ variables: { AZURE_CLIENT_SECRET: 'guess' } }), 'AADSTS7000215'],
    [
      'an assertion for somebody else',
      () => ({ mintIdToken: mint('https://github.com/contoso') }),
      'AADSTS700212',
    ],
    [
      'a job that the application does not trust',
      () => ({ clientId: BRANCH_APP, mintIdToken: mint('api://AzureADTokenExchange') }),
      'AADSTS700213',
    ],
    [
      'an application it does not know',
      () => ({ clientId: STRANGER, variables: { AZURE_CLIENT_SECRET: 'the-secret' } }),
      'AADSTS700016',
    ],
  ])('%s', async (_, way, code) => {
    await expect(tokenFor('https://database.windows.net/', way())).rejects.toMatchObject({
      reason: 'credentials-refused',
      message: expect.stringContaining(code),
    });
  });
});

describe('the job’s OIDC token that was asked for ahead of its use', () => {
  const ARM = scopeOf('https://management.core.windows.net/');
  const again = () => mint('api://AzureADTokenExchange')();

  test('is not used where it has become old by then', async () => {
    let now = Date.now();
    let minted = 0;
    const mintIdToken = async () => {
      if (minted++ > 0) return again();
      now += 2 * 60_000;
      return 'old';
    };
    const clock = { ...systemClock(), now: () => now };
    const { token } = await createCredential(settings({ mintIdToken, clock })).getToken(ARM);
    expect(entra.verify(token, ['https://management.core.windows.net/'])).toMatchObject({ appId: APP });
  });

  test('does not stand in the way of the next, where it was refused', async () => {
    let minted = 0;
    const mintIdToken = () => (minted++ === 0 ? Promise.reject(new Error('GitHub says no')) : again());
    const credential = createCredential(settings({ mintIdToken }));
    await expect(credential.getToken(ARM)).resolves.toMatchObject({ token: expect.any(String) });
  });
});

test('where Entra puts the SDK off for good, what it answers is told, not that nothing came', async () => {
  const correlationId = '6f1d2c1e-0a52-4b8e-9d34-8b6f1e2a7c01';
  const message = `AADSTS90055: Too many requests. Trace ID: 1 Correlation ID: ${correlationId}`;
  const headers = { 'retry-after-ms': '600' };
  const fault = { kind: 'error', status: 429, code: 'temporarily_unavailable', message, headers } as const;
  faults.add({ at: '^entra token', fault, times: null });
  try {
    const asked = createCredential(
      settings({ clock: fast, variables: { AZURE_CLIENT_SECRET: 'the-secret' } }),
    );
    const scope = scopeOf('https://management.core.windows.net/');
    const error: unknown = await asked.getToken(scope).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ correlationId });
    expect(String(error)).toContain(`HTTP 429 ${message}`);
  } finally {
    faults.clear();
  }
});

test('Entra that is busy for longer than the SDK asks is asked again, and not in a minute only', async () => {
  const fault = {
    kind: 'error',
    status: 503,
    code: 'temporarily_unavailable',
    message: 'AADSTS90033: A transient error has occurred.',
    headers: { 'retry-after-ms': '20' },
  } as const;
  // The SDK asks four times; from what it gives up with MSAL concludes that nobody is to ask for a minute.
  faults.add({ at: '^entra token', fault, times: 5 });
  try {
    const asked = createCredential(settings({ variables: { AZURE_CLIENT_SECRET: 'the-secret' } }));
    const token = await asked.getToken(scopeOf('https://management.core.windows.net/'));
    expect(token.token).not.toBe('');
  } finally {
    faults.clear();
  }
});

const SPEED = 40;
/** What the product waits for lasts a fortieth; what the SDK waits for lasts as long as it does. */
const fast = {
  now: () => systemTime.now() * SPEED,
  sleep: (ms: number, signal?: AbortSignal) => systemTime.sleep(ms / SPEED, signal),
};
