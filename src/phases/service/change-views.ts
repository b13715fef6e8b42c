// What an update changes, as the report shows it.
import type { ServiceReport } from '../../engine/service-report.ts';
import type { ServiceChange } from '../../service/change.ts';
import { asksForAnother, type ServiceObservation, withPatch } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import type { RoleLook, ServiceChanges } from '../../service/target.ts';
import type { UpdateRecord } from '../../service/update-record.ts';

/** Also in the middle of the update, when the model has the new version already: held against what was before it. */
export async function serviceChanges(
  context: ServiceContext,
  { look }: Pick<ServiceObservation, 'look'>,
): Promise<ServiceChanges> {
  const { record } = look;
  if (record === null || (await asksForAnother(context, look))) return context.target.changes(look);
  return context.target.changes({ ...look, roles: look.roles.map((role) => asBefore(role, record)) });
}

export async function changeViews(
  context: ServiceContext,
  observed: Pick<ServiceObservation, 'look'>,
): Promise<Pick<ServiceReport, 'changes' | 'notKnowable'>> {
  const { changes, notKnowable } = await serviceChanges(context, observed);
  return { changes: changes.map(changeView), notKnowable };
}

function asBefore(look: RoleLook, { models }: UpdateRecord): RoleLook {
  const patches = models[look.role];
  if (look.set === null || patches === undefined) return look;
  return { ...look, set: { ...look.set, model: withPatch(look.set.model, patches.previous) } };
}

function changeView(change: ServiceChange): ServiceReport['changes'][number] {
  const { role, what, reason, data, wayBack } = change;
  const doubt = { possible: '', doubtful: 'doubtful: ', none: 'none: ' }[wayBack.kind];
  return { role, what, class: change.class, rule: reason, data, wayBack: `${doubt}${wayBack.words}` };
}
