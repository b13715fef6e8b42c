// An application after its switch: users on green, which is V2; blue is V1, frozen, and still there.
import { expect } from '@jest/globals';
import { type Acted, type Scenario, startScenario } from './scenario.ts';

export async function startSwitched(): Promise<Scenario> {
  const scenario = await startScenario();
  const { report } = await scenario.act({ phase: 'prepare, upgrade, switch' });
  expect([report.result, report.state]).toEqual(['succeeded', 'switched']);
  return scenario;
}

/** Back to V1, and what V2's users wrote is left behind. */
export const RETURN = { phase: 'rollback', confirm: 'lose-writes green' };

export const removeStage = (text: string) => `${text}rollback: { stage: remove }\n`;

/** Databases that were deleted, or tried to. */
export const deletions = ({ calls }: Acted) =>
  calls.filter((call) => /^arm DELETE .*\/databases\/[^/]+$/i.test(call));

/** Users are on V2 and can write; V1 is what it was. */
export function expectSwitched(scenario: Scenario, { report }: Acted): void {
  expect([report.state, report.productionSlot]).toEqual(['switched', 'green']);
  expect(scenario.readOnly('contoso-sql-green')).toBe(false);
  expect(scenario.readOnly('contoso-sql-blue')).toBe(true);
  expect(report.verdict.headline).toContain('can read and write');
}
