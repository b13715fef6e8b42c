import { describe, expect, test } from '@jest/globals';
import type { EndpointChange, Profile } from '../../src/azure/ports.ts';
import { createTrafficManager } from '../../src/azure/traffic-manager.ts';
import type { ProfileDocument } from '../../src/azure/traffic-manager-document.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { type Reply, stubArm } from './stub-arm.ts';

const ref = { resourceGroup: 'traffic', profile: 'contoso' };
const PATH =
  '/subscriptions/sub-1/resourceGroups/traffic/providers/Microsoft.Network/trafficManagerProfiles/contoso';

function endpoint(name: string, endpointStatus: 'Enabled' | 'Disabled', priority: number) {
  return {
    id: `${PATH}/externalEndpoints/${name}`,
    name,
    type: 'Microsoft.Network/trafficManagerProfiles/externalEndpoints',
    properties: {
      endpointStatus,
      endpointMonitorStatus: endpointStatus === 'Enabled' ? 'Online' : 'Disabled',
      target: `contoso-${name}.azurewebsites.net`,
      weight: 1,
      priority,
      endpointLocation: null,
      ofTheFuture: { kept: true },
    },
  };
}

const document = {
  id: PATH,
  name: 'contoso',
  type: 'Microsoft.Network/trafficManagerProfiles',
  location: 'global',
  tags: { team: 'orders' },
  properties: {
    profileStatus: 'Enabled' as const,
    trafficRoutingMethod: 'Priority',
    dnsConfig: { relativeName: 'contoso', fqdn: 'contoso.trafficmanager.net', ttl: 10 },
    monitorConfig: {
      profileMonitorStatus: 'Online',
      protocol: 'HTTPS',
      port: 443,
      path: '/health',
      newKnob: 3,
    },
    endpoints: [endpoint('blue', 'Enabled', 1), endpoint('green', 'Disabled', 2)],
    recordType: null,
  },
};

const SWITCH: Record<string, EndpointChange> = {
  blue: { status: 'Disabled', priority: 2 },
  green: { status: 'Enabled', priority: 1 },
};

/** A profile that stores what is put; `meddle` is another writer, between our write and our reading it back. */
function profileServer(meddle: (stored: ProfileDocument) => ProfileDocument = (stored) => stored) {
  let stored: ProfileDocument = document;
  return stubArm(({ method, body }): Reply => {
    if (method === 'PUT') stored = meddle(body as ProfileDocument);
    return { status: 200, body: stored };
  });
}

async function switched(stub: ReturnType<typeof stubArm>): Promise<Profile> {
  return (await createTrafficManager(stub.context).openProfile(ref)).write(SWITCH);
}

