// What every step and guard gets: the application under upgrade, who is production and who is stage in this
// run, and the ports. Roles are fixed for a run; they were read from Azure when it began.
import type { Azure, DatabaseInfo, DatabaseRef, SiteRef, SqlServerInfo, SqlTarget } from '../azure/ports.ts';
import type { Sessions } from '../azure/tsql/sessions.ts';
import type { Clock } from '../clock.ts';
import type { Config, DeploymentConfig, SlotConfig } from '../config/config.ts';
import type { ReadOnlyWindowClock } from '../engine/read-only-window.ts';
import type { UpgradeScript } from '../sqlcmd/script.ts';
import type { KnownEntries } from './known-entries.ts';
import { sameName } from './production-slot.ts';

/** The log as steps see it: lines, and groups that a reader can fold. */
export interface UpgradeLog {
  line(text: string): void;
  warning(text: string): void;
  group(title: string): void;
  endGroup(): void;
}

/**
 * A database of the application, which has the same name on both servers. Production's is on its slot's server, or on its
 * standby's where this one database alone was failed over.
 */
export interface DatabasePair {
  readonly name: string;
  readonly production: DatabaseRef;
  readonly stage: DatabaseRef;
}

/**
 * A logical server as the run began with it. Of one that did not answer only name and address are certain; where it is
 * is not known.
 */
export interface Server extends Omit<SqlServerInfo, 'location'> {
  readonly location: string | null;
}

/** One slot's part in one region: the SQL server and the site that are there. */
export interface Deployment {
  readonly config: DeploymentConfig;
  readonly server: Server;
  readonly site: SiteRef;
}

export interface Slot extends Deployment {
  readonly config: SlotConfig;
  /** Its part in the backup region; null in topology single-region. */
  readonly standby: Deployment | null;
}

export interface UpgradeContext {
  readonly config: Config;
  readonly azure: Azure;
  readonly clock: Clock;
  readonly log: UpgradeLog;
  readonly sessions: Sessions;
  readonly window: ReadOnlyWindowClock;
  readonly production: Slot;
  readonly stage: Slot;
  readonly databases: readonly DatabasePair[];
  /** For a new upgrade; a resumed one keeps the id its journal has. */
  readonly newUpgradeId: string;
  readonly runUrl: string | null;
  /** Of the databases; any other entry is another run's, written since this one has looked. */
  readonly known: KnownEntries;
  /** Text of the `confirm` input. */
  readonly confirm: string;
  /** When the runner will end this job, where that is known. */
  readonly jobEndsAt: Date | null;
  /** Reads and parses the upgrade script for one database; the same answer every time in a run. */
  readonly readScript: (database: string) => Promise<UpgradeScript>;
  /** Starts the user's upgrade command; resolves with its exit code. */
  readonly runCommand: RunCommand;
}

export interface CommandRun {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

export type RunCommand = (
  run: CommandRun,
) => Promise<{ readonly exitCode: number | null; readonly timedOut: boolean }>;

export type Role = 'production' | 'stage';

/** Tags on everything the tool creates: what may be deleted again is recognised by them. */
export const CREATED_BY_TAG = 'rolling-upgrade-created-by';

/** How a database of a slot is reached. */
export function sqlTarget(context: UpgradeContext, role: Role, database: string): SqlTarget {
  const { fullyQualifiedDomainName: host } = serverOf(context, role, database);
  return { host, database, purpose: `${role} ${database}` };
}

/** The slot's server, or its standby's, whichever the database is on. */
function serverOf(
  { databases, ...roles }: UpgradeContext,
  role: Role,
  database: string,
): Deployment['server'] {
  const { server, standby } = roles[role];
  const on = databases.find(({ name }) => name === database)?.[role].server ?? server.name;
  return standby && sameName(standby.config.sqlServer, on) ? standby.server : server;
}

/** Tags for a resource that this run creates. */
export function creationTags(context: UpgradeContext): Record<string, string> {
  return { [CREATED_BY_TAG]: context.config.application };
}

/** Whether the tool created this resource for this application. */
export function createdByTool(context: UpgradeContext, resource: Pick<DatabaseInfo, 'tags'>): boolean {
  return resource.tags[CREATED_BY_TAG] === context.config.application;
}

/**
 * Does the same for every database of the application at once. All are waited for, also when one fails, so
 * that nothing is still under way when the failure is handled; then the first failure is thrown.
 */
export async function forEachDatabase<T>(
  { databases }: Pick<UpgradeContext, 'databases'>,
  act: (pair: DatabasePair) => Promise<T>,
): Promise<T[]> {
  const outcomes = await Promise.allSettled(databases.map(act));
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}
