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
import type { SlotState } from '../engine/report.ts';
import { messageOf } from '../message-of.ts';
import { readJournal } from './journal.ts';
import { sameName } from './production-slot.ts';
import { databaseOn, inBackupRegion } from './regions.ts';
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
  readonly protection: Protection | null;
}

/**
 * Geo-redundant: the links to each slot's geo-secondary in the backup region, as the slot's primary region sees them
 * (asking it needs no answer of the backup region). Null in single-region.
 */
export interface Protection extends Readonly<Record<Role, ReplicationLink | null>> {
  /** Whether the stage slot's has to have caught up before an upgrade may begin. */
  readonly beforeUpgrade: boolean;
}

export interface Observation {
  /** Null where there is none, or none is configured; also where Traffic Manager did not answer. */
  readonly profile: Profile | null;
  /** Whether it did not. */
  readonly profileUnread: boolean;
  readonly sites: Readonly<Record<Role, Site | null>>;
  readonly databases: readonly DatabaseObservation[];
  readonly state: SlotState;
}

/** Reads the whole application. Changes nothing; throws what the ports throw. */
export async function observe(context: UpgradeContext): Promise<Observation> {
  const { config, azure } = context;
  const [profile, production, stage, seen] = await Promise.all([
    config.trafficManager ? azure.trafficManager.getProfile(config.trafficManager) : null,
    azure.appService.getSite(context.production.site),
    azure.appService.getSite(context.stage.site),
    observeDatabases(context),
  ]);
  return { profile, profileUnread: false, sites: { production, stage }, ...seen };
}

/** The same where a region or a slot may be lost: what does not answer is told as such. Never throws. */
export async function observeWhatAnswers(context: UpgradeContext): Promise<Observation> {
  const { config, azure } = context;
  const site = (role: Role) => azure.appService.getSite(context[role].site).catch(() => null);
  const [profile, production, stage, seen] = await Promise.all([
    config.trafficManager
      ? azure.trafficManager.getProfile(config.trafficManager).catch(() => 'unread' as const)
      : Promise.resolve(null),
    site('production'),
    site('stage'),
    observeDatabasesThatAnswer(context),
  ]);
  return {
    profile: profile === 'unread' ? null : profile,
    profileUnread: profile === 'unread',
    sites: { production, stage },
    ...seen,
  };
}

/** The databases alone, where some may not answer. Never throws. */
export async function observeDatabasesThatAnswer(
  context: UpgradeContext,
): Promise<Pick<Observation, 'databases' | 'state'>> {
  const databases = await Promise.all(
    context.databases.map((pair) => observeDatabase(context, pair, whatAnswers)),
  );
  return { databases, state: upgradeState(databases) };
}

/** The databases alone, and where the upgrade stands by them. */
export async function observeDatabases(
  context: UpgradeContext,
): Promise<Pick<Observation, 'databases' | 'state'>> {
  const databases = await Promise.all(context.databases.map((pair) => observeDatabase(context, pair)));
  return { databases, state: upgradeState(databases) };
}

/** How a database on one server is read. */
export type ReadSide = (context: UpgradeContext, role: Role, pair: DatabasePair) => Promise<DatabaseSide>;

/** One database on both servers. */
export async function observeDatabase(
  context: UpgradeContext,
  pair: DatabasePair,
  read: ReadSide = observeSide,
): Promise<DatabaseObservation> {
  const [production, stage] = await Promise.all([
    read(context, 'production', pair),
    read(context, 'stage', pair),
  ]);
  const link = linkToSecondary(production.links, pair.stage);
  return {
    name: pair.name,
    production,
    stage,
    link,
    protection: protection(context, pair, production, stage),
  };
}

function protection(
  context: UpgradeContext,
  pair: DatabasePair,
  production: DatabaseSide,
  stage: DatabaseSide,
): Protection | null {
  const [here, there] = [context.production.standby, context.stage.standby];
  if (!here || !there) return null;
  return {
    production: linkToSecondary(production.links, databaseOn(here, pair.name)),
    stage: linkToSecondary(stage.links, databaseOn(there, pair.name)),
    beforeUpgrade: context.config.standbyMode === 'chained',
  };
}

/**
 * The link to one secondary among the links of its primary. Picked by partner and direction: a database
 * may have other links (its own disaster recovery), and after a failover Azure lists ghosts.
 */
export function linkToSecondary(
  links: readonly ReplicationLink[],
  secondary: DatabaseRef,
): ReplicationLink | null {
  return (
    links.find(
      (link) =>
        link.role === 'Primary' &&
        sameName(link.partnerServer, secondary.server) &&
        sameName(link.partnerDatabase, secondary.database) &&
        (link.linkType === null || link.linkType.toUpperCase() === 'GEO'),
    ) ?? null
  );
}

/** A side that Resource Manager does not tell about may answer for itself all the same. */
async function whatAnswers(context: UpgradeContext, role: Role, pair: DatabasePair): Promise<DatabaseSide> {
  try {
    return await observeSide(context, role, pair);
  } catch {
    const seen = await readSide(context, role, pair).catch((error: unknown) => ({
      access: 'unreachable' as const,
      why: messageOf(error),
      journal: null,
    }));
    return { ref: pair[role], info: null, links: [], ...seen };
  }
}

/** A slot's database in the backup region, as that region tells it; null in single-region. */
export async function observeStandby(
  context: UpgradeContext,
  role: Role,
  name: string,
): Promise<DatabaseSide | null> {
  if (!context[role].standby) return null;
  const backup = inBackupRegion(context);
  const pair = backup.databases.find((one) => one.name === name);
  return pair ? observeSide(backup, role, pair) : null;
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
