// The lease of a run and the record of an update on real scale sets: of two runs one wins, and nothing of a record is
// lost or left behind.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UpgradeError } from '../../src/reasons.ts';
import { writeDomainMap } from '../../src/service/domain-map.ts';
import { spreadOverDomains } from '../../src/service/domains.ts';
import { LEASE_TAG, leaseOfTags, MARK_TAG } from '../../src/service/record-tags.ts';
import {
  configOf,
  type EmbeddedService,
  FLEX,
  GROUP,
  leaseOf,
  never,
  recordOf,
  role,
  serviceOf,
  startEmbeddedService,
  TWO_ROLES,
  WEB,
  WEB_SERVICE,
  WORKER,
} from './scale-sets-embedded.ts';

let service: EmbeddedService;
beforeEach(async () => {
  service = await startEmbeddedService();
});
afterEach(() => service.close());

const tagsOf = async (name: string) => (await service.set(name)).tags;
const patch = async (name: string, tags: Record<string, string>) => {
  const set = await service.set(name);
  await service.compute.scaleSets.changeModel(set, { tags });
};

test('a claim leaves the record as it is, whatever the run has seen before', async () => {
  await service.target(TWO_ROLES).keep(leaseOf('1'), recordOf());
  await service.target(TWO_ROLES).release(leaseOf('1'));
  const target = service.target(TWO_ROLES);
  await target.claim(leaseOf('2'));
  expect(await target.look()).toMatchObject({ record: recordOf(), lease: { run: '2' } });
  await expect(service.target(TWO_ROLES).claim(leaseOf('3'))).rejects.toMatchObject({
    reason: 'locked-by-another-run',
  });
});

