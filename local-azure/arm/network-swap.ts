// Microsoft.Network's half of a cloud service: the slot it is in, and the VIP swap that exchanges its public address
// with its partner's. A change of the network only; instances notice nothing.

import { CLOUD_SERVICES, type CloudService, type SlotType } from './compute/cloud-services/model.ts';
import { breakDown, type CloudServiceRegistry, requireWorking } from './compute/cloud-services/registry.ts';
import type { ArmAnswer, ArmCall, Route } from './core/call.ts';
import { ok } from './core/call.ts';
import { type ArmContext, beforePollAnswer, pollSeconds } from './core/context.ts';
import { ArmError, refusedByGateway, resourceNotFound } from './core/errors.ts';
import { sameName } from './core/ids.ts';
import { asObject, type JsonObject } from './core/json.ts';
import type { Operation } from './core/operations.ts';

const SLOTS = `${CLOUD_SERVICES}/{service}/providers/Microsoft.Network/cloudServiceSlots`;
const ACTION = 'Microsoft.Network/cloudServiceSlots';

export function vipSwapRoutes(registry: CloudServiceRegistry): Route[] {
  const { context } = registry;
  const { operations, latency, clock } = context;
  const slotId = (service: CloudService) =>
    `${registry.id(service)}/providers/Microsoft.Network/cloudServiceSlots/swap`;
  const slotBody = (service: CloudService): JsonObject => ({
    name: 'swap',
    id: slotId(service),
    type: 'Microsoft.Network/cloudServiceSlots',
    properties: { slotType: service.slotType },
  });

  const swap = (call: ArmCall): ArmAnswer => {
    const service = registry.find(call);
    const wanted = readSlotType(call.body);
    const partner = partnerOf(registry, service);
    if (wanted === service.slotType) return { status: 200 };
    const pair = [service, partner];
    for (const each of pair) requireWorking(each);
    const busy = pair.find((each) => each.swapping || operations.running(registry.id(each)) !== null);
    if (busy !== undefined) throw breakDown(busy);
    for (const each of pair) requireAllRunning(registry, each);

    const end = () => {
      for (const each of pair) each.swapping = false;
    };
    for (const each of pair) each.swapping = true;
    const operation = operations.start(
      call,
      'SwapVip',
      slotId(service),
      async (signal) => {
        await clock.sleep(latency.of('vip-swap'), signal);
        for (const each of pair) requireWorking(each);
        exchange(service, partner);
        end();
      },
      end,
    );
    return accepted(context, call, operation, service.location);
  };

  return [
    swapOperationRoute(context),
    {
      method: 'GET',
      template: SLOTS,
      action: `${ACTION}/read`,
      handle: (call) => ok({ value: [slotBody(registry.find(call))] }),
    },
    {
      method: 'GET',
      template: `${SLOTS}/swap`,
      action: `${ACTION}/read`,
      handle: (call) => ok(slotBody(registry.find(call))),
    },
    { method: 'PUT', template: `${SLOTS}/swap`, action: `${ACTION}/write`, handle: swap },
  ];
}

/** Both are reached at the other's address, under the other's name, from here on. */
function exchange(one: CloudService, other: CloudService): void {
  [one.publicIpAddress, other.publicIpAddress] = [other.publicIpAddress, one.publicIpAddress];
  [one.slotType, other.slotType] = [other.slotType, one.slotType];
}

function readSlotType(body: JsonObject): SlotType {
  const { slotType } = asObject(body.properties);
  if (slotType === 'Production' || slotType === 'Staging') return slotType;
  throw new ArmError(400, 'InvalidParameter', 'The slotType is either Production or Staging.');
}

function partnerOf(registry: CloudServiceRegistry, service: CloudService): CloudService {
  if (service.swappable === null)
    throw new ArmError(
      400,
      'SwappableCloudServicePropertyNotSet',
      `SwappableCloudService property in networkProfile for cloudService ${service.name} is not set.`,
    );
  const partner = registry.byId(service.swappable);
  if (partner !== null && sameName(partner.swappable ?? '', registry.id(service))) return partner;
  throw resourceNotFound(
    `Microsoft.Compute/cloudServices/${service.swappable.split('/').at(-1)}`,
    service.group,
  );
}

/** "All instances of your roles must be running for the swap to succeed." */
function requireAllRunning(registry: CloudServiceRegistry, service: CloudService): void {
  const down = registry.instances(service).filter(({ state }) => state !== 'running');
  if (down.length === 0) return;
  throw new ArmError(
    409,
    'OperationNotAllowed',
    `The VIP swap is not allowed: role instances ${down.map(({ name }) => name).join(', ')} of cloud service '${service.name}' are not running.`,
  );
}

function accepted(context: ArmContext, call: ArmCall, operation: Operation, location: string): ArmAnswer {
  const url = `${call.origin}/subscriptions/${context.subscriptionId}/providers/Microsoft.Network/locations/${location}/operations/${operation.id}`;
  const headers = {
    'azure-asyncoperation': `${url}?api-version=${call.apiVersion}`,
    'retry-after': String(pollSeconds(context.latency)),
  };
  return { status: 202, headers };
}

function swapOperationRoute(context: ArmContext): Route {
  return {
    method: 'GET',
    template:
      '/subscriptions/{subscription}/providers/Microsoft.Network/locations/{location}/operations/{operation}',
    action: 'Microsoft.Network/locations/operations/read',
    handle: async (call) => {
      const operation = context.operations.get(call.param('operation'));
      if (operation === null)
        throw refusedByGateway(404, 'NotFound', `Operation ${call.param('operation')} was not found.`);
      await beforePollAnswer(context, operation);
      const error = operation.error === null ? {} : { error: { ...operation.error } };
      const headers = { 'retry-after': String(pollSeconds(context.latency)) };
      return ok({ status: operation.status, ...error }, headers);
    },
  };
}
