// Guards about who else may change the service, and about this run: its update, its lock, its rights, its time.
import { describe } from '@jest/globals';
import { automation } from '../../../src/guards/service/automation.ts';
import { notLocked } from '../../../src/guards/service/not-locked.ts';
import { oneUpdate } from '../../../src/guards/service/one-update.ts';
import { servicePermissions } from '../../../src/guards/service/service-permissions.ts';
import { swapPossible } from '../../../src/guards/service/swap-possible.ts';
import { upgradeMode } from '../../../src/guards/service/upgrade-mode.ts';
import { walkTimeLeft } from '../../../src/guards/service/walk-time-left.ts';
import { image, uniform } from '../../service/instances.ts';
import {
  cloudService,
  cloudServiceConfig,
  except,
  lease,
  minutesAfterNoon,
  record,
  scaleSet,
  serviceConfig,
  webRole,
} from './parts.ts';
import { cloudWorld, halfway, type ServiceWorld, serviceTable, swapWorld } from './world.ts';

const toThree = record({
  models: { web: { previous: { image: image('1.0.0') }, target: { image: image('3.0.0') } } },
});

describe('one-update', () => {
  serviceTable(oneUpdate, [
    { when: 'none is written down', says: 'pass' },
    {
      when: 'it is the one of the configuration',
      world: halfway(),
      phase: 'upgrade',
      says: 'pass',
      telling: ['u1', 'it goes on'],
    },
    {
      when: 'it has another target, and no instance has that',
      world: { record: toThree },
      says: 'update-in-progress',
      telling: ['update u1, begun 2026-11-28', 'no instance has it yet'],
      advising: ['rollback: no instance is touched'],
    },
    {
      when: 'it has another target, and some instances have that',
      world: { ...halfway(), record: toThree, roles: withImage('3.0.0') },
      phase: 'upgrade',
      says: 'update-in-progress',
      telling: ['domains 0 and 1 updated'],
      advising: ['on-stuck: supersede'],
    },
    {
      when: 'it has another target, and may be superseded',
      world: { record: toThree, config: serviceConfig({ walk: { onStuck: 'supersede' } }) },
      phase: 'upgrade',
      says: 'pass',
    },
    {
      when: 'it has another target, and prepare is not what supersedes it',
      world: { record: toThree, config: serviceConfig({ walk: { onStuck: 'supersede' } }) },
      phase: 'prepare',
      says: 'update-in-progress',
    },
    {
      when: 'it is one of other roles',
      world: {
        record: record({ roles: ['web', 'worker'] }),
        config: serviceConfig({ walk: { onStuck: 'supersede' } }),
      },
      phase: 'upgrade',
      says: 'update-in-progress',
      telling: ['web and worker'],
      advising: ['walk: {roles: [web, worker]}'],
    },
    {
      when: 'it is one of another application',
      world: { record: record({ application: 'fabrikam' }) },
      says: 'update-in-progress',
      telling: ['fabrikam'],
    },
    {
      when: 'another application updates one of its scale sets',
      world: {
        roles: [webRole({ set: scaleSet('contoso-web', { tags: { 'rolling-upgrade': 'fabrikam u9' } }) })],
      },
      says: 'update-in-progress',
      telling: ['contoso-web is being updated by application fabrikam (update u9)'],
      advising: [/az tag update --resource-id \S+contoso-web --operation Delete --tags rolling-upgrade/],
    },
    {
      when: 'a cloud service goes on to the same package',
      world: { ...cloudWorld(), record: cloudRecord('digest-2') },
      phase: 'upgrade',
      says: 'pass',
    },
    {
      when: 'a cloud service is to get another package',
      world: { ...cloudWorld(), record: cloudRecord('digest-3') },
      phase: 'upgrade',
      says: 'update-in-progress',
    },
  ]);
});

function withImage(version: string): ServiceWorld['roles'] {
  return halfway().roles.map((role) => ({
    ...role,
    set: scaleSet('contoso-web', { model: { ...scaleSet('x').model, image: image(version) } }),
    instances: role.instances.map((instance) =>
      instance.exactVersion === '2.0.0' ? { ...instance, exactVersion: version } : instance,
    ),
  }));
}

function cloudRecord(target: string) {
  const cloud = { previous: 'digest-1', target, standing: 'previous' as const };
  return record({ roles: ['WebRole', 'WorkerRole'], models: {}, cloud });
}

