// Writes that move users and are never answered: the run gives up waiting after a minute, so these go side by side.
import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../local-azure/faults.ts';
import type { LocalAzureOptions } from '../../local-azure/topologies/options.ts';
import { type Acted, type Scenario, startScenario } from './scenario.ts';

const PUT = 'arm PUT .*/trafficManagerProfiles/contoso$';
const SWAP = 'arm POST .*/slotsswap';

interface Seen {
  readonly acted: Acted;
  /** Which databases take no writes, at the end. */
  readonly frozen: readonly string[];
}

async function switchWith(at: string, fault: Fault, options: Partial<LocalAzureOptions>): Promise<Seen> {
  const scenario: Scenario = await startScenario(options);
  try {
    await scenario.act({ phase: 'prepare, upgrade' });
    scenario.azure.faults.add({ at, fault });
    const acted = await scenario.act({ phase: 'switch' });
    const servers = ['contoso-sql-blue', 'contoso-sql-green'] as const;
    return { acted, frozen: servers.filter((server) => scenario.readOnly(server)) };
  } finally {
    await scenario.close();
  }
}

describe('a write that is never answered', () => {
  test('is found out: carried out it is a switch, not carried out it is sent once more', async () => {
    const bySwap = { switchMethod: 'slot-swap', profile: 'absent' } as const;
    const [late, hanging, swapped] = await Promise.all([
      switchWith(PUT, { kind: 'late-success' }, {}),
      switchWith(PUT, { kind: 'hang' }, {}),
      switchWith(SWAP, { kind: 'late-success' }, bySwap),
    ]);
    for (const { acted, frozen } of [late, hanging, swapped]) {
      expect([acted.report.result, acted.report.productionSlot]).toEqual(['succeeded', 'green']);
      expect(frozen).toEqual(['contoso-sql-blue']);
    }
  });
});
