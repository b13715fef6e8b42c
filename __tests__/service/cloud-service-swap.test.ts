// Which of two cloud services is updated, and the swap of their addresses.
import { afterEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import {
  CLOUD,
  type CloudRun,
  leaseOf,
  never,
  STAGE,
  servicePath,
  startCloudService,
} from './cloud-service-embedded.ts';

let cloud: Awaited<ReturnType<typeof startCloudService>>;
const start = async (pace: number | null = null) => {
  cloud = await startCloudService(pace);
};
afterEach(() => cloud.azure.close());

const swaps = { swaps: true };
const users = () => cloud.behind(CLOUD)?.split('/').at(-3);

/** The staging service has the new version; users are on the other one. */
async function upgraded() {
  const run = cloud.run(swaps);
  await run.prepare();
  await run.write('target');
  await run.walk(0, 'target');
  await run.walk(1, 'target');
  return run;
}

const swapOf = async ({ target }: Pick<CloudRun, 'target'>) => {
  if (target.swap === null) throw new Error('nothing to swap');
  await target.swap(never);
};

/** A clock on which a day is as short as a moment. */
const hurried = { ...systemClock, sleep: (_: number, signal?: AbortSignal) => systemClock.sleep(5, signal) };

describe('with a swap', () => {
  test('the service that users are not on is updated, and they come to it at once; swapped back they are where they were', async () => {
    await start();
    expect(cloud.run().target.swap).toBeNull();
    const run = await upgraded();
    expect(cloud.azure.versions(STAGE)).toEqual([['2.0.0'], ['2.0.0']]);
    expect(cloud.azure.versions(CLOUD)).toEqual([['1.0.0'], ['1.0.0']]);
    await expect(run.observe()).resolves.toMatchObject({ state: 'upgraded', look: { usersOn: 'other' } });
    expect(users()).toBe(CLOUD);
    await swapOf(run);
    expect(users()).toBe(STAGE);
    await expect(run.observe()).resolves.toMatchObject({ state: 'switched', look: { usersOn: 'this' } });
    const back = cloud.run(swaps);
    await back.keep(await back.recorded());
    await swapOf(back);
    expect(users()).toBe(CLOUD);
    await expect(run.observe()).resolves.toMatchObject({ state: 'upgraded' });
    // Nothing is left that would hold others up.
    await run.target.release(leaseOf('run-1'));
    await cloud.run(swaps, { id: 'run-2' }).keep(await run.recorded());
  }, 20_000);

  test('after it the next update is of the other one', async () => {
    await start();
    const run = await upgraded();
    await swapOf(run);
    await run.keep(null);
    const { look, state } = await cloud.run({ ...swaps, to: '3.0.0' }).observe();
    expect(look.roles[0]?.resource).toBe(CLOUD);
    expect([state, look.usersOn]).toEqual(['not-prepared', 'other']);
  }, 20_000);

  test('both have the lease, and another run is refused by either', async () => {
    await start();
    await cloud.run(swaps).prepare();
    for (const name of [CLOUD, STAGE])
      expect((await cloud.read(name)).tags['rolling-upgrade-lease']).toContain('run=run-1');
    await expect(cloud.run({}, { id: 'run-2' }).prepare()).rejects.toMatchObject({
      reason: 'locked-by-another-run',
    });
  });

  test('it is not begun while an operation on either service is under way', async () => {
    await start(0.02);
    const run = cloud.run(swaps);
    await run.prepare();
    const writing = cloud.azure.settled(await cloud.azure.put('1.0.0', { service: CLOUD, partner: STAGE }));
    await expect(swapOf(run)).rejects.toMatchObject({
      reason: 'service-busy',
      message: expect.stringContaining('contoso-cloud is under way'),
    });
    await expect(writing).resolves.toMatchObject({ status: 'Succeeded' });
    expect(users()).toBe(CLOUD);
  }, 20_000);

  test('an answer that is lost is read back: they were swapped, once', async () => {
    await start(0.02);
    const run = cloud.run(swaps);
    await run.prepare();
    cloud.faults.add({ at: 'arm PUT .*cloudServiceSlots/swap', fault: { kind: 'drop-after' }, times: null });
    await swapOf(run);
    expect(users()).toBe(STAGE);
    cloud.faults.clear();
    // It may still be under way for all that this run knows: nothing is written, which would break both services.
    await expect(run.target.release(leaseOf('run-1'))).rejects.toMatchObject({ reason: 'service-busy' });
    await expect(swapOf(run)).rejects.toMatchObject({ reason: 'service-busy' });
    expect(users()).toBe(STAGE);
  }, 30_000);

  test('one that Azure refuses leaves everything as it was, and nothing that holds others up', async () => {
    await start();
    const run = await upgraded();
    await cloud.azure.compute.stop(`${servicePath(CLOUD)}/roles/WorkerRole`, 'WorkerRole_IN_4');
    await expect(swapOf(run)).rejects.toMatchObject({ name: 'AzureError', status: 409 });
    expect(users()).toBe(CLOUD);
    await run.target.release(leaseOf('run-1'));
    await cloud.azure.compute.start(`${servicePath(CLOUD)}/roles/WorkerRole`, 'WorkerRole_IN_4');
    await swapOf(run);
    expect(users()).toBe(STAGE);
  }, 20_000);

  test('killed in the middle of it: whoever comes next writes nothing to the two until it is over', async () => {
    await start(0.05);
    const killed = cloud.run(swaps);
    await killed.prepare();
    const stop = new AbortController();
    cloud.faults.onCall((call) => {
      if (/PUT .*cloudServiceSlots/.test(call)) setTimeout(() => stop.abort(new Error('killed')), 20);
    });
    await expect(killed.target.swap?.(stop.signal)).rejects.toThrow();
    const next = cloud.run(swaps, { clock: hurried });
    await expect(next.target.release(leaseOf('run-1'))).rejects.toMatchObject({ reason: 'service-busy' });
    const deadline = Date.now() + 10_000;
    while (users() === CLOUD && Date.now() < deadline) await systemClock.sleep(20);
    expect(users()).toBe(STAGE);
    for (const name of [CLOUD, STAGE])
      await expect(cloud.read(name)).resolves.toMatchObject({ provisioningState: 'Succeeded' });
  }, 30_000);
});
