// Microsoft.Compute's long-running operations on the wire: a PUT answers 200 with the resource and an operation behind
// it, everything else 202; polls below the region (azure-cli's recordings, facts/azure-on-the-wire.md 2.5).
import type { ArmAnswer, ArmCall, Route } from '../core/call.ts';
import type { ArmContext } from '../core/context.ts';
import { beforePollAnswer, pollSeconds } from '../core/context.ts';
import { ArmError, refusedByGateway } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Operation } from '../core/operations.ts';

/** The segment that operations are found under; cloud services have their own. */
export type OperationFamily = 'operations' | 'CsOperations';

interface Accepted {
  readonly call: ArmCall;
  readonly operation: Operation;
  readonly location: string;
  readonly family?: OperationFamily;
}

/** 202 with both headers and no body. */
export function accepted(context: ArmContext, { family = 'operations', ...what }: Accepted): ArmAnswer {
  const { call, operation, location } = what;
  const base = operationUrl(context, call, location, family, operation.id);
  return {
    status: 202,
    headers: {
      'azure-asyncoperation': `${base}?api-version=${call.apiVersion}`,
      location: `${base}?monitor=true&api-version=${call.apiVersion}`,
      'retry-after': String(pollSeconds(context.latency)),
    },
  };
}

/** 200, or 201 where the resource is new, with the resource as it will be. */
export function written(
  context: ArmContext,
  { family = 'operations', ...what }: Accepted & { readonly isNew: boolean; readonly body: JsonObject },
): ArmAnswer {
  const { call, operation, location, isNew, body } = what;
  const url = operationUrl(context, call, location, family, operation.id);
  return {
    status: isNew ? 201 : 200,
    headers: {
      'azure-asyncoperation': `${url}?api-version=${call.apiVersion}`,
      'retry-after': String(pollSeconds(context.latency)),
    },
    body,
  };
}

export function operationRoutes(context: ArmContext, family: OperationFamily): Route[] {
  const poll = async (call: ArmCall): Promise<ArmAnswer> => {
    const operation = context.operations.get(call.param('operation'));
    if (operation === null)
      throw refusedByGateway(404, 'NotFound', `The operation ${call.param('operation')} was not found.`);
    await beforePollAnswer(context, operation);
    const headers = { 'retry-after': String(pollSeconds(context.latency)) };
    if (call.query.get('monitor') === 'true') return result(call, operation, headers);
    return { status: 200, headers, body: statusBody(operation) };
  };
  return [
    {
      method: 'GET',
      template: `/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{location}/${family}/{operation}`,
      // Whoever may do something in one resource group only polls here too.
      action: null,
      handle: poll,
    },
  ];
}

function operationUrl(
  context: ArmContext,
  call: ArmCall,
  location: string,
  family: OperationFamily,
  id: string,
) {
  return `${call.origin}/subscriptions/${context.subscriptionId}/providers/Microsoft.Compute/locations/${location}/${family}/${id}`;
}

function statusBody({ id, startTime, endTime, status, error }: Operation): JsonObject {
  return {
    startTime: startTime.toISOString(),
    ...(endTime === null ? {} : { endTime: endTime.toISOString() }),
    status: status === 'Cancelled' ? 'Canceled' : status,
    ...(error === null ? {} : { error: { ...error } }),
    name: id,
  };
}

function result(call: ArmCall, operation: Operation, headers: Readonly<Record<string, string>>): ArmAnswer {
  if (operation.error !== null) throw new ArmError(409, operation.error.code, operation.error.message);
  if (operation.status !== 'InProgress') return { status: 200 };
  const location = `${call.origin}${call.path}?monitor=true&api-version=${call.apiVersion}`;
  return { status: 202, headers: { ...headers, location } };
}