describe('a lease', () => {
  test('is had by one of two runs that come at once; the other is told who, until when, and what ends it', async () => {
    const [one, two] = [service.target(TWO_ROLES), service.target(TWO_ROLES)];
    const outcomes = await Promise.allSettled([one.keep(leaseOf('1'), null), two.keep(leaseOf('2'), null)]);
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(lost).toHaveLength(1);
    const winner = outcomes[0]?.status === 'fulfilled' ? '1' : '2';
    expect(lost[0]?.reason).toMatchObject({
      reason: 'locked-by-another-run',
      message: expect.stringContaining(`https://github.example/runs/${winner}`),
      advice: expect.arrayContaining([expect.stringMatching(/az tag update .*rolling-upgrade-lease=/)]),
    });
    for (const name of [WEB, WORKER]) expect(leaseOfTags(await tagsOf(name))?.run).toBe(winner);
  });

  test('of a dead run is ended by the command that the refusal prints; one that was renewed meanwhile is not', async () => {
    await service.target(WEB_SERVICE).keep(leaseOf('1'), recordOf());
    const refusal = await service
      .target(WEB_SERVICE)
      .claim(leaseOf('2'))
      .catch((error: UpgradeError) => error);
    const printed = /--resource-id (\S+) --operation Delete --tags '([\w-]+)=([^']*)'/.exec(
      refusal instanceof UpgradeError ? refusal.advice.join('\n') : '',
    );
    const [, id = '', name = '', value = ''] = printed ?? [];
    // What `az tag update` sends.
    const deleted = (tags: Record<string, string>) =>
      service.azure.call('PATCH', `${id}/providers/Microsoft.Resources/tags/default?api-version=2021-04-01`, {
        body: { operation: 'Delete', properties: { tags } },
      });
    await deleted({ [name]: `${value} renewed` });
    await expect(service.target(WEB_SERVICE).claim(leaseOf('2'))).rejects.toMatchObject({
      reason: 'locked-by-another-run',
    });
    await deleted({ [name]: value });
    const next = service.target(WEB_SERVICE);
    await next.claim(leaseOf('2'));
    expect(await next.look()).toMatchObject({ record: recordOf(), lease: { run: '2' } });
  });

  test('that has run out binds nobody, and its run does nothing any more once it is another’s', async () => {
    const [dead, next] = [service.target(WEB_SERVICE), service.target(WEB_SERVICE)];
    await dead.keep(leaseOf('1', { until: new Date(Date.now() - 1).toISOString() }), recordOf());
    await next.keep(leaseOf('2'), recordOf());
    const refused = { reason: 'locked-by-another-run' };
    await expect(dead.writeModel(recordOf(), 'target', never)).rejects.toMatchObject(refused);
    const [domain] = spreadOverDomains((await next.look()).roles, 5).domains;
    if (domain === undefined) throw new Error('no domain');
    await expect(dead.walk(domain, never)).rejects.toMatchObject(refused);
    await expect(dead.hold({ autoscale: [], repairs: [], modes: {} })).resolves.toBeUndefined();
    await expect(dead.keep(leaseOf('1'), recordOf())).rejects.toMatchObject(refused);
    await dead.release(leaseOf('1'));
    expect(leaseOfTags(await tagsOf(WEB))?.run).toBe('2');
  });

  test('that ran out while its run stood still: another run has come and gone, and nothing is written any more', async () => {
    const [stood, next] = [service.target(WEB_SERVICE), service.target(WEB_SERVICE)];
    await stood.keep(leaseOf('1', { until: new Date(Date.now() - 1).toISOString() }), recordOf());
    await next.keep(leaseOf('2'), recordOf());
    await next.keep(leaseOf('2'), null);
    await next.release(leaseOf('2'));
    const before = await tagsOf(WEB);
    const overtaken = { reason: 'overtaken-by-another-run' };
    await expect(stood.keep(leaseOf('1'), recordOf())).rejects.toMatchObject(overtaken);
    await expect(stood.writeModel(recordOf(), 'target', never)).rejects.toMatchObject(overtaken);
    const [domain] = spreadOverDomains((await next.look()).roles, 5).domains;
    if (domain === undefined) throw new Error('no domain');
    await expect(stood.walk(domain, never)).rejects.toMatchObject(overtaken);
    expect(await tagsOf(WEB)).toEqual(before);
    await stood.claim(leaseOf('1'));
    expect(leaseOfTags(await tagsOf(WEB))?.run).toBe('1');
  });

  test('that ran out and that nobody has taken is renewed; one that was written over in its time is written again', async () => {
    const run = service.target(WEB_SERVICE);
    await run.keep(leaseOf('1', { until: new Date(Date.now() - 1).toISOString() }), recordOf());
    await run.keep(leaseOf('1'), recordOf());
    await service.compute.scaleSets.changeModel(await service.set(WEB), {
      tags: Object.fromEntries(Object.keys(await tagsOf(WEB)).map((name) => [name, null])),
    });
    await run.keep(leaseOf('1'), recordOf());
    expect(await run.look()).toMatchObject({ record: recordOf(), lease: { run: '1' } });
  });

  test('is taken over by the same run, renewed, and given back; the record stays', async () => {
    await service.target(TWO_ROLES).keep(leaseOf('1'), recordOf());
    const second = service.target(TWO_ROLES);
    const until = new Date(Date.now() + 1_200_000).toISOString();
    await second.keep(leaseOf('1', { until }), recordOf());
    expect((await second.look()).lease).toMatchObject({ run: '1', until });
    await second.release(leaseOf('1'));
    const look = await second.look();
    expect(look.lease).toBeNull();
    expect(look.record).toEqual(recordOf());
  });

  test('on one set of several keeps others from all of them, and nothing of theirs stays', async () => {
    const workers = configOf(serviceOf(role('worker', WORKER)));
    await service.target(workers).keep(leaseOf('1'), null);
    await patch(WEB, { team: 'orders' });
    await expect(service.target(TWO_ROLES).keep(leaseOf('2'), recordOf())).rejects.toMatchObject({
      reason: 'locked-by-another-run',
    });
    expect(await tagsOf(WEB)).toEqual({ team: 'orders' });
  });

  test('that is lost half-way takes back what it had written', async () => {
    const workers = service.target(configOf(serviceOf(role('worker', WORKER))));
    const { changeModel } = service.compute.scaleSets;
    const target = service.target(TWO_ROLES, {
      // Somebody comes between, just when the first set is written.
      changeModel: async (set, change) => {
        if (set.ref.name === WEB && change.tags?.[LEASE_TAG]) await workers.keep(leaseOf('1'), null);
        return changeModel(set, change);
      },
    });
    await expect(target.keep(leaseOf('2'), recordOf())).rejects.toMatchObject({
      reason: 'locked-by-another-run',
    });
    expect(await tagsOf(WEB)).toEqual({});
    expect(leaseOfTags(await tagsOf(WORKER))?.run).toBe('1');
  });

  test('of another application that is being updated is not passed over', async () => {
    await service.target(WEB_SERVICE).keep(leaseOf('1'), recordOf());
    await service.target(WEB_SERVICE).release(leaseOf('1'));
    const other = { ...WEB_SERVICE, application: 'fabrikam' };
    await expect(
      service.target(other).keep(leaseOf('2', { application: 'fabrikam' }), null),
    ).rejects.toMatchObject({ reason: 'update-in-progress', message: expect.stringContaining('contoso') });
    expect((await service.target(other).look()).record).toBeNull();
  });
});

