// Guards about what the update changes: the change itself, its two versions, and what they need.
import { describe } from '@jest/globals';
import { changePossible } from '../../../src/guards/service/change-possible.ts';
import { quota } from '../../../src/guards/service/quota.ts';
import { versionExists } from '../../../src/guards/service/version-exists.ts';
import { versionPinned } from '../../../src/guards/service/version-pinned.ts';
import { wholeService } from '../../../src/guards/service/whole-service.ts';
import { changeOf } from '../../../src/service/change.ts';
import { image, model } from '../../service/instances.ts';
import {
  cloudService,
  cloudServiceConfig,
  record,
  scaleSet,
  scaleSetsConfig,
  serviceConfig,
  webRole,
} from './parts.ts';
import { cloudWorld, halfway, serviceTable, swapWorld } from './world.ts';

const changing = (...changes: ReturnType<typeof changeOf>[]) => ({ changes: { changes, notKnowable: [] } });
const onModel = (...args: Parameters<typeof model>) => ({
  roles: [webRole({ set: scaleSet('contoso-web', { model: model(...args) }) })],
});
const targeting = (target: string) => {
  const [role] = scaleSetsConfig().roles;
  if (!role) throw new Error('no role');
  const change = { image: target, size: null, extensions: {} };
  return serviceConfig({ service: scaleSetsConfig({ roles: [{ ...role, change }] }) });
};
const PLATFORM = 'Canonical:ubuntu-24_04-lts:server';

describe('change-possible', () => {
  serviceTable(changePossible, [
    {
      when: 'a new image of the same gallery',
      says: 'pass',
      telling: ['web: image 1.0.0 → 2.0.0 (in-place-with-reimage)'],
    },
    { when: 'the model has the image, and nothing is written down', world: onModel('2.0.0'), says: 'pass' },
    {
      when: 'the update is under way',
      world: halfway(),
      says: 'pass',
      telling: ['web: image 1.0.0 → 2.0.0'],
    },
    {
      when: 'an image of the marketplace follows one of a gallery',
      world: { config: targeting(`${PLATFORM}:24.04.202611100`) },
      says: 'change-not-possible',
      telling: ['(redeploy)', 'Publisher and offer of an image'],
      advising: ['beside this one'],
    },
    {
      when: 'an extension is not there',
      world: changing(changeOf('web', 'extension-missing', 'extension app, which is not there')),
      says: 'change-not-possible',
      telling: ['extension app, which is not there'],
      advising: ['az vmss extension list -g contoso-service --vmss-name contoso-web'],
    },
    {
      when: 'a cloud service needs a swap',
      world: { ...cloudWorld(), ...changing(changeOf(null, 'domain-count', 'domains 2 → 5')) },
      says: 'change-not-possible',
      advising: ['switch: {method: swap}'],
    },
    {
      when: 'endpoints change, which a swap cannot bring',
      world: { ...swapWorld(), ...changing(changeOf(null, 'endpoints', 'endpoint 8080 added')) },
      says: 'change-not-possible',
      advising: ['switch: {method: in-place}'],
    },
    {
      when: 'two changes are refused: both are told',
      world: changing(
        changeOf('web', 'image-publisher', 'image a → b'),
        changeOf('worker', 'role-name', 'role named anew'),
      ),
      says: 'change-not-possible',
      telling: ['web: image a → b', 'worker: role named anew'],
    },
    {
      when: 'what a package changes inside is shown by nobody',
      world: {
        ...cloudWorld(),
        changes: { changes: [changeOf(null, 'code', 'package')], notKnowable: ['a', 'b'] },
      },
      says: 'not-knowable',
      telling: ['package (in-place); 2 effects of it cannot be known beforehand'],
    },
  ]);
});

