import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { asList, asObject } from '../../../../local-azure/arm/core/json.ts';
import { CLOUD, type CloudArm, STAGE, servicePath, startCloudArm } from './support/cloud-arm.ts';

describe('a cloud service', () => {
  let azure: CloudArm;
  beforeEach(async () => {
    azure = await startCloudArm();
  });
  afterEach(() => azure.close());

  test('tells its configuration, and not where its package lies', async () => {
    const { text, body } = await azure.call('GET', servicePath(CLOUD));
    expect(text).not.toContain('packageUrl');
    expect(text).not.toContain('not-a-secret');
    expect(body.properties).toMatchObject({
      upgradeMode: 'Manual',
      provisioningState: 'Succeeded',
      configuration: expect.stringContaining('<Instances count="9" />'),
      networkProfile: { slotType: 'Production', swappableCloudService: { id: servicePath(STAGE) } },
    });
  });

  test('spreads eight and nine instances over two domains as 4/4 and 5/4', async () => {
    const { body } = await azure.call('GET', `${servicePath(CLOUD)}/roleInstances?$expand=instanceView`);
    const seen = asList(body.value).map((each) => {
      const { name, properties } = asObject(each);
      const { platformUpdateDomain: domain, statuses } = asObject(asObject(properties).instanceView);
      expect(statuses).toMatchObject([{ code: 'RoleState/RoleStateStarted' }]);
      return `${String(name).split('_')[0]} ${domain}`;
    });
    const sizes = ['WebRole 0', 'WebRole 1', 'WorkerRole 0', 'WorkerRole 1'].map(
      (wanted) => seen.filter((each) => each === wanted).length,
    );
    expect(sizes).toEqual([4, 4, 5, 4]);
    const domains = await azure.call('GET', `${servicePath(CLOUD)}/updateDomains`);
    expect(asList(domains.body.value).map((each) => asObject(each).name)).toEqual(['0', '1']);
    const plain = await azure.call('GET', `${servicePath(CLOUD)}/roleInstances/WebRole_IN_0`);
    expect(plain.text).not.toContain('instanceView');
  });

  test('in mode Manual an update waits for each domain to be walked', async () => {
    expect(await azure.settled(await azure.put('2.0.0'))).toMatchObject({ status: 'Succeeded' });
    expect(azure.versions()).toEqual([['1.0.0'], ['1.0.0']]);
    expect(await azure.statuses()).toContain('CurrentUpgradeDomain/0');
    expect(await azure.settled(await azure.walk(0))).toMatchObject({ status: 'Succeeded' });
    expect(azure.versions()).toEqual([['2.0.0'], ['1.0.0']]);
    expect(await azure.statuses()).toEqual(
      expect.arrayContaining(['CurrentUpgradeDomain/1', 'MaxUpgradeDomain/1']),
    );
    await azure.settled(await azure.walk(1));
    expect(azure.versions()).toEqual([['2.0.0'], ['2.0.0']]);
    expect(await azure.statuses()).toContain('CurrentUpgradeDomain/-1');
    expect(azure.versions(STAGE)).toEqual([['1.0.0'], ['1.0.0']]);
  });

  test('the package before, walked again, brings updated instances back and leaves the others alone', async () => {
    await azure.settled(await azure.put('2.0.0'));
    await azure.settled(await azure.walk(0));
    const stopped: string[] = [];
    azure.compute.onChange(({ state, updateDomain }) => {
      if (state === 'stopping') stopped.push(String(updateDomain));
    });
    await azure.settled(await azure.put('1.0.0'));
    await azure.settled(await azure.walk(1));
    await azure.settled(await azure.walk(0));
    expect(azure.versions()).toEqual([['1.0.0'], ['1.0.0']]);
    expect(stopped).toEqual(Array.from({ length: 9 }, () => '0'));
  });

  test('in mode Auto the domains are walked one after the other', async () => {
    const stopped: string[] = [];
    azure.compute.onChange(({ state, updateDomain }) => {
      if (state === 'stopping') stopped.push(String(updateDomain));
    });
    await azure.settled(await azure.put('2.0.0', { mode: 'Auto' }));
    expect(azure.versions()).toEqual([['2.0.0'], ['2.0.0']]);
    expect(stopped.join('')).toBe('0'.repeat(9) + '1'.repeat(8));
  });

  test('in mode Auto a version that breaks is stuck in the first domain, and an update over the top unsticks it', async () => {
    expect(await azure.settled(await azure.put('3.0.0', { mode: 'Auto' }))).toMatchObject({
      status: 'Failed',
      error: { message: expect.stringContaining('upgrade domain 0') },
    });
    expect(azure.versions()).toEqual([['3.0.0'], ['1.0.0']]);
    expect(await azure.read()).toMatchObject({ provisioningState: 'Failed' });
    expect(await azure.settled(await azure.put('2.0.0', { mode: 'Auto' }))).toMatchObject({
      status: 'Succeeded',
    });
    expect(azure.versions()).toEqual([['2.0.0'], ['2.0.0']]);
  });

  test('a walk ends though its instances never start, and each of them says so', async () => {
    await azure.settled(await azure.put('4.0.0'));
    expect(await azure.settled(await azure.walk(0))).toMatchObject({ status: 'Succeeded' });
    const view = (name: string) =>
      azure.call('GET', `${servicePath(CLOUD)}/roleInstances/${name}/instanceView`);
    expect((await view('WebRole_IN_0')).body).toMatchObject({
      platformUpdateDomain: 0,
      statuses: [{ code: 'RoleState/RoleStateStarting' }],
    });
    expect((await view('WebRole_IN_1')).body).toMatchObject({
      statuses: [{ code: 'RoleState/RoleStateStarted' }],
    });
  });

  test('an instance that breaks is Busy', async () => {
    azure.compute.setWorking(`${servicePath(CLOUD)}/roles/WebRole`, 'WebRole_IN_3', false);
    const { body } = await azure.call('GET', `${servicePath(CLOUD)}/instanceView`);
    expect(asObject(body.roleInstance).statusesSummary).toEqual(
      expect.arrayContaining([
        { code: 'RoleState/RoleStateBusy', count: 1 },
        { code: 'RoleState/RoleStateStarted', count: 16 },
      ]),
    );
  });

  test.each([
    ['2.2.0', {}, 'upgrade domain count'],
    ['5.0.0', {}, 'could not be downloaded'],
    ['2.0.0', { capacity: 4 }, 'allowModelOverride'],
    ['2.0.0', { partner: null }, 'SwappableCloudService'],
    ['2.0.0', { counts: { WebRole: 8, OtherRole: 1 } }, 'OtherRole'],
  ] as const)('an update to %s %j is refused in place', async (version, wanted, why) => {
    const refused = await azure.put(version, wanted);
    expect([refused.status, refused.message]).toEqual([400, expect.stringContaining(why)]);
    expect(await azure.read()).toMatchObject({ provisioningState: 'Succeeded' });
    expect(azure.versions()).toEqual([['1.0.0'], ['1.0.0']]);
  });

  test('local storage grows in place, and does not shrink again', async () => {
    await azure.settled(await azure.put('2.1.0'));
    expect((await azure.put('1.0.0')).message).toContain('cannot be decreased');
  });

  test('more instances come at once and are spread; more than the quota has are refused', async () => {
    await azure.settled(await azure.put('1.0.0', { counts: { WebRole: 11, WorkerRole: 9 } }));
    const web = azure.compute.instances(`${servicePath(CLOUD)}/roles/WebRole`);
    expect(web.map(({ updateDomain }) => updateDomain).join('')).toBe('01010101010');
    const refused = await azure.put('1.0.0', { counts: { WebRole: 60, WorkerRole: 9 } });
    expect(refused).toMatchObject({
      status: 409,
      code: 'OperationNotAllowed',
      message: expect.stringContaining('exceeding quota limits of Core'),
    });
    await azure.settled(await azure.put('1.0.0', { counts: { WebRole: 2, WorkerRole: 9 } }));
    expect(azure.compute.instances(`${servicePath(CLOUD)}/roles/WebRole`)).toHaveLength(2);
  });

  test('an operation that fails leaves the instances as they are, and another may follow', async () => {
    await azure.settled(await azure.put('2.0.0'));
    azure.faults.add({
      at: 'arm PUT .*/updateDomains/0',
      fault: { kind: 'operation-fails', code: 'InternalExecutionError', message: 'Not today.' },
    });
    expect(await azure.settled(await azure.walk(0))).toMatchObject({
      status: 'Failed',
      error: { code: 'InternalExecutionError', message: 'Not today.' },
    });
    expect(await azure.read()).toMatchObject({ provisioningState: 'Failed' });
    expect(azure.versions()).toEqual([['1.0.0'], ['1.0.0']]);
    await azure.settled(await azure.walk(0));
    expect(azure.versions()).toEqual([['2.0.0'], ['1.0.0']]);
  });

  test('instances are restarted by name; one there is none of is not found', async () => {
    const restarted: string[] = [];
    azure.compute.onChange(({ state, name }) => {
      if (state === 'starting') restarted.push(name);
    });
    const path = `${servicePath(CLOUD)}/restart`;
    await azure.settled(await azure.call('POST', path, { roleInstances: ['WebRole_IN_2'] }));
    expect(restarted).toEqual(['WebRole_IN_2']);
    expect((await azure.call('POST', path, { roleInstances: ['WebRole_IN_99'] })).code).toBe(
      'ResourceNotFound',
    );
    expect((await azure.call('POST', path, {})).status).toBe(400);
    expect((await azure.walk(2)).code).toBe('ResourceNotFound');
  });

  test.each([
    ['more than tags', { tags: {}, location: 'x' }, 'BadRequest'],
    ['a tag that is no text', { tags: { lease: null } }, 'InvalidRequestContent'],
    ['a tag that is too long', { tags: { lease: 'x'.repeat(257) } }, 'InvalidTagValue'],
    [
      'too many tags',
      { tags: Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`tag-${at}`, 'x'])) },
      'InvalidTagCount',
    ],
  ])('a patch with %s is refused', async (_, body, code) => {
    const refused = await azure.call('PATCH', servicePath(CLOUD), body);
    expect([refused.status, refused.code]).toEqual([400, code]);
  });

  test('a patch leaves no tag that it does not name', async () => {
    await azure.settled(
      await azure.call('PATCH', servicePath(CLOUD), { tags: { lease: 'run-1', team: 'orders' } }),
    );
    await azure.settled(await azure.call('PATCH', servicePath(CLOUD), { tags: { lease: 'run-2' } }));
    expect((await azure.call('GET', servicePath(CLOUD))).body.tags).toEqual({ lease: 'run-2' });
  });

  test('a patch changes tags and nothing else', async () => {
    const patched = await azure.call('PATCH', servicePath(CLOUD), { tags: { lease: 'run-1' } });
    expect([patched.status, patched.body.tags]).toEqual([200, { lease: 'run-1' }]);
    const refused = await azure.call('PATCH', servicePath(CLOUD), { properties: { upgradeMode: 'Auto' } });
    expect(refused.status).toBe(400);
  });

  test('is created with its instances, and deleted with them', async () => {
    const created = await azure.put('1.0.0', {
      service: 'contoso-new',
      partner: null,
      counts: { WebRole: 2 },
    });
    expect(created.status).toBe(201);
    await azure.settled(created);
    const role = `${servicePath('contoso-new')}/roles/WebRole`;
    expect(azure.compute.request(role)).toMatchObject({ kind: 'answered', version: '1.0.0' });
    await azure.settled(await azure.call('DELETE', servicePath('contoso-new')));
    expect(azure.compute.request(role)).toEqual({ kind: 'refused' });
    expect((await azure.call('GET', servicePath('contoso-new'))).code).toBe('ResourceNotFound');
    expect((await azure.call('DELETE', servicePath('contoso-new'))).status).toBe(204);
  });

  test('nobody may walk it who was not granted that', async () => {
    azure.arm.setGrants('c0ffee00-5d1e-4b6a-9f00-2b7c4d8e9a04', [
      { scope: '/', actions: ['*'], notActions: ['Microsoft.Compute/cloudServices/updateDomains/write'] },
    ]);
    expect((await azure.walk(0)).code).toBe('AuthorizationFailed');
  });
});

test('while one operation works on a service every other is refused, and the domain in flight is down', async () => {
  const azure = await startCloudArm(0.005);
  try {
    await azure.settled(await azure.put('2.0.0'));
    const walk = await azure.walk(0);
    expect(await azure.read()).toMatchObject({ provisioningState: 'Updating' });
    for (const other of [await azure.walk(1), await azure.put('3.0.0')]) {
      expect([other.status, other.code]).toEqual([409, 'OperationNotAllowed']);
    }
    expect(await azure.statuses()).toContain('CurrentUpgradeDomain/0');
    const down = azure.instances().filter(({ inService }) => !inService);
    expect(new Set(down.map(({ updateDomain }) => updateDomain))).toEqual(new Set([0]));
    expect(await azure.settled(walk)).toMatchObject({ status: 'Succeeded' });
    expect(azure.versions()).toEqual([['2.0.0'], ['1.0.0']]);
  } finally {
    await azure.close();
  }
});
