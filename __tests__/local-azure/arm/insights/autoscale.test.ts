import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { asList, asObject, type JsonObject } from '../../../../local-azure/arm/core/json.ts';
import { type ComputeArm, GROUP, startComputeArm, WEB } from '../compute/support/compute-arm.ts';
import { SUBSCRIPTION } from '../support/test-arm.ts';

const SETTINGS = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers/Microsoft.Insights/autoscaleSettings`;
const V = 'api-version=2022-10-01';
const NAME = 'contoso-web-autoscale';

describe('autoscale', () => {
  let azure: ComputeArm;
  beforeEach(async () => {
    azure = await startComputeArm();
    azure.arm.insights.createSetting({
      name: NAME,
      group: GROUP,
      location: 'northeurope',
      enabled: true,
      targetResourceId: azure.role,
      minimum: 10,
      maximum: 20,
    });
  });
  afterEach(() => azure.close());

  const read = async (): Promise<JsonObject> => (await azure.call('GET', `${SETTINGS}/${NAME}?${V}`)).body;
  const scaleTo = (capacity: number) => azure.arm.insights.autoscale(azure.role, capacity);

  test('scales within its limits while it is on', async () => {
    expect(await scaleTo(17)).toBe(17);
    expect(azure.arm.compute.capacity(WEB)).toBe(17);
    expect(azure.compute.instances(azure.role)).toHaveLength(17);
    expect(await scaleTo(3)).toBe(10);
    expect(await scaleTo(99)).toBe(20);
    expect(azure.compute.instances(azure.role)).toHaveLength(20);
  });

  test('held by a PUT of what was read, it does nothing; given back, it scales again', async () => {
    const before = await read();
    const properties = asObject(before.properties);
    const held = await azure.call('PUT', `${SETTINGS}/${NAME}?${V}`, {
      body: { ...before, properties: { ...properties, enabled: false } },
    });
    expect([held.status, asObject(held.body.properties).enabled]).toEqual([200, false]);
    expect(await scaleTo(17)).toBeNull();
    expect(azure.compute.instances(azure.role)).toHaveLength(14);
    await azure.call('PUT', `${SETTINGS}/${NAME}?${V}`, { body: before });
    expect(await read()).toEqual(before);
    expect(await scaleTo(17)).toBe(17);
  });

  test('a patch takes tags alone, or properties with their profiles', async () => {
    const path = `${SETTINGS}/${NAME}?${V}`;
    const refused = await azure.call('PATCH', path, { body: { properties: { enabled: false } } });
    expect(refused.status).toBe(400);
    const { profiles } = asObject((await read()).properties);
    const patched = await azure.call('PATCH', path, {
      body: { tags: { a: 'b' }, properties: { enabled: false, profiles } },
    });
    expect(patched.body).toMatchObject({
      tags: { a: 'b' },
      properties: { enabled: false, targetResourceUri: azure.role },
    });
  });

  test('is found by resource group; left out, enabled is false', async () => {
    const profiles = [{ name: 'p', capacity: { minimum: '1', maximum: '2', default: '1' }, rules: [] }];
    const created = await azure.call('PUT', `${SETTINGS}/other?${V}`, {
      body: { location: 'northeurope', properties: { profiles, targetResourceUri: `${azure.role}-other` } },
    });
    expect([created.status, asObject(created.body.properties).enabled]).toEqual([201, false]);
    const list = async () =>
      asList((await azure.call('GET', `${SETTINGS}?${V}`)).body.value).map((each) => asObject(each).name);
    expect(await list()).toEqual([NAME, 'other']);
    expect((await azure.call('DELETE', `${SETTINGS}/other?${V}`)).status).toBe(200);
    expect(await list()).toEqual([NAME]);
    expect((await azure.call('GET', `${SETTINGS}/other?${V}`)).code).toBe('ResourceNotFound');
  });
});
