// What a real client says to a logical server, decrypted, message by message, to be said again with something wrong in it.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import type { createCertificates } from '../../local-azure/certificates.ts';
import { type Message, MessageAssembler, packets } from '../../local-azure/sql/tds/packet.ts';

const PROTOCOL = 'tds/8.0';
const PACKET_BYTES = 4096;
/** Nobody waits that long for an answer here: the server has forgotten the client. Milliseconds. */
const FORGOTTEN_MS = 10_000;

type Certificates = Awaited<ReturnType<typeof createCertificates>>;

export interface Tap {
  readonly port: number;
  /** Of the client's side, in order. */
  readonly messages: Message[];
  close(): Promise<void>;
}

/** Between a client that encrypts first (TDS 8) and the server on `port`. */
export async function tap(port: number, { key, cert }: Certificates): Promise<Tap> {
  const messages: Message[] = [];
  const assembler = new MessageAssembler();
  const server = tls.createServer({ key, cert, ALPNProtocols: [PROTOCOL] }, (client) => {
    const upstream = connectTo(port);
    client.on('data', (chunk: Buffer) => {
      messages.push(...assembler.push(chunk));
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => client.write(chunk));
    client.on('close', () => upstream.destroy());
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.close();
    await once(server, 'close');
  };
  return { port: (server.address() as AddressInfo).port, messages, close };
}

function connectTo(port: number): tls.TLSSocket {
  return tls.connect({
    host: '127.0.0.1',
    port,
    servername: 'localhost',
    ALPNProtocols: [PROTOCOL],
    rejectUnauthorized: false,
  });
}

/** Of a message as bytes on the wire, header included. */
export function bytesOf({ type, payload }: Message): Buffer {
  return packets(type, payload, PACKET_BYTES);
}

export type Ending = 'closed' | 'forgotten';

/**
 * Says these, waiting for an answer after each but the last, then has nothing more to say. Whatever it was, the server
 * ends the connection then.
 */
export async function say(port: number, parts: readonly Buffer[]): Promise<Ending> {
  const socket = connectTo(port);
  const closed = new Promise<Ending>((resolve) => socket.on('close', () => resolve('closed')));
  socket.on('error', () => undefined);
  let timer: NodeJS.Timeout | undefined;
  const forgotten = new Promise<Ending>((resolve) => {
    timer = setTimeout(() => resolve('forgotten'), FORGOTTEN_MS);
  });
  const talk = async (): Promise<Ending> => {
    await Promise.race([once(socket, 'secureConnect'), closed]);
    for (const [at, part] of parts.entries()) {
      const answer = once(socket, 'data').catch(() => undefined);
      socket.write(part);
      if (at < parts.length - 1) await Promise.race([answer, closed]);
    }
    socket.end();
    socket.resume();
    return closed;
  };
  const ending = await Promise.race([talk(), forgotten]);
  clearTimeout(timer);
  socket.destroy();
  return ending;
}
