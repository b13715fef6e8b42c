// TLS inside PRELOGIN packets (MS-TDS 3.2.5.2): until the handshake is done each flight travels as the payload
// of a PRELOGIN message; afterwards the TLS records travel bare. This duplex stands between the socket and
// the TLS layer and does the wrapping. When the client sends its first bare record the handshake is over,
// and no server flight can be pending then: that one sign switches both directions.
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { DEFAULT_PACKET_BYTES, MessageAssembler, PACKET_TYPE, packets } from './packet.ts';

type Done = (error?: Error | null) => void;

/** @param early Bytes that the client had sent after its PRELOGIN. */
export function handshakeFraming(socket: Socket, early: Buffer): Duplex {
  const assembler = new MessageAssembler();
  let partial = Buffer.alloc(0);
  let bare = false;

  const duplex = new Duplex({
    read: () => {
      socket.resume();
    },
    write: (chunk: Buffer, _encoding, done) => send(chunk, done),
    // One flight must be one message: clients answer each with their next.
    writev: (chunks, done) => send(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)), done),
    final: (done) => {
      socket.end(() => done());
    },
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });

  function send(bytes: Buffer, done: Done): void {
    socket.write(bare ? bytes : packets(PACKET_TYPE.prelogin, bytes, DEFAULT_PACKET_BYTES), done);
  }

  function receive(bytes: Buffer): void {
    if (bytes.length === 0) return;
    partial = Buffer.concat([partial, bytes]);
    while (partial.length > 0 && !bare) {
      // 0x12 opens a PRELOGIN packet; TLS records open with 0x14 to 0x17.
      if (partial[0] !== PACKET_TYPE.prelogin) bare = true;
      else if (!unwrapPacket()) return;
    }
    if (!bare) return;
    deliver(partial);
    partial = Buffer.alloc(0);
  }

  function unwrapPacket(): boolean {
    const length = partial.length < 4 ? Number.POSITIVE_INFINITY : partial.readUInt16BE(2);
    if (partial.length < length) return false;
    for (const message of assembler.push(partial.subarray(0, length))) deliver(message.payload);
    partial = partial.subarray(length);
    return true;
  }

  function deliver(bytes: Buffer): void {
    if (!duplex.push(bytes)) socket.pause();
  }

  socket.on('data', (bytes: Buffer) => {
    try {
      receive(bytes);
    } catch (error) {
      duplex.destroy(error as Error);
    }
  });
  socket.on('end', () => duplex.push(null));
  socket.on('close', () => duplex.destroy());
  socket.on('error', (error) => duplex.destroy(error));
  receive(early);
  return duplex;
}
