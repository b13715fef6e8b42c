// Resource groups: they hold resources together and go with all of them.
import type { ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import type { ArmContext } from '../core/context.ts';
import { pollSeconds } from '../core/context.ts';
import { refusedByGateway } from '../core/errors.ts';
import { locationName, NameMap, sameName } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { asText, asTexts } from '../core/json.ts';

export interface ResourceGroup {
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface ResourceGroups {
  readonly routes: readonly Route[];
  create(group: ResourceGroup): void;
  has(name: string): boolean;
  /** The group's name as it was written first; ids show that one. */
  nameOf(name: string): string;
  /** Called for each provider when a group is deleted. */
  onDelete(remove: (group: string) => void): void;
  list(): ResourceGroup[];
}

const ROOT = '/subscriptions/{subscription}/resourceGroups';
const ITEM = `${ROOT}/{group}`;

export function createResourceGroups(context: ArmContext): ResourceGroups {
  const groups = new NameMap<ResourceGroup>();
  const removers: ((group: string) => void)[] = [];
  const find = (call: ArmCall): ResourceGroup => {
    const group = groups.get(call.param('group'));
    if (group === undefined) throw groupNotFound(call.param('group'));
    return group;
  };
  const body = (group: ResourceGroup): JsonObject => ({
    id: `/subscriptions/${context.subscriptionId}/resourceGroups/${group.name}`,
    name: group.name,
    type: 'Microsoft.Resources/resourceGroups',
    location: group.location,
    tags: group.tags,
    properties: { provisioningState: 'Succeeded' },
  });

  const put = (call: ArmCall) => {
    const name = call.param('group');
    const existing = groups.get(name);
    const location = asText(call.body.location);
    if (location === null)
      throw refusedByGateway(
        400,
        'LocationRequired',
        'The location property is required for this definition.',
      );
    if (existing !== undefined && !sameName(locationName(existing.location), locationName(location)))
      throw refusedByGateway(
        409,
        'InvalidResourceGroupLocation',
        `Invalid resource group location '${location}'. The Resource group already exists in location '${existing.location}'.`,
      );
    const group = {
      name: existing?.name ?? name,
      location: locationName(location),
      tags: asTexts(call.body.tags),
    };
    groups.set(name, group);
    return { status: existing === undefined ? 201 : 200, body: body(group) };
  };

  const patch = (call: ArmCall) => {
    const group = { ...find(call), tags: asTexts(call.body.tags) };
    groups.set(group.name, group);
    return ok(body(group));
  };

  const remove = (call: ArmCall) => {
    const { name } = find(call);
    const operation = context.operations.start(call, 'DeleteResourceGroup', call.path, async (signal) => {
      await context.clock.sleep(context.latency.of('drop-database'), signal);
      for (const remover of removers) remover(name);
      groups.delete(name);
    });
    const location = `${call.origin}/subscriptions/${context.subscriptionId}/operationresults/${operation.id}?api-version=${call.apiVersion}`;
    return { status: 202, headers: { location, 'retry-after': String(pollSeconds(context.latency)) } };
  };

  const result = async (call: ArmCall) => {
    const operation = context.operations.get(call.param('operation'));
    if (operation === null || operation.status === 'Succeeded') return { status: 200 };
    if (operation.error !== null) throw refusedByGateway(409, operation.error.code, operation.error.message);
    return {
      status: 202,
      headers: {
        location: `${call.origin}${call.path}?api-version=${call.apiVersion}`,
        'retry-after': String(pollSeconds(context.latency)),
      },
    };
  };

  const action = (verb: string) => `Microsoft.Resources/subscriptions/resourceGroups/${verb}`;
  return {
    routes: [
      {
        method: 'GET',
        template: ROOT,
        action: action('read'),
        handle: () => ok({ value: groups.values().map(body) }),
      },
      { method: 'GET', template: ITEM, action: action('read'), handle: (call) => ok(body(find(call))) },
      {
        method: 'HEAD',
        template: ITEM,
        action: action('read'),
        handle: (call) => ({ status: groups.has(call.param('group')) ? 204 : 404 }),
      },
      { method: 'PUT', template: ITEM, action: action('write'), handle: put },
      { method: 'PATCH', template: ITEM, action: action('write'), handle: patch },
      { method: 'DELETE', template: ITEM, action: action('delete'), handle: remove },
      {
        method: 'GET',
        template: '/subscriptions/{subscription}/operationresults/{operation}',
        action: null,
        handle: result,
      },
    ],
    create: (group) => groups.set(group.name, group),
    has: (name) => groups.has(name),
    nameOf: (name) => groups.get(name)?.name ?? name,
    onDelete: (remover) => removers.push(remover),
    list: () => groups.values(),
  };
}

export function groupNotFound(name: string) {
  return refusedByGateway(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);
}
