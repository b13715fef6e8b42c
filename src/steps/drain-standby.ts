// The script has run on the stage database; its geo-secondary in the backup region gets every change by itself. Wait
// until it has them all, prove it on both sides, and only then call the stage slot upgraded.
import { COMPLETE, isOfFreeze } from '../application/copy-of-freeze.ts';
import { readJournal } from '../application/journal.ts';
import { stageToStandby, standbyOf } from '../application/regions.ts';
import { ensureStillAlone } from '../application/still-alone.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { SqlError } from '../azure/errors.ts';
import type { JournalStatus } from '../engine/journal.ts';
import { done, later, type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { compareEnds, type Drained, notYet, readEnds, waitUntilDrained } from './drained-link.ts';
import { markDatabase } from './mark-stage.ts';
import { productionEntry } from './production-entry.ts';
import { linkName } from './protection.ts';

export function drainStandby(context: UpgradeContext): Step {
  const server = standbyOf(context, 'stage').server.name;
  return {
    id: 'drain-standby',
    title: `Drain: every change of the upgrade is on ${server} in the backup region`,
    article: null,
    phase: 'upgrade',
    changes: '',
    pivot: false,
    assess: async () => {
      const said = await forEachDatabase(context, (pair) => statusOfStage(context, pair));
      if (said.every((status) => status !== null && COMPLETE.includes(status)))
        return done(`${server} had every change when the stage slot was found upgraded`);
      const scripted = said.every((status) => status !== null && SCRIPTED.includes(status));
      return scripted ? toDo() : later('the upgrade script has not run to its end yet');
    },
    apply: async (run) => {
      await ensureStillAlone(context);
      const evidence = await forEachDatabase(context, (pair) => drainToStandby(context, pair, run));
      await forEachDatabase(context, (pair) => markUpgraded(context, pair));
      context.window.spend('after the script');
      return evidence;
    },
    undo: null,
  };
}

const SCRIPTED: readonly JournalStatus[] = ['scripted', ...COMPLETE];

/** What the stage database says of this upgrade; null where it is not a copy of this freeze. */
async function statusOfStage(context: UpgradeContext, pair: DatabasePair): Promise<JournalStatus | null> {
  const production = await productionEntry(context, pair);
  const stage = await context.sessions.on(sqlTarget(context, 'stage', pair.name), (connection) =>
    readJournal(context, connection),
  );
  return isOfFreeze(context.production.server.name, production, stage) ? (stage?.status ?? null) : null;
}

async function markUpgraded(context: UpgradeContext, pair: DatabasePair): Promise<void> {
  const status = await statusOfStage(context, pair);
  if (status === 'scripted') await markDatabase(context, 'stage', pair, 'upgraded');
}

async function drainToStandby(context: UpgradeContext, pair: DatabasePair, run: StepRun): Promise<string> {
  const link = stageToStandby(context);
  const failed = (missing: string, cause?: unknown) => notDrained(context, pair, missing, cause);
  const look = () => lookAtBoth(context, pair);
  try {
    const evidence = await waitUntilDrained(context, { link, name: pair.name, look, failed }, run);
    return `${pair.name} on ${link.to.server.name}: ${evidence}`;
  } catch (error) {
    run.signal.throwIfAborted();
    throw error instanceof SqlError ? failed(error.message, error) : error;
  }
}

/** A backup region that does not answer is asked again until the time is up: a lost connection is no disaster. */
async function lookAtBoth(context: UpgradeContext, pair: DatabasePair): Promise<Drained> {
  const link = stageToStandby(context);
  try {
    const ends = await readEnds(context, link, pair.name);
    const status = ends.from.journal?.status;
    if (!status || !SCRIPTED.includes(status))
      return notYet(`${link.from.server.name} does not say that the upgrade script has run`);
    return compareEnds(link, ends);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return notYet(`${linkName(link)} cannot be read: ${error.message}`);
  }
}

function notDrained(
  context: UpgradeContext,
  pair: DatabasePair,
  missing: string,
  cause: unknown,
): UpgradeError {
  const { stage, production } = context;
  const standby = standbyOf(context, 'stage');
  return new UpgradeError(
    'standby-not-caught-up',
    `${pair.name}: the backup region does not have the upgrade (${missing}). The stage slot ${stage.config.name} has no protection, and users are not sent to it`,
    {
      cause,
      advice: [
        `V1 is given back: users stay on ${production.config.name}. Phase status tells whether its own geo-secondary is there.`,
        `On ${stage.server.name}: SELECT * FROM sys.dm_geo_replication_link_status;`,
        `Look whether ${standby.server.name} in ${standby.server.location ?? 'its region'} answers; then remove the stage database, prepare and upgrade again.`,
      ],
    },
  );
}
