// Before anything is changed: the model as it is, the one that is to be, and which instance stands in which domain are
// written down in Azure, so that whoever comes after a run that was killed can go on or back.
import { done, type Step, toDo } from '../../engine/step.ts';
import { writeDomainMap } from '../../service/domain-map.ts';
import { asksForAnother, observeService, type ServiceObservation } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { NOTHING_HELD, type UpdateRecord } from '../../service/update-record.ts';
import { count } from '../../service/words.ts';
import { anotherInProgress } from './another-update.ts';
import { keepRecord } from './keep-record.ts';
import { takeOffRecord } from './take-off-record.ts';

export function writeRecord(context: ServiceContext): Step {
  const { what } = context.target;
  return {
    id: 'write-record',
    title: 'Write down the version before, the new one, and the domains',
    article: null,
    phase: 'prepare',
    changes: `Tags of ${what}; no instance is touched`,
    pivot: false,
    assess: async () => {
      const { look, progress } = await observeService(context);
      if (look.record === null) {
        return progress.kind === 'done' ? done(`${progress.words} already`) : toDo('nothing is written down');
      }
      if (await asksForAnother(context, look)) return anotherInProgress(context, look.record);
      return done(`update ${look.record.updateId} is written down since ${look.record.startedAt}`);
    },
    apply: async () => {
      const observed = await observeService(context);
      const record = newRecord(context, observed);
      await keepRecord(context, record);
      const { domains } = observed.spread;
      const sizes = domains.map(({ instances }) => instances.length).join(', ');
      return [`update ${record.updateId}: ${count(domains.length, 'domain')} of ${sizes} instances`];
    },
    undo: takeOffRecord(context),
  };
}

function newRecord(
  { config, clock, newUpdateId, runUrl }: ServiceContext,
  observed: ServiceObservation,
): UpdateRecord {
  const { look, update } = observed;
  return {
    format: 1,
    application: config.application,
    updateId: newUpdateId,
    startedAt: new Date(clock.now()).toISOString(),
    runUrl,
    roles: look.roles.filter(({ chosen }) => chosen).map(({ role }) => role),
    models: update.models,
    cloud: update.cloud,
    map: mapOf(observed),
    walk: [],
    held: NOTHING_HELD,
    turnedBack: false,
  };
}

/** Of virtual domains only: the platform's own need not be written down, it tells them again. */
function mapOf({ look, spread }: ServiceObservation): string | null {
  const virtual = look.roles.filter(({ chosen, placement }) => chosen && placement === 'virtual');
  const names = virtual.map(({ role }) => role);
  if (names.length === 0) return null;
  const roles = new Map([...spread.map.roles].filter(([role]) => names.includes(role)));
  return writeDomainMap({ virtualDomains: spread.map.virtualDomains, roles });
}
