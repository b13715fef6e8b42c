// A directory with one application, GitHub's endpoint beside it, and a client that trusts their certificate.
import { request } from 'node:https';
import { type Certificates, createCertificates } from '../../../local-azure/certificates.ts';
import type { Clock } from '../../../local-azure/clock.ts';
import { systemClock } from '../../../local-azure/clock.ts';
import { createEntra, type Entra } from '../../../local-azure/entra/entra.ts';
import { createGitHubOidc, GITHUB_ISSUER, type GitHubOidc } from '../../../local-azure/entra/github-oidc.ts';
import { type EntraServer, startEntra } from '../../../local-azure/entra/server.ts';
import { createFaults, type Faults } from '../../../local-azure/faults.ts';
import { createRandom } from '../../../local-azure/random.ts';

export const TENANT = '7f4a9c32-61b8-4e0d-8c27-a9d05e3b1f02';
export const APP_ID = 'c0ffee00-5d1e-4b6a-9f00-2b7c4d8e9a03';
export const OBJECT_ID = 'c0ffee00-5d1e-4b6a-9f00-2b7c4d8e9a04';
export const SECRET = 's3cret~value';
export const SUBJECT = 'repo:contoso/orders:environment:production';
export const MANAGEMENT = 'https://management.core.windows.net/';

/** A clock that tests can put forward. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

export interface TestDirectory {
  readonly certificates: Certificates;
  readonly clock: TestClock;
  readonly faults: Faults;
  readonly github: GitHubOidc;
  readonly entra: Entra;
  readonly server: EntraServer;
}

export async function startDirectory(subject = SUBJECT): Promise<TestDirectory> {
  const certificates = await createCertificates();
  const clock = testClock();
  const faults = createFaults();
  const random = createRandom(1);
  const github = await createGitHubOidc({ repository: 'contoso/orders', subject, faults, clock, random });
  const federated = { issuer: GITHUB_ISSUER, subject: SUBJECT, audience: 'api://AzureADTokenExchange' };
  const principal = {
    name: 'rolling-upgrade',
    appId: APP_ID,
    objectId: OBJECT_ID,
    secrets: [SECRET],
    federatedCredentials: [federated],
  };
  const lonely = {
    ...principal,
    name: 'lonely',
    appId: '11111111-1111-4111-8111-111111111111',
    federatedCredentials: [],
  };
  const entra = await createEntra({
    tenant: TENANT,
    principals: [principal, lonely],
    issuers: [github.trustedIssuer],
    faults,
    clock,
    random,
  });
  const server = await startEntra([entra, github], certificates);
  return { certificates, clock, faults, github, entra, server };
}

function testClock(): TestClock {
  const real = systemClock();
  let ahead = 0;
  return {
    ...real,
    now: () => new Date(real.now().getTime() + ahead),
    advance: (ms) => {
      ahead += ms;
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export function ask(
  directory: TestDirectory,
  path: string,
  form: Readonly<Record<string, string>> | null = null,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const url = path.startsWith('https:') ? path : `${directory.server.authority}${path}`;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: form ? 'POST' : 'GET',
        ca: directory.certificates.ca,
        agent: false,
        headers: { ...headers, ...(form ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}) },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => {
          const body = JSON.parse(text) as Answer['body'];
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(form ? new URLSearchParams(form).toString() : undefined);
  });
}

/** The job's identity token, as the runner's endpoint gives it. */
export async function identityToken(
  directory: TestDirectory,
  audience = 'api://AzureADTokenExchange',
): Promise<string> {
  const { github, server } = directory;
  const url = `${github.requestUrl(server.authority)}&audience=${encodeURIComponent(audience)}`;
  const { body } = await ask(directory, url, null, { Authorization: `Bearer ${github.requestToken}` });
  return String(body.value);
}

export const withSecret = {
  grant_type: 'client_credentials',
  client_id: APP_ID,
  client_secret: SECRET,
  scope: `${MANAGEMENT}.default`,
};

export const withAssertion = (assertion: string) => ({
  grant_type: 'client_credentials',
  client_id: APP_ID,
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: assertion,
  scope: `${MANAGEMENT}.default`,
});

export const TOKEN_PATH = `/${TENANT}/oauth2/v2.0/token`;
