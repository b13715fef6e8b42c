// Where an update stands, from one look: states, versions of an update that was written over, and what is asked for.
import { describe, expect, test } from '@jest/globals';
import { asksForAnother, observeService, rollbackAllowedNow } from '../../src/service/observe-service.ts';
import {
  back,
  begin,
  contextOf,
  errorOf,
  forward,
  goOn,
  prepare,
  type Scene,
  scene,
  upgrade,
} from '../steps/domains/rolling.ts';

const observe = (at: Scene) => observeService(contextOf(at));
const stateOf = async (at: Scene) => (await observe(at)).state;

describe('the state of an update', () => {
  test('follows the walk', async () => {
    const at = scene();
    expect(await stateOf(at)).toBe('not-prepared');
    await prepare(at);
    expect(await stateOf(at)).toBe('prepared');
    await goOn(at, 0);
    expect(await stateOf(at)).toBe('in-progress');
    await goOn(at);
    expect(await stateOf(at)).toBe('updated');
  });

  test('is prepared as long as no instance has the new version, though the model has it', async () => {
    const at = scene();
    await prepare(at);
    const { plan } = await begin(at);
    await forward(at, plan.upgrade.slice(0, 2));
    expect([at.service.roles[0]?.model, await stateOf(at)]).toEqual(['2.0.0', 'prepared']);
  });

  test('is going back once the model was put back under updated instances', async () => {
    const at = scene();
    await upgrade(at, 0);
    const { plan } = await begin(at);
    at.service.onCall = (call) => {
      if (call === 'walk') throw new Error('killed');
    };
    await back(at, plan.whole);
    at.service.onCall = () => {};
    expect(await stateOf(at)).toBe('going-back');
  });

  test('is not known where instances run a version that is neither', async () => {
    const at = scene();
    await prepare(at);
    const [first] = at.service.roles[0]?.machines ?? [];
    if (first) first.version = '0.9.0';
    const { state, progress } = await observe(at);
    expect([state, progress.kind, progress.instances.other]).toEqual(['unknown', 'mixed', ['web/0']]);
  });
});

describe('an update that was written over another one', () => {
  /** Domain 0 has 2.0.0, domain 1 was stuck with it; then 2.0.1 is written over it, and its walk cut off. */
  async function superseded(): Promise<Scene> {
    const at = scene({ walk: { onStuck: 'supersede' } });
    at.service.behaviourOf = (key, version) =>
      version === '2.0.0' && key === 'web/1' ? 'unhealthy' : 'good';
    errorOf(await upgrade(at));
    at.service.wanted = '2.0.1';
    at.service.onCall = (call) => {
      if (call === 'walk') throw new Error('killed');
    };
    await goOn(at);
    at.service.onCall = () => {};
    return at;
  }

  test('is in progress: instances with the version that was given up are ours, and are walked', async () => {
    const at = await superseded();
    const { state, progress, versions } = await observe(at);
    expect([state, progress.kind]).toEqual(['in-progress', 'in-progress']);
    expect(progress.instances.unknown).toHaveLength(6);
    expect(versions.get('web/0')?.evidence).toContain('the update that this one is written over');
  });

  test('may be rolled back', async () => {
    const at = await superseded();
    expect(await rollbackAllowedNow(contextOf(at), await observe(at))).toEqual({
      allowed: true,
      refusals: [],
    });
  });

  test('is asked for no longer once the configuration names a third version', async () => {
    const at = await superseded();
    const { look } = await observe(at);
    expect(await asksForAnother(contextOf(at), look)).toBe(false);
    at.service.wanted = '2.0.2';
    expect(await asksForAnother(contextOf(at), look)).toBe(true);
  });

  test('killed before its model was written: the one that stands is ours, and it goes on', async () => {
    const at = scene({ walk: { onStuck: 'supersede' } });
    await upgrade(at, 0);
    at.service.wanted = '2.0.1';
    at.service.onCall = (call) => {
      if (call === 'model') throw new Error('killed');
    };
    await goOn(at);
    at.service.onCall = () => {};
    const { standing, progress } = await observe(at);
    expect([standing.get('web'), progress.kind]).toEqual(['superseded', 'in-progress']);
    expect((await goOn(at)).kind).toBe('completed');
    expect(new Set(Object.values(at.service.versions()))).toEqual(new Set(['2.0.1']));
  });
});
