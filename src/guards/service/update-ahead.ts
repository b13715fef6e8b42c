// Which update a run is about: the one that is written down, or, over it, what the configuration asks for instead.
import { asksForAnother, withPatch } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import type { RoleLook, ServiceChanges, ServiceLook, UpdateModels } from '../../service/target.ts';
import type { UpdateRecord } from '../../service/update-record.ts';

export async function updateAhead(context: ServiceContext, look: ServiceLook): Promise<UpdateModels> {
  const { record } = look;
  if (record !== null && !(await asksForAnother(context, look))) return record;
  return context.target.models(look);
}

/** What it changes, held against what ran before the first update: that is what there is to go back to. */
export async function changesAhead(context: ServiceContext, look: ServiceLook): Promise<ServiceChanges> {
  const { record } = look;
  // Of a cloud service both versions are files of the configuration anyway, and a look is known by what it is.
  const isPlain = record === null || context.target.kind === 'cloud-service';
  if (isPlain || !(await asksForAnother(context, look))) return context.target.changes(look);
  const roles = look.roles.map((role) => asBefore(role, record));
  return context.target.changes({ ...look, roles, record: null });
}

function asBefore(look: RoleLook, { models }: UpdateRecord): RoleLook {
  const patches = models[look.role];
  if (look.set === null || patches === undefined) return look;
  return { ...look, set: { ...look.set, model: withPatch(look.set.model, patches.previous) } };
}
