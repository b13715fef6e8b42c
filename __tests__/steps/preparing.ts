// The example company's application as prepare finds it in two regions: its slots, and nothing behind the ports but
// what a test puts there.
import type { Deployment, Slot, UpgradeContext } from '../../src/application/upgrade-context.ts';
import type { DeploymentConfig, SlotConfig } from '../../src/config/config.ts';
import { createSimulatedClock, type SimulatedClock } from '../engine/simulated-clock.ts';
import { config, server, slot } from '../guards/parts.ts';

export const run = { signal: new AbortController().signal, progress: () => {} };

type Changes = Partial<DeploymentConfig>;
export type Preparing = UpgradeContext & { readonly clock: SimulatedClock };

export interface Options {
  /** What is changed of the configuration: of the stage slot in both regions, of production in the backup region. */
  readonly stage?: Changes;
  readonly standby?: Changes;
  readonly productionStandby?: Changes;
  readonly context?: Partial<UpgradeContext>;
}

/** Production is blue (contoso-1, contoso-dr), stage is green (contoso-2, contoso-3). */
export function preparing({
  stage = {},
  standby = {},
  productionStandby = {},
  context = {},
}: Options = {}): Preparing {
  const production = slotOf(
    'blue',
    partIn('contoso-blue', '1', {}),
    partIn('contoso-blue-dr', 'dr', productionStandby),
  );
  const green = slotOf(
    'green',
    partIn('contoso-green', '2', stage),
    partIn('contoso-green-dr', '3', standby),
  );
  const parts: Partial<UpgradeContext> = {
    config: config({ topology: 'geo-redundant', slots: [production.config, green.config] }),
    production,
    stage: green,
    databases: [{ name: 'contoso', production: refOf(production), stage: refOf(green) }],
    log: { line: () => {}, warning: () => {}, group: () => {}, endGroup: () => {} },
    ...context,
  };
  return { ...(parts as UpgradeContext), clock: createSimulatedClock() };
}

function partIn(resourceGroup: string, id: string, changes: Changes): DeploymentConfig {
  const { name: _name, backup: _backup, failoverGroup: _group, ...part } = slot('');
  return {
    ...part,
    resourceGroup,
    sqlServer: `contoso-sql-${id}`,
    sqlResourceGroup: resourceGroup,
    webApp: `contoso-${id}`,
    webAppResourceGroup: resourceGroup,
    endpoint: { name: `contoso-${id}`, type: 'external' },
    ...changes,
  };
}

function slotOf(name: string, own: DeploymentConfig, backup: DeploymentConfig): Slot {
  const config: SlotConfig = { ...own, name, backup, failoverGroup: null };
  return { ...deployment(own, 'northeurope'), config, standby: deployment(backup, 'westeurope') };
}

function deployment(part: DeploymentConfig, location: string): Deployment {
  return {
    config: part,
    server: server(part.sqlServer, { location }),
    site: { resourceGroup: part.webAppResourceGroup, site: part.webApp, deploymentSlot: null },
  };
}

function refOf({ config: { sqlResourceGroup: resourceGroup, sqlServer } }: Slot) {
  return { resourceGroup, server: sqlServer, database: 'contoso' };
}
