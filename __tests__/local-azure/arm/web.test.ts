import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLatency } from '../../../local-azure/latency.ts';
import type { TestArm } from './support/test-arm.ts';
import { siteId, startTestArm } from './support/test-arm.ts';

const V = 'api-version=2024-11-01';

describe('Microsoft.Web through the SDK', () => {
  let azure: TestArm;
  beforeEach(async () => {
    azure = await startTestArm();
  });
  afterEach(() => azure.close());

  const addStaging = () =>
    azure.arm.web.createSite({
      name: 'contoso-blue',
      slot: 'staging',
      group: 'contoso-blue',
      location: 'northeurope',
      plan: 'contoso-blue-plan',
      appSettings: { WEBSITE_RUN_FROM_PACKAGE: 'contoso-2.0.0.zip', ONLY_STAGING: 'yes', STAYS: 'staging' },
      connectionStrings: { contoso: { value: 'Server=green', type: 'SQLAzure' } },
      config: { linuxFxVersion: 'NODE|26', alwaysOn: true },
    });

  test('a site tells its host names, its plan and its deployment unit', async () => {
    const site = await azure.appService.webApps.get('contoso-blue', 'contoso-blue');
    expect(site).toMatchObject({
      defaultHostName: 'contoso-blue.azurewebsites.net',
      hostNames: ['contoso-blue.azurewebsites.net', 'www.contoso.example'],
      state: 'Running',
      kind: 'app,linux',
    });
    const raw = await azure.call('GET', `${siteId('green')}?${V}`);
    expect(raw.body).toMatchObject({ properties: { homeStamp: 'waws-prod-db3-202' } });
    const config = await azure.appService.webApps.getConfiguration('contoso-blue', 'contoso-blue');
    expect(config).toMatchObject({ linuxFxVersion: 'NODE|24-lts', healthCheckPath: '/health' });
  });

  test('PUT of settings replaces them all, and the running site is told once', async () => {
    const before = azure.web.changes.length;
    await azure.appService.webApps.updateApplicationSettings('contoso-blue', 'contoso-blue', {
      properties: { ONLY: 'this' },
    });
    const settings = await azure.appService.webApps.listApplicationSettings('contoso-blue', 'contoso-blue');
    expect(settings.properties).toEqual({ ONLY: 'this' });
    expect(azure.web.changes.slice(before)).toEqual(['contoso-blue']);
    expect(azure.web.sites.get('contoso-blue')?.appSettings).toEqual({ ONLY: 'this' });
  });

  test('a swap exchanges package, settings and connection strings, but for what is sticky', async () => {
    addStaging();
    await azure.appService.webApps.updateSlotConfigurationNames('contoso-blue', 'contoso-blue', {
      appSettingNames: ['STAYS'],
    });
    await azure.appService.webApps.swapSlotWithProduction('contoso-blue', 'contoso-blue', {
      targetSlot: 'staging',
      preserveVnet: true,
    });
    const production = azure.web.sites.get('contoso-blue');
    expect(production?.appSettings).toEqual({
      WEBSITE_RUN_FROM_PACKAGE: 'contoso-2.0.0.zip',
      ONLY_STAGING: 'yes',
    });
    expect(production?.connectionStrings).toEqual({ contoso: { value: 'Server=green', type: 'SQLAzure' } });
    const staging = azure.web.sites.get('contoso-blue/staging');
    expect(staging?.appSettings).toEqual({
      WEBSITE_RUN_FROM_PACKAGE: 'https://packages.contoso.example/contoso-1.0.0.zip',
      STAYS: 'staging',
    });
    const config = await azure.appService.webApps.getConfiguration('contoso-blue', 'contoso-blue');
    expect(config).toMatchObject({ linuxFxVersion: 'NODE|26', alwaysOn: false });
    const site = await azure.appService.webApps.get('contoso-blue', 'contoso-blue');
    expect(site.slotSwapStatus).toMatchObject({ destinationSlotName: 'staging' });
  });

  test('a swap that fails says why, and nothing has changed places', async () => {
    addStaging();
    azure.faults.add({
      at: 'arm POST .*/slotsswap',
      fault: { kind: 'operation-fails', code: 'Conflict', message: 'An instance did not restart.' },
    });
    const swap = azure.appService.webApps.swapSlotWithProduction('contoso-blue', 'contoso-blue', {
      targetSlot: 'staging',
      preserveVnet: true,
    });
    await expect(swap).rejects.toMatchObject({ statusCode: 409 });
    expect(azure.web.sites.get('contoso-blue')?.appSettings).not.toHaveProperty('ONLY_STAGING');
    const again = await azure.call('POST', `${siteId('blue')}/slotsswap?${V}`, {
      body: { targetSlot: 'staging' },
    });
    expect(again.status).toBe(202);
  });

  test('deleting the last app takes the plan along, unless told not to', async () => {
    await azure.appService.webApps.delete('contoso-green', 'contoso-green', { deleteEmptyServerFarm: false });
    expect(await azure.appService.appServicePlans.get('contoso-green', 'contoso-green-plan')).toMatchObject({
      numberOfSites: 0,
    });
    await azure.appService.webApps.delete('contoso-blue', 'contoso-blue');
    const plan = await azure.call(
      'GET',
      `${siteId('blue').replace('/sites/contoso-blue', '/serverfarms/contoso-blue-plan')}?${V}`,
    );
    expect(plan).toMatchObject({ status: 404, code: 'NotFound' });
    expect(azure.web.sites.has('contoso-blue')).toBe(false);
  });

  test('a site is made by parts: plan, site, settings, host name', async () => {
    const plan = await azure.appService.appServicePlans.createOrUpdate('contoso-green', 'new-plan', {
      location: 'northeurope',
      kind: 'linux',
      reserved: true,
      sku: { name: 'P1v3', tier: 'PremiumV3' },
    });
    const site = await azure.appService.webApps.createOrUpdate('contoso-green', 'contoso-new', {
      location: 'northeurope',
      kind: 'app,linux',
      serverFarmId: plan.id ?? '',
      httpsOnly: true,
      siteConfig: { linuxFxVersion: 'NODE|24-lts', appSettings: [{ name: 'A', value: '1' }] },
    });
    expect(site).toMatchObject({ httpsOnly: true, reserved: true, state: 'Running' });
    expect(azure.web.sites.get('contoso-new')).toMatchObject({
      appSettings: { A: '1' },
      stamp: 'waws-prod-db3-202',
    });
    const clash = await azure.call(
      'PUT',
      `${siteId('green').replace('sites/contoso-green', 'sites/contoso-new')}/hostNameBindings/www.contoso.example?${V}`,
      {
        body: { properties: {} },
      },
    );
    expect(clash).toMatchObject({ status: 409, code: 'Conflict' });
  });

  test('a site on a plan that the caller may not use', async () => {
    azure.arm.setGrants('c0ffee00-5d1e-4b6a-9f00-2b7c4d8e9a04', [
      {
        scope: siteId('green').split('/providers')[0] ?? '',
        actions: ['Microsoft.Web/sites/*'],
        notActions: [],
      },
    ]);
    const planId = siteId('green').replace('sites/contoso-green', 'serverfarms/contoso-green-plan');
    const body = { location: 'northeurope', properties: { serverFarmId: planId } };
    const path = `${siteId('green').replace(/contoso-green$/, 'another')}?${V}`;
    expect(await azure.call('PUT', path, { body })).toMatchObject({
      status: 403,
      code: 'LinkedAuthorizationFailed',
    });
  });
});

