// Guards about the instances: how many, where, how they are, and what they run.
import { describe } from '@jest/globals';
import { domainsKnown } from '../../../src/guards/service/domains-known.ts';
import { instancesAlike } from '../../../src/guards/service/instances-alike.ts';
import { protectedInstances } from '../../../src/guards/service/protected-instances.ts';
import { twoInstances } from '../../../src/guards/service/two-instances.ts';
import { flexible, model, uniform } from '../../service/instances.ts';
import { except, record, scaleSet, serviceConfig, webRole } from './parts.ts';
import { but, cloudWorld, halfway, having, serviceTable, swapWorld } from './world.ts';

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
