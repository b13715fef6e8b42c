// Microsoft.Network/trafficManagerProfiles. Every write answers with the final body; a PUT replaces the whole
// profile, endpoints included, in one step.
import type { ArmAnswer, ArmCall, Route } from '../core/call.ts';
import type { ArmContext } from '../core/context.ts';
import { ArmError, refusedByGateway, resourceNotFound } from '../core/errors.ts';
import { sameName } from '../core/ids.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { asList, asObject, asText, asTexts } from '../core/json.ts';
import { checkWebTargets, refuseDuplicates, withPriorities } from './check-endpoints.ts';
import type { StoredEndpoint, StoredProfile, WebTargets } from './model.ts';
import { fqdnOf, profileBody } from './profile-body.ts';
import type { ReadEndpoint } from './read-profile.ts';
import { badRequest, readEndpoint, readProfileSettings } from './read-profile.ts';
import type { ProfileStore } from './store.ts';

export const PROVIDER = '/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network';
export const PROFILE = `${PROVIDER}/trafficManagerProfiles/{profile}`;

/** Traffic Manager's own kind of answer: slashes escaped, another rate limit. */
export function trafficAnswer(status: number, body?: JsonValue): ArmAnswer {
  return {
    status,
    ...(body === undefined ? {} : { body }),
    escapeSlashes: true,
    headers: {
      'cache-control': 'private',
      'x-ms-ratelimit-remaining-subscription-resource-requests': '10799',
    },
  };
}

export function requireProfile(store: ProfileStore, call: ArmCall): StoredProfile {
  const profile = store.get(call.param('group'), call.param('profile'));
  if (profile !== null) return profile;
  throw resourceNotFound(
    `Microsoft.Network/trafficManagerProfiles/${call.param('profile')}`,
    call.param('group'),
  );
}

/** Endpoints of a list, complete and checked together. Throws 400 BadRequest. */
export function checkedEndpoints(
  context: ArmContext,
  store: ProfileStore,
  targets: WebTargets,
  read: readonly ReadEndpoint[],
): StoredEndpoint[] {
  refuseDuplicates(read);
  checkWebTargets(context, targets, read);
  return withPriorities(read).map((endpoint) => ({
    ...endpoint,
    target: targetOf(store, targets, endpoint),
  }));
}

function targetOf(store: ProfileStore, targets: WebTargets, endpoint: StoredEndpoint): string | null {
  const id = endpoint.targetResourceId ?? '';
  if (endpoint.type === 'externalEndpoints') return endpoint.target;
  if (endpoint.type === 'azureEndpoints') return targets.find(id)?.hostName ?? endpoint.target;
  const nested = store.list().find((profile) => sameName(store.id(profile), id));
  return nested === undefined ? endpoint.target : fqdnOf(nested);
}

