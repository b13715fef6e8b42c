import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sqlTokenVerifier } from '../../../local-azure/entra/sql-token.ts';
import {
  APP_ID,
  ask,
  identityToken,
  MANAGEMENT,
  OBJECT_ID,
  startDirectory,
  TENANT,
  type TestDirectory,
  TOKEN_PATH,
  withAssertion,
  withSecret,
} from './directory.ts';

let directory: TestDirectory;

beforeEach(async () => {
  directory = await startDirectory();
});

afterEach(() => directory.server.close());

async function token(form: Readonly<Record<string, string>> = withSecret): Promise<string> {
  const { status, body } = await ask(directory, TOKEN_PATH, form);
  expect(status).toBe(200);
  return String(body.access_token);
}

async function refused(form: Readonly<Record<string, string>>, path = TOKEN_PATH) {
  const { status, body } = await ask(directory, path, form);
  return { status, error: body.error, codes: body.error_codes, description: String(body.error_description) };
}

describe('tokens', () => {
  test("a client secret gets a token for the scope's resource", async () => {
    const claims = directory.entra.verify(await token(), [MANAGEMENT]);
    expect(claims).toMatchObject({
      audience: MANAGEMENT.slice(0, -1),
      appId: APP_ID,
      objectId: OBJECT_ID,
      tenant: TENANT,
    });
  });

  test("a double slash in the scope keeps the resource's own slash, as in Azure", async () => {
    const presented = await token({ ...withSecret, scope: 'https://database.windows.net//.default' });
    expect(directory.entra.verify(presented, ['https://database.windows.net/']).audience).toBe(
      'https://database.windows.net/',
    );
  });

  test("the job's identity token gets one too", async () => {
    const presented = await token(withAssertion(await identityToken(directory)));
    expect(directory.entra.verify(presented, [MANAGEMENT]).appId).toBe(APP_ID);
  });

  test('the older endpoint takes the resource by its name', async () => {
    const { grant_type, client_id, client_secret } = withSecret;
    const form = { grant_type, client_id, client_secret, resource: MANAGEMENT };
    const { status, body } = await ask(directory, `/${TENANT}/oauth2/token`, form);
    expect(status).toBe(200);
    expect(directory.entra.verify(String(body.access_token), [MANAGEMENT]).audience).toBe(MANAGEMENT);
  });

  test('the AD FS form gives tokens for the custom cloud itself', async () => {
    const { authority } = directory.server;
    for (const path of ['/adfs/oauth2/token', '/adfs/adfs/oauth2/token']) {
      const { status, body } = await ask(directory, path, { ...withSecret, scope: `${authority}/.default` });
      expect(status).toBe(200);
      expect(directory.entra.verify(String(body.access_token), [`${authority}/`]).audience).toBe(authority);
    }
  });

  test('a token lives as long as is set, and no longer', async () => {
    directory.entra.setTokenLifetime(60);
    const { body } = await ask(directory, TOKEN_PATH, withSecret);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 60 });
    const presented = String(body.access_token);
    directory.clock.advance(58_000);
    directory.entra.verify(presented, [MANAGEMENT]);
    directory.clock.advance(3_000);
    expect(() => directory.entra.verify(presented, [MANAGEMENT])).toThrow(
      expect.objectContaining({ reason: 'expired' }),
    );
  });

  test('a token is good for its own audience only', async () => {
    const presented = await token();
    expect(() => directory.entra.verify(presented, ['https://database.windows.net/'])).toThrow(
      expect.objectContaining({ reason: 'audience' }),
    );
  });

  test('a token that was tampered with, or is none, is found out', async () => {
    const [header, payload, signature] = (await token()).split('.');
    const forged = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as Record<string, unknown>;
    const changed = Buffer.from(JSON.stringify({ ...forged, oid: 'someone else' })).toString('base64url');
    const verify = (text: string) => () => directory.entra.verify(text, [MANAGEMENT]);
    expect(verify(`${header}.${changed}.${signature}`)).toThrow(
      expect.objectContaining({ reason: 'signature' }),
    );
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    expect(verify(`${none}.${payload}.${signature}`)).toThrow(
      expect.objectContaining({ reason: 'malformed' }),
    );
    for (const text of ['', 'x', 'a.b.c', `${header}.${payload}`]) {
      expect(verify(text)).toThrow(expect.objectContaining({ reason: 'malformed' }));
    }
  });

  test('a database takes tokens for databases', async () => {
    const verify = sqlTokenVerifier(directory.entra);
    const presented = await token({ ...withSecret, scope: 'https://database.windows.net/.default' });
    expect(verify(presented)).toMatchObject({ kind: 'token', objectId: OBJECT_ID, appId: APP_ID });
    const wrong = await token();
    expect(() => verify(wrong)).toThrow(expect.objectContaining({ reason: 'audience' }));
  });
});