describe('version-pinned', () => {
  serviceTable(versionPinned, [
    { when: 'both are exact', says: 'pass', telling: ['web: 1.0.0 and 2.0.0'] },
    {
      when: 'the image before is the latest of the marketplace',
      world: { ...onModel('1.0.0', { image: `${PLATFORM}:latest` }), config: targeting(`${PLATFORM}:2.0.0`) },
      says: 'version-not-pinned',
      telling: ['web (contoso-web) runs', 'nothing says what to go back to'],
      advising: [
        'az vmss list-instances -g contoso-service -n contoso-web',
        'az vmss update -g contoso-service -n contoso-web --set virtualMachineProfile.storageProfile.imageReference.version=VERSION',
      ],
    },
    {
      when: 'the image before is whatever the gallery has',
      world: onModel('1.0.0', { image: image('x').replace('/versions/x', '') }),
      says: 'version-not-pinned',
      advising: [/imageReference\.id=\/subscriptions\/.*\/images\/service\/versions\/VERSION/],
    },
    {
      when: 'the new one is no exact version',
      world: { config: targeting(`${PLATFORM}:latest`), ...onModel('1.0.0', { image: `${PLATFORM}:1.0.0` }) },
      says: 'version-not-pinned',
      telling: ['is to run'],
      advising: ['configuration file'],
    },
    {
      when: 'the model names no image',
      world: { ...onModel('1.0.0', { image: null }) },
      says: 'not-knowable',
    },
    { when: 'the packages of a cloud service are named', world: cloudWorld(), says: 'pass' },
    {
      when: 'the model has the new version already, and what was before is written down unpinned',
      world: {
        ...halfway(),
        record: record({
          models: { web: { previous: { image: `${PLATFORM}:latest` }, target: { image: image('2.0.0') } } },
        }),
      },
      says: 'version-not-pinned',
    },
  ]);
});

describe('version-exists', () => {
  const missing = (lacks: Partial<Record<'target' | 'previous', string[]>>) => ({
    missing: { target: [], previous: [], ...lacks },
  });
  serviceTable(versionExists, [
    { when: 'both are there', says: 'pass' },
    {
      when: 'the new image has no replica in the region',
      world: missing({ target: ['Image 2.0.0 is not there, or has no replica in North Europe.'] }),
      says: 'resource-not-found',
      telling: ['Image 2.0.0 is not there, or has no replica in North Europe'],
      advising: ['replica'],
    },
    {
      when: 'the image before was deleted',
      world: missing({ previous: ['Image 1.0.0 is not there.'] }),
      says: 'resource-not-found',
      telling: ['there would be no way back', 'Image 1.0.0 is not there'],
      advising: ['keep it until the update is finished'],
    },
  ]);
});

describe('quota', () => {
  const need = (more: number, used = 100) => ({ more, usage: { used, limit: 140 } });
  serviceTable(quota, [
    { when: 'the sizes stay', says: 'pass' },
    {
      when: 'larger ones fit',
      world: { cores: { target: need(40), previous: need(0) } },
      says: 'pass',
      telling: ['needs 40 more cores, and 40 are left'],
    },
    {
      when: 'larger ones do not fit',
      world: { cores: { target: need(41), previous: need(0) } },
      says: 'quota-exceeded',
      telling: ['the new version needs 41 more cores; 100 of 140 are in use, so 40 are left'],
      advising: [/^Free 1 core,/, 'az vm list-usage -l northeurope -o table'],
    },
    {
      when: 'smaller ones free what the way back needs',
      world: { cores: { target: need(-28), previous: need(0) } },
      says: 'pass',
      telling: ['frees 28 cores', 'a rollback is not possible'],
    },
    {
      when: 'the way back does not fit any more',
      world: { ...halfway(), cores: { target: need(0, 130), previous: need(20, 130) } },
      says: 'quota-exceeded',
      telling: ['the version before needs 20 more cores'],
    },
    {
      when: 'cores cannot be compared',
      world: { cores: { target: null, previous: null } },
      says: 'not-knowable',
    },
  ]);
});

describe('whole-service', () => {
  serviceTable(wholeService(cloudServiceConfig()), [
    { when: 'all roles are walked', world: cloudWorld(), says: 'pass', telling: ['WebRole and WorkerRole'] },
    {
      when: 'one is left out',
      world: cloudWorld({}, { roles: ['WebRole'] }),
      says: 'change-not-possible',
      telling: ['walk.roles leaves out WorkerRole'],
      advising: ['Leave walk.roles out'],
    },
    {
      when: 'Azure does not show the service',
      world: { ...cloudWorld(), cloudServices: [] },
      says: 'not-knowable',
    },
  ]);
  const onlyWeb = cloudServiceConfig();
  serviceTable(wholeService({ ...onlyWeb, roles: onlyWeb.roles.slice(0, 1) }), [
    {
      when: 'the service has a role that the configuration does not name',
      world: cloudWorld(),
      says: 'config-invalid',
      telling: ['contoso-cloud also has WorkerRole', 'without a look at its health'],
      advising: ['WebRole and WorkerRole'],
    },
    {
      when: 'a role is written otherwise, which Azure does not mind',
      world: {
        ...cloudWorld(),
        cloudServices: [
          cloudService('contoso-cloud', { roles: [{ name: 'webrole', skuName: 'S', capacity: 1 }] }),
        ],
      },
      says: 'pass',
    },
  ]);
});
