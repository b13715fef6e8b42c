import { spawn } from 'node:child_process';
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  APP_ID,
  ask,
  MANAGEMENT,
  startDirectory,
  TENANT,
  type TestDirectory,
  TOKEN_PATH,
  withSecret,
} from './directory.ts';

let directory: TestDirectory;

beforeEach(async () => {
  directory = await startDirectory();
});

afterEach(() => directory.server.close());

describe('discovery', () => {
  test.each([
    [`/${TENANT}/v2.0/.well-known/openid-configuration`, `/${TENANT}/oauth2/v2.0/token`],
    [`/${TENANT}/.well-known/openid-configuration`, `/${TENANT}/oauth2/token`],
    ['/adfs/.well-known/openid-configuration', '/adfs/oauth2/token'],
    ['/adfs/adfs/.well-known/openid-configuration', '/adfs/oauth2/token'],
  ])('%s leads to a token endpoint that gives tokens', async (path, tokenPath) => {
    const { body } = await ask(directory, path);
    const { authority } = directory.server;
    expect(body.token_endpoint).toBe(`${authority}${tokenPath}`);
    const { status } = await ask(directory, String(body.token_endpoint), withSecret);
    expect(status).toBe(200);
  });

  test("the published keys verify the directory's tokens", async () => {
    const { body: configuration } = await ask(directory, `/${TENANT}/v2.0/.well-known/openid-configuration`);
    const { body } = await ask(directory, String(configuration.jwks_uri));
    const [key] = body.keys as JsonWebKey[];
    const { body: answer } = await ask(directory, TOKEN_PATH, withSecret);
    const [header, payload, signature] = String(answer.access_token).split('.');
    const publicKey = createPublicKey({ key: key ?? {}, format: 'jwk' });
    const signed = Buffer.from(`${header}.${payload}`);
    expect(verify('RSA-SHA256', signed, publicKey, Buffer.from(signature ?? '', 'base64url'))).toBe(true);
  });

  test('instance discovery names this cloud', async () => {
    const { status, body } = await ask(directory, '/common/discovery/instance?api-version=1.1');
    expect(status).toBe(200);
    const host = new URL(directory.server.authority).host;
    expect(body.metadata).toEqual([{ preferred_network: host, preferred_cache: host, aliases: [host] }]);
  });

  test('what is not of the directory is left to others', async () => {
    const { status } = await ask(directory, '/subscriptions?api-version=2022-12-01');
    expect(status).toBe(404);
  });
});

describe("GitHub's token endpoint", () => {
  test("needs the job's request token", async () => {
    const url = directory.github.requestUrl(directory.server.authority);
    const { status, body } = await ask(directory, url, null, { Authorization: 'Bearer guessed' });
    expect(status).toBe(401);
    expect(body.value).toBeUndefined();
  });

  test('is a fault away from failing', async () => {
    directory.faults.add({
      at: '^github oidc$',
      fault: { kind: 'error', status: 503, code: 'unavailable', message: 'try later' },
    });
    const url = directory.github.requestUrl(directory.server.authority);
    const headers = { Authorization: `Bearer ${directory.github.requestToken}` };
    expect((await ask(directory, url, null, headers)).status).toBe(503);
    expect((await ask(directory, url, null, headers)).status).toBe(200);
  });
});

describe('faults of the token endpoint', () => {
  test('an error is answered with its status and headers', async () => {
    directory.faults.add({
      at: 'entra token',
      fault: { kind: 'error', status: 429, code: 'slow_down', message: 'm', headers: { 'Retry-After': '1' } },
    });
    const { status, headers, body } = await ask(directory, TOKEN_PATH, withSecret);
    expect(status).toBe(429);
    expect(headers['retry-after']).toBe('1');
    expect(body.error).toBe('slow_down');
  });

  test.each(['drop', 'drop-after'] as const)('%s cuts the connection', async (kind) => {
    directory.faults.add({ at: 'entra token', fault: { kind } });
    await expect(ask(directory, TOKEN_PATH, withSecret)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await ask(directory, TOKEN_PATH, withSecret)).status).toBe(200);
  });
});

test("the action's own libraries log in with nothing but the environment of a job", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'entra-'));
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, directory.certificates.ca);
  const { authority } = directory.server;
  const program = `
    import { getIDToken } from '@actions/core';
    import { ClientAssertionCredential } from '@azure/identity';
    const credential = new ClientAssertionCredential('${TENANT}', '${APP_ID}',
      () => getIDToken('api://AzureADTokenExchange'),
      { authorityHost: '${authority}', disableInstanceDiscovery: true });
    const { token } = await credential.getToken('${MANAGEMENT}.default');
    console.log('TOKEN ' + token);`;
  const output = await runProgram(program, {
    NODE_EXTRA_CA_CERTS: ca,
    ACTIONS_ID_TOKEN_REQUEST_URL: directory.github.requestUrl(authority),
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: directory.github.requestToken,
  });
  rmSync(folder, { recursive: true });
  const token = /^TOKEN (\S+)$/m.exec(output)?.[1] ?? '';
  expect(directory.entra.verify(token, [MANAGEMENT])).toMatchObject({ appId: APP_ID });
});

function runProgram(program: string, environment: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve) => child.on('close', () => resolve(output)));
}
