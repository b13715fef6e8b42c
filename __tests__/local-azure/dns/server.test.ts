import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import packet from 'dns-packet';
import fc from 'fast-check';
import { systemClock } from '../../../local-azure/clock.ts';
import type { DnsAnswer } from '../../../local-azure/dns/answer.ts';
import { frame, QueryAssembler } from '../../../local-azure/dns/framing.ts';
import { type DnsServer, startDnsServer } from '../../../local-azure/dns/server.ts';
import { createFaults, type Faults } from '../../../local-azure/faults.ts';

const PUBLIC = 'www.contoso.example';
const PROFILE = 'contoso.trafficmanager.net';
const SITE = 'contoso-blue.azurewebsites.net';

const alias = { type: 'CNAME', name: PUBLIC, ttl: 60, data: PROFILE } as const;
const routed = { type: 'CNAME', name: PROFILE, ttl: 10, data: SITE } as const;
const address = { type: 'A', name: SITE, ttl: 30, data: '127.0.0.1' } as const;

const NAMES: Readonly<Record<string, DnsAnswer>> = {
  [PUBLIC]: { exists: true, records: [alias, routed, address] },
  [SITE]: { exists: true, records: [address] },
  'all-off.contoso.example': { exists: false, records: [{ ...alias, name: 'all-off.contoso.example' }] },
  'many.contoso.example': {
    exists: true,
    records: Array.from({ length: 90 }, (_, n) => ({
      ...address,
      name: 'many.contoso.example',
      data: `10.0.0.${n}`,
    })),
  },
};

let faults: Faults;
let server: DnsServer;
let resolver: Resolver;

beforeEach(async () => {
  faults = createFaults();
  const answer = (name: string) => NAMES[name] ?? { exists: false, records: [] };
  server = await startDnsServer({ answer, faults, clock: systemClock() });
  resolver = new Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers([`127.0.0.1:${server.port}`]);
});

afterEach(() => server.close());

