import { afterEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../local-azure/clock.ts';
import { createLatency } from '../../../local-azure/latency.ts';
import type { TrafficEndpoint, TrafficProfile } from '../../../local-azure/traffic-manager/traffic-fabric.ts';
import { createTrafficManager } from '../../../local-azure/traffic-manager/traffic-manager.ts';
import { lookUp } from '../../../local-azure/traffic-manager/zone.ts';

const healthy = new Set<string>();
const probed: string[] = [];
const open: { close(): void }[] = [];

afterEach(() => {
  healthy.clear();
  probed.length = 0;
  for (const service of open.splice(0)) service.close();
});

function start() {
  const service = createTrafficManager({
    clock: systemClock(),
    latency: createLatency('off', 1),
    probe: (target) => {
      probed.push(target);
      return Promise.resolve(healthy.has(target));
    },
  });
  open.push(service);
  return service;
}

function endpoint(name: string, priority: number, change: Partial<TrafficEndpoint> = {}): TrafficEndpoint {
  return {
    name,
    type: 'externalEndpoints',
    target: `contoso-${name}.azurewebsites.net`,
    status: 'Enabled',
    priority,
    weight: 1,
    alwaysServe: false,
    targetStopped: false,
    ...change,
  };
}

function profile(endpoints: TrafficEndpoint[], change: Partial<TrafficProfile> = {}): TrafficProfile {
  return {
    id: '/subscriptions/s/resourceGroups/contoso-traffic/providers/Microsoft.Network/trafficManagerProfiles/contoso',
    name: 'contoso',
    fqdn: 'contoso.trafficmanager.net',
    status: 'Enabled',
    routingMethod: 'Priority',
    ttlSeconds: 10,
    monitor: {
      protocol: 'HTTPS',
      port: 443,
      path: '/health',
      intervalInSeconds: 10,
      timeoutInSeconds: 9,
      toleratedNumberOfFailures: 0,
      expectedStatusCodeRanges: [],
      customHeaders: [],
    },
    endpoints,
    ...change,
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

const { id, fqdn } = profile([]);

describe('Traffic Manager under Priority routing', () => {
  test('answers with the lowest priority that is enabled, while it is still being checked', () => {
    const service = start();
    service.profileChanged(profile([endpoint('green', 2), endpoint('blue', 1)]));
    expect(service.resolve(fqdn)).toEqual({
      kind: 'endpoint',
      target: 'contoso-blue.azurewebsites.net',
      ttlSeconds: 10,
    });
    expect(service.status(id)?.endpoints).toEqual({ blue: 'CheckingEndpoint', green: 'CheckingEndpoint' });
    expect(service.status(id)?.profile).toBe('CheckingEndpoints');
  });

  test('fails over when the first endpoint degrades, and back when it answers again', async () => {
    const service = start();
    healthy.add('contoso-green.azurewebsites.net');
    service.profileChanged(profile([endpoint('blue', 1), endpoint('green', 2)]));
    await until(() => service.status(id)?.endpoints.blue === 'Degraded');
    await until(() => service.status(id)?.endpoints.green === 'Online');
    expect(service.resolve(fqdn)).toMatchObject({ target: 'contoso-green.azurewebsites.net' });
    expect(service.status(id)?.profile).toBe('Degraded');

    healthy.add('contoso-blue.azurewebsites.net');
    await until(() => service.status(id)?.endpoints.blue === 'Online');
    expect(service.resolve(fqdn)).toMatchObject({ target: 'contoso-blue.azurewebsites.net' });
    expect(service.status(id)?.profile).toBe('Online');
  });

  test('answers with degraded endpoints as if online when nobody else is left', async () => {
    const service = start();
    service.profileChanged(profile([endpoint('blue', 1), endpoint('green', 2)]));
    await until(() => service.status(id)?.endpoints.green === 'Degraded');
    await until(() => service.status(id)?.endpoints.blue === 'Degraded');
    expect(service.resolve(fqdn)).toMatchObject({ target: 'contoso-blue.azurewebsites.net' });
  });

  test('does not probe a disabled endpoint and never answers with it', async () => {
    const service = start();
    service.profileChanged(profile([endpoint('blue', 1), endpoint('green', 2, { status: 'Disabled' })]));
    await until(() => service.status(id)?.endpoints.blue === 'Degraded');
    expect(service.resolve(fqdn)).toMatchObject({ target: 'contoso-blue.azurewebsites.net' });
    expect(service.status(id)?.endpoints.green).toBe('Disabled');
    expect(probed).not.toContain('contoso-green.azurewebsites.net');
  });

  test('checks an endpoint anew after it was switched off and on', async () => {
    const service = start();
    healthy.add('contoso-blue.azurewebsites.net');
    service.profileChanged(profile([endpoint('blue', 1)]));
    await until(() => service.status(id)?.endpoints.blue === 'Online');
    service.profileChanged(profile([endpoint('blue', 1, { status: 'Disabled' })]));
    service.profileChanged(profile([endpoint('blue', 1)]));
    expect(service.status(id)?.endpoints.blue).toBe('CheckingEndpoint');
  });

  test('goes on with what it knows of endpoints a write leaves as they are', async () => {
    const service = start();
    healthy.add('contoso-blue.azurewebsites.net');
    service.profileChanged(profile([endpoint('blue', 1)]));
    await until(() => service.status(id)?.endpoints.blue === 'Online');
    service.profileChanged(profile([endpoint('blue', 1), endpoint('green', 2, { status: 'Disabled' })]));
    expect(service.status(id)?.endpoints.blue).toBe('Online');
  });

  test.each([
    ['all endpoints disabled', profile([endpoint('blue', 1, { status: 'Disabled' })])],
    ['the profile disabled', profile([endpoint('blue', 1)], { status: 'Disabled' })],
    ['the only site stopped', profile([endpoint('blue', 1, { targetStopped: true })])],
    ['no endpoint', profile([])],
  ])('%s: no endpoint to answer with', (_, written) => {
    const service = start();
    service.profileChanged(written);
    expect(service.resolve(fqdn)).toEqual({ kind: 'no-endpoint' });
  });

  test('serves an endpoint that is always served without probing it', () => {
    const service = start();
    service.profileChanged(profile([endpoint('blue', 1, { alwaysServe: true })]));
    expect(service.status(id)?.endpoints.blue).toBe('Unmonitored');
    expect(service.resolve(fqdn)).toMatchObject({ kind: 'endpoint' });
    expect(probed).toEqual([]);
  });

  test('shows a write in DNS only after a while', () => {
    let now = 0;
    const service = createTrafficManager({
      clock: { ...systemClock(), now: () => new Date(now) },
      latency: createLatency('typical', 1),
      probe: () => new Promise(() => undefined),
    });
    open.push(service);
    service.profileChanged(profile([endpoint('blue', 1), endpoint('green', 2)]));
    expect(service.resolve(fqdn)).toEqual({ kind: 'unknown-name' });
    service.settle();
    expect(service.resolve(fqdn)).toMatchObject({ target: 'contoso-blue.azurewebsites.net' });
    service.profileChanged(profile([endpoint('blue', 2), endpoint('green', 1)]));
    expect(service.resolve(fqdn)).toMatchObject({ target: 'contoso-blue.azurewebsites.net' });
    now += 60_000;
    expect(service.resolve(fqdn)).toMatchObject({ target: 'contoso-green.azurewebsites.net' });
    service.profileRemoved(id.toUpperCase());
    expect(service.resolve(fqdn)).toMatchObject({ kind: 'endpoint' });
    now += 60_000;
    expect(service.resolve(fqdn)).toEqual({ kind: 'unknown-name' });
  });
});

describe('public names', () => {
  const zone = (service: ReturnType<typeof start>) => ({
    traffic: service,
    ttlSeconds: 30,
    hasAddress: (name: string) => name.startsWith('contoso-blue.'),
    alias: (name: string) => (name === 'www.contoso.example' ? fqdn : null),
  });

  test('the owner’s name leads over the profile to the site, with the profile’s TTL', () => {
    const service = start();
    service.profileChanged(profile([endpoint('blue', 1)]));
    expect(lookUp('WWW.contoso.example', zone(service))).toEqual({
      exists: true,
      records: [
        { type: 'CNAME', name: 'www.contoso.example', ttl: 30, data: fqdn },
        { type: 'CNAME', name: fqdn, ttl: 10, data: 'contoso-blue.azurewebsites.net' },
        { type: 'A', name: 'contoso-blue.azurewebsites.net', ttl: 30, data: '127.0.0.1' },
      ],
    });
  });

  test('NXDOMAIN where the profile has nobody to answer with', () => {
    const service = start();
    service.profileChanged(profile([endpoint('blue', 1, { status: 'Disabled' })]));
    const answer = lookUp('www.contoso.example', zone(service));
    expect(answer.exists).toBe(false);
    expect(answer.records.map((record) => record.name)).toEqual(['www.contoso.example']);
  });

  test('NXDOMAIN for a site that was deleted', () => {
    expect(lookUp('contoso-green.azurewebsites.net', zone(start())).exists).toBe(false);
  });
});