export function profileRoutes(context: ArmContext, store: ProfileStore, targets: WebTargets): Route[] {
  const action = (verb: string) => `Microsoft.Network/trafficManagerProfiles/${verb}`;
  const body = (profile: StoredProfile, call: ArmCall): JsonObject =>
    profileBody(store.id(profile), profile, store.shown(profile), call.apiVersion);
  const listed = (profiles: readonly StoredProfile[], call: ArmCall) =>
    trafficAnswer(200, {
      // A list does not tell how the profiles do.
      value: profiles.map((profile) =>
        profileBody(store.id(profile), profile, { ...store.shown(profile), profile: null }, call.apiVersion),
      ),
    });

  const put = async (call: ArmCall) => {
    await context.clock.sleep(context.latency.of('profile-write'));
    requireGlobal(call.body);
    const [group, name] = [call.param('group'), call.param('profile')];
    const existing = store.get(group, name);
    const properties = asObject(call.body.properties);
    const settings = readProfileSettings(properties);
    refuseTakenName(store, settings.relativeName, { group, name });
    const problems: string[] = [];
    const read = asList(properties.endpoints).map((value) => {
      const endpoint = asObject(value);
      return readEndpoint(endpoint, { name: asText(endpoint.name), type: asText(endpoint.type) }, problems);
    });
    if (problems.length > 0) throw badRequest(problems);
    const endpoints = checkedEndpoints(context, store, targets, read);
    const profile = {
      ...settings,
      name: existing?.name ?? name,
      group: existing?.group ?? group,
      tags: asTexts(call.body.tags),
      endpoints,
    };
    store.write(profile);
    return trafficAnswer(existing === null ? 201 : 200, body(profile, call));
  };

  const patch = async (call: ArmCall) => {
    await context.clock.sleep(context.latency.of('profile-write'));
    const existing = requireProfile(store, call);
    const properties = asObject(call.body.properties);
    if (properties.endpoints !== undefined)
      throw badRequest([
        "The 'endpoints' property cannot be specified when updating a profile using PATCH. Please use PUT to update the profile instead.",
      ]);
    const before = asObject(body(existing, call).properties);
    const merged: JsonObject = {
      ...before,
      ...properties,
      dnsConfig: { ...asObject(before.dnsConfig), ...asObject(properties.dnsConfig) },
      monitorConfig: { ...asObject(before.monitorConfig), ...asObject(properties.monitorConfig) },
    };
    const tags = call.body.tags === undefined ? existing.tags : asTexts(call.body.tags);
    const profile = { ...existing, ...readProfileSettings(merged), tags };
    store.write(profile);
    return trafficAnswer(200, body(profile, call));
  };

  const remove = async (call: ArmCall) => {
    await context.clock.sleep(context.latency.of('profile-write'));
    const existing = store.get(call.param('group'), call.param('profile'));
    if (existing === null) return trafficAnswer(204);
    store.remove(existing);
    return trafficAnswer(200);
  };

  const checkName = (call: ArmCall) => {
    const name = asText(call.body.name) ?? '';
    const taken = store.list().some((profile) => sameName(profile.relativeName, name));
    return trafficAnswer(200, {
      name,
      type: 'Microsoft.Network/trafficManagerProfiles',
      nameAvailable: !taken,
      reason: taken ? 'AlreadyExists' : null,
      message: taken ? nameTaken(name) : null,
    });
  };

  const check = 'providers/Microsoft.Network/checkTrafficManagerNameAvailability';
  const checkAction = 'Microsoft.Network/checkTrafficManagerNameAvailability/action';
  const group = `${PROVIDER}/trafficManagerProfiles`;
  return [
    { method: 'POST', template: `/${check}`, action: null, handle: checkName },
    {
      method: 'POST',
      template: `/subscriptions/{subscription}/${check}`,
      action: checkAction,
      handle: checkName,
    },
    {
      method: 'POST',
      template:
        '/subscriptions/{subscription}/providers/Microsoft.Network/checkTrafficManagerNameAvailabilityV2',
      action: checkAction,
      handle: checkName,
    },
    {
      method: 'GET',
      template: '/subscriptions/{subscription}/providers/Microsoft.Network/trafficManagerProfiles',
      action: action('read'),
      handle: (call) => listed(store.list(), call),
    },
    {
      method: 'GET',
      template: group,
      action: action('read'),
      handle: (call) =>
        listed(
          store.list().filter((each) => sameName(each.group, call.param('group'))),
          call,
        ),
    },
    {
      method: 'GET',
      template: PROFILE,
      action: action('read'),
      handle: (call) => trafficAnswer(200, body(requireProfile(store, call), call)),
    },
    { method: 'PUT', template: PROFILE, action: action('write'), handle: put },
    { method: 'PATCH', template: PROFILE, action: action('write'), handle: patch },
    { method: 'DELETE', template: PROFILE, action: action('delete'), handle: remove },
  ];
}

function requireGlobal(body: JsonObject): void {
  const location = asText(body.location);
  if (location === null)
    throw refusedByGateway(400, 'LocationRequired', 'The location property is required for this definition.');
  if (!sameName(location, 'global'))
    throw refusedByGateway(
      400,
      'LocationNotAvailableForResourceType',
      `The provided location '${location}' is not available for resource type 'Microsoft.Network/trafficManagerProfiles'. List of available regions for the resource type is 'global'.`,
    );
}

function refuseTakenName(
  store: ProfileStore,
  relativeName: string,
  own: { group: string; name: string },
): void {
  const other = store
    .list()
    .find(
      (profile) =>
        sameName(profile.relativeName, relativeName) && !sameName(store.id(profile), store.id(own)),
    );
  if (other !== undefined) throw new ArmError(409, 'Conflict', nameTaken(relativeName));
}

function nameTaken(relativeName: string): string {
  return `Domain name ${relativeName}.trafficmanager.net already exists. Please choose a different DNS prefix.`;
}