describe('a record', () => {
  test('is found, and moves, where the configuration has a new first set by now', async () => {
    const { models } = recordOf();
    const record = recordOf({
      roles: ['worker'],
      models: { worker: models.web ?? { previous: {}, target: {} } },
    });
    await service.target(configOf(serviceOf(role('worker', WORKER)))).keep(leaseOf('1'), record);
    const target = service.target(TWO_ROLES);
    expect((await target.look()).record).toEqual(record);
    await target.keep(leaseOf('1'), { ...record, runUrl: 'https://github.example/runs/1' });
    expect((await target.look()).record?.runUrl).toBe('https://github.example/runs/1');
    expect(Object.keys(await tagsOf(WORKER)).toSorted()).toEqual([MARK_TAG, LEASE_TAG]);
    await target.keep(leaseOf('1'), null);
    expect(Object.keys(await tagsOf(WEB))).toEqual([LEASE_TAG]);
    expect(Object.keys(await tagsOf(WORKER))).toEqual([LEASE_TAG]);
  });

  test('stands on the first set, with a mark on each that is updated; without it all is as before', async () => {
    await patch(WORKER, { team: 'orders' });
    const target = service.target(TWO_ROLES);
    const record = recordOf({ roles: ['worker', 'web'] });
    await target.keep(leaseOf('1'), record);
    expect(Object.keys(await tagsOf(WEB))).toEqual(
      expect.arrayContaining([MARK_TAG, LEASE_TAG, 'rolling-upgrade-1']),
    );
    expect(await tagsOf(WORKER)).toEqual({
      team: 'orders',
      [MARK_TAG]: 'contoso update-1',
      [LEASE_TAG]: expect.stringContaining('run=1'),
    });
    expect((await target.look()).record).toEqual(record);
    await target.keep(leaseOf('1'), null);
    await target.release(leaseOf('1'));
    expect(await tagsOf(WEB)).toEqual({});
    expect(await tagsOf(WORKER)).toEqual({ team: 'orders' });
  });

  test('of a role alone leaves the other set without a mark', async () => {
    await service.target(TWO_ROLES).keep(leaseOf('1'), recordOf({ roles: ['web'] }));
    expect(await tagsOf(WORKER)).toEqual({ [LEASE_TAG]: expect.any(String) });
    const { roles } = await service.target(TWO_ROLES).look();
    expect(roles.map(({ role: name, chosen }) => [name, chosen])).toEqual([
      ['worker', false],
      ['web', true],
    ]);
  });

  test.each([10, 60])('keeps where %i Flexible instances stand', async (instances) => {
    service.azure.addFlexible();
    service.azure.arm.compute.quota.setLimit('northeurope', 500);
    await service.azure.arm.compute.setCapacity(FLEX, instances);
    const target = service.target(configOf(serviceOf(role('flex', FLEX))));
    const { domains, map } = spreadOverDomains((await target.look()).roles, 5);
    expect(domains).toHaveLength(5);
    const record = recordOf({ roles: ['flex'], models: {}, map: writeDomainMap(map) });
    await target.keep(leaseOf('1'), record);
    const look = await service.target(configOf(serviceOf(role('flex', FLEX)))).look();
    expect(look.record).toEqual(record);
    expect(look.roles[0]).toMatchObject({ placement: 'virtual', chosen: true });
  });

  test('whose write was answered by nobody is read back, and was kept', async () => {
    service.azure.faults.add({ at: 'arm PATCH .*virtualMachineScaleSets', fault: { kind: 'drop-after' } });
    const target = service.target(WEB_SERVICE);
    await target.keep(leaseOf('1'), recordOf());
    expect((await target.look()).record).toEqual(recordOf());
  });

  test('is kept although somebody else changes the set again and again', async () => {
    let times = 0;
    const { changeModel } = service.compute.scaleSets;
    const target = service.target(WEB_SERVICE, {
      changeModel: async (set, change) => {
        if (times < 2) await service.azure.arm.compute.setCapacity(WEB, 14 + ++times);
        return changeModel(set, change);
      },
    });
    await target.keep(leaseOf('1'), recordOf());
    expect((await target.look()).record).toEqual(recordOf());
    expect((await service.set(WEB)).capacity).toBe(16);
  });

  test('waits for instances that are just being updated: Azure refuses it meanwhile', async () => {
    service.azure.compute.setInstanceBehaviour(service.azure.role, '0', { slowStartMs: 700 });
    const target = service.target(WEB_SERVICE);
    await target.keep(leaseOf('1'), recordOf());
    await target.writeModel(recordOf(), 'target', never);
    const update = service.compute.scaleSets.updateInstances(
      { resourceGroup: GROUP, name: WEB },
      ['0'],
      never,
    );
    while (service.azure.compute.instance(service.azure.role, '0')?.state !== 'starting')
      await service.azure.context.clock.sleep(5);
    await target.keep(leaseOf('1'), recordOf({ walk: [{ domain: 0, to: 'target', state: 'done' }] }));
    expect((await target.look()).record?.walk).toHaveLength(1);
    await update;
  });
});
