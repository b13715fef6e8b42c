// Guards about this run: its rights, its time, and whether the two services can be swapped.
import { describe } from '@jest/globals';
import { servicePermissions } from '../../../src/guards/service/service-permissions.ts';
import { swapPossible } from '../../../src/guards/service/swap-possible.ts';
import { walkTimeLeft } from '../../../src/guards/service/walk-time-left.ts';
import {
  cloudService,
  cloudServiceConfig,
  minutesAfterNoon,
  scaleSet,
  serviceConfig,
  webRole,
} from './parts.ts';
import { cloudWorld, halfway, type ServiceWorld, serviceTable, swapWorld } from './world.ts';

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
