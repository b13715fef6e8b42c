// Two slots in two regions: four servers with one database each, the links between them, failover groups and sites. Blue
// is contoso-sql-1 with its standby contoso-sql-dr, green contoso-sql-2 with contoso-sql-3. What is removed is removed
// as Azure does it, and the story tells in which order.

import type { Deployment, Slot, UpgradeContext } from '../../src/application/upgrade-context.ts';
import type { SlotConfig } from '../../src/config/config.ts';
import type { JournalEntry } from '../../src/engine/journal.ts';
import { createSimulatedClock, type SimulatedClock } from '../engine/simulated-clock.ts';
import { config, START, server, slot } from '../guards/parts.ts';
import { ALL_KNOWN } from './all-known.ts';
import { azureOf } from './removal-azure.ts';

/** Short for contoso-sql-…. */
export type Name = '1' | 'dr' | '2' | '3';

export interface Database {
  readOnly: boolean;
  entry: JournalEntry | null;
  createdByTool: boolean;
  /** Refuses every login. */
  unreachable: boolean;
  /** When users last wrote here, by the server's own clock. */
  lastWrite: Date | null;
}

export interface Link {
  readonly from: Name;
  readonly to: Name;
  readonly state: string;
  /** What the databases themselves say of it. */
  readonly told: string;
}

export interface Group {
  readonly name: string;
  readonly primary: Name;
  readonly partner: Name;
  readonly databases: readonly string[];
}

export interface World {
  readonly context: UpgradeContext;
  readonly clock: SimulatedClock;
  readonly databases: Map<Name, Database>;
  readonly links: Link[];
  readonly groups: Group[];
  /** "1→dr cut", "dr deleted", "group contoso-fog-blue deleted", "site contoso-dr deleted". */
  readonly story: string[];
  readonly warnings: string[];
}

export interface Options {
  readonly production: 'blue' | 'green';
  /** What is not told is not there. */
  readonly databases: Partial<Record<Name, Partial<Database>>>;
  /** From, to, state (CATCH_UP where none is told), and what the databases say where that is not the same. */
  readonly links?: readonly (readonly [Name, Name, string?, string?])[];
  readonly groups?: readonly Group[];
  /** Names of the sites that this tool has created. */
  readonly createdSites?: readonly string[];
  readonly rollbackStage?: 'keep' | 'remove';
  readonly confirm?: string;
  readonly lock?: 'ours' | 'taken';
  /** Called after each removal; what it throws ends the run there. */
  readonly after?: (world: World, what: string) => void;
  /** What answers at a site's own address, by its name; 1.0.0 where not told, nothing where null. */
  readonly answers?: Readonly<Record<string, string | null>>;
}

const BLUE = slotConfig('blue', '1', 'dr');
const GREEN = slotConfig('green', '2', '3');

function slotConfig(name: string, primary: Name, backup: Name): SlotConfig {
  const own = slot(name);
  const part = (at: Name, group: string) => ({
    ...own,
    resourceGroup: group,
    sqlServer: `contoso-sql-${at}`,
    sqlResourceGroup: group,
    webApp: `contoso-${at}`,
    webAppResourceGroup: group,
    endpoint: { name: `contoso-${at}`, type: 'external' as const },
  });
  return {
    ...part(primary, `contoso-${name}`),
    backup: part(backup, `contoso-${name}-dr`),
    failoverGroup: `contoso-fog-${name}`,
  };
}

/** An entry of upgrade "u1" written on this server; at minute 0 where not told. */
export function entry(
  on: Name,
  status: JournalEntry['status'],
  changes: Partial<JournalEntry> = {},
): JournalEntry {
  return {
    version: 1,
    application: 'contoso',
    upgradeId: 'u1',
    server: `contoso-sql-${on}`,
    status,
    at: new Date(START).toISOString(),
    frozenAt: null,
    scriptDigest: null,
    runUrl: null,
    ...changes,
  };
}

export function removalWorld(options: Options): World {
  const databases = new Map<Name, Database>();
  for (const [name, changes] of Object.entries(options.databases) as [Name, Partial<Database>][])
    databases.set(name, {
      readOnly: false,
      entry: null,
      createdByTool: true,
      unreachable: false,
      lastWrite: null,
      ...changes,
    });
  const clock = createSimulatedClock(START + 60 * 60_000);
  const warnings: string[] = [];
  const [production, stage] = options.production === 'blue' ? [BLUE, GREEN] : [GREEN, BLUE];
  const parts: Partial<UpgradeContext> = {
    config: config({
      topology: 'geo-redundant',
      slots: [BLUE, GREEN],
      rollback: { stage: options.rollbackStage ?? 'remove' },
      health: { ...config().health, consecutive: 1, timeoutMs: 5_000 },
    }),
    clock,
    confirm: options.confirm ?? '',
    newUpgradeId: 'new',
    known: ALL_KNOWN,
    runUrl: null,
    production: slotOf(production),
    stage: slotOf(stage),
    databases: [{ name: 'contoso', production: ref(production), stage: ref(stage) }],
    log: {
      line: () => {},
      warning: (text) => warnings.push(text),
      group: () => {},
      endGroup: () => {},
    },
    window: {
      spend: () => {},
      close: () => {},
      confirm: () => {},
      confirmedAt: () => null,
    } as unknown as UpgradeContext['window'],
  };
  const context = parts as UpgradeContext;
  const links = (options.links ?? []).map(([from, to, state = 'CATCH_UP', told = state]) => ({
    from,
    to,
    state,
    told,
  }));
  const world: World = {
    context,
    clock,
    databases,
    links,
    groups: [...(options.groups ?? [])],
    story: [],
    warnings,
  };
  Object.assign(context, azureOf(world, options));
  return world;
}

/** The same application, as a run finds it that comes after the one that was killed. */
export function revived(world: World, options: Options): World {
  const again = removalWorld({ ...options, databases: {}, after: () => {} });
  for (const [name, database] of world.databases) again.databases.set(name, database);
  again.links.splice(0, again.links.length, ...world.links);
  again.groups.splice(0, again.groups.length, ...world.groups);
  again.story.push(...world.story);
  return again;
}

const ref = ({ sqlServer, resourceGroup }: SlotConfig) => ({
  resourceGroup,
  server: sqlServer,
  database: 'contoso',
});

function slotOf(own: SlotConfig): Slot {
  const part = (at: Deployment['config'], location: string): Deployment => ({
    config: at,
    server: server(at.sqlServer, { location }),
    site: { resourceGroup: at.webAppResourceGroup, site: at.webApp, deploymentSlot: null },
  });
  return {
    ...part(own, 'northeurope'),
    config: own,
    standby: own.backup && part(own.backup, 'westeurope'),
  };
}
