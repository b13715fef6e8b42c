// Microsoft.Sql/servers/failoverGroups. All writes are accepted with 202 and both headers, and polled below the
// subscription. A group is changed and removed on its primary server, failed over on the other.
import type { ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import { ArmError } from '../core/errors.ts';
import { sameName } from '../core/ids.ts';
import type { Work } from '../core/operations.ts';
import { failoverGroupBody } from './failover-group-body.ts';
import { patchedGroup, requestedGroup } from './failover-group-request.ts';
import { failoverOf, publishListeners, seedMembers } from './failover-group-work.ts';
import type { FailoverGroup, Server } from './model.ts';
import { SERVER } from './model.ts';
import { accepted } from './operation-answers.ts';
import type { SqlRegistry } from './registry.ts';

export function failoverGroupRoutes(registry: SqlRegistry): Route[] {
  const { context, failoverGroups } = registry;
  const item = `${SERVER}/failoverGroups/{failoverGroup}`;
  const action = (verb: string) => `Microsoft.Sql/servers/failoverGroups/${verb}`;
  const of = (server: Server) =>
    failoverGroups.filter((group) =>
      [group.primary, group.partner].some((each) => sameName(each, server.name)),
    );
  const find = (call: ArmCall) =>
    of(registry.server(call)).find((group) => sameName(group.name, call.param('failoverGroup'))) ?? null;
  const required = (call: ArmCall): FailoverGroup => {
    const group = find(call);
    if (group !== null) return group;
    throw new ArmError(
      404,
      'ResourceNotFound',
      `The requested resource of type 'Microsoft.Sql/servers/failoverGroups' with name '${call.param('failoverGroup')}' was not found.`,
    );
  };
  /** The same for both of its servers: names are global. */
  const operationKey = (call: ArmCall) => `failoverGroups/${call.param('failoverGroup')}`;
  const requireIdle = (call: ArmCall) => {
    if (context.operations.running(operationKey(call)) === null) return;
    throw new ArmError(409, 'FailoverGroupBusy', 'Failover Group is busy with another operation.');
  };
  const start = (call: ArmCall, name: string, work: Work, undo?: () => void) => {
    const operation = context.operations.start(call, name, operationKey(call), work, undo);
    return accepted(context, call, operation, 'failoverGroup', registry.server(call).location);
  };
  const written = async (signal: AbortSignal) =>
    context.clock.sleep(context.latency.of('failover-group-write'), signal);

  const put = (call: ArmCall) => {
    const server = registry.server(call);
    requireIdle(call);
    const existing = find(call);
    if (existing !== null) {
      requirePrimary(existing, server);
      return update(call, existing, requestedGroup(registry, call, server, existing));
    }
    const group = requestedGroup(registry, call, server, null);
    const members = seedMembers(registry, group);
    const work: Work = async (signal) => {
      await written(signal);
      await members.work(signal);
      failoverGroups.push(group);
      publishListeners(registry, group);
    };
    return start(call, 'CreateFailoverGroup', work, members.undo);
  };

  const patch = (call: ArmCall) => {
    const server = registry.server(call);
    const existing = required(call);
    requireIdle(call);
    requirePrimary(existing, server);
    return update(call, existing, patchedGroup(registry, call, server, existing));
  };

  /** A database that is left out keeps its link and its copy. */
  const update = (call: ArmCall, existing: FailoverGroup, wanted: FailoverGroup) => {
    const members = seedMembers(registry, wanted);
    const work: Work = async (signal) => {
      await written(signal);
      await members.work(signal);
      Object.assign(existing, wanted);
    };
    return start(call, 'UpdateFailoverGroup', work, members.undo);
  };

  const remove = (call: ArmCall) => {
    const server = registry.server(call);
    const group = find(call);
    if (group === null) return { status: 204 };
    requireIdle(call);
    requirePrimary(group, server);
    return start(call, 'DropFailoverGroup', async (signal) => {
      await written(signal);
      failoverGroups.splice(failoverGroups.indexOf(group), 1);
      context.fabric.setListeners(group.name, null);
    });
  };

  const failOver = (forced: boolean) => (call: ArmCall) => {
    const group = required(call);
    requireIdle(call);
    if (sameName(group.primary, registry.server(call).name))
      throw new ArmError(
        400,
        'FailoverGroupFailoverRequestOnPrimary',
        'The failover request should be initiated on the secondary server of failover group.',
      );
    return start(call, 'FailoverFailoverGroup', failoverOf(registry, group, forced));
  };

  const list = (call: ArmCall) => {
    const server = registry.server(call);
    return ok({ value: of(server).map((group) => failoverGroupBody(registry, server, group)) });
  };

  const get = (call: ArmCall) => ok(failoverGroupBody(registry, registry.server(call), required(call)));

  return [
    { method: 'GET', template: `${SERVER}/failoverGroups`, action: action('read'), handle: list },
    { method: 'GET', template: item, action: action('read'), handle: get },
    { method: 'PUT', template: item, action: action('write'), handle: put },
    { method: 'PATCH', template: item, action: action('write'), handle: patch },
    { method: 'DELETE', template: item, action: action('delete'), handle: remove },
    {
      method: 'POST',
      template: `${item}/failover`,
      action: action('failover/action'),
      handle: failOver(false),
    },
    {
      method: 'POST',
      template: `${item}/forceFailoverAllowDataLoss`,
      action: action('forceFailoverAllowDataLoss/action'),
      handle: failOver(true),
    },
  ];
}

function requirePrimary(group: FailoverGroup, server: Server): void {
  if (sameName(group.primary, server.name)) return;
  throw new ArmError(
    400,
    'FailoverGroupUpdateOrDeleteRequestOnSecondary',
    'Modifications to the failover group are not allowed on a secondary server. Execute the request on the primary server.',
  );
}
