// A swap of slots whose answer, whose progress or whose end is lost. Each pair goes side by side: most of it is waiting.
import { describe, expect, test } from '@jest/globals';
import type { FaultRule } from '../../local-azure/faults.ts';
import type { LocalAzureOptions } from '../../local-azure/topologies/options.ts';
import { type Acted, startScenario } from './scenario.ts';

interface Seen {
  readonly acted: Acted;
  /** Which databases take no writes, at the end. */
  readonly frozen: readonly string[];
}

async function switchWith(rule: FaultRule, options: Partial<LocalAzureOptions> = {}): Promise<Seen> {
  const scenario = await startScenario({ switchMethod: 'slot-swap', profile: 'absent', ...options });
  try {
    scenario.azure.faults.add(rule);
    const acted = await scenario.act({ phase: 'prepare, upgrade, switch' });
    const servers = ['contoso-sql-blue', 'contoso-sql-green'] as const;
    return { acted, frozen: servers.filter((server) => scenario.readOnly(server)) };
  } finally {
    await scenario.close();
  }
}

const SWAP = 'arm POST .*/slotsswap';

describe('a swap that Azure carries out is a switch', () => {
  test('where its answer gets lost, and where every look at its progress does', async () => {
    const takesSeconds = { latency: 'typical', scale: 0.05 } as const;
    const both = await Promise.all([
      switchWith({ at: SWAP, fault: { kind: 'drop-after' } }, takesSeconds),
      switchWith(
        {
          at: 'arm GET .*/operationresults/',
          fault: { kind: 'error', status: 404, code: 'NotFound', message: 'The operation was not found.' },
          times: null,
        },
        takesSeconds,
      ),
    ]);
    for (const { acted, frozen } of both) {
      expect([acted.report.result, acted.report.state]).toEqual(['succeeded', 'switched']);
      expect(acted.report.productionSlot).toBe('green');
      expect(frozen).toEqual(['contoso-sql-blue']);
    }
  });
});

describe('a swap that Azure does not carry out: V1 is given back', () => {
  test('where it was accepted and fails, and where the request never arrived', async () => {
    const both = await Promise.all([
      switchWith({
        at: SWAP,
        fault: { kind: 'operation-fails', code: 'Conflict', message: 'The swap could not be completed.' },
      }),
      switchWith({ at: SWAP, fault: { kind: 'drop' } }),
    ]);
    for (const { acted, frozen } of both) {
      expect([acted.report.result, acted.report.reasonCode]).toEqual(['rolled-back', 'switch-failed']);
      expect(acted.report.productionSlot).toBe('blue');
      expect(acted.report.verdict.headline).toContain('can read and write');
      expect(frozen).toEqual([]);
    }
  });
});
