// Not in the article: users back on V1 after the switch. Whatever V2's users wrote stays behind in V2's database,
// which is why it takes an explicit input. In this run production is V2 and the stage slot is V1.
import { readJournal, writeJournal } from '../application/journal.ts';
import { ensureRunLock } from '../application/run-lock.ts';
import { forEachDatabase, sqlTarget, type UpgradeContext } from '../application/upgrade-context.ts';
import { readAccessMode, setReadWrite } from '../azure/tsql/access-mode.ts';
import { done, type Step, toDo } from '../engine/step.ts';
import { announce, freeze } from './freeze.ts';
import { productionEntry } from './production-entry.ts';
import { unfreeze } from './unfreeze.ts';

/** V2's database read-only first, so that no more is written that will be left behind. */
export function freezeV2(context: UpgradeContext): Step {
  const server = context.production.server.name;
  return {
    id: 'freeze-v2',
    title: `Set V2's database on ${server} read-only`,
    article: null,
    phase: 'rollback',
    changes: `users of V2 can only read; what they wrote stays on ${server}`,
    pivot: false,
    assess: async () => {
      const modes = await forEachDatabase(context, (pair) =>
        context.sessions.on(sqlTarget(context, 'production', pair.name), readAccessMode),
      );
      return modes.every((mode) => mode === 'read-only') ? done(`${server} is read-only`) : toDo();
    },
    apply: async (run) => {
      await ensureRunLock(context, 'production');
      return forEachDatabase(context, async (pair) => {
        const entry = await productionEntry(context, pair);
        await announce(context, pair, entry?.upgradeId ?? context.newUpgradeId);
        return freeze(context, pair, run.signal);
      });
    },
    undo: { ...unfreeze(context), what: `Set V2's database on ${server} read-write` },
  };
}

/** V1's database takes writes again before users come back to it. */
export function giveBackV1(context: UpgradeContext): Step {
  const server = context.stage.server.name;
  return {
    id: 'give-back-v1',
    title: `Set V1's database on ${server} read-write`,
    article: '(8)',
    phase: 'rollback',
    changes: `V1's database on ${server} takes writes again, as it was when it was frozen`,
    pivot: false,
    assess: async () => toDo(),
    apply: async () => {
      await ensureRunLock(context, 'stage');
      return forEachDatabase(context, (pair) =>
        context.sessions.on(sqlTarget(context, 'stage', pair.name), async (connection) => {
          const entry = await readJournal(context, connection);
          if ((await readAccessMode(connection)) === 'read-only') await setReadWrite(connection);
          const upgradeId = entry?.upgradeId ?? context.newUpgradeId;
          await writeJournal(context, 'stage', connection, { upgradeId, status: 'unfrozen' });
          return `${pair.name} on ${server} is READ_WRITE`;
        }),
      );
    },
    undo: null,
  };
}

/** The same context expecting another version to answer: V1's, which the configuration does not name any more. */
export function withVersion(context: UpgradeContext, version: string | null): UpgradeContext {
  if (!version) return context;
  const health = { ...context.config.health, expectedVersion: version };
  return { ...context, config: { ...context.config, health } };
}
