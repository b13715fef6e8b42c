// The driver of cloud services: a version is written, walked domain by domain and taken back, whoever is killed when.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  CLOUD,
  cscfg,
  domain,
  leaseOf,
  never,
  SIGNATURE,
  servicePath,
  startCloudService,
} from './cloud-service-embedded.ts';

let cloud: Awaited<ReturnType<typeof startCloudService>>;
const start = async (pace: number | null = null) => {
  cloud = await startCloudService(pace);
};
afterEach(() => cloud.azure.close());

describe('an update in place', () => {
  beforeEach(() => start());

  test('begins with nothing written down, and every instance as it was', async () => {
    const run = cloud.run();
    const { look, spread, state, progress, locked } = await run.observe();
    expect(look).toMatchObject({ record: null, lease: null, usersOn: null });
    expect(look.roles.map(({ role, instances }) => [role, instances.length])).toEqual([
      ['WebRole', 8],
      ['WorkerRole', 9],
    ]);
    expect(spread.domains.map(({ instances }) => instances.length)).toEqual([9, 8]);
    expect([state, progress.kind, locked.locked]).toEqual(['not-prepared', 'not-begun', false]);
    const { changes } = await run.target.changes(look);
    expect(changes.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['code', 'setting-values']));
    await expect(run.target.missing(await run.target.models(look), 'target')).resolves.toEqual([]);
    await expect(run.target.missing(await run.target.models(look), 'previous')).resolves.toEqual([]);
  });

  test('writes the version without touching an instance, then one domain, then the other', async () => {
    const run = cloud.run();
    await run.prepare();
    await expect(run.observe()).resolves.toMatchObject({ state: 'prepared' });
    await run.write('target');
    expect(cloud.azure.versions()).toEqual([['1.0.0'], ['1.0.0']]);
    await run.walk(0, 'target');
    expect(cloud.azure.versions()).toEqual([['2.0.0'], ['1.0.0']]);
    const between = await run.observe();
    expect(between).toMatchObject({ state: 'in-progress', progress: { direction: 'forward' } });
    expect(between.progress.domains.map(({ state }) => state)).toEqual(['updated', 'untouched']);
    await run.walk(1, 'target');
    expect(cloud.azure.versions()).toEqual([['2.0.0'], ['2.0.0']]);
    await expect(run.observe()).resolves.toMatchObject({ state: 'updated' });
  });

  test('that is finished is known to be, in a later run too, and to the next update what runs', async () => {
    const first = cloud.run();
    await first.prepare();
    await first.write('target');
    await first.walk(0, 'target');
    await first.walk(1, 'target');
    await first.keep(null);
    const later = await cloud.run({}, { id: 'run-2' }).observe();
    expect([later.state, later.look.record]).toEqual(['updated', null]);
    const next = cloud.run({ from: '2.0.0', to: '3.0.0' }, { id: 'run-2' });
    const { state, look } = await next.observe();
    expect(state).toBe('not-prepared');
    await expect(next.target.missing(await next.target.models(look), 'previous')).resolves.toEqual([]);
    const wrong = cloud.run({ from: '1.0.0', to: '3.0.0' });
    const missing = await wrong.target.missing(
      await wrong.target.models(await wrong.target.look()),
      'previous',
    );
    expect(missing).toEqual([
      expect.stringContaining('"previous-package" names another package'),
      expect.stringContaining('"previous-configuration" has to name'),
    ]);
  });

  test('goes back: the untouched domain is left alone', async () => {
    const run = cloud.run();
    await run.prepare();
    await run.write('target');
    await run.walk(0, 'target');
    const touched = new Set<number | null>();
    const before = cloud.azure.instances();
    cloud.azure.compute.onChange(() => {
      for (const { state, updateDomain } of cloud.azure.instances())
        if (state !== 'running') touched.add(updateDomain);
    });
    await run.write('previous');
    await expect(run.observe()).resolves.toMatchObject({ state: 'going-back' });
    await run.walk(0, 'previous');
    expect(cloud.azure.versions()).toEqual([['1.0.0'], ['1.0.0']]);
    expect([...touched]).toEqual([0]);
    expect(cloud.azure.instances()).toHaveLength(before.length);
    await expect(run.observe()).resolves.toMatchObject({ progress: { kind: 'not-begun' } });
    await run.keep(null);
    await expect(run.observe()).resolves.toMatchObject({ state: 'not-prepared' });
  });

  test('whose local resources grew has no way back, and says so', async () => {
    const run = cloud.run({ to: '2.1.0' });
    await run.prepare();
    await run.write('target');
    await run.walk(0, 'target');
    await expect(run.write('previous')).rejects.toMatchObject({
      reason: 'rollback-not-allowed',
      message: expect.stringMatching(/cannot be decreased.*local resources larger/),
    });
    await expect(run.observe()).resolves.toMatchObject({ state: 'in-progress' });
  });

  test('keeps what others have written in tags, and leaves nothing secret there', async () => {
    await cloud.compute.cloudServices.writeTags(await cloud.read(), { team: 'orders', old: 'x' });
    const run = cloud.run();
    await run.prepare();
    await run.write('target');
    const { tags } = await cloud.read();
    expect(tags).toMatchObject({ team: 'orders', old: 'x' });
    expect(JSON.stringify(tags)).not.toContain(SIGNATURE);
    await run.keep(null);
    const left = Object.keys((await cloud.read()).tags);
    expect(left.toSorted()).toEqual(['old', 'rolling-upgrade-lease', 'rolling-upgrade-version', 'team']);
  });

  test('killed between the write and the record of it: the next run finds both', async () => {
    const killed = cloud.run();
    await killed.prepare();
    await killed.write('target');
    const next = cloud.run({}, { id: 'run-2' });
    const { look, standing } = await next.observe();
    expect(look.record?.cloud?.standing).toBe('target');
    expect([...standing.values()]).toEqual(['target', 'target']);
  });

  test('an answer that is lost is read back: the write came through', async () => {
    const run = cloud.run();
    await run.prepare();
    cloud.faults.add({ at: 'arm PUT .*cloudServices/contoso-cloud$', fault: { kind: 'drop-after' } });
    await run.write('target');
    await expect(run.observe()).resolves.toMatchObject({
      look: { record: { cloud: { standing: 'target' } } },
    });
    cloud.faults.add({ at: 'arm PUT .*updateDomains/0$', fault: { kind: 'drop-after' } });
    await run.walk(0, 'target');
    expect(cloud.azure.versions()).toEqual([['2.0.0'], ['1.0.0']]);
  });

  test('a configuration that somebody else has written is not taken for one of the two', async () => {
    const run = cloud.run();
    await run.prepare();
    await cloud.updateTo('3.0.0');
    const { standing, progress } = await run.observe();
    expect([...standing.values()]).toEqual(['other', 'other']);
    expect(progress.kind).toBe('mixed');
  });

  test('an instance count that autoscale has changed is no other configuration', async () => {
    const run = cloud.run();
    await run.prepare();
    const roleId = `${servicePath(CLOUD)}/roles/WebRole`;
    cloud.addAutoscale(roleId);
    await cloud.azure.arm.insights.autoscale(roleId, 10);
    const { standing, state } = await run.observe();
    expect([...standing.values()]).toEqual(['previous', 'previous']);
    expect(state).toBe('prepared');
  });

  test('instances that autoscale has added are there while the update lasts, and on the way back', async () => {
    const run = cloud.run();
    const roleId = `${servicePath(CLOUD)}/roles/WebRole`;
    cloud.addAutoscale(roleId);
    await cloud.azure.arm.insights.autoscale(roleId, 12);
    const { look } = await run.observe();
    const { changes } = await run.target.changes(look);
    expect(changes.map(({ kind }) => kind)).not.toContain('instance-count');
    await run.prepare();
    const held = await run.target.findAutomation(look);
    await run.keep({ ...(await run.recorded()), held });
    await run.target.hold(held);
    for (const version of ['target', 'previous'] as const) {
      await run.write(version);
      const { look: now, standing } = await run.observe();
      expect(now.roles.map(({ instances }) => instances.length)).toEqual([12, 9]);
      expect([...standing.values()]).toEqual([version, version]);
    }
    await run.write('target');
    await run.target.giveBack(held);
    await run.keep(null);
    await expect(run.observe()).resolves.toMatchObject({ state: 'updated' });
  });

  test('autoscale is not switched on by a run that has lost the service to another one', async () => {
    cloud.addAutoscale(`${servicePath(CLOUD)}/roles/WebRole`);
    const [dead, next] = [cloud.run(), cloud.run({}, { id: 'run-2' })];
    await dead.keep(null);
    await dead.target.keep(leaseOf('run-1', { until: new Date(Date.now() - 1).toISOString() }), null);
    const held = await dead.target.findAutomation(await dead.target.look());
    await dead.target.hold(held);
    await next.keep(null);
    await expect(dead.target.giveBack(held)).rejects.toMatchObject({ reason: 'locked-by-another-run' });
    await expect(next.target.findAutomation(await next.target.look())).resolves.toMatchObject({
      autoscale: [],
    });
  });

  test('written over another one that was given up: what stands is neither, and is ours', async () => {
    const first = cloud.run({ to: '3.0.0' });
    await first.prepare();
    await first.write('target');
    const second = cloud.run({ to: '2.0.0' });
    const record = await second.recorded();
    const { cloud: wanted } = await second.target.models(await second.target.look());
    if (record.cloud === null || wanted === null) throw new Error('no cloud service');
    await second.keep({ ...record, cloud: { ...record.cloud, target: wanted.target, standing: 'previous' } });
    const over = await second.observe();
    expect([...over.standing.values()]).toEqual(['superseded', 'superseded']);
    await second.write('target');
    expect([...(await second.observe()).standing.values()]).toEqual(['target', 'target']);
    await second.write('previous');
    expect([...(await second.observe()).standing.values()]).toEqual(['previous', 'previous']);
  });
});

