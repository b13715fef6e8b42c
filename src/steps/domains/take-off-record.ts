// The last part of the way back: automation is given back, and the update is no longer written down.
import type { Undo } from '../../engine/step.ts';
import { observeService, type ServiceObservation } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { formatList } from '../../service/words.ts';
import { endUpdate } from './end-update.ts';

export function takeOffRecord(context: ServiceContext): Undo {
  return {
    order: 'tidy',
    what: 'Give automation back, and take the update off the record',
    apply: async () => {
      const observed = await observeService(context);
      const { record } = observed.look;
      if (record === null) return { kind: 'nothing-to-undo', evidence: ['no update is written down'] };
      const reasons = whyItStays(observed);
      if (reasons.length > 0) return { kind: 'kept', evidence: reasons, unconfirmed: null };
      return { kind: 'undone', evidence: await endUpdate(context, record) };
    },
  };
}

/** The record is the way back: it stays as long as something of the new version does. */
function whyItStays({ progress, standing }: ServiceObservation): string[] {
  const { target, unknown } = progress.instances;
  const written = [...standing].filter(([, of]) => of === 'target' || of === 'superseded');
  return [
    ...(target.length > 0 ? [`${formatList(target)} run the new version`] : []),
    ...(unknown.length > 0 ? [`${formatList(unknown)} may run the new version`] : []),
    ...(written.length > 0
      ? [`the model of ${formatList(written.map(([role]) => role))} is the new one`]
      : []),
  ];
}
