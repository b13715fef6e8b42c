// What a site says of itself.
import { request } from 'node:https';

export interface Health {
  readonly version: string;
  readonly writable: boolean;
}

/** Null where it does not answer 200. @param at `address:port` */
export function healthOf(hostName: string, at: string): Promise<Health | null> {
  const [host, port] = at.split(':');
  return new Promise((resolve) => {
    const asked = request({ host, port, servername: hostName, path: '/health', headers: { host: hostName } });
    asked.on('error', () => resolve(null));
    asked.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () => resolve(response.statusCode === 200 ? JSON.parse(text) : null));
    });
    asked.end();
  });
}
