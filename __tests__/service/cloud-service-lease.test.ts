// Who has a cloud service: there are no ETags, so that a run that was written over has to notice it.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { leaseOfTags, tagOfLease } from '../../src/service/record-tags.ts';
import { CLOUD, leaseOf, STAGE, servicePath, startCloudService } from './cloud-service-embedded.ts';

let cloud: Awaited<ReturnType<typeof startCloudService>>;
beforeEach(async () => {
  cloud = await startCloudService();
});
afterEach(() => cloud.azure.close());

const holderOf = async (name = CLOUD) => leaseOfTags((await cloud.read(name)).tags)?.run ?? null;
const give = async (lease: Parameters<typeof tagOfLease>[0]) =>
  cloud.compute.cloudServices.writeTags(await cloud.read(), tagOfLease(lease));
const long = { timeout: 20_000 };

describe('a lease', () => {
  test('is taken, renewed by the same run, and given back; the record stays', async () => {
    const { target, prepare } = cloud.run();
    await prepare();
    const later = leaseOf('run-1', { until: '2099-01-01T00:00:00.000Z' });
    await cloud.run().target.claim(later);
    await expect(target.look()).resolves.toMatchObject({ lease: later, record: { updateId: 'update-1' } });
    await target.release(later);
    await expect(target.look()).resolves.toMatchObject({ lease: null, record: { updateId: 'update-1' } });
  });

  test('of another run that is alive is refused, and nothing is written', async () => {
    await give(leaseOf('other'));
    const before = await cloud.read();
    await expect(cloud.run().prepare()).rejects.toMatchObject({
      reason: 'locked-by-another-run',
      message: expect.stringContaining('https://github.example/runs/other has cloud service contoso-cloud'),
      advice: expect.arrayContaining([expect.stringMatching(/az tag update .*rolling-upgrade-lease=/)]),
    });
    await expect(cloud.read()).resolves.toEqual(before);
  });

  test('of another run that is dead is taken over when its time is over', async () => {
    await give(leaseOf('dead', { until: new Date(Date.now() - 1_000).toISOString() }));
    await cloud.run().prepare();
    await expect(holderOf()).resolves.toBe('run-1');
  });

  test('is not given back by a run that has it no more', async () => {
    const { target, prepare } = cloud.run();
    await prepare();
    await give(leaseOf('other'));
    await target.release(leaseOf('run-1'));
    await expect(holderOf()).resolves.toBe('other');
  });

  test('that ran out while its run stood still: another run has come and gone, and nothing is written any more', async () => {
    const { target, prepare } = cloud.run();
    await prepare();
    const record = (await target.look()).record;
    await target.keep(leaseOf('run-1', { until: new Date(Date.now() - 1).toISOString() }), record);
    const other = leaseOf('other');
    const { target: next } = cloud.run();
    await next.claim(other);
    await next.keep(other, null);
    await next.release(other);
    const before = await cloud.read();
    const overtaken = { reason: 'overtaken-by-another-run' };
    await expect(target.keep(leaseOf('run-1'), record)).rejects.toMatchObject(overtaken);
    await expect(cloud.read()).resolves.toEqual(before);
    await target.claim(leaseOf('run-1'));
    await expect(holderOf()).resolves.toBe('run-1');
  });

  test('that ran out and that nobody has taken is renewed', async () => {
    const { target, prepare } = cloud.run();
    await prepare();
    const { record } = await target.look();
    await target.keep(leaseOf('run-1', { until: new Date(Date.now() - 1).toISOString() }), record);
    await target.keep(leaseOf('run-1'), record);
    await expect(holderOf()).resolves.toBe('run-1');
  });

  test('an update of another application is not written over', async () => {
    await cloud.run().prepare();
    const theirs = leaseOf('run-1', { application: 'fabrikam' });
    await expect(cloud.run().target.keep(theirs, null)).rejects.toMatchObject({
      reason: 'update-in-progress',
      message: expect.stringContaining('contoso'),
    });
  });
});

describe('two runs at once', () => {
  test('one has it, the other one is told', async () => {
    const runs = ['run-1', 'run-2', 'run-3'].map((id) => cloud.run({}, { id }));
    const taken = await Promise.allSettled(runs.map(({ keep }) => keep(null)));
    const won = taken.flatMap(({ status }, at) => (status === 'fulfilled' ? [`run-${at + 1}`] : []));
    expect(won).toEqual([await holderOf()]);
    for (const one of taken) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ reason: 'locked-by-another-run' });
    }
  }, 20_000);

  test(
    'the one that looked first and wrote last wins; the one that was written over does nothing any more',
    async () => {
      const early = await cloud.read();
      let isOver = false;
      const clock = {
        ...systemClock,
        // The pause after the lease was written: what another run had looked at before it is written now.
        sleep: async (ms: number, signal?: AbortSignal) => {
          if (ms === 1_000 && !isOver && (await holderOf()) === 'run-1') {
            isOver = true;
            const { tags, ...rest } = await cloud.read();
            await cloud.compute.cloudServices.writeTags(
              { ...rest, tags },
              { ...early.tags, ...tagOfLease(leaseOf('late')) },
            );
          }
          return systemClock.sleep(ms, signal);
        },
      };
      const { target, prepare, write } = cloud.run({}, { clock });
      await expect(prepare()).rejects.toMatchObject({ reason: 'locked-by-another-run' });
      expect(isOver).toBe(true);
      const record = (await target.look()).record;
      if (record === null) throw new Error('the record was not written');
      await expect(write('target')).rejects.toMatchObject({ reason: 'locked-by-another-run' });
      await expect(
        target.walk({ number: 0, instances: [] }, new AbortController().signal),
      ).rejects.toMatchObject({
        reason: 'locked-by-another-run',
      });
      expect(cloud.azure.versions()).toEqual([['1.0.0'], ['1.0.0']]);
    },
    long.timeout,
  );

  test('a tag that was changed between the look and the write is not lost', async () => {
    const { prepare } = cloud.run();
    let writes = 0;
    cloud.faults.onCall((call) => {
      if (/^arm PATCH/i.test(call)) writes++;
    });
    const stale = await cloud.read();
    await cloud.compute.cloudServices.writeTags(stale, { team: 'orders' });
    await expect(cloud.compute.cloudServices.writeTags(stale, { team: 'other' })).rejects.toMatchObject({
      status: 412,
    });
    expect(writes).toBe(1);
    await prepare();
    await expect(cloud.read()).resolves.toMatchObject({ tags: { team: 'orders' } });
  });
});

describe('what would scale the service', () => {
  test('is held while it is updated and given back, unless somebody has changed it', async () => {
    const name = cloud.addAutoscale(`${servicePath(CLOUD)}/roles/WebRole`);
    cloud.addAutoscale(`${servicePath(STAGE)}/roles/WebRole`);
    cloud.addAutoscale(`${servicePath(CLOUD)}/roles/WorkerRole`, false);
    const { target } = cloud.run();
    const held = await target.findAutomation(await target.look());
    expect(target.describeHeld(held)).toEqual([expect.stringContaining(name)]);
    await target.hold(held);
    await expect(target.findAutomation(await target.look())).resolves.toMatchObject({ autoscale: [] });
    await target.giveBack(held);
    await expect(target.findAutomation(await target.look())).resolves.toEqual(held);
  });

  test('is held of both services where they are swapped', async () => {
    for (const service of [CLOUD, STAGE]) cloud.addAutoscale(`${servicePath(service)}/roles/WebRole`);
    const { target } = cloud.run({ swaps: true });
    const { autoscale } = await target.findAutomation(await target.look());
    expect(autoscale).toHaveLength(2);
  });
});
