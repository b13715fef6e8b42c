// The primary region is lost from the switch on: users are on V2, and V2's standby has everything.
import { describe, test } from '@jest/globals';
import { type Disaster, groupFailoverTo, survives } from './geo-disaster.ts';

const UPGRADE = { phase: 'upgrade, switch' };
const CLEANUP = { phase: 'cleanup', confirm: 'remove blue' };
const SWITCHED = 'prepare, upgrade, switch';

describe('lost from the switch on', () => {
  const disasters: [string, Disaster][] = [
    [
      'the profile is being written',
      { first: 'prepare', inputs: UPGRADE, at: [/^arm PUT .*trafficManagerProfiles/] },
    ],
    ['after the switch', { first: SWITCHED, inputs: CLEANUP, at: null }],
    [
      'during cleanup',
      { first: SWITCHED, inputs: CLEANUP, at: [/^arm DELETE .*contoso-sql-dr\/databases\/contoso/] },
    ],
  ];
  test.concurrent.each(disasters)('%s', (_when, disaster) => survives(disaster, 'contoso-sql-3'));

  test.concurrent('after the switch, and the new pair is in its failover group', () =>
    survives(
      { first: SWITCHED, inputs: CLEANUP, at: null, options: { failoverGroup: true } },
      'contoso-sql-3',
      groupFailoverTo('contoso-sql-3', 'contoso-fog-green'),
    ));
});
