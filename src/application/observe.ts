// Everything a run needs to know about the application, read from Azure in one go. Nothing is remembered
// from earlier runs.
import { SqlError } from '../azure/errors.ts';
import type {
  DatabaseInfo,
  DatabaseRef,
  Profile,
  ReplicationLink,
  Site,
  SqlConnection,
} from '../azure/ports.ts';
import { readAccessMode } from '../azure/tsql/access-mode.ts';
import type { JournalEntry } from '../engine/journal.ts';
import type { UpgradeState } from '../engine/report.ts';
import { readJournal } from './journal.ts';
import { sameName } from './production-slot.ts';
import { type DatabasePair, type Role, sqlTarget, type UpgradeContext } from './upgrade-context.ts';
import { upgradeState } from './upgrade-state.ts';

export interface DatabaseSide {
  readonly ref: DatabaseRef;
  readonly info: DatabaseInfo | null;
  readonly links: readonly ReplicationLink[];
  readonly access: 'read-write' | 'read-only' | 'absent' | 'unreachable';
  /** Why it was unreachable; empty otherwise. */
  readonly why: string;
  readonly journal: JournalEntry | null;
}

export interface DatabaseObservation {
  readonly name: string;
  readonly production: DatabaseSide;
  readonly stage: DatabaseSide;
  /** The link from production to stage, as production sees it. */
  readonly link: ReplicationLink | null;
}

export interface Observation {
  readonly profile: Profile | null;
  readonly sites: Readonly<Record<Role, Site | null>>;
  readonly databases: readonly DatabaseObservation[];
  readonly state: UpgradeState;
}

/** Reads the whole application. Changes nothing. */
export async function observe(context: UpgradeContext): Promise<Observation> {
  const { config, azure } = context;
  const [profile, production, stage, seen] = await Promise.all([
    config.trafficManager ? azure.trafficManager.getProfile(config.trafficManager) : null,
    azure.appService.getSite(context.production.site),
    azure.appService.getSite(context.stage.site),
    observeDatabases(context),
  ]);
  return { profile, sites: { production, stage }, ...seen };
}

/** The databases alone, and where the upgrade stands by them. */
export async function observeDatabases(
  context: UpgradeContext,
): Promise<Pick<Observation, 'databases' | 'state'>> {
  const databases = await Promise.all(context.databases.map((pair) => observeDatabase(context, pair)));
  return { databases, state: upgradeState(databases) };
}

/** One database on both servers. */
export async function observeDatabase(
  context: UpgradeContext,
  pair: DatabasePair,
): Promise<DatabaseObservation> {
  const [production, stage] = await Promise.all([
    observeSide(context, 'production', pair),
    observeSide(context, 'stage', pair),
  ]);
  return { name: pair.name, production, stage, link: stageLink(production.links, pair.stage) };
}

/**
 * The production-to-stage link among the links of production. Picked by partner and direction: a database
 * may have other links (its own disaster recovery), and after a failover Azure lists ghosts.
 */
export function stageLink(links: readonly ReplicationLink[], stage: DatabaseRef): ReplicationLink | null {
  return (
    links.find(
      (link) =>
        link.role === 'Primary' &&
        sameName(link.partnerServer, stage.server) &&
        sameName(link.partnerDatabase, stage.database) &&
        (link.linkType === null || link.linkType.toUpperCase() === 'GEO'),
    ) ?? null
  );
}

async function observeSide(context: UpgradeContext, role: Role, pair: DatabasePair): Promise<DatabaseSide> {
  const ref = pair[role];
  const info = await context.azure.sql.getDatabase(ref);
  if (!info) return { ref, info, links: [], access: 'absent', why: '', journal: null };
  const links = await context.azure.sql.listLinks(ref);
  // A database that is being seeded refuses every login; asking would only wait for time-outs.
  if (
    links.some((link) => link.role !== 'Primary' && link.state !== 'CATCH_UP' && link.state !== 'SUSPENDED')
  ) {
    return { ref, info, links, access: 'unreachable', why: 'it is being seeded', journal: null };
  }
  return { ref, info, links, ...(await readSide(context, role, pair)) };
}

async function readSide(context: UpgradeContext, role: Role, pair: DatabasePair) {
  const read = async (connection: SqlConnection) => ({
    access: await readAccessMode(connection),
    why: '',
    journal: await readJournal(context, connection),
  });
  try {
    return await context.sessions.on(sqlTarget(context, role, pair.name), read);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return { access: 'unreachable' as const, why: error.message, journal: null };
  }
}
