import type { Endpoint } from '@azure/arm-trafficmanager';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { TestArm } from './support/test-arm.ts';
import { PROFILE, SUBSCRIPTION, siteId, startTestArm } from './support/test-arm.ts';

const V = 'api-version=2022-04-01';
const [GROUP, NAME] = ['contoso-traffic', 'contoso'] as const;
const EXTERNAL = 'Microsoft.Network/trafficManagerProfiles/externalEndpoints';
const AZURE = 'Microsoft.Network/trafficManagerProfiles/azureEndpoints';

describe('Traffic Manager profiles', () => {
  let azure: TestArm;
  beforeEach(async () => {
    azure = await startTestArm();
  });
  afterEach(() => azure.close());

  const addGreen = () =>
    azure.trafficManager.endpoints.createOrUpdate(GROUP, NAME, 'ExternalEndpoints', 'green', {
      target: 'contoso-green.azurewebsites.net',
      endpointStatus: 'Disabled',
      priority: 2,
    });
  const put = (properties: object) =>
    azure.call('PUT', `${PROFILE}?${V}`, {
      body: {
        location: 'global',
        properties: {
          trafficRoutingMethod: 'Priority',
          dnsConfig: { relativeName: 'contoso', ttl: 10 },
          monitorConfig: { protocol: 'HTTPS', port: 443, path: '/health' },
          ...properties,
        },
      },
    });
  const external = (name: string, priority?: number, target = `${name}.contoso.example`) => ({
    name,
    type: EXTERNAL,
    properties: { target, ...(priority === undefined ? {} : { priority }) },
  });
  const app = (colour: 'blue' | 'green') => ({
    name: colour,
    type: AZURE,
    properties: { targetResourceId: siteId(colour) },
  });

  test('one PUT switches both endpoints, in one change', async () => {
    await addGreen();
    const profile = await azure.trafficManager.profiles.get(GROUP, NAME);
    const before = azure.traffic.written.length;
    const turned = (profile.endpoints ?? []).map(
      (endpoint): Endpoint =>
        endpoint.name === 'green'
          ? { ...endpoint, endpointStatus: 'Enabled', priority: 1 }
          : { ...endpoint, endpointStatus: 'Disabled', priority: 2 },
    );
    await azure.trafficManager.profiles.createOrUpdate(GROUP, NAME, { ...profile, endpoints: turned });
    expect(azure.traffic.written).toHaveLength(before + 1);
    expect(azure.traffic.written.at(-1)?.endpoints).toMatchObject([
      { name: 'blue', status: 'Disabled', priority: 2 },
      { name: 'green', status: 'Enabled', priority: 1, target: 'contoso-green.azurewebsites.net' },
    ]);
    const after = await azure.trafficManager.profiles.get(GROUP, NAME);
    expect(after.endpoints?.map((each) => each.endpointMonitorStatus)).toEqual([
      'Disabled',
      'CheckingEndpoint',
    ]);
    expect(after.monitorConfig?.profileMonitorStatus).toBe('CheckingEndpoints');
  });

  test('a PUT without endpoints removes them all', async () => {
    expect(await put({})).toMatchObject({ status: 200, body: { properties: { endpoints: [] } } });
    expect(azure.traffic.written.at(-1)?.endpoints).toEqual([]);
  });

  test('endpoint PUT answers 201 also for one that exists; DELETE is empty, then 204', async () => {
    const path = `${PROFILE}/externalEndpoints/blue?${V}`;
    const body = { properties: { target: 'contoso-blue.azurewebsites.net', priority: 1 } };
    expect((await azure.call('PUT', path, { body })).status).toBe(201);
    const deleted = await azure.call('DELETE', path);
    expect(deleted).toMatchObject({ status: 200, text: '' });
    expect(deleted.headers['content-type']).toBeUndefined();
    expect((await azure.call('DELETE', path)).status).toBe(204);
  });

  test('endpoint PATCH changes what it names and leaves the rest', async () => {
    await addGreen();
    await azure.trafficManager.endpoints.update(GROUP, NAME, 'ExternalEndpoints', 'green', {
      endpointStatus: 'Enabled',
    });
    const green = await azure.trafficManager.endpoints.get(GROUP, NAME, 'ExternalEndpoints', 'green');
    expect(green).toMatchObject({ endpointStatus: 'Enabled', priority: 2, weight: 1 });
  });

  test('what the service does not document comes back as written', async () => {
    const future = {
      ...external('blue', 1),
      properties: { target: 'a.contoso.example', priority: 1, newMember: { x: 1 } },
    };
    const answer = await put({ endpoints: [future], anotherMember: 'kept' });
    expect(answer.body).toMatchObject({
      properties: {
        anotherMember: 'kept',
        endpoints: [{ properties: { newMember: { x: 1 }, NestedProfile: null } }],
      },
    });
  });

  test('slashes are escaped, and a list does not tell how the profile does', async () => {
    const answer = await azure.call('GET', `${PROFILE.slice(0, -'/contoso'.length)}?${V}`);
    expect(answer.text).toContain('\\/providers\\/Microsoft.Network');
    expect(answer.body).toMatchObject({
      value: [{ properties: { monitorConfig: { profileMonitorStatus: null } } }],
    });
  });

  test('a PATCH with endpoints is refused in the service’s words', async () => {
    const body = { properties: { endpoints: [external('blue', 1)] } };
    expect(await azure.call('PATCH', `${PROFILE}?${V}`, { body })).toMatchObject({
      status: 400,
      message:
        "The 'endpoints' property cannot be specified when updating a profile using PATCH. Please use PUT to update the profile instead.",
    });
    const patched = await azure.trafficManager.profiles.update(GROUP, NAME, { dnsConfig: { ttl: 30 } });
    expect(patched).toMatchObject({
      dnsConfig: { ttl: 30, relativeName: 'contoso' },
      endpoints: [{ name: 'blue' }],
    });
  });

  test.each([
    ['two endpoints of one priority', [external('a', 1), external('b', 1)], /share the same priority.*: 1\./],
    [
      'a priority on one endpoint only',
      [external('a', 1), external('b')],
      /must be specified on all endpoints/,
    ],
    ['a priority out of range', [external('a', 1001)], /priority of endpoint 'a' '1001' is invalid/],
    ['one name twice', [external('a', 1), external('A', 2, 'c.example')], /appear more than once: a\./],
    [
      'no name and no type',
      [{ properties: { target: 'a.example' } }],
      /Endpoint name '' is invalid.* The type '<null>' specified for endpoint '<null>' is invalid/,
    ],
    [
      'two web apps of one region',
      [app('blue'), app('green')],
      /Multiple domains point to region "North Europe": contoso-blue.azurewebsites.net, contoso-green.azurewebsites.net/,
    ],
  ])('%s: refused, and nothing is changed', async (_, endpoints, message) => {
    const before = azure.traffic.written.length;
    expect(await put({ endpoints })).toMatchObject({
      status: 400,
      code: 'BadRequest',
      message: expect.stringMatching(message),
    });
    expect(azure.traffic.written).toHaveLength(before);
  });

  test.each([
    [{ dnsConfig: { relativeName: 'contoso', ttl: -1 } }, /time-to-live '-1' is invalid/],
    [{ trafficRoutingMethod: 'Random' }, /routing method 'Random' is invalid/],
    [
      {
        monitorConfig: {
          protocol: 'HTTPS',
          port: 443,
          path: '/',
          intervalInSeconds: 10,
          timeoutInSeconds: 10,
        },
      },
      /between 5 and 9/,
    ],
    [
      { monitorConfig: { protocol: 'TCP', port: 443, path: '/' } },
      /must not be specified with the TCP protocol/,
    ],
  ])('settings %j are refused', async (properties, message) => {
    expect(await put(properties)).toMatchObject({ status: 400, message: expect.stringMatching(message) });
  });

  test('a DNS name that another profile has', async () => {
    const body = {
      location: 'global',
      properties: {
        trafficRoutingMethod: 'Priority',
        dnsConfig: { relativeName: 'Contoso', ttl: 10 },
        monitorConfig: { protocol: 'HTTP', port: 80, path: '/' },
      },
    };
    expect(await azure.call('PUT', `${PROFILE}2?${V}`, { body })).toMatchObject({
      status: 409,
      message: 'Domain name Contoso.trafficmanager.net already exists. Please choose a different DNS prefix.',
    });
    const check = await azure.trafficManager.profiles.checkTrafficManagerRelativeDnsNameAvailability({
      name: 'contoso',
      type: 'Microsoft.Network/trafficManagerProfiles',
    });
    expect(check).toMatchObject({ nameAvailable: false, reason: 'AlreadyExists' });
  });

  test('a web app as Azure endpoint gets the profile’s name, stops with the app, and loses the name', async () => {
    await put({ endpoints: [app('blue')] });
    expect(azure.web.sites.get('contoso-blue')?.hostNames).toContain('contoso.trafficmanager.net');
    azure.arm.web.changeSite('contoso-blue', null, { state: 'Stopped' });
    expect(azure.traffic.written.at(-1)?.endpoints[0]).toMatchObject({ targetStopped: true });
    await put({ endpoints: [external('blue')] });
    expect(azure.web.sites.get('contoso-blue')?.hostNames).not.toContain('contoso.trafficmanager.net');
  });

  test('a web app below Standard is refused with the service’s misleading words', async () => {
    azure.arm.web.createPlan({ name: 'basic', group: 'contoso-blue', location: 'northeurope', sku: 'B1' });
    azure.arm.web.createSite({
      name: 'small',
      group: 'contoso-blue',
      location: 'northeurope',
      plan: 'basic',
    });
    const targetResourceId = siteId('blue')
      .replace('contoso-blue', 'contoso-blue')
      .replace(/contoso-blue$/, 'small');
    const answer = await put({
      endpoints: [{ name: 'small', type: AZURE, properties: { targetResourceId } }],
    });
    expect(answer.message).toContain(
      `do not belong to subscription "${SUBSCRIPTION}": small.azurewebsites.net`,
    );
  });

  test('the type’s full name in the path is refused', async () => {
    const type = encodeURIComponent(EXTERNAL);
    const body = { properties: { endpointStatus: 'Enabled' } };
    expect(await azure.call('PATCH', `${PROFILE}/${type}/blue?${V}`, { body })).toMatchObject({
      status: 400,
      code: 'BadRequest',
    });
  });

  test('deleting the profile tells Traffic Manager', async () => {
    await azure.trafficManager.profiles.delete(GROUP, NAME);
    expect(azure.traffic.removed).toEqual([PROFILE]);
  });
});
