// What clients of a lost region see: connections that are open are reset, and so is every new one.
import type { Server, Socket } from 'node:net';
import type { Regions } from './regions.ts';

/** From here on, whatever the server has accepted before. An https.Server will do: it is a net.Server. */
export function resetWhileDown(server: Server, regions: Regions, location: string): void {
  const open = new Set<Socket>();
  const onConnection = (socket: Socket) => {
    if (regions.isDown(location)) {
      reset(socket);
      return;
    }
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  };
  // Before the server's own listener: that one would begin to speak.
  server.prependListener('connection', onConnection);
  regions.onChange(() => {
    if (regions.isDown(location)) for (const socket of open) reset(socket);
  });
}

function reset(socket: Socket): void {
  // A reset that crosses the client's own is no one's failure.
  socket.on('error', () => undefined);
  socket.resetAndDestroy();
}
