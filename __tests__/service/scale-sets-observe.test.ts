// What is said of an update of real scale sets, from prepared to finished and back, where tags are part of the model and
// Azure calls no instance the latest after each write of the record.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Azure } from '../../src/azure/ports.ts';
import type { ServiceConfig } from '../../src/config/service-config.ts';
import { createServiceHistory } from '../../src/service/history.ts';
import { observeService, type ServiceObservation } from '../../src/service/observe-service.ts';
import type { ServiceContext } from '../../src/service/service-context.ts';
import type { UpdateRecord } from '../../src/service/update-record.ts';
import type { RecordedWalk } from '../../src/service/walk-record.ts';
import {
  configOf,
  type EmbeddedService,
  leaseOf,
  never,
  recordOf,
  role,
  serviceOf,
  startEmbeddedService,
  WEB,
  WEB_SERVICE,
} from './scale-sets-embedded.ts';

const NO_AZURE = new Proxy({} as Azure, {
  get: () => {
    throw new Error('the driver asks Azure, and nobody else');
  },
});
const NO_LOG = { line: () => {}, warning: () => {}, group: () => {}, endGroup: () => {} };

let service: EmbeddedService;
beforeEach(async () => {
  service = await startEmbeddedService();
});
afterEach(() => service.close());

function contextOf(config: ServiceConfig, target = service.target(config)): ServiceContext {
  return {
    config,
    target,
    azure: NO_AZURE,
    clock: service.azure.context.clock,
    log: NO_LOG,
    newUpdateId: 'update-1',
    runUrl: null,
    runId: '1',
    confirm: '',
    domain: null,
    jobEndsAt: null,
    history: createServiceHistory(),
  };
}

const saying = ({ state, progress }: ServiceObservation) => [state, progress.kind, progress.direction];
const domains = ({ progress }: ServiceObservation) => progress.domains.map(({ state }) => state);

/** A run's own steps in short: the record, the model, domains, and what is seen after each. */
async function walkThrough(config: ServiceConfig, knows: 'instances' | 'record') {
  const context = contextOf(config);
  const { target } = context;
  const seen: ServiceObservation[] = [await observeService(context)];
  const look = async () => seen.push(await observeService(context));
  const walk: RecordedWalk[] = [];
  let record: UpdateRecord = recordOf({ ...(await target.models(await target.look())), roles: ['web'] });
  const keep = async () => {
    if (knows === 'record') record = { ...record, walk: [...walk] };
    await target.keep(leaseOf('1'), record);
  };
  const take = async (number: number, to: 'target' | 'previous') => {
    const domain = seen[0]?.spread.domains[number];
    if (domain === undefined) throw new Error(`no domain ${number}`);
    await target.walk(domain, never);
    walk.push({ domain: number, to, state: 'done' });
    await keep();
    await look();
  };
  await keep();
  await look();
  await target.writeModel(record, 'target', never);
  await take(0, 'target');
  await target.writeModel(record, 'previous', never);
  await look();
  await take(0, 'previous');
  await target.writeModel(record, 'target', never);
  for (const number of [0, 1, 2, 3, 4]) await take(number, 'target');
  return { seen, target };
}

const EXPECTED = [
  ['not-prepared', 'not-begun', 'forward'],
  ['prepared', 'not-begun', 'forward'],
  ['in-progress', 'in-progress', 'forward'],
  ['going-back', 'in-progress', 'back'],
  ['prepared', 'not-begun', 'forward'],
  ['in-progress', 'in-progress', 'forward'],
  ['in-progress', 'in-progress', 'forward'],
  ['in-progress', 'in-progress', 'forward'],
  ['in-progress', 'in-progress', 'forward'],
  ['updated', 'done', 'forward'],
];

describe('an update is seen for what it is at every moment', () => {
  test('of an image: by what instances run', async () => {
    const { seen, target } = await walkThrough(WEB_SERVICE, 'instances');
    expect(seen.map(saying)).toEqual(EXPECTED);
    const untouched = ['untouched', 'untouched', 'untouched', 'untouched'];
    expect(seen.map(domains)[2]).toEqual(['updated', ...untouched]);
    expect(seen.map(domains)[4]).toEqual(['untouched', ...untouched]);
    await target.keep(leaseOf('1'), null);
    await target.release(leaseOf('1'));
    const after = await observeService(contextOf(WEB_SERVICE));
    expect([after.state, after.locked.locked]).toEqual(['updated', false]);
  });

  test('of an extension’s settings: by its settings on the instances', async () => {
    const change = { image: null, extensions: { app: { version: null, settings: { script: 'v2' } } } };
    const { seen } = await walkThrough(configOf(serviceOf(role('web', WEB, change))), 'instances');
    expect(seen.map(saying)).toEqual(EXPECTED);
  });

  test('of another image of the same version, which nothing on an instance tells: by the walk', async () => {
    service.azure.arm.compute.addImageVersion({
      group: 'contoso-service',
      gallery: 'contoso',
      image: 'hardened',
      version: '1.0.0',
      location: 'northeurope',
      regions: ['North Europe'],
    });
    const image = (await service.set(WEB)).model.image?.replace('/images/service/', '/images/hardened/');
    const config = configOf(serviceOf(role('web', WEB, { image: image ?? null })));
    const { seen } = await walkThrough(config, 'record');
    // What nobody has written down yet cannot be told of such an update.
    expect(seen.map(saying).slice(1)).toEqual(EXPECTED.slice(1));
  });

  test('of a role that the file names no more: not as if there were nothing to go back from', async () => {
    await service.target(WEB_SERVICE).keep(leaseOf('1'), recordOf());
    const renamed = configOf(serviceOf(role('front', WEB)));
    await expect(observeService(contextOf(renamed))).rejects.toMatchObject({
      reason: 'config-invalid',
      message: expect.stringMatching(
        /update-1, .*is one of web, and the configuration file names no role web/,
      ),
    });
  });

  test('with a lease of another run as locked, by its name; with our own as open', async () => {
    await service.target(WEB_SERVICE).keep(leaseOf('2'), null);
    const { locked } = await observeService(contextOf(WEB_SERVICE));
    expect(locked).toEqual({
      locked: true,
      reasons: ['another run has it: https://github.example/runs/2'],
    });
    const ours = { ...contextOf(WEB_SERVICE), runId: '2' };
    expect((await observeService(ours)).locked.locked).toBe(false);
  });
});
