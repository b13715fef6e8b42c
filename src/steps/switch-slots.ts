// The article's 2019 form: the App Service slots are swapped and Traffic Manager is left alone. The
// connection string travels with the site, so V2 keeps its database.
import { readSlotRoles, sameName } from '../application/production-slot.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { UnendedError } from '../azure/errors.ts';
import type { BeforeSending, SiteRef } from '../azure/ports.ts';
import { orAbort } from '../engine/or-abort.ts';
import { done, type Step, type StepRun, toDo } from '../engine/step.ts';
import { SWITCH_MARKS } from './mark-stage.ts';
import { moveUsers } from './pivot.ts';

/** A swap warms every instance up before it exchanges them. One that has taken so long is looked for where it shows. Milliseconds. */
const SWAPPED_WITHIN_MS = 15 * 60_000;

export function switchSlots(context: UpgradeContext, marks = SWITCH_MARKS): Step {
  const { site } = context.production.site;
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
      await moveUsers(
        context,
        marks,
        run,
        async () => (beforeSending) => swapInTime(context, run, beforeSending),
      );
      context.window.spend(`${marks.version} at the public name`);
      return [connected];
    },
    undo: null,
  };
}

/**
 * Not given the run's signal: a swap that was begun goes on in Azure whoever stops listening. Rejects with an unknown outcome where
 * Azure does not end it: users can only read, and nothing else would end the wait.
 */
async function swapInTime(
  { azure, clock, config, production }: UpgradeContext,
  run: StepRun,
  beforeSending: BeforeSending,
): Promise<void> {
  const [late, ended] = [new AbortController(), new AbortController()];
  clock.sleep(SWAPPED_WITHIN_MS, ended.signal).then(
    () => late.abort(notEnded(production.site)),
    () => {}, // in time
  );
  try {
    await orAbort(
      azure.appService.swapWithProduction(
        production.site,
        config.deploymentSlot,
        run.progress,
        late.signal,
        beforeSending,
      ),
      late.signal,
    );
  } finally {
    ended.abort();
  }
}

function notEnded({ site }: SiteRef): UnendedError {
  const within = `${SWAPPED_WITHIN_MS / 60_000} min`;
  return new UnendedError(`Azure has not ended the swap of ${site}'s slots within ${within}`, {
    status: null,
    code: null,
    correlationId: null,
    outcomeUnknown: true,
  });
}
