// Guards about the instances: how many, where, how they are, and what they run.
import { describe } from '@jest/globals';
import type { ServiceInstance } from '../../../src/azure/ports/compute.ts';
import type { Minimum } from '../../../src/config/service-config.ts';
import { domainsKnown } from '../../../src/guards/service/domains-known.ts';
import { healthTold } from '../../../src/guards/service/health-told.ts';
import { instancesAlike } from '../../../src/guards/service/instances-alike.ts';
import { instancesHealthy } from '../../../src/guards/service/instances-healthy.ts';
import { minimumReachable } from '../../../src/guards/service/minimum-reachable.ts';
import { protectedInstances } from '../../../src/guards/service/protected-instances.ts';
import { twoInstances } from '../../../src/guards/service/two-instances.ts';
import { flexible, model, uniform } from '../../service/instances.ts';
import { except, record, scaleSet, serviceConfig, webRole } from './parts.ts';
import { cloudWorld, halfway, serviceTable, swapWorld } from './world.ts';

const having = (instances: readonly ServiceInstance[], minimum?: Minimum) => ({
  roles: [webRole(minimum ? { minimum } : {}, instances)],
});
const but = (changes: Readonly<Record<string, Partial<ServiceInstance>>>, minimum?: Minimum) =>
  having(except(uniform(14, 5), changes), minimum);
const count = (number: number): Minimum => ({ kind: 'count', count: number });
const accepting = { config: serviceConfig({ walk: { acceptDowntime: true } }) };

describe('two-instances', () => {
  serviceTable(twoInstances, [
    { when: 'there are many', says: 'pass', telling: ['14 instances in 5 domains'] },
    {
      when: 'there is one',
      world: having(uniform(1, 5)),
      says: 'single-instance',
      telling: ['web (contoso-web) has 1 instance: it would be down'],
      advising: ['accept-downtime', 'az vmss scale -g contoso-service -n contoso-web --new-capacity 2'],
    },
    {
      when: 'there is one, and downtime is accepted',
      world: { ...having(uniform(1, 5)), ...accepting },
      says: 'pass',
      telling: ['it is down while'],
    },
    {
      when: 'two stand in one domain',
      world: having(uniform(2, 1)),
      says: 'single-instance',
      telling: ['2 instances, all in domain 0'],
      advising: ['--new-capacity 3'],
    },
    {
      when: 'a cloud service has one of a role',
      world: { ...cloudWorld(), roles: [webRole({ role: 'WebRole', set: null }, uniform(1, 2))] },
      says: 'single-instance',
      advising: ['.cscfg', 'switch: {method: swap}'],
    },
    {
      when: 'one of two roles has one, and only the other is updated',
      world: { roles: [webRole(), webRole({ role: 'worker', chosen: false }, uniform(1, 5))] },
      says: 'pass',
    },
    { when: 'there is none', world: having([]), says: 'pass' },
    {
      when: 'there is one, on the service that users are not on',
      world: { ...swapWorld(), roles: [webRole({ role: 'WebRole', set: null }, uniform(1, 2))] },
      says: 'pass',
    },
  ]);
});

describe('domains-known', () => {
  serviceTable(domainsKnown, [
    {
      when: 'Azure tells all',
      says: 'pass',
      telling: ['web (contoso-web): 3, 3, 3, 3, 2 in 5 domains from 0 on'],
    },
    {
      when: 'they are virtual',
      world: { roles: [webRole({ placement: 'virtual' }, flexible(10))] },
      says: 'pass',
      telling: ['2, 2, 2, 2, 2 in 5 domains', 'made by this action'],
    },
    {
      when: 'one tells none',
      world: but({ 7: { updateDomain: null } }),
      says: 'domains-unknown',
      telling: ['web/7 stands is not told'],
      advising: ['az vmss get-instance-view -g contoso-service -n contoso-web --instance-id 7'],
    },
    {
      when: 'a role instance of a cloud service tells none',
      world: {
        ...cloudWorld(),
        roles: [
          webRole({ role: 'WebRole', set: null }, except(uniform(4, 2), { 1: { updateDomain: null } })),
        ],
      },
      says: 'domains-unknown',
      telling: ['WebRole/1'],
    },
  ]);
});

describe('minimum-reachable', () => {
  serviceTable(minimumReachable, [
    { when: 'it is a share', says: 'pass', telling: ['100 %'] },
    { when: 'it is as many as there are', world: having(uniform(14, 5), count(14)), says: 'pass' },
    {
      when: 'it is more',
      world: having(uniform(14, 5), count(15)),
      says: 'config-invalid',
      telling: ['needs 15 healthy instances, and has 14'],
      advising: ['minimum-healthy to 14 or fewer'],
    },
  ]);
});

