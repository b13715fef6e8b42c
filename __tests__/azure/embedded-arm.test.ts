import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createAppService } from '../../src/azure/app-service.ts';
import { rawArm } from '../../src/azure/arm-client.ts';
import type { AppService, TrafficManager } from '../../src/azure/ports.ts';
import { createTrafficManager } from '../../src/azure/traffic-manager.ts';
import { type EmbeddedArm, startEmbeddedArm } from './embedded-arm.ts';
import { UNASKED } from './unasked.ts';

const blueSite = { resourceGroup: 'contoso-blue', site: 'contoso-blue', deploymentSlot: null };
const greenSite = { resourceGroup: 'contoso-green', site: 'contoso-green', deploymentSlot: null };
const profileRef = { resourceGroup: 'contoso-traffic', profile: 'contoso' };
const never = new AbortController().signal;

let azure: EmbeddedArm;
let traffic: TrafficManager;
let web: AppService;

beforeEach(async () => {
  azure = await startEmbeddedArm();
  traffic = createTrafficManager(azure.context);
  web = createAppService(azure.context, () => {});
});
afterEach(() => azure.close());

describe('Traffic Manager', () => {
  const green = {
    name: 'green',
    type: 'external' as const,
    status: 'Disabled' as const,
    priority: 2,
    target: 'contoso-green.azurewebsites.net',
    targetResourceId: null,
    location: null,
  };

  test('an endpoint is added, switched to in one write, and removed', async () => {
    const before = await traffic.addEndpoint(profileRef, green);
    expect(before.endpoints.map(({ name, status }) => [name, status])).toEqual([
      ['blue', 'Enabled'],
      ['green', 'Disabled'],
    ]);
    const after = await (await traffic.openProfile(profileRef)).write({
      blue: { status: 'Disabled', priority: 2 },
      green: { status: 'Enabled', priority: 1 },
    });
    const [blue] = after.endpoints.filter(({ name }) => name === 'blue');
    expect(blue).toMatchObject({ status: 'Disabled', priority: 2, target: 'contoso-blue.azurewebsites.net' });
    if (blue === undefined) throw new Error('blue is gone');
    await traffic.removeEndpoint(profileRef, blue);
    const profile = await traffic.getProfile(profileRef);
    expect(profile?.endpoints.map(({ name }) => name)).toEqual(['green']);
    expect(profile).toMatchObject({ routingMethod: 'Priority', ttlSeconds: 10, monitorPath: '/health' });
  });

  test('a profile is created', async () => {
    const ref = { ...profileRef, profile: 'another' };
    const created = await traffic.createProfile(ref, {
      relativeName: 'another',
      ttlSeconds: 10,
      monitor: { protocol: 'HTTPS', port: 443, path: '/health' },
      endpoints: [green],
      tags: { by: 'us' },
    });
    expect(created).toMatchObject({ fqdn: 'another.trafficmanager.net', tags: { by: 'us' } });
    await expect(traffic.getProfile({ ...ref, profile: 'none' })).resolves.toBeNull();
  });

  test.each([
    ['longer', { 'changed-by': 'somebody who tells at length why' }],
    ['shorter', {}],
  ])('a write that Azure makes wait is sent whole, though the profile is %s by then', async (_what, tags) => {
    const arm = rawArm(azure.context);
    const id = (await traffic.getProfile(profileRef))?.id ?? '';
    const tag = async (changed: Readonly<Record<string, string>>) =>
      arm.put(id, '2022-04-01', { ...((await arm.get(id, '2022-04-01')) as object), tags: changed });
    await tag({ by: 'the tool of the team' });
    const { write } = await traffic.openProfile(profileRef);
    const refusal = {
      status: 429,
      code: 'TooManyRequests',
      message: 'wait',
      headers: { 'retry-after': '1' },
    };
    azure.faults.add({ at: 'arm PUT .*profiles/contoso', fault: { kind: 'error', ...refusal } });
    let meddled: Promise<unknown> | null = null;
    azure.faults.onCall((call) => {
      if (/^arm PUT /.test(call)) meddled ??= tag(tags);
    });
    const after = await write({ blue: { status: 'Enabled', priority: 7 } });
    await meddled;
    expect(after.tags).toEqual(tags);
    expect(after.endpoints[0]).toMatchObject({ name: 'blue', priority: 7 });
  });

  test('a write whose answer was lost is unknown, and was done', async () => {
    await traffic.addEndpoint(profileRef, green);
    azure.faults.add({ at: 'arm PUT .*profiles/contoso', fault: { kind: 'drop-after' } });
    const { write } = await traffic.openProfile(profileRef);
    const change = write({ blue: { status: 'Enabled', priority: 7 } });
    await expect(change).rejects.toMatchObject({ outcomeUnknown: true });
    const profile = await traffic.getProfile(profileRef);
    expect(profile?.endpoints[0]).toMatchObject({ name: 'blue', priority: 7 });
  });
});

