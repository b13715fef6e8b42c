// Entra and GitHub's token endpoint on an HTTPS server of their own.
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { sendJson } from './http.ts';

export interface RequestHandler {
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

export interface EntraServer {
  readonly port: number;
  /** https://localhost:<port>: the authority host that clients are given. */
  readonly authority: string;
  close(): Promise<void>;
}

/**
 * Serves the handlers on 127.0.0.1; the first that knows the request answers it.
 * @param certificate PEM.
 */
export async function startEntra(
  handlers: readonly RequestHandler[],
  certificate: { readonly key: string; readonly cert: string },
  port = 0,
): Promise<EntraServer> {
  const { key, cert } = certificate;
  const server = createServer({ key, cert }, (request, response) => {
    void serve(handlers, request, response);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The Entra server has no port.');
  return {
    port: address.port,
    authority: `https://localhost:${address.port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  handlers: readonly RequestHandler[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const handler of handlers) {
    if (await handler.handle(request, response)) return;
  }
  sendJson(response, {
    status: 404,
    body: { error: 'not_found', error_description: `No ${request.url} here.` },
  });
}
