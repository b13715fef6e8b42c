// One health probe, as Traffic Manager sends it.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { Routes, SocketAddress } from '../web/routes.ts';
import type { TrafficMonitor } from './traffic-fabric.ts';

/** Resolves to whether the endpoint is healthy; `timeoutMs` bounds it, the signal ends it as unhealthy. */
export type Probe = (
  target: string,
  monitor: TrafficMonitor,
  timeoutMs: number,
  signal: AbortSignal,
) => Promise<boolean>;

export function createProbe(routes: Routes): Probe {
  return async (target, monitor, timeoutMs, signal) => {
    const address = routes.find(target, monitor.port);
    if (!address) return false;
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    if (monitor.protocol === 'TCP') return tcpAnswers(address, bounded);
    const status = await httpStatus(target, address, monitor, bounded);
    return status !== null && isExpected(status, monitor);
  };
}

function isExpected(status: number, { expectedStatusCodeRanges: ranges }: TrafficMonitor): boolean {
  // Only 200 unless ranges are given: redirects and other 2xx are failures.
  if (ranges.length === 0) return status === 200;
  return ranges.some(({ min, max }) => status >= min && status <= max);
}

function httpStatus(
  target: string,
  address: SocketAddress,
  monitor: TrafficMonitor,
  signal: AbortSignal,
): Promise<number | null> {
  const headers: Record<string, string> = {
    host: target,
    'user-agent': 'Azure Traffic Manager Endpoint Monitor',
  };
  for (const { name, value } of monitor.customHeaders) headers[name.toLowerCase()] = value;
  const common = { ...address, path: monitor.path ?? '/', headers, signal, agent: false };
  return new Promise((resolve) => {
    const request =
      monitor.protocol === 'HTTPS'
        ? // Traffic Manager does not validate certificates (documentation of endpoint monitoring).
          httpsRequest({ ...common, servername: target, rejectUnauthorized: false })
        : httpRequest(common);
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? null);
    });
    request.on('error', () => resolve(null));
    request.end();
  });
}

function tcpAnswers(address: SocketAddress, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, signal });
    const settle = (answers: boolean) => {
      resolve(answers);
      socket.destroy();
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
