// (5) Stage read-write. Production stays frozen: the article's 2016 text says "primary" here, which would let
// V1's and V2's data diverge; the 2019 text says "secondary".
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { SqlError } from '../azure/errors.ts';
import type { SqlConnection } from '../azure/ports.ts';
import { readAccessMode, setReadWrite } from '../azure/tsql/access-mode.ts';
import { readLinks } from '../azure/tsql/geo-replication.ts';
import { done, later, type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';

/** After the link is gone the role change may lag, and ALTER DATABASE then fails with 1468 for a while. */
const BUDGET_MS = 120_000;
const PAUSE_MS = 500;

export function makeStageWritable(context: UpgradeContext): Step {
  const server = context.stage.server.name;
  return {
    id: 'stage-read-write',
    title: 'Set the stage database read-write',
    article: '(5)',
    phase: 'upgrade',
    changes: `the copy on ${server} takes writes; production stays read-only`,
    pivot: false,
    assess: async () => {
      const modes = await forEachDatabase(context, (pair) => stageMode(context, pair));
      if (modes.some((mode) => mode === 'linked'))
        return later('the stage database is a geo-secondary still');
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
  return context.sessions.on(sqlTarget(context, 'stage', pair.name), async (connection) => {
    if ((await readLinks(connection)).some((link) => link.role === 'secondary')) return 'linked' as const;
    return readAccessMode(connection);
  });
}

async function makeWritable(context: UpgradeContext, pair: DatabasePair, run: StepRun): Promise<string> {
  const until = context.clock.now() + BUDGET_MS;
  for (;;) {
    try {
      await context.sessions.on(sqlTarget(context, 'stage', pair.name), setAndRead);
      return `${pair.name} on ${context.stage.server.name} is READ_WRITE, read back`;
    } catch (error) {
      run.signal.throwIfAborted();
      const transient = error instanceof SqlError;
      if (!transient || context.clock.now() + PAUSE_MS > until) throw notWritable(context, pair, error);
      run.progress(`${pair.name}: not writable yet (${String(error)})`);
      await context.clock.sleep(PAUSE_MS, run.signal);
    }
  }
}

async function setAndRead(connection: SqlConnection): Promise<void> {
  if ((await readAccessMode(connection)) === 'read-write') return;
  await setReadWrite(connection);
  if ((await readAccessMode(connection)) !== 'read-write') {
    throw new SqlError('still READ_ONLY after SET READ_WRITE', 'server', []);
  }
}

function notWritable(context: UpgradeContext, pair: DatabasePair, cause: unknown): UpgradeError {
  return new UpgradeError(
    'stage-not-writable',
    `${pair.name} on ${context.stage.server.name} could not be set read-write after the link was removed`,
    { cause, advice: ['Production is given back. Remove the stage database and prepare anew.'] },
  );
}