describe('health-told', () => {
  const silent = uniform(14, 5).map((instance) => ({ ...instance, health: 'none' as const }));
  serviceTable(healthTold, [
    { when: 'all tell it', says: 'pass' },
    {
      when: 'nothing tells it',
      world: { roles: [webRole({ tellsHealth: false }, silent)] },
      says: 'health-not-told',
      telling: ['nobody would know when the next domain may be walked'],
      advising: [
        /az vmss extension set -g contoso-service --vmss-name contoso-web -n ApplicationHealthLinux .*--settings '\{"protocol"/,
        'az vmss update-instances -g contoso-service -n contoso-web',
      ],
    },
    {
      when: 'the model has the extension, and no instance has got it',
      world: having(silent),
      says: 'health-not-told',
      telling: ['they have not got that model'],
      advising: ['az vmss update-instances -g contoso-service -n contoso-web --instance-ids 0 1 2'],
    },
    {
      when: 'one does not tell it yet',
      world: but({ 3: { health: 'none' } }),
      says: 'pass',
      telling: ['all but 3'],
    },
    {
      when: 'a cloud service does not tell it',
      world: { ...cloudWorld(), roles: [webRole({ role: 'WebRole', set: null, tellsHealth: false })] },
      says: 'health-not-told',
    },
    {
      when: 'it is a role that stays as it is',
      world: { roles: [webRole(), webRole({ role: 'worker', chosen: false, tellsHealth: false })] },
      says: 'pass',
    },
  ]);
});

describe('instances-healthy', () => {
  serviceTable(instancesHealthy, [
    { when: 'all are', says: 'pass', telling: ['14 of 14 in service'] },
    {
      when: 'some are not',
      world: but({
        3: { health: 'unhealthy' },
        7: { health: 'unhealthy' },
        9: { powerState: 'stopped' },
        11: { provisioningState: 'Failed', powerState: 'unknown' },
      }),
      says: 'production-unhealthy',
      telling: ['10 of 14 in service', '3 and 7: unhealthy', '9: stopped', '11: could not be provisioned'],
      advising: [
        'set minimum-healthy of web to 10',
        'az vmss restart -g contoso-service -n contoso-web --instance-ids 3 7 9 11',
      ],
    },
    {
      when: 'one is not, and the minimum allows for it',
      world: but({ 3: { health: 'unhealthy' } }, { kind: 'percent', percent: 90 }),
      says: 'pass',
      telling: ['13 of 14 in service; 3: unhealthy; minimum-healthy asks for 13'],
    },
    {
      when: 'none is: the update may be what mends it',
      world: having(uniform(14, 5).map((instance) => ({ ...instance, health: 'unhealthy' as const }))),
      says: 'pass',
      telling: ['nothing can be taken away from users'],
    },
    {
      when: 'the update is under way',
      world: {
        ...halfway(),
        roles: halfway().roles.map((role) => ({
          ...role,
          instances: except(role.instances, { 0: { health: 'unhealthy' } }),
        })),
      },
      says: 'pass',
      telling: ['13 of 14', 'the walk itself waits'],
    },
    {
      when: 'nothing tells the health of those that run',
      world: { roles: [webRole({ tellsHealth: false })] },
      says: 'not-knowable',
    },
    {
      when: 'they are of the service that users are not on',
      world: {
        ...swapWorld(),
        roles: [
          webRole({ role: 'WebRole', set: null }, except(uniform(4, 2), { 0: { health: 'unhealthy' } })),
        ],
      },
      says: 'pass',
      telling: ['3 of 4 in service'],
    },
  ]);
});

describe('instances-alike', () => {
  const others = { 3: { exactVersion: '0.9.0' }, 4: { exactVersion: '0.9.0' } };
  serviceTable(instancesAlike, [
    { when: 'all run the version before', says: 'pass' },
    { when: 'the update is under way', world: halfway(), says: 'pass', telling: ['domains 0 and 1 updated'] },
    {
      when: 'two run another one',
      world: but(others),
      says: 'instances-differ',
      telling: ['web/3 (image version 0.9.0) and web/4'],
      advising: ['az vmss update-instances -g contoso-service -n contoso-web --instance-ids 3 4'],
    },
    {
      when: 'some have the new version, and no update is written down',
      world: { ...halfway(), roles: [webRole({}, halfway().roles[0]?.instances)], record: null },
      says: 'instances-differ',
      telling: ['no update is written down', 'web/0'],
    },
    {
      when: 'somebody else has changed the model meanwhile',
      world: {
        record: record(),
        roles: [webRole({ set: scaleSet('contoso-web', { model: model('9.0.0') }) })],
      },
      says: 'instances-differ',
      telling: ['somebody else has changed the model of web'],
      advising: [
        /az vmss update -g contoso-service -n contoso-web --set virtualMachineProfile\.\S+\.id=\S+versions\/1\.0\.0/,
      ],
    },
  ]);
});

describe('protected-instances', () => {
  serviceTable(protectedInstances, [
    { when: 'none is', says: 'pass' },
    {
      when: 'two are',
      world: but({ 3: { isProtected: true }, 5: { isProtected: true } }),
      says: 'instance-protected',
      telling: ['3 and 5 are protected'],
      advising: [
        'az vmss update -g contoso-service -n contoso-web --instance-id 3 --protect-from-scale-set-actions false',
        '--instance-id 5 ',
      ],
    },
  ]);
});
