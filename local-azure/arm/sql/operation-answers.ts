// Microsoft.Sql's long-running operations on the wire: 202 with both headers, polls without a percentage.
import type { ArmAnswer, ArmCall, Route } from '../core/call.ts';
import type { ArmContext } from '../core/context.ts';
import { beforePollAnswer, pollSeconds } from '../core/context.ts';
import { ArmError, refusedByGateway } from '../core/errors.ts';
import type { Operation } from '../core/operations.ts';

/** Which family of operation URLs: …AsyncOperation and …OperationResults below a location. */
export type OperationFamily = 'server' | 'database' | 'failoverGroup';

/** The 202 of an accepted operation. Failover groups are polled below the subscription, the others below the group. */
export function accepted(
  context: ArmContext,
  call: ArmCall,
  operation: Operation,
  family: OperationFamily,
  location: string,
): ArmAnswer {
  const group = family === 'failoverGroup' ? '' : `/resourceGroups/${call.param('group')}`;
  const base = `${call.origin}/subscriptions/${context.subscriptionId}${group}/providers/Microsoft.Sql/locations/${location}`;
  const url = (kind: string) => `${base}/${family}${kind}/${operation.id}?api-version=${call.apiVersion}`;
  return {
    status: 202,
    headers: {
      'azure-asyncoperation': url('AzureAsyncOperation'),
      location: url('OperationResults'),
      'retry-after': String(pollSeconds(context.latency)),
    },
    body: { operation: operation.name, startTime: operation.startTime.toISOString() },
  };
}

/** Polls of every family, below a resource group and below the subscription. */
export function operationRoutes(context: ArmContext): Route[] {
  const find = (call: ArmCall): Operation => {
    const operation = context.operations.get(call.param('operation'));
    if (operation !== null) return operation;
    throw refusedByGateway(
      404,
      'OperationIdNotFound',
      `The operation with Id ${call.param('operation')} is not found.`,
    );
  };
  const headers = { 'retry-after': String(pollSeconds(context.latency)) };

  const status = async (call: ArmCall): Promise<ArmAnswer> => {
    const operation = find(call);
    await beforePollAnswer(context, operation);
    return {
      status: 200,
      headers,
      body: {
        name: operation.id,
        status: operation.status,
        startTime: operation.startTime.toISOString(),
        ...(operation.error === null ? {} : { error: { ...operation.error } }),
      },
    };
  };

  const result = async (call: ArmCall): Promise<ArmAnswer> => {
    const operation = find(call);
    await beforePollAnswer(context, operation);
    if (operation.error !== null) throw new ArmError(409, operation.error.code, operation.error.message);
    if (operation.status === 'Succeeded') return { status: 204 };
    return {
      status: 202,
      headers: { ...headers, location: `${call.origin}${call.path}?api-version=${call.apiVersion}` },
      body: { operation: operation.name, startTime: operation.startTime.toISOString() },
    };
  };

  const families: OperationFamily[] = ['server', 'database', 'failoverGroup'];
  return families.flatMap((family) =>
    ['/subscriptions/{subscription}/resourceGroups/{group}', '/subscriptions/{subscription}'].flatMap(
      (above) => {
        const base = `${above}/providers/Microsoft.Sql/locations/{location}/${family}`;
        const action = `Microsoft.Sql/locations/${family}`;
        return [
          {
            method: 'GET',
            template: `${base}AzureAsyncOperation/{operation}`,
            action: `${action}AzureAsyncOperation/read`,
            handle: status,
          } as const,
          {
            method: 'GET',
            template: `${base}OperationResults/{operation}`,
            action: `${action}OperationResults/read`,
            handle: result,
          } as const,
        ];
      },
    ),
  );
}
