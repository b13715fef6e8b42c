// The primary region is lost while production is read-only, and stays away: whoever tries to give V1 back tries for
// minutes, ends by itself, and says truthfully that it could not, and what can serve.
import { expect } from '@jest/globals';
import { type Case, testAtOnce } from './at-once.ts';
import {
  type Disaster,
  expectStatus,
  expectTruth,
  failoverTo,
  type Standby,
  strike,
} from './geo-disaster.ts';
import { CUT, ENTRY, FROZEN } from './geo-moments.ts';

const V1 = failoverTo('contoso-sql-dr');

const theRunItself = FROZEN.map(
  ([when, disaster]): Case => [
    `the run: ${when}`,
    () =>
      strike(disaster, async (struck) => {
        expectTruth(struck.acted, V1);
        await expectStatus(struck, V1);
      }),
  ],
);

const ROLLBACK = { inputs: { phase: 'rollback' }, at: null };
const UPGRADE = { first: 'prepare', inputs: { phase: 'upgrade, switch' }, run: 'is lost' } as const;

const rollback = (when: string, disaster: Disaster, server: Standby): Case => [
  `phase rollback: ${when}`,
  () =>
    strike(disaster, async ({ scenario, acted }) => {
      const rolledBack =
        disaster.at === null ? acted : await scenario.act(ROLLBACK.inputs, { runnerLost: true });
      expectTruth(rolledBack, failoverTo(server));
      expect(rolledBack.run.main.signal).toBeNull();
    }),
];

testAtOnce([
  ...theRunItself,
  rollback('prepared', { ...ROLLBACK, first: 'prepare' }, 'contoso-sql-dr'),
  rollback(
    'the link was cut, and the machine that did it lost',
    { ...UPGRADE, at: [CUT, ENTRY] },
    'contoso-sql-dr',
  ),
  rollback('upgraded', { ...ROLLBACK, first: 'prepare, upgrade' }, 'contoso-sql-dr'),
  rollback('switched', { ...ROLLBACK, first: 'prepare, upgrade, switch' }, 'contoso-sql-3'),
]);