describe('changing endpoints', () => {
  test('is one write of the whole profile', async () => {
    const stub = profileServer();
    const after = await switched(stub);
    expect(after.endpoints.map(({ name, status, priority }) => [name, status, priority])).toEqual([
      ['blue', 'Disabled', 2],
      ['green', 'Enabled', 1],
    ]);
    expect(
      stub.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => [method, path]),
    ).toEqual([['PUT', PATH]]);
  });

  test('keeps every member it does not know, and sends no monitor states', async () => {
    const stub = profileServer();
    await switched(stub);
    const body = stub.requests.find(({ method }) => method === 'PUT')?.body as typeof document;
    expect(body.tags).toEqual({ team: 'orders' });
    expect(body.properties.recordType).toBeNull();
    expect(body.properties.monitorConfig).toEqual({
      protocol: 'HTTPS',
      port: 443,
      path: '/health',
      newKnob: 3,
    });
    expect(body.properties.endpoints[0]?.properties).toEqual({
      endpointStatus: 'Disabled',
      target: 'contoso-blue.azurewebsites.net',
      weight: 1,
      priority: 2,
      endpointLocation: null,
      ofTheFuture: { kept: true },
    });
  });

  test.each([
    ['gets lost', { network: 'ECONNRESET' }],
    [
      'is answered by an error',
      { status: 503, body: { error: { code: 'ServiceUnavailable', message: 'busy' } } },
    ],
  ] as const)('whose look before %s is never written', async (_what, reply) => {
    const stub = stubArm(() => reply);
    const change = switched(stub);
    await expect(change).rejects.toMatchObject({ name: 'AzureError' });
    expect(stub.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  test('is refused where there is no such profile', async () => {
    const stub = stubArm(() => ({
      status: 404,
      body: { error: { code: 'ResourceNotFound', message: 'none' } },
    }));
    const change = switched(stub);
    await expect(change).rejects.toMatchObject({ reason: 'profile-changed' });
  });

  test('is told where somebody changed the profile after, and not as a write that was refused', async () => {
    const stub = profileServer((stored) => ({
      ...stored,
      properties: { ...stored.properties, endpoints: (stored.properties.endpoints ?? []).slice(0, 1) },
    }));
    const change = switched(stub);
    await expect(change).rejects.toMatchObject({
      name: 'AzureError',
      outcomeUnknown: true,
      message: expect.stringContaining('expected green'),
    });
  });

  test('nor where somebody removed the profile after', async () => {
    let isWritten = false;
    const stub = stubArm(({ method }): Reply => {
      if (isWritten) return { status: 404, body: { error: { code: 'ResourceNotFound', message: 'gone' } } };
      isWritten = method === 'PUT';
      return { status: 200, body: document };
    });
    const change = switched(stub);
    await expect(change).rejects.toMatchObject({ name: 'AzureError', outcomeUnknown: true });
  });

  test('does not mind that an endpoint became Degraded meanwhile', async () => {
    const stub = profileServer((stored) => ({
      ...stored,
      properties: {
        ...stored.properties,
        endpoints: (stored.properties.endpoints ?? []).map((one) => ({
          ...one,
          properties: { ...one.properties, endpointMonitorStatus: 'Degraded' },
        })),
      },
    }));
    await expect(switched(stub)).resolves.toMatchObject({
      endpoints: [{ monitorStatus: 'Degraded' }, { monitorStatus: 'Degraded' }],
    });
  });

  describe('by a run that was held up between reading and writing', () => {
    const withThird: ProfileDocument = {
      ...document,
      properties: {
        ...document.properties,
        endpoints: [...document.properties.endpoints, endpoint('by-hand', 'Enabled', 3)],
      },
    };

    /** Somebody else's change comes after the first look; writes are answered in turn, then carried out. */
    function meddledWith(changed: ProfileDocument, ...refusals: Reply[]) {
      let stored: ProfileDocument = document;
      const stub = stubArm(({ method, body }): Reply => {
        if (method === 'PUT') {
          const refusal = refusals.shift();
          if (refusal) {
            stored = changed;
            return refusal;
          }
          stored = body as ProfileDocument;
        }
        return { status: 200, body: stored };
      });
      const meddle = () => {
        stored = changed;
      };
      const puts = () => stub.requests.filter(({ method }) => method === 'PUT');
      return { stub, meddle, puts };
    }

    test('is refused, unsent, where somebody added an endpoint meanwhile', async () => {
      const { stub, meddle, puts } = meddledWith(withThird);
      const { write } = await createTrafficManager(stub.context).openProfile(ref);
      await stub.context.clock.sleep(3_000);
      meddle();
      await expect(write(SWITCH)).rejects.toMatchObject({
        reason: 'profile-changed',
        message: expect.stringContaining('found by-hand'),
      });
      expect(puts()).toEqual([]);
    });

    test('keeps what else was changed meanwhile', async () => {
      const { stub, meddle, puts } = meddledWith({ ...document, tags: { team: 'billing' } });
      const { write } = await createTrafficManager(stub.context).openProfile(ref);
      await stub.context.clock.sleep(3_000);
      meddle();
      await write(SWITCH);
      expect(puts().map(({ body }) => (body as ProfileDocument).tags)).toEqual([{ team: 'billing' }]);
    });

    const wait: Reply = { status: 429, headers: { 'retry-after': '20' }, body: null };

    test('is not sent once more where somebody added an endpoint while Azure made it wait', async () => {
      const { stub, puts } = meddledWith(withThird, wait);
      await expect(switched(stub)).rejects.toMatchObject({ status: 429, outcomeUnknown: false });
      expect(puts()).toHaveLength(1);
    });

    test('is sent once more where nobody did, with what else was changed', async () => {
      const { stub, puts } = meddledWith({ ...document, tags: { team: 'billing' } }, wait);
      await switched(stub);
      expect(puts().map(({ body }) => (body as ProfileDocument).tags)).toEqual([
        { team: 'orders' },
        { team: 'billing' },
      ]);
    });
  });

  describe('what has to hold just before it is sent', () => {
    const overtaken = new UpgradeError('overtaken-by-another-run', 'another run has acted');
    const wait: Reply = { status: 429, headers: { 'retry-after': '20' }, body: null };

    test.each([0, 3_000])('is asked, and nothing is sent where it does not (read %i ms ago)', async (ms) => {
      const stub = profileServer();
      const { write } = await createTrafficManager(stub.context).openProfile(ref);
      await stub.context.clock.sleep(ms);
      await expect(write(SWITCH, () => Promise.reject(overtaken))).rejects.toBe(overtaken);
      expect(stub.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
    });

    test('is asked anew where Azure has made the write wait', async () => {
      const stub = stubArm(({ method }) => (method === 'PUT' ? wait : { status: 200, body: document }));
      const { write } = await createTrafficManager(stub.context).openProfile(ref);
      let asked = 0;
      const onlyOnce = async () => {
        if (++asked > 1) throw overtaken;
      };
      await expect(write(SWITCH, onlyOnce)).rejects.toMatchObject({ status: 429, outcomeUnknown: false });
      expect(stub.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
    });
  });

  test('survives a 409 that has no body', async () => {
    const stub = stubArm(({ method }) =>
      method === 'PUT'
        ? { status: 409, headers: { 'content-type': 'text/html' } }
        : { status: 200, body: document },
    );
    const change = switched(stub);
    await expect(change).rejects.toMatchObject({ status: 409, code: null, outcomeUnknown: false });
  });

  test('says that it does not know, where the answer to the write was lost', async () => {
    const stub = stubArm(({ method }) =>
      method === 'PUT' ? { network: 'ECONNRESET' } : { status: 200, body: document },
    );
    const change = switched(stub);
    await expect(change).rejects.toMatchObject({ outcomeUnknown: true });
    expect(stub.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  test('does not take a refused look for a refused write', async () => {
    let written = false;
    const stub = stubArm(({ method }) => {
      if (written) return { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } } };
      written = method === 'PUT';
      return { status: 200, body: document };
    });
    const change = switched(stub);
    await expect(change).rejects.toMatchObject({ outcomeUnknown: true, code: 'AuthorizationFailed' });
  });
});

describe('adding and removing', () => {
  const green = {
    name: 'green',
    type: 'external' as const,
    status: 'Disabled' as const,
    priority: 2,
    target: 'contoso-green.azurewebsites.net',
    targetResourceId: null,
    location: 'northeurope',
  };

  test('never replaces an endpoint that exists', async () => {
    const stub = profileServer();
    await expect(createTrafficManager(stub.context).addEndpoint(ref, green)).rejects.toMatchObject({
      reason: 'profile-changed',
    });
    expect(stub.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  test('puts a new endpoint under its type', async () => {
    const stub = stubArm(({ method }) => ({ status: method === 'PUT' ? 201 : 200, body: document }));
    await createTrafficManager(stub.context).addEndpoint(ref, { ...green, name: 'violet' });
    const put = stub.requests.find(({ method }) => method === 'PUT');
    expect(put?.path.toLowerCase()).toBe(`${PATH}/ExternalEndpoints/violet`.toLowerCase());
    expect(put?.body).toEqual({
      type: 'Microsoft.Network/trafficManagerProfiles/externalEndpoints',
      properties: {
        endpointStatus: 'Disabled',
        priority: 2,
        target: 'contoso-green.azurewebsites.net',
        endpointLocation: 'northeurope',
      },
    });
  });

  test('creates a profile with all its endpoints in one write', async () => {
    const stub = stubArm(({ method }) => ({ status: method === 'PUT' ? 201 : 200, body: document }));
    await createTrafficManager(stub.context).createProfile(ref, {
      relativeName: 'contoso',
      ttlSeconds: 10,
      monitor: { protocol: 'HTTPS', port: 443, path: '/health' },
      endpoints: [green],
      tags: { by: 'us' },
    });
    const put = stub.requests.find(({ method }) => method === 'PUT');
    expect(put?.body).toMatchObject({
      location: 'global',
      tags: { by: 'us' },
      properties: {
        trafficRoutingMethod: 'Priority',
        dnsConfig: { relativeName: 'contoso', ttl: 10 },
        monitorConfig: { protocol: 'HTTPS', port: 443, path: '/health' },
        endpoints: [{ name: 'green', properties: { endpointStatus: 'Disabled', priority: 2 } }],
      },
    });
  });

  test('removes one endpoint and no more', async () => {
    const stub = stubArm(() => ({ status: 200, headers: { 'content-type': '' } }));
    const [blue] = (await createTrafficManager(profileServer().context).getProfile(ref))?.endpoints ?? [];
    if (blue === undefined) throw new Error('no endpoint');
    await createTrafficManager(stub.context).removeEndpoint(ref, blue);
    expect(stub.requests.map(({ method, path }) => [method, path.toLowerCase()])).toEqual([
      ['DELETE', `${PATH}/externalendpoints/blue`.toLowerCase()],
    ]);
  });
});
