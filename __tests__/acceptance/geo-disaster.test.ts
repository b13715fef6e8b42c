// The primary region is lost before the freeze: nothing has to be given back, and a person lets V1's standby serve.
import { describe, test } from '@jest/globals';
import { type Disaster, groupFailoverTo, survives } from './geo-disaster.ts';

const PREPARE = { phase: 'prepare' };
const UPGRADE = { phase: 'upgrade, switch' };
const SLOWLY = { latency: 'typical', scale: 0.03 } as const;

describe('lost before the freeze', () => {
  const disasters: [string, Disaster][] = [
    ['before prepare', { inputs: PREPARE, at: null }],
    [
      'while the stage database is seeded',
      { inputs: PREPARE, at: [/^arm PUT .*contoso-sql-2\/databases\/contoso/, /^arm GET/], options: SLOWLY },
    ],
    [
      "while the stage's geo-secondary is seeded",
      { inputs: PREPARE, at: [/^arm PUT .*contoso-sql-3\/databases\/contoso/, /^arm GET/], options: SLOWLY },
    ],
    ['prepared', { first: 'prepare', inputs: UPGRADE, at: null }],
  ];
  test.concurrent.each(disasters)('%s', (_when, disaster) => survives(disaster, 'contoso-sql-dr'));

  test.concurrent('prepared, and production is in a failover group', () =>
    survives(
      { first: 'prepare', inputs: UPGRADE, at: null, options: { failoverGroup: true } },
      'contoso-sql-dr',
      groupFailoverTo('contoso-sql-dr', 'contoso-fog-blue'),
    ));
});