describe('while a swap is under way', () => {
  test('the site cannot be changed', async () => {
    const azure = await startTestArm({ latency: createLatency('typical', 0.02) });
    azure.arm.web.createSite({
      name: 'contoso-blue',
      slot: 'staging',
      group: 'contoso-blue',
      location: 'northeurope',
      plan: 'contoso-blue-plan',
    });
    const swapped = await azure.call('POST', `${siteId('blue')}/slotsswap?${V}`, {
      body: { targetSlot: 'staging', preserveVnet: true },
    });
    expect(swapped.status).toBe(202);
    const poll = await azure.call('GET', String(swapped.headers.location));
    expect(poll).toMatchObject({ status: 202, text: '' });
    expect(poll.headers.location).toBe(swapped.headers.location);
    for (const path of [siteId('blue'), `${siteId('blue')}/slots/staging`]) {
      const shown = await azure.call('GET', `${path}?${V}`);
      expect(shown.body).toMatchObject({ properties: { inProgressOperationId: expect.any(String) } });
    }
    const change = await azure.call('PUT', `${siteId('blue')}/config/appsettings?${V}`, {
      body: { properties: {} },
    });
    expect(change).toMatchObject({
      status: 409,
      message: expect.stringContaining('Cannot modify this site because another operation is in progress'),
    });
    await azure.close();
  });
});
