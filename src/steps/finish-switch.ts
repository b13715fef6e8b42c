// A switch whose run ended after users were moved and before V2 was seen to answer them. The roles are exchanged by
// then: production is V2. Nothing is moved any more, it is only looked, and recorded.
import { swapSlots } from '../application/moving-users-commands.ts';
import { readSlotRoles, sameName } from '../application/production-slot.ts';
import { inBackupRegion } from '../application/regions.ts';
import { ensureRunLock } from '../application/run-lock.ts';
import { forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import { isCompleteV2 } from '../application/upgrade-state.ts';
import type { JournalEntry } from '../engine/journal.ts';
import { done, type Step, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { leftOnV1 } from './left-behind.ts';
import { markDatabase, recordMoved, SWITCH_MARKS } from './mark-stage.ts';
import { blockedBy } from './not-proven.ts';
import { productionEntry } from './production-entry.ts';
import { waitForPublic } from './verify-public.ts';

export function finishSwitch(context: UpgradeContext): Step {
  const { expectedVersion } = context.config.health;
  return {
    id: 'finish-switch',
    title: `Version ${expectedVersion} answers at the public name, after a switch that was not seen to its end`,
    article: null,
    phase: 'switch',
    changes: '',
    pivot: false,
    assess: async () => {
      const entries = await forEachDatabase(context, (pair) => productionEntry(context, pair));
      if (!entries.every(isCompleteV2)) return blockedBy(notComplete(context, entries));
      const serving = entries.every(({ status }) => status === 'serving');
      if (!serving) return toDo('V2 has not been seen to serve yet');
      const wrong = (await regionsApart(context)) ?? (await leftOnV1(context));
      return wrong ? blockedBy(wrong) : done('V2 has been seen to serve');
    },
    apply: async (run) => {
      await ensureRunLock(context, 'production');
      await recordMoved(context, SWITCH_MARKS, 'production');
      const evidence = await waitForPublic(context, run, 'production');
      await forEachDatabase(context, (pair) => markDatabase(context, 'production', pair, SWITCH_MARKS.after));
      const wrong = (await regionsApart(context)) ?? (await leftOnV1(context));
      if (wrong) throw wrong;
      return evidence;
    },
    undo: null,
  };
}

/** Users may have been moved by hand to what a script has left half-way: that it answers does not make it V2. */
function notComplete(
  { databases, production }: UpgradeContext,
  entries: readonly (JournalEntry | null)[],
): UpgradeError {
  const index = entries.findIndex((entry) => !isCompleteV2(entry));
  const says = entries[index] ? `it says "${entries[index].status}"` : 'it carries no entry of one';
  return new UpgradeError(
    'stage-not-upgraded',
    `${databases[index]?.name ?? ''} on ${production.server.name} serves users, and its upgrade was not completed: ${says}`,
    { advice: ['Run phase status: it says where users are. V1 is kept.'] },
  );
}

/** Where slots are swapped, both regions have to have the same slot's sites in production; null where they do. */
async function regionsApart(context: UpgradeContext): Promise<UpgradeError | null> {
  if (context.config.switchMethod !== 'slot-swap' || !context.production.standby) return null;
  const backup = inBackupRegion(context);
  const there = await readSlotRoles(backup.config, context.azure);
  const { name } = context.production.config;
  if (sameName(there.production.name, name)) return null;
  return new UpgradeError(
    'region-mismatch',
    `Users are on V2 (${name}), but in the backup region ${there.evidence}: after a disaster users would get V1`,
    {
      advice: [
        swapSlots(backup.production.site, context.config.deploymentSlot),
        'Then run phase switch again: it looks at both regions.',
      ],
    },
  );
}
