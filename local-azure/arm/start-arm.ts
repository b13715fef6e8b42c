// Resource manager on its own HTTPS server, on loopback; for tests and for those who want it apart.
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Arm } from './create-arm.ts';

export interface RunningArm {
  readonly port: number;
  /** Ends open connections too: a fault may hold some for ever. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1, on a free port. */
export async function startArm(
  arm: Arm,
  certificate: { readonly key: string; readonly cert: string },
): Promise<RunningArm> {
  const server = createServer(certificate, (request, response) => {
    arm.handle(request, response).then(
      (handled) => {
        if (!handled) response.writeHead(404).end();
      },
      (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
