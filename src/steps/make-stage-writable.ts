// Stage read-write. Production stays frozen: the article's 2016 text says "primary" here, which would let
// V1's and V2's data diverge; the 2019 text says "secondary".
import { isOfFreeze } from '../application/copy-of-freeze.ts';
import { journalOf } from '../application/journal.ts';
import { assertKnown } from '../application/known-entries.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { SqlError } from '../azure/errors.ts';
import type { SqlConnection } from '../azure/ports.ts';
import { ACCESS, type Access, readAccessMode, setReadWrite } from '../azure/tsql/access-mode.ts';
import { LINKS } from '../azure/tsql/geo-replication.ts';
import { lookAtAll } from '../azure/tsql/looks.ts';
import type { JournalEntry } from '../engine/journal.ts';
import { blocked, done, later, type Step, type StepRun, toDo } from '../engine/step.ts';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import { productionEntry } from './production-entry.ts';

/** After the link is gone the role change may lag, and ALTER DATABASE then fails with 1468 for a while. */
const BUDGET_MS = 120_000;
const PAUSE_MS = 500;

export function makeStageWritable(context: UpgradeContext): Step {
  const server = context.stage.server.name;
  return {
    id: 'stage-read-write',
    title: 'Set the stage database read-write',
    article: null,
    phase: 'upgrade',
    changes: `the copy on ${server} takes writes; production stays read-only`,
    pivot: false,
    wayBack: `the stage database is ${context.config.rollback.stage === 'keep' ? 'kept for root cause analysis' : 'removed'}`,
    assess: async () => {
      const modes = await forEachDatabase(context, (pair) => stageMode(context, pair));
      if (modes.some((mode) => mode === 'linked'))
        return later('the stage database is a geo-secondary still');
      if (modes.some((mode) => mode === 'not-a-copy')) {
        const { reason, message } = notACopy(context);
        return blocked(reason, message);
      }
      return modes.every((mode) => mode === 'read-write')
        ? done(`the copy on ${server} takes writes`)
        : toDo();
    },
    apply: async (run) => {
      const evidence = await forEachDatabase(context, (pair) => makeWritable(context, pair, run));
      context.window.spend('upgrade script');
      return evidence;
    },
    undo: null,
  };
}

async function stageMode(context: UpgradeContext, pair: DatabasePair) {
  const [production, { access, links, journal }] = await Promise.all([
    productionEntry(context, pair),
    context.sessions.on(sqlTarget(context, 'stage', pair.name), (connection) =>
      lookAtAll(connection, { access: ACCESS, links: LINKS, journal: journalOf(context) }),
    ),
  ]);
  if (links.some((link) => link.role === 'secondary')) return 'linked';
  return isCopy(context, production, journal) ? access.mode : 'not-a-copy';
}

/** V1's own database, left behind read-only by an earlier upgrade, is never made writable here. */
function isCopy(
  context: UpgradeContext,
  production: JournalEntry | null,
  stage: JournalEntry | null,
): boolean {
  return isOfFreeze(context.production.server.name, production, stage);
}

async function makeWritable(context: UpgradeContext, pair: DatabasePair, run: StepRun): Promise<string> {
  const until = context.clock.now() + BUDGET_MS;
  const production = await productionEntry(context, pair);
  for (;;) {
    try {
      await context.sessions.on(sqlTarget(context, 'stage', pair.name), async (connection) => {
        const { access, journal } = await lookAtAll(connection, {
          access: ACCESS,
          journal: journalOf(context),
        });
        assertKnown(context.known, connection, journal);
        if (!isCopy(context, production, journal)) throw notACopy(context);
        await setAndRead(connection, access);
      });
      return `${pair.name} on ${context.stage.server.name} is READ_WRITE, read back`;
    } catch (error) {
      run.signal.throwIfAborted();
      if (error instanceof UpgradeError) throw error;
      const transient = error instanceof SqlError;
      if (!transient || context.clock.now() + PAUSE_MS > until) throw notWritable(context, pair, error);
      run.progress(`${pair.name}: not writable yet (${messageOf(error)})`);
      await context.clock.sleep(PAUSE_MS, run.signal);
    }
  }
}

async function setAndRead(connection: SqlConnection, before: Access): Promise<void> {
  if (before.mode === 'read-write') return;
  await setReadWrite(connection, before);
  if ((await readAccessMode(connection)) !== 'read-write') {
    throw new SqlError('still closed for writers after it was opened', 'server', []);
  }
}

function notACopy(context: UpgradeContext): UpgradeError {
  return new UpgradeError(
    'stage-compromised',
    `What is on ${context.stage.server.name} is not a copy of this freeze of production`,
  );
}

function notWritable(context: UpgradeContext, pair: DatabasePair, cause: unknown): UpgradeError {
  return new UpgradeError(
    'stage-not-writable',
    `${pair.name} on ${context.stage.server.name} could not be set read-write after the link was removed`,
    { cause, advice: ['Production is given back. Remove the stage database and prepare anew.'] },
  );
}
