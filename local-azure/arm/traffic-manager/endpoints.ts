// Endpoints by themselves. PUT answers 201 also for an endpoint that exists, as in every recording.
import type { ArmCall, Route } from '../core/call.ts';
import type { ArmContext } from '../core/context.ts';
import { ArmError } from '../core/errors.ts';
import { sameName } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { asObject } from '../core/json.ts';
import type { EndpointType, StoredEndpoint, StoredProfile, WebTargets } from './model.ts';
import { ENDPOINT_TYPES } from './model.ts';
import { endpointBody } from './profile-body.ts';
import { checkedEndpoints, PROFILE, requireProfile, trafficAnswer } from './profiles.ts';
import type { ReadEndpoint } from './read-profile.ts';
import { badRequest, readEndpoint } from './read-profile.ts';
import type { ProfileStore } from './store.ts';

export function endpointRoutes(context: ArmContext, store: ProfileStore, targets: WebTargets): Route[] {
  const body = (profile: StoredProfile, endpoint: StoredEndpoint, call: ArmCall): JsonObject =>
    endpointBody(store.id(profile), endpoint, store.shown(profile), call.apiVersion);

  const save = (
    profile: StoredProfile,
    changed: ReadEndpoint,
  ): { profile: StoredProfile; endpoint: StoredEndpoint } => {
    const others = profile.endpoints.filter((each) => !sameName(each.name, changed.name));
    const last = Math.max(0, ...others.map((each) => each.priority));
    const before = profile.endpoints.find((each) => sameName(each.name, changed.name));
    const priority = changed.priority ?? before?.priority ?? last + 1;
    const at = before === undefined ? others.length : profile.endpoints.indexOf(before);
    const endpoints = checkedEndpoints(
      context,
      store,
      targets,
      others.toSpliced(at, 0, { ...changed, priority }),
    );
    const written = { ...profile, endpoints };
    store.write(written);
    const endpoint = endpoints[at];
    if (endpoint === undefined) throw new Error('The endpoint just written is not there.');
    return { profile: written, endpoint };
  };

  const put = async (call: ArmCall, type: EndpointType) => {
    await context.clock.sleep(context.latency.of('profile-write'));
    const problems: string[] = [];
    const read = readEndpoint(call.body, { name: call.param('endpoint'), type }, problems);
    if (problems.length > 0) throw badRequest(problems);
    const saved = save(requireProfile(store, call), read);
    return trafficAnswer(201, body(saved.profile, saved.endpoint, call));
  };

  const patch = async (call: ArmCall, type: EndpointType) => {
    await context.clock.sleep(context.latency.of('profile-write'));
    const { profile, endpoint } = find(store, call, type);
    const before = asObject(body(profile, endpoint, call).properties);
    const merged = { properties: { ...before, ...asObject(call.body.properties) } };
    const problems: string[] = [];
    const read = readEndpoint(merged, { name: endpoint.name, type: endpoint.type }, problems);
    if (problems.length > 0) throw badRequest(problems);
    const saved = save(profile, read);
    return trafficAnswer(200, body(saved.profile, saved.endpoint, call));
  };

  const remove = async (call: ArmCall, type: EndpointType) => {
    await context.clock.sleep(context.latency.of('profile-write'));
    const profile = requireProfile(store, call);
    const endpoints = profile.endpoints.filter((each) => !isNamed(each, call, type));
    if (endpoints.length === profile.endpoints.length) return trafficAnswer(204);
    store.write({ ...profile, endpoints });
    return trafficAnswer(200);
  };

  const get = (call: ArmCall, type: EndpointType) => {
    const { profile, endpoint } = find(store, call, type);
    return trafficAnswer(200, body(profile, endpoint, call));
  };

  const routes = ENDPOINT_TYPES.flatMap((type): Route[] => {
    const template = `${PROFILE}/${type}/{endpoint}`;
    const action = (verb: string) => `Microsoft.Network/trafficManagerProfiles/${type}/${verb}`;
    return [
      { method: 'GET', template, action: action('read'), handle: (call) => get(call, type) },
      { method: 'PUT', template, action: action('write'), handle: (call) => put(call, type) },
      { method: 'PATCH', template, action: action('write'), handle: (call) => patch(call, type) },
      { method: 'DELETE', template, action: action('delete'), handle: (call) => remove(call, type) },
    ];
  });
  return [...routes, ...(['PUT', 'PATCH'] as const).map(wrongType)];
}

/** Clients that put the type's full name into the path are refused (azure-powershell issue 3474). */
function wrongType(method: 'PUT' | 'PATCH'): Route {
  return {
    method,
    template: `${PROFILE}/{*type}/{endpoint}`,
    action: 'Microsoft.Network/trafficManagerProfiles/write',
    handle: (call) => {
      throw badRequest([
        `The endpoint type '${call.param('type')}' is invalid. Valid endpoint types are: ${ENDPOINT_TYPES.join(', ')}.`,
      ]);
    },
  };
}

function isNamed(endpoint: StoredEndpoint, call: ArmCall, type: EndpointType): boolean {
  return sameName(endpoint.name, call.param('endpoint')) && endpoint.type === type;
}

function find(
  store: ProfileStore,
  call: ArmCall,
  type: EndpointType,
): { profile: StoredProfile; endpoint: StoredEndpoint } {
  const profile = requireProfile(store, call);
  const endpoint = profile.endpoints.find((each) => isNamed(each, call, type));
  if (endpoint !== undefined) return { profile, endpoint };
  throw new ArmError(
    404,
    'ResourceNotFound',
    `The endpoint '${call.param('endpoint')}' of type '${type}' in profile '${profile.name}' was not found.`,
  );
}