describe('not-locked', () => {
  const updating = { roles: [webRole({}, except(uniform(14, 5), { 3: { provisioningState: 'Updating' } }))] };
  serviceTable(notLocked, [
    { when: 'nothing is under way', says: 'pass' },
    {
      when: 'another run has it',
      world: { lease: lease() },
      says: 'locked-by-another-run',
      telling: ['runs/7 has the service', '2026-11-28T12:10:00.000Z at most'],
      advising: [
        /az tag update --resource-id \S+contoso-web --operation Delete --tags rolling-upgrade-lease/,
      ],
    },
    {
      when: 'its time is over',
      world: { lease: lease({ until: minutesAfterNoon(-1).toISOString() }) },
      says: 'pass',
    },
    { when: 'it is this run', world: { lease: lease({ run: 'contoso/service/8' }) }, says: 'pass' },
    {
      when: 'an operation is under way',
      world: { provisioningState: 'Updating' },
      says: 'service-busy',
      telling: ['an operation on contoso-web is under way (Updating)'],
      advising: ['az vmss show -g contoso-service -n contoso-web --query provisioningState'],
    },
    {
      when: 'Azure itself upgrades it',
      world: { platformUpgrade: { code: 'RollingForward', startedAt: null } },
      says: 'service-busy',
      advising: ['az vmss rolling-upgrade cancel -g contoso-service -n contoso-web'],
    },
    { when: 'an instance is being changed', world: updating, says: 'service-busy', telling: ['web/3'] },
    {
      when: 'an instance is being changed by what a killed run has told Azure',
      world: {
        ...halfway(),
        roles: halfway().roles.map((role) => ({
          ...role,
          instances: except(role.instances, { 2: { provisioningState: 'Updating' } }),
        })),
      },
      phase: 'upgrade',
      says: 'pass',
      telling: ['web/2', 'the walk waits for it'],
    },
    {
      when: 'the same before a swap, which would break the service',
      world: { ...halfway(), provisioningState: 'Updating' },
      phase: 'switch',
      says: 'service-busy',
    },
  ]);
});

describe('upgrade-mode', () => {
  const mode = (upgradeMode: 'Automatic' | 'Rolling' | null) => ({
    roles: [webRole({ set: scaleSet('contoso-web', { upgradeMode }) })],
  });
  serviceTable(upgradeMode, [
    { when: 'it is Manual', says: 'pass' },
    { when: 'a Flexible set names none', world: mode(null), says: 'pass' },
    {
      when: 'it is Automatic',
      world: mode('Automatic'),
      says: 'pass',
      telling: ['Manual while the update lasts, and Automatic again'],
    },
    {
      when: 'a rolling upgrade of the platform was stopped in the middle',
      world: { ...mode('Rolling'), platformUpgrade: { code: 'Faulted', startedAt: null } },
      says: 'service-busy',
      telling: ['Faulted'],
      advising: ['az vmss update -g contoso-service -n contoso-web --set upgradePolicy.mode=Manual'],
    },
  ]);
});

describe('automation', () => {
  const held = { autoscale: ['contoso-web-autoscale'], repairs: ['web'], modes: {} };
  serviceTable(automation, [
    { when: 'nothing is on', says: 'pass', telling: ['nothing is on'] },
    {
      when: 'two things are on',
      world: { held },
      says: 'pass',
      telling: ['to be held', 'contoso-web-autoscale', 'automatic repairs of web'],
    },
    {
      when: 'they are held already',
      world: { ...halfway(), record: record({ held }) },
      says: 'pass',
      telling: ['held already', 'contoso-web-autoscale'],
    },
  ]);
});