describe('files of a version', () => {
  beforeEach(() => start());
  const missing = async (version: 'target' | 'previous', update: Parameters<typeof cloud.run>[0] = {}) => {
    const { target } = cloud.run(update);
    return target.missing(await target.models(await target.look()), version);
  };

  test('that cannot be read are named', async () => {
    cloud.files.set(cscfg('2.0.0'), 'no xml');
    await expect(missing('target')).resolves.toEqual([
      'service/2.0.0.cscfg cannot be read, or is no service configuration (.cscfg).',
    ]);
    cloud.files.delete(cscfg('1.0.0'));
    await expect(missing('previous')).resolves.toEqual([expect.stringContaining('service/1.0.0.cscfg')]);
  });

  test('without the configuration before there is no way back where the new one differs', async () => {
    const alone = { changes: { previousConfigurationFile: null } };
    await expect(missing('previous', alone)).resolves.toEqual([
      expect.stringMatching(/^service\/2\.0\.0\.cscfg is not the configuration .*"previous-configuration"/),
    ]);
    cloud.files.set(cscfg('2.0.0'), cloud.files.get(cscfg('1.0.0')) ?? '');
    await expect(missing('previous', alone)).resolves.toEqual([]);
  });

  test('a role that the configuration has not is named', async () => {
    const roles = [{ name: 'Third', minimumHealthy: { kind: 'count', count: 1 } as const }];
    await expect(missing('target', { changes: { roles } })).resolves.toEqual([
      'service/2.0.0.cscfg has no role Third.',
    ]);
  });

  test('that were changed since the update began are not written: neither forward nor back', async () => {
    const run = cloud.run();
    await run.prepare();
    cloud.files.set(cscfg('2.0.0'), (cloud.files.get(cscfg('2.0.0')) ?? '').replace('2.0.0', '2.0.1'));
    await expect(run.write('target')).rejects.toMatchObject({ reason: 'update-in-progress' });
    cloud.files.set(cscfg('1.0.0'), cloud.files.get(cscfg('3.0.0')) ?? '');
    await expect(run.write('previous')).rejects.toMatchObject({
      reason: 'rollback-not-allowed',
      message: expect.stringContaining('"previous-configuration"'),
    });
    expect((await cloud.read()).configuration).toContain('1.0.0');
  });

  test('a package that Azure refuses is told without its signature', async () => {
    const run = cloud.run({ to: '9.9.9', changes: { configurationFile: cscfg('2.0.0') } });
    await run.prepare();
    const error: unknown = await run.write('target').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'AzureError', status: 400 });
    expect(String(error)).not.toContain(SIGNATURE);
  });

  test('cores are reckoned by the instances of each: a scale-down has to be able to go back', async () => {
    cloud.files.set(cscfg('2.0.0'), (cloud.files.get(cscfg('2.0.0')) ?? '').replace('"8"', '"4"'));
    const { target } = cloud.run();
    const look = await target.look();
    const models = await target.models(look);
    const [there, back] = await Promise.all(
      (['target', 'previous'] as const).map((version) => target.cores(look, models, version)),
    );
    expect([there?.more, back?.more]).toEqual([-8, 0]);
  });
});

