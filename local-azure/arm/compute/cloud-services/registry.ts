// All cloud services of the subscription, what their instances run, and the rule that one operation at a time works
// on a service.
import { isDeepStrictEqual } from 'node:util';
import type { Instance } from '../../../compute/fabric.ts';
import type { ArmCall } from '../../core/call.ts';
import type { ArmContext } from '../../core/context.ts';
import { ArmError, resourceNotFound } from '../../core/errors.ts';
import { NameMap, sameName } from '../../core/ids.ts';
import type { Operation, Work } from '../../core/operations.ts';
import type { Quota } from '../quota.ts';
import type { CloudService } from './model.ts';

export type CoreQuota = Pick<Quota, 'addConsumer' | 'require'>;

export interface CloudServiceRegistry {
  readonly context: ArmContext;
  readonly quota: CoreQuota;
  readonly services: NameMap<CloudService>;
  id(service: { readonly group: string; readonly name: string }): string;
  /** The one a call is about. Throws 404 ResourceNotFound. */
  find(call: ArmCall): CloudService;
  byId(id: string): CloudService | null;
  /** Name of a role's instances in the fabric: its resource id. */
  fabricRole(service: CloudService, role: string): string;
  /** Of all its roles, those of roles that are about to go included. */
  instances(service: CloudService): readonly Instance[];
  /** Whether an instance runs what the last write asked for. */
  isCurrent(service: CloudService, instance: Instance): boolean;
  /**
   * Starts the work that a mutating call asked for. Throws 409 while another is under way, and for a service that is
   * beyond repair: an operation that meets a VIP swap puts it there.
   */
  begin(
    call: ArmCall,
    service: CloudService,
    name: string,
    state: 'Creating' | 'Updating' | 'Deleting',
    work: Work,
  ): Operation;
}

export function createCloudServiceRegistry(context: ArmContext, quota: CoreQuota): CloudServiceRegistry {
  const services = new NameMap<CloudService>();
  const { compute, operations, clock } = context;
  const id = ({ group, name }: { readonly group: string; readonly name: string }) =>
    `/subscriptions/${context.subscriptionId}/resourceGroups/${group}/providers/Microsoft.Compute/cloudServices/${name}`;
  const fabricRole = (service: CloudService, role: string) => `${id(service)}/roles/${role}`;
  quota.addConsumer(() =>
    services
      .values()
      .flatMap(({ location, deployment }) =>
        deployment.roles.map(({ sku }) => ({ location, size: sku.name, count: sku.capacity })),
      ),
  );
  return {
    context,
    quota,
    services,
    id,
    find: (call) => {
      const place = { group: call.param('group'), name: call.param('service') };
      const service = services.get(id(place));
      if (service !== undefined) return service;
      throw resourceNotFound(`Microsoft.Compute/cloudServices/${place.name}`, place.group);
    },
    byId: (wanted) => services.values().find((service) => sameName(id(service), wanted)) ?? null,
    fabricRole,
    instances: (service) => {
      const above = `${id(service)}/roles/`.toLowerCase();
      const roles = compute.roles().filter((role) => role.toLowerCase().startsWith(above));
      return roles.flatMap((role) => compute.instances(role));
    },
    isCurrent: (service, instance) => {
      const target = service.deployment.roles.find((role) =>
        sameName(fabricRole(service, role.name), instance.role),
      );
      return target !== undefined && isDeepStrictEqual(target.model, instance.model);
    },
    begin: (call, service, name, state, work) => {
      requireWorking(service);
      if (service.swapping) throw breakDown(service);
      if (operations.running(id(service)) !== null) throw busy(service);
      service.provisioningState = state;
      const settle = (settled: 'Succeeded' | 'Failed') => {
        service.provisioningState = service.broken ? 'Failed' : settled;
        service.changedAt = clock.now();
        service.walking = null;
      };
      return operations.start(
        call,
        name,
        id(service),
        async (signal) => {
          await work(signal);
          requireWorking(service);
          settle('Succeeded');
        },
        () => settle('Failed'),
      );
    },
  };
}

/** As documented of a swap that meets another operation: an error that the service does not recover from. */
export function breakDown(service: CloudService): ArmError {
  service.broken = true;
  service.provisioningState = 'Failed';
  return unrecoverable(service);
}

export function requireWorking(service: CloudService): void {
  if (service.broken) throw unrecoverable(service);
}

function unrecoverable(service: CloudService): ArmError {
  return new ArmError(
    409,
    'InternalOperationError',
    `The cloud service '${service.name}' is in an unrecoverable error state: a VIP swap and another operation ran at the same time.`,
  );
}

/** The code is the one of other Compute resources; no refusal of a cloud service was recorded. */
function busy(service: CloudService): ArmError {
  return new ArmError(
    409,
    'OperationNotAllowed',
    `The operation is not allowed because another operation is in progress on cloud service '${service.name}'. Retry when it has completed.`,
  );
}
