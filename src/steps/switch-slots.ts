// The article's 2019 form: the App Service slots are swapped and Traffic Manager is left alone. The
// connection string travels with the site, so V2 keeps its database.
import { readSlotRoles, sameName } from '../application/production-slot.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { done, type Step, toDo } from '../engine/step.ts';
import { SWITCH_MARKS } from './mark-stage.ts';
import { moveUsers } from './pivot.ts';

export function switchSlots(context: UpgradeContext, marks = SWITCH_MARKS): Step {
  const ref = context.production.site;
  const { site } = ref;
  const slot = context.config.deploymentSlot;
  const connected = `${site} is connected to ${context.stage.server.name}`;
  return {
    id: 'switch',
    title: `Switch users to ${context.stage.config.name}: swap slot ${slot} of ${site} with production`,
    article: null,
    phase: 'switch',
    changes: `site ${site}: slot ${slot} and production are swapped; each keeps its database`,
    pivot: true,
    assess: async () => {
      const { production } = await readSlotRoles(context.config, context.azure);
      return sameName(production.name, context.stage.config.name) ? done(connected) : toDo();
    },
    apply: async (run) => {
      // Not given the run's signal: a swap that was begun goes on in Azure whoever stops listening.
      const { signal } = new AbortController();
      await moveUsers(
        context,
        marks,
        run,
        async () => () => context.azure.appService.swapWithProduction(ref, slot, run.progress, signal),
      );
      context.window.spend(`${marks.version} at the public name`);
      return [connected];
    },
    undo: null,
  };
}
