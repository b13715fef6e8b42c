// With slot swaps the site that says where users are is lost with the primary region. Production can be given back in
// the backup region all the same, and V2 can be let serve there: its site has to be swapped in, too.
import { describe, expect, test } from '@jest/globals';
import { type Disaster, failOver, failoverTo, strike, usersWriteAt } from './geo-disaster.ts';
import { carryOut, commandsIn } from './person.ts';

const SLOT_SWAP = { switchMethod: 'slot-swap' } as const;
const UPGRADED: Disaster = {
  first: 'prepare, upgrade',
  inputs: { phase: 'status' },
  at: null,
  options: SLOT_SWAP,
};
const SWAP = 'az webapp deployment slot swap -g contoso-blue-dr -n contoso-dr --slot staging';

describe('lost before the switch, by slot swap', () => {
  test.concurrent("upgraded: rollback gives V1's standby back once it was failed over", () =>
    strike(UPGRADED, async (struck) => {
      await failOver(struck, 'contoso-sql-dr', commandsIn(struck.acted));
    }));

  test.concurrent('upgraded: V2 can be let serve instead, in its own site', () =>
    strike(UPGRADED, async (struck) => {
      const { scenario, users, acted } = struck;
      const ofV2 = commandsIn(acted).find((list) => list.includes(failoverTo('contoso-sql-3'))) ?? [];
      expect(ofV2.filter((command) => command.startsWith(SWAP))).toHaveLength(1);
      await carryOut(scenario.azure, ofV2);
      await usersWriteAt(users, 'contoso-dr');
      expect(scenario.readOnly('contoso-sql-dr')).toBe(true);
      const rows = scenario.rows('contoso-sql-3', 'SELECT Version FROM SchemaVersion');
      expect(rows).toMatchObject([{ Version: 2 }]);
      const { report } = await scenario.act({ phase: 'status' });
      expect(report.productionSlot).toBe('green');
      expect(report.verdict.headline).toContain('can read and write');
    }));
});
