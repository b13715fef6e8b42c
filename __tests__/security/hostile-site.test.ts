// A site that somebody has taken over answers the health check. It can say that it is not healthy; that is all it can do.
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createCertificates } from '../../local-azure/certificates.ts';
import { askHealth, type HealthAnswer } from '../../src/application/site-health.ts';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { parseAzureEnvironment } from '../../src/azure/environment.ts';
import type { WebAnswer } from '../../src/azure/ports.ts';
import { createPublicWeb } from '../../src/azure/public-web.ts';
import { systemClock } from '../../src/clock.ts';
import type { HealthConfig } from '../../src/config/config.ts';
import { config } from '../guards/parts.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Answers every connection with these bytes, and goes on or ends. */
function answering(write: (socket: Socket) => void): Promise<number> {
  return listen(
    createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => write(socket));
    }),
  );
}

const cloud = parseAzureEnvironment('AzureCloud');

function ask(port: number, changes: Partial<HealthConfig> = {}): Promise<HealthAnswer> {
  const usual = config();
  const health: HealthConfig = {
    ...usual.health,
    protocol: 'http',
    path: '/health',
    requestTimeoutMs: 1_500,
    expectedStatus: [200],
    expectedVersion: '2.0.0',
    versionFrom: { kind: 'json', property: 'version' },
    ...changes,
  };
  const context = { config: { ...usual, health }, azure: { web: createPublicWeb(cloud, systemClock) } };
  return askHealth(context as unknown as UpgradeContext, `127.0.0.1:${port}`);
}

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const endless = (piece: string) => (socket: Socket) => {
  const write = (): void => {
    if (socket.writable) socket.write(piece, write);
  };
  write();
};

describe('a site', () => {
  test.each<[string, (socket: Socket) => void]>([
    [
      'gigabytes',
      (socket) => {
        socket.write(`${HEAD}\r\n`);
        endless('x'.repeat(65_536))(socket);
      },
    ],
    [
      'headers without end',
      (socket) => {
        socket.write(HEAD);
        endless(`x: ${'y'.repeat(1000)}\r\n`)(socket);
      },
    ],
    ['interim answers without end', endless('HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n')],
    [
      'a byte now and then',
      (socket) => {
        socket.write(`${HEAD}\r\n`);
        const drip = setInterval(() => socket.write('x'), 100);
        socket.on('close', () => clearInterval(drip));
      },
    ],
    ['nothing', () => undefined],
    ['no HTTP', (socket) => socket.end('\0\u0001SSH-2.0-x\r\n')],
    [
      'two answers at once',
      (socket) => socket.end(`${HEAD}content-length: 2\r\n\r\n{}${HEAD}\r\n{"version":"2.0.0"}`),
    ],
    [
      'a length that is a lie',
      (socket) => socket.end(`${HEAD}content-length: 999\r\n\r\n{"version":"2.0.0"}`),
    ],
    ['JSON a million deep', (socket) => socket.end(`${HEAD}\r\n${'['.repeat(60_000)}`)],
    ['a version in a prototype', (socket) => socket.end(`${HEAD}\r\n{"__proto__":{"version":"2.0.0"}}`)],
    [
      'an upgrade to something else',
      (socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    ],
  ])('that answers %s is not healthy, and soon', async (_what, write) => {
    const before = process.memoryUsage().rss;
    const answer = await ask(await answering(write));
    expect(answer).toMatchObject({ healthy: false, version: null });
    expect(answer.evidence.length).toBeLessThan(700);
    expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
  });

  test('that redirects is not followed: not to a site that is healthy, nor to the machine’s own services', async () => {
    const asked: (string | undefined)[] = [];
    const healthy = await listen(
      createServer((request, response) => {
        asked.push(request.url);
        response.end('{"version":"2.0.0"}');
      }),
    );
    for (const location of [
      `http://127.0.0.1:${healthy}/`,
      'http://169.254.169.254/metadata',
      'file:///etc/passwd',
    ]) {
      const port = await listen(createServer((_, response) => response.writeHead(302, { location }).end()));
      expect(await ask(port)).toMatchObject({ healthy: false, version: null });
    }
    expect(asked).toEqual([]);
    expect(await ask(healthy)).toMatchObject({ healthy: true, version: '2.0.0' });
  });

  test('is sent nothing that it could use: no token, no cookie, no name of the run', async () => {
    const seen: string[] = [];
    const port = await listen(
      createServer((request, response) => {
        seen.push(...Object.keys(request.headers));
        response.setHeader('set-cookie', 'a=b');
        response.end('{"version":"2.0.0"}');
      }),
    );
    await ask(port);
    await ask(port);
    expect(new Set(seen)).toEqual(new Set(['host', 'accept', 'user-agent', 'cache-control', 'connection']));
  });

  test('with a certificate that nobody has signed is not asked at all', async () => {
    const asked: unknown[] = [];
    const { key, cert } = await createCertificates(['127.0.0.1']);
    const port = await listen(
      createSecureServer({ key, cert }, (request, response) => {
        asked.push(request.url);
        response.end('{"version":"2.0.0"}');
      }),
    );
    const answer = await ask(port, { protocol: 'https' });
    expect(answer).toMatchObject({ healthy: false, version: null });
    expect(answer.evidence).toMatch(/certificate/);
    expect(asked).toEqual([]);
  });
});

describe('what a site calls its version', () => {
  const answerOf = (health: Partial<HealthConfig>, body: string, headers: Record<string, string> = {}) => {
    const usual = config();
    const given: WebAnswer = { kind: 'answered', status: 200, headers, body, chain: [] };
    const context = {
      config: { ...usual, health: { ...usual.health, ...health } },
      azure: { web: { get: async () => given } },
    };
    return askHealth(context as unknown as UpgradeContext, 'www.contoso.example');
  };

  test('is at most a line of it, wherever it is told', async () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.constantFrom(
        '2.0.0\n::error::x',
        '\u001b[2J',
        `${'9'.repeat(64_000)}`,
        '2.0.0\u2028::set-output name=a::b',
      ),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (text) => {
        const answers = await Promise.all([
          answerOf({ versionFrom: { kind: 'body' } }, text),
          answerOf({ versionFrom: { kind: 'header', name: 'X-Version' } }, '', { 'x-version': text }),
          answerOf({ versionFrom: { kind: 'json', property: 'a.b' } }, JSON.stringify({ a: { b: text } })),
        ]);
        for (const { version, evidence } of answers) {
          expect(version ?? '').not.toMatch(/[\p{Cc}\u2028\u2029]/u);
          expect((version ?? '').length).toBeLessThanOrEqual(512);
          expect(evidence).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        }
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    'constructor.name',
    '__proto__.constructor.name',
    'a.length',
  ])('is not found in %s', async (property) => {
    const answer = await answerOf({ versionFrom: { kind: 'json', property } }, '{"a":"1"}');
    expect(answer.version).toBeNull();
  });
});
