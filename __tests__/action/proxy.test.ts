// A self-hosted runner behind a proxy: the job's ID token is asked for by the way that GitHub's own actions take.
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCertificates } from '../../local-azure/certificates.ts';
import { idTokenMint } from '../../src/action/id-token.ts';
import { proxyFor } from '../../src/action/proxy.ts';

const PROXY = 'http://proxy.contoso.example:3128';
const GITHUB = 'https://run.actions.githubusercontent.com/token';

describe('the proxy', () => {
  const through = (url: string, environment: Record<string, string>) =>
    proxyFor(new URL(url), environment)?.href ?? 'direct';

  test.each([
    ['of the scheme', GITHUB, { https_proxy: PROXY }, `${PROXY}/`],
    ['not of the other scheme', GITHUB, { http_proxy: PROXY, ALL_PROXY: PROXY }, 'direct'],
    ['of plain HTTP', 'http://ghes.contoso.example/', { http_proxy: PROXY }, `${PROXY}/`],
    ['in capitals', GITHUB, { HTTPS_PROXY: PROXY }, `${PROXY}/`],
    ['in small letters first', GITHUB, { HTTPS_PROXY: 'http://other', https_proxy: PROXY }, `${PROXY}/`],
    ['without a scheme', GITHUB, { https_proxy: 'proxy.contoso.example:3128' }, `${PROXY}/`],
    ['never for the machine itself', 'https://127.0.0.1:8443/', { https_proxy: PROXY }, 'direct'],
    ['never for localhost', 'https://localhost/', { https_proxy: PROXY }, 'direct'],
  ])('%s', (_, url, environment, expected) => {
    expect(through(url, environment as Record<string, string>)).toBe(expected);
  });

  test.each([
    ['run.actions.githubusercontent.com', 'direct'],
    ['githubusercontent.com', 'direct'],
    ['.githubusercontent.com', 'direct'],
    ['contoso.example, GitHubUserContent.com:443', 'direct'],
    ['*', 'direct'],
    ['usercontent.com', `${PROXY}/`],
    ['githubusercontent.com:8443', `${PROXY}/`],
    [' , ', `${PROXY}/`],
  ])('with no_proxy "%s"', (no_proxy, expected) => {
    expect(through(GITHUB, { https_proxy: PROXY, no_proxy })).toBe(expected);
    expect(through(GITHUB, { https_proxy: PROXY, NO_PROXY: no_proxy })).toBe(expected);
  });

  test('that is none is told without what it holds', () => {
    expect(() => through(GITHUB, { https_proxy: 'http://me:hush-hush@[' })).toThrow(
      'The variable https_proxy holds no URL of a proxy.',
    );
  });
});

describe('the request for an ID token', () => {
  /** What the proxy was asked for, with what it was shown. */
  const tunnels: string[] = [];
  const asked: string[] = [];
  const servers: Server[] = [];
  let proxy = '';
  let github = 0;

  beforeAll(async () => {
    const { ca, key, cert } = await createCertificates(['*.actions.example']);
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), ca]);
    const answer: RequestListener = ({ headers, url }, response) => {
      asked.push(`${headers.authorization} ${headers.host}${url}`);
      response.end('{"value":"eyJ.a.b"}');
    };
    github = await listening(createSecureServer({ key, cert }, answer));
    const tunnel = createServer((_, response) => response.writeHead(501).end());
    tunnel.on('connect', ({ url, headers }, client: Duplex) => {
      tunnels.push(`${url} ${headers['proxy-authorization'] ?? ''}`.trim());
      const target = connect(github, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        target.pipe(client).pipe(target);
      });
      target.on('error', () => client.destroy());
      client.on('error', () => target.destroy());
    });
    proxy = `127.0.0.1:${await listening(tunnel)}`;
  });
  afterAll(() => {
    for (const server of servers) server.close().closeAllConnections();
  });

  async function listening(server: Server): Promise<number> {
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  const mint = (environment: Record<string, string>) =>
    idTokenMint(
      {
        ACTIONS_ID_TOKEN_REQUEST_URL: 'https://run.actions.example/token?api-version=2',
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer-1',
        ...environment,
      },
      'api://A',
    )?.();

  test('goes through a tunnel of the proxy, to the name, under its certificate', async () => {
    expect(await mint({ https_proxy: `http://${proxy}` })).toBe('eyJ.a.b');
    expect(tunnels.at(-1)).toBe('run.actions.example:443');
    expect(asked.at(-1)).toBe(
      'Bearer bearer-1 run.actions.example/token?api-version=2&audience=api%3A%2F%2FA',
    );
  });

  test('shows the proxy who asks, and nothing of it to GitHub', async () => {
    expect(await mint({ https_proxy: `http://me:p%40ss@${proxy}` })).toBe('eyJ.a.b');
    expect(tunnels.at(-1)).toBe(`run.actions.example:443 Basic ${btoa('me:p@ss')}`);
    expect(asked.at(-1)).not.toContain('Basic');
  });

  test('does not go there where the name is exempt, or the address is the machine’s own', async () => {
    const before = tunnels.length;
    const exempt = { https_proxy: `http://${proxy}`, no_proxy: 'actions.example' };
    // Nobody has that name but the proxy.
    const environment = { ...exempt, ACTIONS_ID_TOKEN_REQUEST_URL: `https://localhost:${github}/token` };
    await expect(mint(environment)).rejects.toThrow(/altnames|certificate/i);
    expect(proxyFor(new URL('https://run.actions.example/'), exempt)).toBeNull();
    expect(tunnels).toHaveLength(before);
  });
});