describe("Node's resolver", () => {
  test('follows the aliases to the address, with its time to live', async () => {
    await expect(resolver.resolve4(PUBLIC, { ttl: true })).resolves.toEqual([
      { address: '127.0.0.1', ttl: 10 },
    ]);
  });

  test('sees the alias of a name, and only that one', async () => {
    await expect(resolver.resolveCname(PUBLIC)).resolves.toEqual([PROFILE]);
  });

  test('hears that a name exists but has no such record', async () => {
    await expect(resolver.resolve6(SITE)).rejects.toMatchObject({ code: 'ENODATA' });
    await expect(resolver.resolve6(PUBLIC)).resolves.toEqual([]);
    await expect(resolver.resolveTxt(SITE)).rejects.toMatchObject({ code: 'ENODATA' });
    await expect(resolver.resolveCname(SITE)).rejects.toMatchObject({ code: 'ENODATA' });
  });

  test('hears that a name does not exist, also behind an alias', async () => {
    await expect(resolver.resolve4('nobody.contoso.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(resolver.resolve4('all-off.contoso.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  test('asks again over TCP where the answer is too long for a datagram', async () => {
    const addresses = await resolver.resolve4('many.contoso.example');
    expect(addresses.length).toBe(90);
  });

  test('names are found whatever their letter case', async () => {
    await expect(resolver.resolve4('WWW.Contoso.EXAMPLE')).resolves.toEqual(['127.0.0.1']);
  });
});

describe('faults', () => {
  test('an error refuses with its code, once', async () => {
    faults.add({
      at: `^dns ${PUBLIC}$`,
      fault: { kind: 'error', status: 0, code: 'SERVFAIL', message: '' },
    });
    await expect(resolver.resolve4(PUBLIC)).rejects.toMatchObject({ code: 'ESERVFAIL' });
    await expect(resolver.resolve4(PUBLIC)).resolves.toEqual(['127.0.0.1']);
  });

  test('a hang is never answered, the next query is', async () => {
    faults.add({ at: 'dns www', fault: { kind: 'hang' } });
    const impatient = new Resolver({ timeout: 200, tries: 1 });
    impatient.setServers([`127.0.0.1:${server.port}`]);
    await expect(impatient.resolve4(PUBLIC)).rejects.toMatchObject({ code: 'ETIMEOUT' });
    await expect(resolver.resolve4(PUBLIC)).resolves.toEqual(['127.0.0.1']);
  });
});

describe('on the wire', () => {
  test('a negative answer tells how long it may be kept (SOA)', async () => {
    const answer = await ask(query('nobody.contoso.example'));
    expect(answer).toMatchObject({ rcode: 'NXDOMAIN', flag_ra: true, flag_rd: true, answers: [] });
    expect(answer.authorities).toMatchObject([
      { type: 'SOA', name: 'contoso.example', data: { minimum: 30 } },
    ]);
  });

  test('an alias to nowhere is shown with the NXDOMAIN', async () => {
    const answer = await ask(query('all-off.contoso.example'));
    expect(answer).toMatchObject({ rcode: 'NXDOMAIN', answers: [{ type: 'CNAME', data: PROFILE }] });
  });

  test('what is not understood is refused, and the server lives on', async () => {
    const status = packet.encode({ type: 'query', id: 7, flags: 2 << 11, questions: [] });
    expect(await ask(status)).toMatchObject({ id: 7, rcode: 'NOTIMP' });
    const truncated = query(PUBLIC).subarray(0, 20);
    expect(await ask(truncated)).toMatchObject({ id: 42, rcode: 'FORMERR' });
    const none = packet.encode({ type: 'query', id: 8, questions: [] });
    expect(await ask(none)).toMatchObject({ id: 8, rcode: 'FORMERR' });
    await expect(resolver.resolve4(PUBLIC)).resolves.toEqual(['127.0.0.1']);
  });

  test('garbage of any kind does not stop it', async () => {
    const socket = createSocket('udp4');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (bytes) => {
        await new Promise((resolve) => socket.send(bytes, server.port, '127.0.0.1', resolve));
      }),
    );
    socket.close();
    await expect(resolver.resolve4(PUBLIC)).resolves.toEqual(['127.0.0.1']);
  });

  test('queries over TCP may come in pieces, and several on one connection', async () => {
    const socket = connect(server.port, '127.0.0.1');
    const assembler = new QueryAssembler();
    const answers: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => answers.push(...assembler.push(chunk)));
    for (const byte of Buffer.concat([frame(query(PUBLIC)), frame(query(SITE))])) {
      socket.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    while (answers.length < 2) await once(socket, 'data');
    socket.destroy();
    expect(answers.map((answer) => packet.decode(answer).answers?.length)).toEqual([3, 1]);
  });
});

describe('dig, a client that nobody here wrote', () => {
  const installed = spawnSync('dig', ['-v']).status === 0;
  if (!installed) {
    test('skipped: dig is not installed', () => {
      expect(installed).toBe(false);
    });
    return;
  }

  test.each([[[]], [['+tcp']], [['+noedns']]])('shows the chain (%s)', async (options) => {
    const output = await dig(['+noall', '+answer', '+comments', ...options, PUBLIC]);
    expect(output).toContain('status: NOERROR');
    expect(output.replaceAll(/[\t ]+/g, ' ')).toContain(
      `${PUBLIC}. 60 IN CNAME ${PROFILE}.\n${PROFILE}. 10 IN CNAME ${SITE}.\n${SITE}. 30 IN A 127.0.0.1`,
    );
    expect(output).not.toContain('WARNING');
  });

  test('says NXDOMAIN', async () => {
    expect(await dig(['nobody.contoso.example'])).toContain('status: NXDOMAIN');
  });
});

function query(name: string): Buffer {
  return packet.encode({
    type: 'query',
    id: 42,
    flags: packet.RECURSION_DESIRED,
    questions: [{ type: 'A', name }],
  });
}

async function ask(message: Buffer): Promise<packet.DecodedPacket> {
  const socket = createSocket('udp4');
  const answered = once(socket, 'message') as Promise<[Buffer]>;
  socket.send(message, server.port, '127.0.0.1');
  const [bytes] = await answered;
  socket.close();
  return packet.decode(bytes);
}

function dig(options: readonly string[]): Promise<string> {
  const child = spawn('dig', ['@127.0.0.1', '-p', String(server.port), ...options]);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return new Promise((resolve) => child.on('close', () => resolve(output)));
}