describe('refusals, as Entra words them', () => {
  test('a wrong secret', async () => {
    const answer = await refused({ ...withSecret, client_secret: 'wrong' });
    expect(answer).toMatchObject({ status: 401, error: 'invalid_client', codes: [7000215] });
    expect(answer.description).toMatch(
      /^AADSTS7000215: Invalid client secret provided\. .* Trace ID: .* Timestamp: /,
    );
    expect(answer.description).not.toContain('wrong');
  });

  test('an assertion older than five minutes', async () => {
    const assertion = await identityToken(directory);
    directory.clock.advance(301_000);
    const answer = await refused(withAssertion(assertion));
    expect(answer).toMatchObject({ status: 401, error: 'invalid_client', codes: [700024] });
    expect(answer.description).toContain('Client assertion is not within its valid time range');
  });

  test('an assertion for another audience', async () => {
    const answer = await refused(withAssertion(await identityToken(directory, 'https://github.com/contoso')));
    expect(answer).toMatchObject({ status: 401, codes: [700212] });
  });

  test('an assertion whose claims were changed', async () => {
    const [header, , signature] = (await identityToken(directory)).split('.');
    const other = (await identityToken(directory)).split('.')[1];
    const answer = await refused(withAssertion(`${header}.${other}.${signature}`));
    expect(answer).toMatchObject({ status: 401, codes: [700027] });
  });

  test('an assertion of another issuer, with no key known for it', async () => {
    const [header, , signature] = (await identityToken(directory)).split('.');
    const exp = Math.floor(Date.now() / 1000) + 60;
    const claims = Buffer.from(
      JSON.stringify({ iss: 'https://evil.example', sub: 's', aud: 'a', iat: 0, exp }),
    );
    const answer = await refused(withAssertion(`${header}.${claims.toString('base64url')}.${signature}`));
    expect(answer).toMatchObject({ status: 401, codes: [700211] });
  });

  test('an application without federated credentials', async () => {
    const assertion = await identityToken(directory);
    const answer = await refused({
      ...withAssertion(assertion),
      client_id: '11111111-1111-4111-8111-111111111111',
    });
    expect(answer).toMatchObject({ status: 401, codes: [70025] });
  });

  test.each([
    [
      'an unknown application',
      { client_id: '22222222-2222-4222-8222-222222222222' },
      400,
      'unauthorized_client',
      700016,
    ],
    [
      'a scope that is no .default',
      { scope: 'https://database.windows.net/user_impersonation' },
      400,
      'invalid_scope',
      1002012,
    ],
    ['an unknown resource', { scope: 'https://nobody.example/.default' }, 400, 'invalid_resource', 500011],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
    ['no grant', { grant_type: '' }, 400, 'invalid_request', 900144],
    ['no proof', { client_secret: undefined }, 401, 'invalid_client', 7000218],
  ])('%s', async (_what, change, status, error, code) => {
    const entries = Object.entries({ ...withSecret, ...change }).filter(([, value]) => value !== undefined);
    const answer = await refused(Object.fromEntries(entries) as Record<string, string>);
    expect(answer).toMatchObject({ status, error, codes: [code] });
  });

  test('another tenant', async () => {
    const answer = await refused(withSecret, '/99999999-9999-4999-8999-999999999999/oauth2/v2.0/token');
    expect(answer).toMatchObject({ status: 400, error: 'invalid_request', codes: [90002] });
  });
});

test('a job of another environment has no matching subject', async () => {
  const other = await startDirectory('repo:contoso/orders:ref:refs/heads/feature');
  const { status, body } = await ask(other, TOKEN_PATH, withAssertion(await identityToken(other)));
  expect(status).toBe(401);
  expect(body).toMatchObject({ error_codes: [700213] });
  expect(body.error_description).toContain(
    "presented assertion subject 'repo:contoso/orders:ref:refs/heads/feature'",
  );
  await other.server.close();
});
