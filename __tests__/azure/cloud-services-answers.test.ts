// What Azure tells of services and instances: members that are new or missing, every state, several pages.
import { describe, expect, test } from '@jest/globals';
import {
  answering,
  document,
  networkProfile,
  PARTNER,
  PATH,
  read,
  ref,
  servicesOf,
  web,
} from './cloud-services-stub.ts';

describe('what Azure tells of a service', () => {
  test('the slot is asked of Microsoft.Network where Microsoft.Compute leaves it out', async () => {
    const slot = `${PATH}/providers/Microsoft.Network/cloudServiceSlots/swap`;
    const stub = answering(
      { status: 500 },
      {
        [PATH]: { ...document, properties: { ...document.properties, networkProfile } },
        [slot]: { properties: { slotType: 'Staging' } },
      },
    );
    await expect(read(stub)).resolves.toMatchObject({ slotType: 'Staging', swappableWith: PARTNER });
  });

  test('what is missing and not needed is no error, and nothing good is assumed of it', async () => {
    const { location } = document;
    const bare = { location, properties: { roleProfile: { roles: [web(2)] } } };
    await expect(read(answering({ status: 500 }, { [PATH]: bare }))).resolves.toEqual({
      id: PATH,
      ref,
      location,
      upgradeMode: 'Auto',
      provisioningState: 'Unknown',
      roles: [{ name: 'WebRole', skuName: 'Standard_D1_v2', capacity: 2 }],
      configuration: null,
      slotType: null,
      swappableWith: null,
      tags: {},
    });
  });

  test('a service without roles cannot be read: a walk of it would pass by all instances', async () => {
    const stub = answering({ status: 500 }, { [PATH]: { location: 'x', properties: {} } });
    await expect(read(stub)).rejects.toMatchObject({
      name: 'AzureError',
      message: expect.stringContaining('roleProfile'),
    });
  });
});

describe('instances', () => {
  const instance = (name: string, ...codes: string[]) => ({
    name,
    properties: {
      instanceView: {
        platformUpdateDomain: 1,
        platformFaultDomain: 0,
        statuses: codes.map((code) => ({ code, time: '2026-11-21T10:00:00Z' })),
      },
    },
  });
  const list = async (...value: unknown[]) => {
    const stub = answering({ status: 500 }, { [`${PATH}/roleInstances`]: { value } });
    return servicesOf(stub).listInstances(await read(stub));
  };

  test.each([
    ['RoleStateStarted', 'running', 'healthy', 'Succeeded'],
    ['RoleStateStarting', 'starting', 'initializing', 'Succeeded'],
    ['RoleStateBusy', 'starting', 'initializing', 'Succeeded'],
    ['RoleStateStopping', 'stopping', 'unknown', 'Succeeded'],
    ['RoleStateStopped', 'stopped', 'unknown', 'Succeeded'],
    ['RoleStateUnknown', 'unknown', 'unknown', 'Succeeded'],
    ['RoleStateDestroyed', 'deallocated', 'unknown', 'Deleting'],
    ['RoleStateOfTomorrow', 'unknown', 'unknown', 'Succeeded'],
  ])('in %s are %s and %s', async (state, powerState, health, provisioningState) => {
    await expect(list(instance('WebRole_IN_0', `RoleState/${state}`))).resolves.toMatchObject([
      {
        id: 'WebRole_IN_0',
        role: 'WebRole',
        updateDomain: 1,
        faultDomain: 0,
        powerState,
        health,
        provisioningState,
        healthAt: new Date('2026-11-21T10:00:00Z'),
        latestModelApplied: null,
        isProtected: false,
      },
    ]);
  });

  test('that tell no state are never healthy; a provisioning state is taken as it is told', async () => {
    const [silent, updating] = await list(
      instance('webrole_IN_0'),
      instance('Other_Role_IN_12', 'ProvisioningState/updating', 'RoleState/RoleStateStarted'),
    );
    expect(silent).toMatchObject({
      role: 'WebRole',
      health: 'unknown',
      powerState: 'unknown',
      healthAt: null,
    });
    expect(updating).toMatchObject({ role: 'Other_Role', provisioningState: 'Updating', health: 'healthy' });
  });

  test('listed without their view are asked for it one by one; those that are gone by then are left out', async () => {
    const path = `${PATH}/roleInstances`;
    const stub = answering(
      { status: 500 },
      {
        [path]: { value: [{ name: 'WebRole_IN_0' }, { name: 'WebRole_IN_1', properties: {} }] },
        [`${path}/WebRole_IN_1/instanceView`]: {
          platformUpdateDomain: 0,
          statuses: [{ code: 'RoleState/RoleStateStarted' }],
        },
      },
    );
    await expect(servicesOf(stub).listInstances(await read(stub))).resolves.toMatchObject([
      { id: 'WebRole_IN_1', updateDomain: 0, faultDomain: null, health: 'healthy' },
    ]);
    const listing = stub.requests.find((request) => request.path === path);
    expect(listing?.query.get('$expand')).toBe('instanceView');
    expect(listing?.query.get('api-version')).toBe('2024-11-04');
  });
});
