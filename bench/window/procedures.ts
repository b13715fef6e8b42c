// Three ways to do the same upgrade.
import { runBundle } from '../../demo/acts/bundle.ts';
import type { RunReport } from '../../src/engine/report.ts';
import { runAzProcedure } from '../peers/az.ts';
import type { PeerSetting } from '../peers/places.ts';
import { runSdkProcedure } from '../peers/sdk.ts';

export interface Procedure {
  readonly name: string;
  /** Everything that can be done while users write. Rejects where it did not end well, as `upgrade`. */
  prepare(setting: PeerSetting): Promise<void>;
  /** To users on version 2. Resolves to the action's report; null for the others. */
  upgrade(setting: PeerSetting): Promise<RunReport | null>;
}

export const THIS_ACTION: Procedure = {
  name: 'this action',
  prepare: async (setting) => {
    await act(setting, 'prepare');
  },
  upgrade: (setting) => act(setting, 'upgrade, switch'),
};

export const AZ: Procedure = {
  name: 'az and FreeTDS',
  prepare: async (setting) => {
    await runAzProcedure(setting, 'login');
    await runAzProcedure(setting, 'prepare');
  },
  upgrade: async (setting) => {
    await runAzProcedure(setting, 'upgrade');
    return null;
  },
};

export const SDKS: Procedure = {
  name: 'the SDKs',
  prepare: (setting) => runSdkProcedure(setting, 'prepare'),
  upgrade: async (setting) => {
    await runSdkProcedure(setting, 'upgrade');
    return null;
  },
};

async function act({ azure, directory }: PeerSetting, phase: string): Promise<RunReport> {
  const { report } = await runBundle(
    { azure, directory, say: () => {} },
    { phase, config: azure.description.config },
  );
  if (report.result !== 'succeeded') throw new Error(`${phase}: ${report.verdict.headline}`);
  return report;
}