describe('while a domain is walked', () => {
  beforeEach(() => start(0.02));

  test('the state of its instances is not taken for one after the walk; when it is done it is', async () => {
    const run = cloud.run();
    await run.prepare();
    await run.write('target');
    await run.mark(0, 'target', 'begun');
    const healthOf = async (target = run.target) => {
      const { roles } = await target.look();
      const of = (number: number) =>
        roles.flatMap(({ instances }) => instances).filter(({ updateDomain }) => updateDomain === number);
      return [0, 1].map((number) => of(number).every(({ healthAt }) => healthAt !== null));
    };
    const begunAt = Date.now();
    const walking = run.target.walk(domain(0), never);
    await expect(healthOf()).resolves.toEqual([false, true]);
    // Of a run that was killed, as long as Azure is busy with what it has begun.
    await untilBusy();
    await expect(healthOf(cloud.run({}, { id: 'run-2' }).target)).resolves.toEqual([false, true]);
    await walking;
    await expect(healthOf()).resolves.toEqual([true, true]);
    const { roles } = await run.target.look();
    const times = roles.flatMap(({ instances }) => instances.map(({ healthAt }) => healthAt?.getTime() ?? 0));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(begunAt);
  });

  const untilBusy = async () => {
    while ((await cloud.read()).provisioningState !== 'Updating') await cloud.azure.clock.sleep(5);
  };

  test('another run waits for the end of it, and goes on', async () => {
    const killed = cloud.run();
    await killed.prepare();
    await killed.write('target');
    await killed.mark(0, 'target', 'begun');
    const stop = new AbortController();
    const cut = killed.target.walk(domain(0), stop.signal);
    await untilBusy();
    stop.abort(new Error('killed'));
    await expect(cut).rejects.toThrow();
    const next = cloud.run();
    // A tag is not taken either, as long as Azure is busy.
    await next.keep(await next.recorded());
    expect(cloud.azure.versions()).toEqual([['2.0.0'], ['1.0.0']]);
    await next.target.walk(domain(0), never);
    await next.mark(0, 'target', 'done');
    expect(cloud.azure.versions()).toEqual([['2.0.0'], ['1.0.0']]);
  });
});