describe('azure-permissions', () => {
  const lacking = (...lacked: string[]): Pick<ServiceWorld, 'missingActions'> => ({
    missingActions: (_, actions) => actions.filter((action) => lacked.includes(action)),
  });
  const UPDATE = 'Microsoft.Compute/virtualMachineScaleSets/manualupgrade/action';
  const ON_MACHINES = 'Microsoft.Compute/virtualMachines/read';
  serviceTable(servicePermissions, [
    {
      when: 'everything is granted',
      says: 'pass',
      telling: ['scale set contoso-web', 'gallery contoso', 'resource group contoso-service'],
    },
    {
      when: 'instances may not be updated, before upgrade',
      world: lacking(UPDATE),
      phase: 'upgrade',
      says: 'azure-permission-missing',
      telling: [`missing on scale set contoso-web: ${UPDATE}`],
      advising: ['docs/permissions.md', /az role assignment create .*--scope \S+contoso-web/],
    },
    {
      when: 'instances may not be updated, before prepare',
      world: lacking(UPDATE),
      phase: 'prepare',
      says: 'pass',
    },
    {
      when: 'the record may not be written, before prepare',
      world: lacking('Microsoft.Compute/virtualMachineScaleSets/write'),
      phase: 'prepare',
      says: 'azure-permission-missing',
    },
    { when: 'machines of a Uniform set may not be read', world: lacking(ON_MACHINES), says: 'pass' },
    {
      when: 'machines of a Flexible set may not be read',
      world: {
        ...lacking(ON_MACHINES),
        roles: [webRole({ set: scaleSet('contoso-flex', { orchestration: 'Flexible' }) })],
      },
      says: 'azure-permission-missing',
      telling: ['resource group contoso-service'],
    },
    {
      when: 'a swap goes back too, before it is done',
      world: { ...swapWorld(), ...lacking('Microsoft.Network/cloudServiceSlots/write') },
      phase: 'switch',
      says: 'azure-permission-missing',
      telling: ['cloud service contoso-cloud:', 'cloud service contoso-cloud-stage:'],
    },
    {
      when: 'nothing may be swapped, and nothing is to be',
      world: { ...cloudWorld(), ...lacking('Microsoft.Network/cloudServiceSlots/write') },
      phase: 'upgrade',
      says: 'pass',
    },
    { when: 'Azure does not tell', world: { missingActions: () => null }, says: 'not-knowable' },
  ]);
});

describe('swap-possible', () => {
  serviceTable(swapPossible(cloudServiceConfig(), 'contoso-cloud-stage'), [
    {
      when: 'they are partners in two slots',
      world: swapWorld(),
      says: 'pass',
      telling: ['contoso-cloud-stage: Staging'],
    },
    {
      when: 'none names the other',
      world: swapWorld({ swappableWith: null }),
      says: 'change-not-possible',
      telling: ['swappableCloudService'],
      advising: [/networkProfile\.swappableCloudService\.id = \S+contoso-cloud/],
    },
    {
      when: 'the second one is not there',
      world: cloudWorld(),
      says: 'resource-not-found',
      telling: ['contoso-cloud-stage in contoso-service'],
    },
    {
      when: 'both are in one slot',
      world: swapWorld({ slotType: 'Production' }),
      says: 'change-not-possible',
    },
    { when: 'Azure does not tell the slot', world: swapWorld({ slotType: null }), says: 'not-knowable' },
    {
      when: 'only the first names the second',
      world: {
        ...swapWorld(),
        cloudServices: [
          cloudService('contoso-cloud', { swappableWith: cloudService('CONTOSO-cloud-stage').id }),
          cloudService('contoso-cloud-stage', { slotType: 'Staging' }),
        ],
      },
      says: 'pass',
    },
  ]);
});

describe('time-left', () => {
  // 5 domains: a minute for the platform, one to start, three looks 10 s apart; and 5 minutes besides.
  serviceTable(walkTimeLeft, [
    {
      when: 'the job lasts',
      says: 'pass',
      telling: ['5 domains take about 12 min 30 s, and 3 h 45 min at most'],
    },
    {
      when: 'the job ends before',
      world: { jobEndsAt: minutesAfterNoon(17) },
      says: 'time-left-too-short',
      telling: ['the job is ended in 17 min'],
      advising: ['at least 18 for this step', 'domain: next'],
    },
    {
      when: 'one domain is walked',
      world: { jobEndsAt: minutesAfterNoon(8), domain: 'next' },
      says: 'pass',
      telling: ['1 domain takes'],
    },
    {
      when: 'mode manual walks one too',
      world: { jobEndsAt: minutesAfterNoon(8), config: serviceConfig({ walk: { mode: 'manual' } }) },
      says: 'pass',
    },
    {
      when: 'two domains are behind',
      world: { ...halfway(), jobEndsAt: minutesAfterNoon(13) },
      says: 'pass',
      telling: ['3 domains'],
    },
    {
      when: 'the credential lapses before',
      world: { credentialExpiresAt: minutesAfterNoon(10) },
      says: 'time-left-too-short',
      telling: ['the credential lapses in 10 min'],
      advising: ['id-token: write'],
    },
    { when: 'nobody tells when the job ends', world: { jobEndsAt: null }, says: 'not-knowable' },
  ]);
});
