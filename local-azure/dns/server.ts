// A name server on loopback, over UDP and TCP on one port, that answers as a recursive resolver would. What
// names there are, it is told.

import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket, type Server as TcpServer } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import { answerQuery, type LookUp, type Transport } from './answer.ts';
import { frame, QueryAssembler } from './framing.ts';

export interface DnsOptions {
  readonly answer: LookUp;
  /** Asked as "dns <name>". An error's code is the response code: SERVFAIL, REFUSED, NXDOMAIN … */
  readonly faults: Faults;
  readonly clock: Clock;
}

export interface DnsServer {
  readonly port: number;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const PORT_ATTEMPTS = 20;

/** Listens on 127.0.0.1, on `port` or on one that is free for both transports. */
export async function startDnsServer(options: DnsOptions, port = 0): Promise<DnsServer> {
  const { udp, tcp } = await listen(port);
  const connections = new Set<Socket>();
  udp.on('message', (query, peer) => {
    void reply(query, 'udp', options).then((answer) => {
      // After close() nobody is there to send it.
      if (answer) ignoringClosed(() => udp.send(answer, peer.port, peer.address));
    });
  });
  udp.on('error', () => undefined);
  tcp.on('connection', (connection: Socket) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
    serveConnection(connection, options);
  });
  return { port: udp.address().port, close: () => close(udp, tcp, connections) };
}

/** A port that is free for UDP may be taken for TCP: then another one is tried. */
async function listen(port: number): Promise<{ udp: UdpSocket; tcp: TcpServer }> {
  for (let attempt = 1; ; attempt++) {
    const udp = createSocket('udp4');
    udp.bind(port, HOST);
    await once(udp, 'listening');
    const tcp = createServer();
    tcp.listen(udp.address().port, HOST);
    try {
      await once(tcp, 'listening');
      return { udp, tcp };
    } catch (error) {
      udp.close();
      if (port !== 0 || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

function serveConnection(connection: Socket, options: DnsOptions): void {
  const assembler = new QueryAssembler();
  connection.on('error', () => undefined);
  connection.on('data', (chunk: Buffer) => {
    for (const query of assembler.push(chunk)) {
      void reply(query, 'tcp', options).then((answer) => {
        if (answer && connection.writable) connection.write(frame(answer));
      });
    }
  });
}

/** Null where a fault keeps the answer back. Never rejects. */
async function reply(query: Buffer, transport: Transport, options: DnsOptions): Promise<Buffer | null> {
  const { answer, name } = answerQuery(query, transport, options.answer);
  const fault = name === null ? null : options.faults.take(`dns ${name}`);
  switch (fault?.kind) {
    case undefined:
      return answer;
    case 'delay':
      await options.clock.sleep(fault.ms);
      return answer;
    case 'error':
    case 'operation-fails': {
      const refused = answerQuery(query, transport, () => fault.code);
      return refused.answer;
    }
    default:
      return null;
  }
}

function ignoringClosed(send: () => void): void {
  try {
    send();
  } catch {
    // ERR_SOCKET_DGRAM_NOT_RUNNING: the server was closed meanwhile.
  }
}

async function close(udp: UdpSocket, tcp: TcpServer, connections: ReadonlySet<Socket>): Promise<void> {
  const closed = Promise.all([once(udp, 'close'), once(tcp, 'close')]);
  udp.close();
  tcp.close();
  for (const connection of connections) connection.destroy();
  await closed;
}
