import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MessageAssembler, packets } from '../../../local-azure/sql/tds/packet.ts';
import { close, configuration, open, query } from './client.ts';
import { decimalRoundTrip } from './decimal-round-trip.ts';
import { rows, startScriptedServer } from './scripted-host.ts';

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

test('a whole conversation survives a network that splits everything', async () => {
  const long = 'ß'.repeat(5000);
  const server = await startScriptedServer({ script: () => rows([['v', 'nvarchar']], [[long], ['b']]) });
  const splitter = createServer((client) => {
    const upstream = connect(server.port, '127.0.0.1');
    trickle(client, upstream);
    trickle(upstream, client);
  });
  splitter.listen(0, '127.0.0.1');
  await once(splitter, 'listening');
  const { port } = splitter.address() as AddressInfo;
  const connection = await open(configuration({ port, ca: server.ca }));
  await expect(query(connection, `SELECT '${long}'`)).resolves.toEqual([[long], ['b']]);
  await close(connection);
  await server.close();
  splitter.close();
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
