// The primary region is lost while production can be written: before the freeze, or from the switch on. Nothing has to be
// given back, and a person lets the standby serve that has everything: V1's, then V2's.
import { testAtOnce } from './at-once.ts';
import { groupFailoverTo, survives } from './geo-disaster.ts';

const PREPARE = { phase: 'prepare' };
const UPGRADE = { phase: 'upgrade, switch' };
const CLEANUP = { phase: 'cleanup', confirm: 'remove blue' };
const SWITCHED = 'prepare, upgrade, switch';
const SLOWLY = { latency: 'typical', scale: 0.03 } as const;
const IN_GROUP = { failoverGroup: true };

/** Put there, and asked after. */
const seeding = (server: string) =>
  [new RegExp(`^arm PUT .*${server}/databases/contoso`, 'i'), /^arm GET/] as const;

testAtOnce([
  ['before prepare', () => survives({ inputs: PREPARE, at: null }, 'contoso-sql-dr')],
  [
    'while the stage database is seeded',
    () => survives({ inputs: PREPARE, at: seeding('contoso-sql-2'), options: SLOWLY }, 'contoso-sql-dr'),
  ],
  [
    "while the stage's geo-secondary is seeded",
    () => survives({ inputs: PREPARE, at: seeding('contoso-sql-3'), options: SLOWLY }, 'contoso-sql-dr'),
  ],
  ['prepared', () => survives({ first: 'prepare', inputs: UPGRADE, at: null }, 'contoso-sql-dr')],
  [
    'prepared, and production is in a failover group',
    () =>
      survives(
        { first: 'prepare', inputs: UPGRADE, at: null, options: IN_GROUP },
        'contoso-sql-dr',
        groupFailoverTo('contoso-sql-dr', 'contoso-fog-blue'),
      ),
  ],
  [
    'the profile is being written',
    () =>
      survives(
        { first: 'prepare', inputs: UPGRADE, at: [/^arm PUT .*trafficManagerProfiles/] },
        'contoso-sql-3',
      ),
  ],
  ['after the switch', () => survives({ first: SWITCHED, inputs: CLEANUP, at: null }, 'contoso-sql-3')],
  [
    'after the switch, and the new pair is in its failover group',
    () =>
      survives(
        { first: SWITCHED, inputs: CLEANUP, at: null, options: IN_GROUP },
        'contoso-sql-3',
        groupFailoverTo('contoso-sql-3', 'contoso-fog-green'),
      ),
  ],
  [
    'during cleanup',
    () =>
      survives(
        { first: SWITCHED, inputs: CLEANUP, at: [/^arm DELETE .*contoso-sql-dr\/databases\/contoso/] },
        'contoso-sql-3',
      ),
  ],
]);
