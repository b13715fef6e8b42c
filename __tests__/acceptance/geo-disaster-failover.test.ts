// The primary region is lost while production is read-only, and with it the machine that upgraded. A person lets the
// backup region serve.
import { describe, expect, test } from '@jest/globals';
import { type Disaster, expectStatus, failOver, failoverTo, strike, usersWriteAt } from './geo-disaster.ts';
import { FROZEN } from './geo-moments.ts';
import { lost } from './geo-scenario.ts';
import { carryOut } from './person.ts';

const lostWithIt = (disaster: Disaster): Disaster =>
  disaster.at === null ? disaster : { ...disaster, run: 'is lost' };

describe('lost while frozen, with the machine that ran it: V1 is writable in the backup region', () => {
  test.concurrent.each(FROZEN.slice(0, 4))('%s', (_when, disaster) =>
    strike(lostWithIt(disaster), async (struck) => {
      const commands = await expectStatus(struck, failoverTo('contoso-sql-dr'));
      await failOver(struck, 'contoso-sql-dr', commands);
    }));

  test.concurrent('upgraded: V2 can be let serve instead, and it is said that it is one or the other', () =>
    strike({ first: 'prepare, upgrade', inputs: { phase: 'status' }, at: null }, async (struck) => {
      const { scenario, users, arrived, acted } = struck;
      expect(acted.report.verdict.next.join('\n')).toContain('never both');
      const commands = await expectStatus(struck, failoverTo('contoso-sql-3'));
      const ofV2 = commands.find((list) => list.includes(failoverTo('contoso-sql-3'))) ?? [];
      await carryOut(scenario.azure, ofV2);
      await usersWriteAt(users, 'contoso-3');
      const missing = new Set(lost(scenario, 'contoso-sql-3', users));
      expect(arrived['contoso-sql-3']?.filter((id) => missing.has(id))).toEqual([]);
      expect(scenario.rows('contoso-sql-3', 'SELECT Version FROM SchemaVersion')).toMatchObject([
        { Version: 2 },
      ]);
      expect(scenario.readOnly('contoso-sql-dr')).toBe(true);
      const { report } = await scenario.act({ phase: 'status' });
      expect(report.productionSlot).toBe('green');
      expect(report.verdict.headline).toContain('can read and write');
    }));
});
