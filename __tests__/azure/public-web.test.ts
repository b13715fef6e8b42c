import { createSocket } from 'node:dgram';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Answer, decode, encode } from 'dns-packet';
import { createCertificates } from '../../local-azure/certificates.ts';
import { parseAzureEnvironment } from '../../src/azure/environment.ts';
import { createPublicWeb } from '../../src/azure/public-web.ts';
import { systemClock } from '../../src/clock.ts';

type Zone = Readonly<Record<string, Answer[] | 'SERVFAIL'>>;

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

const NXDOMAIN = 3;
const SERVFAIL = 2;

async function nameServer(zone: Zone): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const query = decode(message);
    const [question] = query.questions ?? [];
    const records = zone[question?.name ?? ''];
    const answers = Array.isArray(records) ? records.filter(({ type }) => type === question?.type) : [];
    const code = records === undefined ? NXDOMAIN : records === 'SERVFAIL' ? SERVFAIL : 0;
    const answer = {
      type: 'response' as const,
      id: query.id,
      flags: code,
      questions: query.questions,
      answers,
    };
    socket.send(encode(answer), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  cleanups.push(() => socket.close());
  return `127.0.0.1:${socket.address().port}`;
}

function site(handler: Parameters<typeof createServer>[1]): Promise<number> {
  return listen(createServer(handler));
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function web(dns: string, connectTo: Readonly<Record<string, string>> = {}) {
  const environment = parseAzureEnvironment(
    JSON.stringify({ name: 'AzureCloud', dnsServers: [dns], connectTo }),
  );
  return createPublicWeb(environment, systemClock);
}

const cname = (name: string, data: string): Answer => ({ type: 'CNAME', name, data, ttl: 10 });
const a = (name: string, data: string): Answer => ({ type: 'A', name, data, ttl: 10 });

const CHAIN: Zone = {
  'www.contoso.example': [cname('www.contoso.example', 'contoso.trafficmanager.net')],
  'contoso.trafficmanager.net': [cname('contoso.trafficmanager.net', 'contoso-blue.azurewebsites.net')],
  'contoso-blue.azurewebsites.net': [a('contoso-blue.azurewebsites.net', '127.0.0.1')],
};
const NAMES = ['www.contoso.example', 'contoso.trafficmanager.net', 'contoso-blue.azurewebsites.net'];

describe('a name', () => {
  test('is followed to its addresses, every step shown', async () => {
    await expect(web(await nameServer(CHAIN)).resolve('www.contoso.example')).resolves.toEqual({
      kind: 'resolved',
      chain: NAMES,
      addresses: ['127.0.0.1'],
    });
  });

  test('whose profile answers NXDOMAIN is no name: users are sent to nobody', async () => {
    const { 'contoso.trafficmanager.net': _, ...without } = CHAIN;
    await expect(web(await nameServer(without)).resolve('www.contoso.example')).resolves.toEqual({
      kind: 'no-such-name',
      chain: NAMES.slice(0, 2),
    });
  });

  test('that a resolver fails to answer is an error, not "no such name"', async () => {
    const dns = await nameServer({ ...CHAIN, 'contoso.trafficmanager.net': 'SERVFAIL' });
    await expect(web(dns).resolve('www.contoso.example')).rejects.toThrow('ESERVFAIL');
  });

  test('that is an alias of itself ends', async () => {
    const dns = await nameServer({ 'a.example': [cname('a.example', 'a.example')] });
    await expect(web(dns).resolve('a.example')).rejects.toThrow('more than 8 aliases');
  });
});

describe('a page over HTTPS', () => {
  async function secureSite(): Promise<number> {
    const { ca, key, cert } = await createCertificates(['*.contoso.example']);
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), ca]);
    const server = createSecureServer({ key, cert }, (request, response) => {
      const { servername } = request.socket as tls.TLSSocket & { servername?: string };
      response.end(`${servername} ${request.headers.host}`);
    });
    return listen(server);
  }

  test('keeps the name in certificate and Host, wherever it is reached', async () => {
    const port = await secureSite();
    const there = web(await nameServer(CHAIN), { 'contoso-blue.azurewebsites.net:443': `127.0.0.1:${port}` });
    await expect(there.get('https://www.contoso.example/', 5_000)).resolves.toMatchObject({
      kind: 'answered',
      body: 'www.contoso.example www.contoso.example',
      chain: NAMES,
    });
  });

  test('with a certificate of somebody else has failed', async () => {
    const port = await secureSite();
    const there = web(await nameServer(CHAIN), { 'contoso-blue.azurewebsites.net:443': `127.0.0.1:${port}` });
    await expect(there.get('https://contoso-blue.azurewebsites.net/', 5_000)).resolves.toMatchObject({
      kind: 'failed',
      why: expect.stringContaining('altnames'),
    });
  });
});

describe('a page', () => {
  test('is fetched from where the chain ends, under the name users typed', async () => {
    const port = await site((request, response) => response.end(`hello ${request.headers.host}`));
    const dns = await nameServer(CHAIN);
    const answer = await web(dns, { 'contoso-blue.azurewebsites.net:80': `127.0.0.1:${port}` }).get(
      'http://www.contoso.example/health',
      5_000,
    );
    expect(answer).toMatchObject({
      kind: 'answered',
      status: 200,
      body: 'hello www.contoso.example',
      chain: NAMES,
    });
  });

  test('is fetched by resolved address where there is no other way', async () => {
    const port = await site((_, response) => response.end('hello'));
    const answer = await web(await nameServer(CHAIN)).get(`http://www.contoso.example:${port}/`, 5_000);
    expect(answer).toMatchObject({ kind: 'answered', body: 'hello' });
  });

  test('that redirects is shown as such', async () => {
    const port = await site((_, response) => response.writeHead(302, { location: '/elsewhere' }).end());
    const answer = await web(await nameServer({})).get(`http://127.0.0.1:${port}/`, 5_000);
    expect(answer).toMatchObject({ kind: 'answered', status: 302, headers: { location: '/elsewhere' } });
  });

  test('that never ends is cut, not waited for', async () => {
    const port = await site((_, response) => {
      const write = () => response.writable && response.write('x'.repeat(16_384), write);
      write();
    });
    const answer = await web(await nameServer({})).get(`http://127.0.0.1:${port}/`, 30_000);
    expect(answer).toMatchObject({ kind: 'answered' });
    expect(answer.kind === 'answered' && answer.body.length).toBe(65_536);
  });

  test('that does not answer in time has failed', async () => {
    const port = await site(() => {});
    const answer = await web(await nameServer({})).get(`http://127.0.0.1:${port}/`, 50);
    expect(answer).toMatchObject({ kind: 'failed', why: 'no answer within 50 ms' });
  });

  test('of a name that is not there has failed, and says where the chain broke', async () => {
    const answer = await web(
      await nameServer({ 'www.contoso.example': CHAIN['www.contoso.example'] ?? [] }),
    ).get('http://www.contoso.example/', 5_000);
    expect(answer).toEqual({
      kind: 'failed',
      why: 'contoso.trafficmanager.net: no such name',
      chain: NAMES.slice(0, 2),
    });
  });

  test('of a server nobody listens on has failed', async () => {
    const answer = await web(await nameServer(CHAIN)).get('http://www.contoso.example:1/', 5_000);
    expect(answer).toMatchObject({ kind: 'failed', why: expect.stringContaining('ECONNREFUSED') });
  });
});
