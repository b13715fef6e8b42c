// Opening of a connection up to the point where both sides speak encrypted: PRELOGIN and TLS inside it, or,
// for TDS 8 ("strict"), TLS first.
import { constants } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { handshakeFraming } from './handshake-framing.ts';
import { type Inbox, openInbox } from './inbox.ts';
import { DEFAULT_PACKET_BYTES, MessageAssembler, PACKET_TYPE, ProtocolError, packets } from './packet.ts';
import { encodePreloginAnswer, parsePrelogin } from './prelogin.ts';

const TLS_HANDSHAKE_RECORD = 0x16;

export interface Line {
  /** What the bytes travel on. */
  readonly socket: Socket;
  /** What is written here is encrypted. */
  readonly stream: Duplex;
  readonly inbox: Inbox;
}

export interface TlsContexts {
  readonly inPrelogin: SecureContext;
  readonly strict: SecureContext;
}

/**
 * @param certificate PEM. Within PRELOGIN the handshake must end with the server's flight (TLS 1.2, no session
 * tickets): clients count on it.
 */
export function createTlsContexts(certificate: { key: string; cert: string }): TlsContexts {
  const { key, cert } = certificate;
  return {
    strict: createSecureContext({ key, cert, minVersion: 'TLSv1.2' }),
    inPrelogin: createSecureContext({
      key,
      cert,
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
      secureOptions: constants.SSL_OP_NO_TICKET,
    }),
  };
}

/** Null where the client cannot encrypt: it has been told that it must. Throws where the client is none. */
export async function openLine(socket: Socket, tls: TlsContexts): Promise<Line | null> {
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.pause();
  return first[0] === TLS_HANDSHAKE_RECORD ? openStrict(socket, first, tls) : openClassic(socket, first, tls);
}

async function openClassic(socket: Socket, first: Buffer, tls: TlsContexts): Promise<Line | null> {
  const { payload, rest } = await readPrelogin(socket, first);
  const client = parsePrelogin(payload);
  const answer = packets(PACKET_TYPE.response, encodePreloginAnswer(client), DEFAULT_PACKET_BYTES);
  if (client.encryption === 'not-supported') {
    socket.end(answer);
    return null;
  }
  socket.write(answer);
  const framed = handshakeFraming(socket, rest);
  const stream = new TLSSocket(framed, { isServer: true, secureContext: tls.inPrelogin });
  await secured(stream);
  return { socket, stream, inbox: openInbox(stream) };
}

async function readPrelogin(socket: Socket, first: Buffer): Promise<{ payload: Buffer; rest: Buffer }> {
  const assembler = new MessageAssembler();
  let [message] = assembler.push(first);
  while (!message) {
    socket.resume();
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    socket.pause();
    [message] = assembler.push(chunk);
  }
  if (message.type !== PACKET_TYPE.prelogin) throw new ProtocolError('The first message is no PRELOGIN.');
  return { payload: message.payload, rest: assembler.takeRest() };
}

async function openStrict(socket: Socket, first: Buffer, tls: TlsContexts): Promise<Line | null> {
  socket.unshift(first);
  const stream = new TLSSocket(socket, {
    isServer: true,
    secureContext: tls.strict,
    ALPNProtocols: ['tds/8.0'],
  });
  await secured(stream);
  const inbox = openInbox(stream);
  const message = await inbox.next();
  if (!message) return null;
  if (message.type !== PACKET_TYPE.prelogin) throw new ProtocolError('The first message is no PRELOGIN.');
  const answer = encodePreloginAnswer(parsePrelogin(message.payload));
  stream.write(packets(PACKET_TYPE.response, answer, DEFAULT_PACKET_BYTES));
  return { socket, stream, inbox };
}

/** Rejects when the client refuses the certificate or goes away. */
function secured(stream: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('secure', () => resolve());
    stream.once('error', reject);
    stream.once('close', () => reject(new Error('The client went away during the handshake.')));
  });
}
