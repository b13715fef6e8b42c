// Before anybody is sent there: V2 answers at its own address, and nothing was written to production since the
// freeze.
import { isUpgradedCopy } from '../application/copy-of-freeze.ts';
import { readJournal } from '../application/journal.ts';
import { ensureRunLock } from '../application/run-lock.ts';
import { waitForHealth } from '../application/site-health.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { readAccess } from '../azure/tsql/access-mode.ts';
import { readLinks } from '../azure/tsql/geo-replication.ts';
import { readWriteActivity, type WriteActivity } from '../azure/tsql/write-activity.ts';
import { shell } from '../engine/command-line.ts';
import type { JournalEntry } from '../engine/journal.ts';
import { blocked, type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { assertFrozen, productionLink } from './drain.ts';
import { freezeKey } from './freeze-key.ts';
import { announcedAt, freezeLastsMs } from './late-freeze.ts';
import { productionEntry } from './production-entry.ts';
import { nothingRead, type ReadAhead } from './read-ahead.ts';

export function verifyStage(context: UpgradeContext, ahead = nothingRead()): Step {
  const { expectedVersion } = context.config.health;
  return {
    id: 'verify-stage',
    title: `Version ${expectedVersion} answers at the stage site's own address`,
    article: null,
    phase: 'switch',
    changes: '',
    pivot: false,
    assess: async () => {
      const missing = (await forEachDatabase(context, (pair) => whyNotUpgraded(context, pair))).find(Boolean);
      if (!missing) return toDo();
      return blocked(
        'stage-not-upgraded',
        `The stage database is not upgraded: ${missing}`,
        'Run phase upgrade first.',
      );
    },
    apply: async (run) => {
      await ensureRunLock(context, 'production');
      await ensureRunLock(context, 'stage');
      context.window.spend('verify V2');
      const untouched = await forEachDatabase(context, (pair) => assertUntouched(context, pair));
      const health = await waitForStage(context, ahead, run);
      return [health, ...untouched];
    },
    undo: null,
  };
}

/** By what the databases say themselves: users wait, and Resource Manager is slower to ask. */
async function whyNotUpgraded(context: UpgradeContext, pair: DatabasePair): Promise<string | null> {
  const { production, stage } = context;
  const where = `${pair.name} on ${stage.server.name}`;
  if (await productionLink(context, pair)) return `${where} is still linked to ${production.server.name}`;
  const frozen = await productionEntry(context, pair);
  const entry = await context.sessions.on(sqlTarget(context, 'stage', pair.name), (connection) =>
    readJournal(context, connection),
  );
  if (isUpgradedCopy(production.server.name, frozen, entry)) return null;
  return `${where} says "${entry?.status ?? 'nothing'}"`;
}

async function hostOfStage(context: UpgradeContext, { observed }: ReadAhead): Promise<string> {
  const { site } = context.stage;
  const known = observed?.sites.stage ?? (await context.azure.appService.getSite(site));
  if (known?.defaultHostName) return known.defaultHostName;
  throw new UpgradeError('resource-not-found', `The stage site ${site.site} does not exist`);
}

async function waitForStage(context: UpgradeContext, ahead: ReadAhead, run: StepRun): Promise<string> {
  const { site, resourceGroup } = context.stage.site;
  const host = await hostOfStage(context, ahead);
  const { timeoutMs } = context.config.health;
  const wait = await waitForHealth(context, host, run, { timeoutMs, usersWait: true });
  if (wait.kind === 'healthy') return wait.evidence;
  throw new UpgradeError(
    'stage-unhealthy',
    `Version ${context.config.health.expectedVersion} does not answer at the stage site: ${wait.evidence}`,
    {
      advice: [
        `Deploy V2 to ${site} and look at its log: ${shell`az webapp log tail -g ${resourceGroup} -n ${site}`}`,
      ],
    },
  );
}

/**
 * Somebody may have unfrozen production, written, and frozen it again, here or on its geo-secondary between a failover and
 * the failback; the copy would not have it. Asked before anybody is sent to the copy. A failover empties the view of
 * writes; the last commit, which the links tell, stays with the data. Returns the evidence; throws 'drain-failed' where production takes writes, and
 * 'production-frozen-elsewhere' where it was written since the freeze.
 */
export async function assertUntouched(context: UpgradeContext, pair: DatabasePair): Promise<string> {
  await assertFrozen(context, pair);
  const seen = await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => ({
    access: await readAccess(connection),
    activity: await readWriteActivity(connection),
    journal: await readJournal(context, connection),
    links: await readLinks(connection),
  }));
  const writesEnded = writesEndedAt(context, pair, seen.activity, seen.journal);
  // A fenced database goes on committing what is SQL Server's own (statistics, Query Store); a READ_ONLY one does not.
  const commits = seen.access.isReadOnly ? seen.links.map((link) => link.lastCommit) : [];
  const told = [seen.activity.lastWrite, ...commits];
  const late = told.find(
    (at) => at && writesEnded !== null && at.getTime() > writesEnded + CLOCK_TOLERANCE_MS,
  );
  if (late) throw written(context, pair, late);
  return `${pair.name} on ${context.production.server.name}: read-only, no write since the freeze`;
}

/** Two answers of one server; after a failover its clock is another machine's. */
const CLOCK_TOLERANCE_MS = 1_000;

/**
 * From when on there can have been no write, by the server's own clock, milliseconds since the epoch; null where
 * nothing says. A run that was resumed knows only when the freeze was announced: users could write until it took.
 */
function writesEndedAt(
  context: UpgradeContext,
  pair: DatabasePair,
  activity: WriteActivity,
  journal: JournalEntry | null,
): number | null {
  const confirmed = context.window.confirmedAt(freezeKey(pair));
  if (confirmed) return confirmed.getTime();
  if (!journal) return null;
  // The announcement bears a runner's time; runners keep the same time, SQL Server may be off.
  const agoMs = context.clock.now() - announcedAt(journal);
  return activity.now.getTime() - agoMs + freezeLastsMs(context);
}

function written(context: UpgradeContext, pair: DatabasePair, at: Date): UpgradeError {
  return new UpgradeError(
    'production-frozen-elsewhere',
    `${pair.name} on ${context.production.server.name} was written at ${at.toISOString()}, after it was frozen: the stage copy does not have that write`,
    {
      advice: [
        'Production is given back with all its data. Find out who set it read-write, then upgrade again.',
      ],
    },
  );
}
