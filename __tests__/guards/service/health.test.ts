// Guards about the health of the instances: who tells it, and whether it suffices.
import { describe } from '@jest/globals';
import { healthTold } from '../../../src/guards/service/health-told.ts';
import { instancesHealthy } from '../../../src/guards/service/instances-healthy.ts';
import { minimumReachable } from '../../../src/guards/service/minimum-reachable.ts';
import { flexible, uniform } from '../../service/instances.ts';
import { except, scaleSet, webRole } from './parts.ts';
import { but, cloudWorld, halfway, having, serviceTable, swapWorld } from './world.ts';

const count = (number: number) => ({ kind: 'count', count: number }) as const;

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
        'az vmss restart -g contoso-service -n contoso-web --instance-ids 3 7 9 11 --subscription sub',
      ],
    },
    {
      when: 'a machine of a Flexible set is not',
      world: {
        roles: [
          webRole(
            { placement: 'virtual', set: scaleSet('contoso-flex', { orchestration: 'Flexible' }) },
            except(flexible(10), { 'contoso-flex_00000003': { health: 'unhealthy' } }),
          ),
        ],
      },
      says: 'production-unhealthy',
      advising: ['az vm restart -g contoso-service -n contoso-flex_00000003'],
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
