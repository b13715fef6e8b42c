// Whether the update that is written down is the one that the configuration asks for now.
import type { ScaleSetModel } from '../azure/ports/compute.ts';
import type { ScaleSetRole } from '../config/service-config.ts';
import { partsOf, targetModel } from './model-parts.ts';
import { withPatch } from './observe-service.ts';
import type { ServiceContext } from './service-context.ts';
import type { ServiceLook, UpdateModels } from './target.ts';
import type { UpdateRecord } from './update-record.ts';

/** The same roles, brought to the same version. Models are compared whole, so it does not matter which one stands. */
export async function isConfigured(
  { config, target }: Pick<ServiceContext, 'config' | 'target'>,
  look: ServiceLook,
  record: UpdateRecord,
): Promise<boolean> {
  const chosen = look.roles.filter((role) => role.chosen).map(({ role }) => role);
  if (chosen.toSorted().join() !== record.roles.toSorted().join()) return false;
  const { service } = config;
  if (service.kind === 'cloud-service') {
    const { cloud } = await target.models(look);
    return record.cloud !== null && record.cloud.target === cloud?.target;
  }
  return service.roles
    .filter(({ name }) => chosen.includes(name))
    .every((role) => isTargetOf(role, look, record));
}

/** What is to be done now: the update that is written down, or, over it, what the configuration asks for instead. */
export async function updateAhead(
  context: Pick<ServiceContext, 'config' | 'target'>,
  look: ServiceLook,
): Promise<UpdateModels> {
  const { record } = look;
  if (record !== null && (await isConfigured(context, look, record))) return record;
  return context.target.models(look);
}

function isTargetOf(
  { name, change }: ScaleSetRole,
  { roles }: ServiceLook,
  { models }: UpdateRecord,
): boolean {
  const set = roles.find(({ role }) => role === name)?.set;
  const patches = models[name];
  if (!set || !patches) return false;
  const before = withPatch(set.model, patches.previous);
  return areEqual(targetModel(before, change), withPatch(before, patches.target));
}

function areEqual(one: ScaleSetModel, other: ScaleSetModel): boolean {
  return partsOf(one, other).every((part) => part.inModel(one) === part.inModel(other));
}
