// What Microsoft.Compute refuses of a scale set, and while what is under way.
import type { ArmCall } from '../core/call.ts';
import { ArmError } from '../core/errors.ts';
import { asNumber, asText } from '../core/json.ts';
import type { Operation } from '../core/operations.ts';
import { profileOf, upgradeModeOf } from './document.ts';
import type { ScaleSet, ScaleSetDocument, ScaleSetVm } from './model.ts';
import { etagOf } from './model.ts';
import { isHealthMonitored, osDiskOf } from './profile.ts';
import type { ComputeRegistry } from './registry.ts';
import { isRolling } from './rolling-upgrade.ts';

/** Operations on the set as a whole; the others are on some of its instances. */
const WHOLE = ['CreateOrUpdate', 'Update', 'Delete', 'SetOrchestrationServiceState'];

/** Throws 412 where the caller has seen another version, or expected none. */
export function requireEtag(call: ArmCall, resource: { readonly version: number } | null): void {
  const [match, noneMatch] = [call.header('if-match'), call.header('if-none-match')];
  const current = resource === null ? null : etagOf(resource);
  const hit = (tags: string) =>
    current !== null && tags.split(',').some((tag) => tag.trim() === '*' || tag.trim() === current);
  if ((match === null || hit(match)) && (noneMatch === null || !hit(noneMatch))) return;
  throw new ArmError(
    412,
    'PreconditionFailed',
    `The condition specified in the ${match === null ? 'If-None-Match' : 'If-Match'} header was not satisfied. The current etag of the resource is ${current ?? 'none: it does not exist'}.`,
  );
}

/** Throws 409 OperationNotAllowed while the whole set is being written or rolls. */
export function refuseWhileWritten(registry: ComputeRegistry, set: ScaleSet, operation: string): void {
  const busy = underWay(registry, set).find(({ name }) => WHOLE.includes(name));
  if (busy === undefined && !isRolling(set)) return;
  const reason =
    busy === undefined ? 'a Rolling Upgrade is in progress' : `operation '${busy.name}' is in progress`;
  throw new ArmError(
    409,
    'OperationNotAllowed',
    `Operation '${operation}' is not allowed on Virtual Machine Scale Set '${set.name}' since ${reason}.`,
  );
}

/** Throws 409 while instances of the set are being worked on, where this Azure is set to refuse that. */
export function refuseWhileInstancesUpdate(registry: ComputeRegistry, set: ScaleSet): void {
  if (registry.context.behaviour.modelWritesWhileInstancesUpdate) return;
  if (underWay(registry, set).length > 0) throw concurrentRequest();
}

/** Throws 409 Conflict where one of them is being worked on. */
export function refuseBusy(vms: readonly ScaleSetVm[]): void {
  if (vms.some((vm) => ['Creating', 'Updating', 'Deleting'].includes(vm.provisioningState)))
    throw concurrentRequest();
}

export function underWay(registry: ComputeRegistry, set: ScaleSet): Operation[] {
  return registry.context.operations.of(set.id).filter(({ status }) => status === 'InProgress');
}

/** Throws where Azure would not make this of that; `before` is null for a new set. */
export function requirePossible(
  set: Pick<ScaleSet, 'name'>,
  before: ScaleSetDocument | null,
  after: ScaleSetDocument,
): void {
  if (upgradeModeOf(after) === 'Rolling' && !isHealthMonitored(profileOf(after)))
    throw new ArmError(
      400,
      'BadRequest',
      'Rolling Upgrade mode is not supported for this Virtual Machine Scale Set because a health probe or health extension was not provided.',
    );
  if (after.sku.capacity < 0 || after.sku.capacity > 1000)
    throw new ArmError(
      400,
      'InvalidParameter',
      `The value ${after.sku.capacity} of parameter 'sku.capacity' is invalid.`,
    );
  if (before === null) return;
  for (const property of ['orchestrationMode', 'platformFaultDomainCount'])
    if ((before.properties[property] ?? null) !== (after.properties[property] ?? null))
      throw propertyChangeNotAllowed(property);
  const [old, wanted] = [before, after].map((each) => asNumber(osDiskOf(profileOf(each)).diskSizeGB));
  if (typeof old === 'number' && typeof wanted === 'number' && wanted < old)
    throw new ArmError(
      409,
      'OperationNotAllowed',
      `Unable to update the OS disk of Virtual Machine Scale Set '${set.name}' from ${old} GB to ${wanted} GB: shrinking a disk is not supported.`,
    );
  const [user, otherUser] = [before, after].map((each) => adminOf(each));
  if (user !== otherUser) throw propertyChangeNotAllowed('osProfile.adminUsername');
}

function adminOf(document: ScaleSetDocument): string | null {
  const { osProfile } = profileOf(document);
  return typeof osProfile === 'object' && osProfile !== null && 'adminUsername' in osProfile
    ? asText(osProfile.adminUsername)
    : null;
}

function propertyChangeNotAllowed(property: string): ArmError {
  return new ArmError(409, 'PropertyChangeNotAllowed', `Changing property '${property}' is not allowed.`);
}

function concurrentRequest(): ArmError {
  return new ArmError(
    409,
    'Conflict',
    'The request failed due to conflict with a concurrent request. To resolve it, please refer to https://aka.ms/activitylog to get more details on the conflicting requests.',
  );
}
