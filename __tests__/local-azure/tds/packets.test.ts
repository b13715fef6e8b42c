import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MessageAssembler, packets } from '../../../local-azure/sql/tds/packet.ts';
import { close, configuration, open, query } from './client.ts';
import { decimalRoundTrip } from './decimal-round-trip.ts';
import { rows, type ScriptedServer, startScriptedServer } from './scripted-host.ts';

describe('messages', () => {
  test('are put together from their packets however the bytes are split', () => {
    const message = fc.record({
      type: fc.constantFrom(1, 3, 14),
      payload: fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 512, max: 1200 }),
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }),
        (messages, packetBytes, cuts) => {
          const wire = Buffer.concat(
            messages.map(({ type, payload }) => packets(type, payload, packetBytes)),
          );
          const assembler = new MessageAssembler();
          const received = [...pieces(wire, cuts)].flatMap((piece) => assembler.push(piece));
          expect(received.map(({ type, payload }) => ({ type, payload }))).toEqual(messages);
        },
      ),
    );
  });

  test('are never longer than the packet size that was agreed on', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20_000 }),
        fc.integer({ min: 512, max: 8192 }),
        (length, packetBytes) => {
          const wire = packets(4, Buffer.alloc(length), packetBytes);
          for (let at = 0; at < wire.length; at += wire.readUInt16BE(at + 2)) {
            expect(wire.readUInt16BE(at + 2)).toBeLessThanOrEqual(packetBytes);
          }
        },
      ),
    );
  });
});

test('decimals of any size keep their digits', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }),
      fc.integer({ min: 0, max: 38 }),
      (scaled, scale) => {
        expect(decimalRoundTrip(scaled, scale)).toBe(scaled);
      },
    ),
  );
});

describe('between client and server', () => {
  const long = 'ß'.repeat(5000);
  let server: ScriptedServer;
  let network: Server;

  beforeEach(async () => {
    server = await startScriptedServer({ script: () => rows([['v', 'nvarchar']], [[long], ['b']]) });
  });

  afterEach(async () => {
    await server.close();
    network.close();
  });

  /** A network of its own between them; resolves to its port. */
  async function through(pass: (from: Socket, to: Socket) => void): Promise<number> {
    network = createServer((client) => {
      const upstream = connect(server.port, '127.0.0.1');
      pass(client, upstream);
      pass(upstream, client);
    });
    network.listen(0, '127.0.0.1');
    await once(network, 'listening');
    return (network.address() as AddressInfo).port;
  }

  test('a network that splits everything is survived', async () => {
    const port = await through(trickle);
    const connection = await open(configuration({ port, ca: server.ca }));
    await expect(query(connection, `SELECT '${long}'`)).resolves.toEqual([[long], ['b']]);
    await close(connection);
  });

  test('a connection may break at any byte: the server closes its session and serves the next client', async () => {
    let left = 0;
    const port = await through((from, to) => {
      from.on('data', (chunk: Buffer) => {
        left -= chunk.length;
        if (left > 0 && to.writable) to.write(chunk);
        else to.resetAndDestroy();
      });
      from.on('close', () => to.destroy());
      from.on('error', () => to.destroy());
    });
    for (let bytes = 1; bytes < 30_000; bytes = Math.ceil(bytes * 1.3)) {
      left = bytes;
      const connection = await open(configuration({ port, ca: server.ca })).catch(() => null);
      connection?.on('error', () => undefined);
      if (connection) await query(connection, `SELECT '${long}'`).catch(() => undefined);
      connection?.close();
    }
    while (server.closed.length < server.logins.length) await new Promise((resolve) => setImmediate(resolve));
    const direct = await open(configuration(server));
    await expect(query(direct, 'SELECT')).resolves.toEqual([[long], ['b']]);
    await close(direct);
  });
});

/** Passes bytes on seven at a time, each piece in a turn of its own. */
function trickle(from: Socket, to: Socket): void {
  to.setNoDelay(true);
  let queue = Promise.resolve();
  from.on('data', (chunk: Buffer) => {
    queue = queue.then(async () => {
      for (const piece of pieces(chunk, [7])) {
        if (to.writable) to.write(piece);
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
  });
  from.on('close', () => to.destroy());
  from.on('error', () => to.destroy());
}

function* pieces(wire: Buffer, cuts: readonly number[]): Generator<Buffer> {
  for (let at = 0, turn = 0; at < wire.length; turn++) {
    const length = cuts[turn % cuts.length] ?? 1;
    yield Buffer.from(wire.subarray(at, at + length));
    at += length;
  }
}