describe('App Service', () => {
  test('a site like production’s is made by parts, and is equal to it', async () => {
    await web.createSite(
      {
        ref: greenSite,
        template: blueSite,
        planName: 'plan-new',
        appSettings: await web.listAppSettings(blueSite),
        connectionStrings: { contoso: { value: 'Server=tcp:green', type: 'SQLAzure' } },
        tags: { by: 'us' },
      },
      () => {},
    );
    await expect(web.getSite(greenSite)).resolves.toMatchObject({
      defaultHostName: 'contoso-green.azurewebsites.net',
      homeStamp: 'waws-prod-contoso-green',
      tags: { by: 'us' },
      planId: expect.stringContaining('/plan-new'),
    });
    await expect(web.getConfiguration(greenSite)).resolves.toEqual(await web.getConfiguration(blueSite));
    await expect(web.listAppSettings(greenSite)).resolves.toEqual(await web.listAppSettings(blueSite));
    await expect(web.listConnectionStrings(greenSite)).resolves.toEqual({
      contoso: { value: 'Server=tcp:green', type: 'SQLAzure' },
    });
  });

  test('deleting the last site of a plan leaves the plan', async () => {
    const site = await web.getSite(blueSite);
    await web.deleteSite(blueSite, UNASKED);
    await expect(web.getSite(blueSite)).resolves.toBeNull();
    await expect(web.getPlan(site?.planId ?? '')).resolves.toMatchObject({
      name: 'plan-blue',
    });
    await expect(web.deleteSite(blueSite, UNASKED)).resolves.toBeUndefined();
  });

  test('a swap exchanges what the slots run', async () => {
    const slot = { ...blueSite, deploymentSlot: 'staging' };
    azure.arm.web.createSite({
      name: 'contoso-blue',
      slot: 'staging',
      group: 'contoso-blue',
      location: 'northeurope',
      plan: 'plan-blue',
      kind: 'app,linux',
      appSettings: { WEBSITE_RUN_FROM_PACKAGE: 'https://packages.contoso.example/contoso-2.0.0.zip' },
    });
    const seen: string[] = [];
    await web.swapWithProduction(blueSite, 'staging', (status) => seen.push(status), never, UNASKED);
    expect((await web.listAppSettings(blueSite)).WEBSITE_RUN_FROM_PACKAGE).toContain('2.0.0');
    expect((await web.listAppSettings(slot)).WEBSITE_RUN_FROM_PACKAGE).toContain('1.0.0');
    expect(seen.at(-1)).toBe('succeeded');
    await expect(web.listSlotSettingNames(blueSite)).resolves.toEqual({
      appSettings: [],
      connectionStrings: [],
    });
  });

  test('a swap with a slot that is not there keeps Azure’s words', async () => {
    await expect(web.swapWithProduction(blueSite, 'nowhere', () => {}, never, UNASKED)).rejects.toMatchObject(
      {
        name: 'AzureError',
        outcomeUnknown: false,
        code: expect.any(String),
      },
    );
  });
});
