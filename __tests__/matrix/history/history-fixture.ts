// A single region with the history's clients at work, for tests of the history check itself.
import { type Scenario, startScenario } from '../../acceptance/scenario.ts';
import { type RunningHistory, startHistory } from './history.ts';

export const V1 = 'contoso-sql-blue';
export const V2 = 'contoso-sql-green';

export interface Watched {
  readonly scenario: Scenario;
  readonly history: RunningHistory;
  /** Writes that a database took in and its users were told of. */
  acknowledged(database: string): number;
  close(): Promise<void>;
}

export async function startWatched(): Promise<Watched> {
  const scenario = await startScenario({ durations: { 'replication-lag': 300 } });
  const variant = { topology: 'single-region', switchMethod: 'traffic-manager' } as const;
  const history = startHistory({ azure: scenario.azure, variant, seed: 7, clients: 2, pauseMs: 150 });
  return {
    scenario,
    history,
    acknowledged: (database) =>
      history
        .events()
        .filter(({ outcome, servedBy }) => outcome === 'created' && servedBy?.database === database).length,
    close: async () => {
      await history.stop();
      await scenario.close();
    },
  };
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}
