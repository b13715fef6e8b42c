// One logical SQL server on the wire: a port on loopback that speaks TDS 7.2 to 7.4, and 8.0 ("strict").
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { resetWhileDown } from '../../connection-reset.ts';
import { createTlsContexts, openLine, type TlsContexts } from './line.ts';
import { logIn } from './login.ts';
import type { TdsOptions } from './options.ts';
import { serveSession } from './session-loop.ts';

export interface TdsServer {
  readonly port: number;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1, on `port` or on one that is free. */
export async function startTdsServer(options: TdsOptions, port = 0): Promise<TdsServer> {
  const tls = createTlsContexts(options.certificate);
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    if (socket.destroyed) return;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A connection that breaks is no one's failure here; its session ends with the 'close' that follows.
    socket.on('error', () => undefined);
    void serve(socket, tls, options);
  });
  const { regions, host } = options;
  if (regions && host.location) resetWhileDown(server, regions, host.location);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { port: portOf(server), close: () => close(server, sockets) };
}

/** Never rejects: whatever a client sends, the others are served on. */
async function serve(socket: Socket, tls: TlsContexts, options: TdsOptions): Promise<void> {
  try {
    const line = await openLine(socket, tls);
    if (!line) return;
    line.stream.on('error', () => undefined);
    const loggedIn = await logIn(line, socket.remoteAddress ?? '127.0.0.1', options);
    if (loggedIn) await serveSession(line, loggedIn, options);
    // What has been written is still sent: a refusal, the error that ended the session.
    line.stream.end();
    line.stream.resume();
  } catch {
    // A client that does not speak TDS, or that a fault cut off. SQL Server closes the connection on it.
    socket.destroy();
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The TDS server has no port.');
  return address.port;
}

async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}
