import { describe, expect, test } from '@jest/globals';
import { createAutoscale } from '../../src/azure/autoscale.ts';
import { GROUP } from '../local-azure/arm/compute/support/compute-arm.ts';
import { startEmbeddedCompute } from './scale-sets-embedded.ts';
import { stubArm } from './stub-arm.ts';

const SETTINGS = '/subscriptions/sub-1/resourceGroups/contoso/providers/microsoft.insights/autoscalesettings';
const TARGET =
  '/subscriptions/sub-1/resourceGroups/contoso/providers/Microsoft.Compute/virtualMachineScaleSets/web';
const document = {
  id: `${SETTINGS}/web autoscale`,
  name: 'web autoscale',
  location: 'northeurope',
  tags: { app: 'orders' },
  properties: {
    enabled: true,
    targetResourceUri: TARGET,
    profiles: [{ name: 'p', capacity: { minimum: '10', maximum: '20', default: '10' }, rules: [] }],
    notifications: [{ operation: 'Scale', somethingNew: 1 }],
  },
};
const setting = { id: document.id, name: document.name, isEnabled: true };

describe('an autoscale setting', () => {
  test('of a scale set is held, and given back as it was', async () => {
    const azure = await startEmbeddedCompute();
    const create = (name: string, targetResourceId: string) =>
      azure.arm.insights.createSetting({
        name,
        group: GROUP,
        location: 'northeurope',
        enabled: true,
        targetResourceId,
        minimum: 10,
        maximum: 20,
      });
    create('contoso-web-autoscale', azure.role.toUpperCase());
    create('another', `${azure.role}-other`);
    const autoscale = createAutoscale(azure.context);
    const [found, ...others] = await autoscale.settingsOf(GROUP, azure.role);
    if (found === undefined) throw new Error('no setting');
    expect([found.name, found.isEnabled, others]).toEqual(['contoso-web-autoscale', true, []]);
    await autoscale.setEnabled(found, false);
    expect(await azure.arm.insights.autoscale(azure.role, 17)).toBeNull();
    await expect(autoscale.settingsOf(GROUP, azure.role)).resolves.toEqual([{ ...found, isEnabled: false }]);
    await autoscale.setEnabled(found, true);
    expect(await azure.arm.insights.autoscale(azure.role, 17)).toBe(17);
    await azure.close();
  });

  test('is written whole, with members nobody here knows, and any name', async () => {
    const stub = stubArm(() => ({ status: 200, body: document }));
    await createAutoscale(stub.context).setEnabled(setting, false);
    const [get, put] = stub.requests;
    expect([get?.method, get?.path, put?.method, put?.path]).toEqual([
      'GET',
      document.id,
      'PUT',
      document.id,
    ]);
    expect(put?.query.get('api-version')).toBe('2022-10-01');
    expect(put?.body).toEqual({ ...document, properties: { ...document.properties, enabled: false } });
  });

  test('that is as wanted, or was removed, is not written', async () => {
    const same = stubArm(() => ({ status: 200, body: document }));
    await createAutoscale(same.context).setEnabled({ ...setting, isEnabled: false }, true);
    const gone = stubArm(() => ({ status: 404, body: { error: { code: 'ResourceNotFound' } } }));
    await createAutoscale(gone.context).setEnabled(setting, true);
    for (const { requests } of [same, gone]) expect(requests.map(({ method }) => method)).toEqual(['GET']);
  });

  test('is found on every page, also where it is not said whether it is enabled', async () => {
    const { enabled: _, ...rest } = document.properties;
    const next = `https://management.azure.com${SETTINGS}?$skiptoken=2&api-version=2022-10-01`;
    const stub = stubArm((_request, index) => ({
      status: 200,
      body: index === 0 ? { value: [], nextLink: next } : { value: [{ ...document, properties: rest }] },
    }));
    await expect(createAutoscale(stub.context).settingsOf('contoso', TARGET)).resolves.toEqual([
      { ...setting, isEnabled: false },
    ]);
  });

  test('whose write had no proper answer is unknown', async () => {
    const stub = stubArm(({ method }) =>
      method === 'GET' ? { status: 200, body: document } : { network: 'ECONNRESET' },
    );
    await expect(createAutoscale(stub.context).setEnabled(setting, false)).rejects.toMatchObject({
      name: 'AzureError',
      outcomeUnknown: true,
    });
    expect(stub.requests).toHaveLength(2);
  });
});
