// Guards about who else may change the service: another update, another run, Azure itself, automation.
import { describe } from '@jest/globals';
import { automation } from '../../../src/guards/service/automation.ts';
import { notLocked } from '../../../src/guards/service/not-locked.ts';
import { oneUpdate } from '../../../src/guards/service/one-update.ts';
import { upgradeMode } from '../../../src/guards/service/upgrade-mode.ts';
import { image, uniform } from '../../service/instances.ts';
import {
  except,
  lease,
  minutesAfterNoon,
  record,
  scaleSet,
  scaleSetsConfig,
  serviceConfig,
  WEB_ROLE,
  webRole,
} from './parts.ts';
import { cloudRecord, cloudWorld, halfway, type ServiceWorld, serviceTable } from './world.ts';

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
        roles: [webRole(), webRole({ role: 'worker' })],
        record: record({ roles: ['web', 'worker'] }),
        config: serviceConfig({ walk: { onStuck: 'supersede' } }),
      },
      phase: 'upgrade',
      says: 'update-in-progress',
      telling: ['web and worker'],
      advising: ['walk: {roles: [web, worker]}'],
    },
    {
      when: 'it is one of other roles, which a look chooses as long as it is written down',
      world: {
        ...halfway(),
        config: serviceConfig({
          service: scaleSetsConfig({ roles: ['web', 'worker'].map((name) => ({ ...WEB_ROLE, name })) }),
          walk: { roles: ['worker'] },
        }),
      },
      phase: 'upgrade',
      says: 'update-in-progress',
      telling: ['is one of web, and the configuration chooses worker'],
      advising: ['walk: {roles: [web]}'],
    },
    {
      when: 'it is one of fewer roles, because the others have the version already',
      world: {
        ...halfway(),
        config: serviceConfig({
          service: scaleSetsConfig({ roles: ['web', 'worker'].map((name) => ({ ...WEB_ROLE, name })) }),
        }),
      },
      phase: 'upgrade',
      says: 'pass',
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
      advising: [
        /az tag update --resource-id \S+contoso-web --operation Delete --tags 'rolling-upgrade=fabrikam u9'/,
      ],
    },
    {
      when: 'an application whose name holds a blank goes on with its own',
      world: ofContosoOrders(),
      phase: 'upgrade',
      says: 'pass',
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

function ofContosoOrders(): Partial<ServiceWorld> {
  const application = 'Contoso Orders';
  const { record: before, roles } = halfway();
  const set = scaleSet('contoso-web', {
    model: { ...scaleSet('x').model, image: image('2.0.0') },
    tags: { 'rolling-upgrade': `${application} u1` },
  });
  return {
    config: serviceConfig({ application }),
    record: before && { ...before, application },
    roles: roles.map((role) => ({ ...role, set })),
  };
}

function withImage(version: string): ServiceWorld['roles'] {
  return halfway().roles.map((role) => ({
    ...role,
    set: scaleSet('contoso-web', { model: { ...scaleSet('x').model, image: image(version) } }),
    instances: role.instances.map((instance) =>
      instance.exactVersion === '2.0.0' ? { ...instance, exactVersion: version } : instance,
    ),
  }));
}

describe('not-locked', () => {
  const updating = { roles: [webRole({}, except(uniform(14, 5), { 3: { provisioningState: 'Updating' } }))] };
  serviceTable(notLocked, [
    { when: 'nothing is under way', says: 'pass' },
    {
      when: 'another run has it',
      world: {
        lease: lease(),
        roles: [
          webRole({ set: scaleSet('contoso-web', { tags: { 'rolling-upgrade-lease': 'until=x run=7' } }) }),
        ],
      },
      says: 'locked-by-another-run',
      telling: ['runs/7 has the service', '2026-11-28T12:10:00.000Z at most'],
      advising: [
        /az tag update --resource-id \S+contoso-web --operation Delete --tags 'rolling-upgrade-lease=until=x run=7' --subscription sub$/,
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
