// (6) in the article's 2019 form: the App Service slots are swapped and Traffic Manager is left alone. The
// connection string travels with the site, so V2 keeps its database.
import { namesServer } from '../application/production-slot.ts';
import { forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import { done, type Step, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { markStage, SWITCH_MARKS } from './mark-stage.ts';

export function switchSlots(context: UpgradeContext, marks = SWITCH_MARKS): Step {
  const { site } = context.production.site;
  const slot = context.config.deploymentSlot;
  return {
    id: 'switch',
    title: `Switch users to ${context.stage.config.name}: swap slot ${slot} of ${site} with production`,
    article: '(6)',
    phase: 'switch',
    changes: `site ${site}: slot ${slot} and production are swapped; each keeps its database`,
    pivot: true,
    assess: async () =>
      (await swapped(context)) ? done(`${site} is connected to ${context.stage.server.name}`) : toDo(),
    apply: async (run) => {
      await forEachDatabase(context, (pair) => markStage(context, pair, marks.before));
      context.window.disarm();
      const evidence = await swap(context, run.progress);
      context.window.spend('V2 at the public name');
      return [evidence];
    },
    undo: null,
  };
}

async function swap(context: UpgradeContext, progress: (line: string) => void): Promise<string> {
  const ref = context.production.site;
  let failure: unknown = null;
  try {
    // Not given the run's signal: a swap that was begun goes on in Azure whoever stops listening.
    const { signal } = new AbortController();
    await context.azure.appService.swapWithProduction(ref, context.config.deploymentSlot, progress, signal);
  } catch (error) {
    failure = error;
  }
  if (await swapped(context)) return `${ref.site} is connected to ${context.stage.server.name}`;
  throw new UpgradeError(
    'switch-failed',
    `The slots of ${ref.site} were not swapped; users are still on ${context.production.config.name}`,
    {
      cause: failure,
    },
  );
}

/** Whether the production site names the stage server in its connection strings, and not production's. */
async function swapped(context: UpgradeContext): Promise<boolean> {
  const ref = context.production.site;
  const strings = Object.values(await context.azure.appService.listConnectionStrings(ref)).map(
    (one) => one.value,
  );
  const texts = [...strings, ...Object.values(await context.azure.appService.listAppSettings(ref))];
  const names = (server: string) => texts.some((text) => namesServer(text, server));
  return names(context.stage.server.name) && !names(context.production.server.name);
}
