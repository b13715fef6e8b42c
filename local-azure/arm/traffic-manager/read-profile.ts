// From the JSON of a request to a profile or an endpoint: defaults filled in, everything wrong told at once, in
// one message, as the service does.
import { ArmError } from '../core/errors.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { asNumber, asObject, asText } from '../core/json.ts';
import type { EndpointType, StoredEndpoint, StoredMonitor, StoredProfile } from './model.ts';
import { ENDPOINT_TYPES, ROUTING_METHODS } from './model.ts';

const TYPE_PREFIX = 'Microsoft.Network/trafficManagerProfiles/';
const VALID_TYPES = ENDPOINT_TYPES.map((type) => `'${TYPE_PREFIX}${type}'`).join(', ');
const MAX_TTL = 2_147_483_647;
const FAST_PROBING = 10;

export function badRequest(problems: readonly string[]): ArmError {
  return new ArmError(400, 'BadRequest', problems.join(' '));
}

/** The members of `value` that are not in `known`. */
function othersOf(value: JsonObject, known: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !known.includes(name)));
}

export type ProfileSettings = Omit<StoredProfile, 'name' | 'group' | 'tags' | 'endpoints'>;

/** Throws 400 BadRequest. */
export function readProfileSettings(properties: JsonObject): ProfileSettings {
  const problems: string[] = [];
  const dns = asObject(properties.dnsConfig);
  const ttl = asNumber(dns.ttl);
  const relativeName = asText(dns.relativeName);
  const method = asText(properties.trafficRoutingMethod);
  const routingMethod = ROUTING_METHODS.find((each) => each.toLowerCase() === method?.toLowerCase());
  if (routingMethod === undefined)
    problems.push(
      `The traffic routing method '${method ?? '<null>'}' is invalid. Valid methods are: ${ROUTING_METHODS.map((each) => `'${each}'`).join(', ')}.`,
    );
  if (relativeName === null || !/^[a-z0-9]([a-z0-9-.]*[a-z0-9])?$/i.test(relativeName))
    problems.push(`The relative DNS name '${relativeName ?? '<null>'}' is invalid.`);
  if (ttl === null || !Number.isInteger(ttl) || ttl < 0 || ttl > MAX_TTL)
    problems.push(
      `The DNS time-to-live '${ttl ?? '<null>'}' is invalid. It must be between 0 and ${MAX_TTL} seconds.`,
    );
  const status = readStatus(properties.profileStatus, 'profile', problems);
  const monitor = readMonitor(asObject(properties.monitorConfig), problems);
  if (problems.length > 0 || routingMethod === undefined || relativeName === null || ttl === null)
    throw badRequest(problems);
  const known = ['profileStatus', 'trafficRoutingMethod', 'dnsConfig', 'monitorConfig', 'endpoints'];
  return { status, routingMethod, relativeName, ttl, monitor, others: othersOf(properties, known) };
}

function readStatus(value: JsonValue, what: string, problems: string[]): 'Enabled' | 'Disabled' {
  const text = asText(value) ?? 'Enabled';
  const found = (['Enabled', 'Disabled'] as const).find((each) => each.toLowerCase() === text.toLowerCase());
  if (found === undefined)
    problems.push(`The ${what} status '${text}' is invalid. Valid values are: 'Enabled', 'Disabled'.`);
  return found ?? 'Enabled';
}

function readMonitor(config: JsonObject, problems: string[]): StoredMonitor {
  const given = asText(config.protocol) ?? 'HTTP';
  const protocol = (['HTTP', 'HTTPS', 'TCP'] as const).find((each) => each === given.toUpperCase());
  const interval = asNumber(config.intervalInSeconds) ?? 30;
  const longestTimeout = interval === FAST_PROBING ? 9 : 10;
  const monitor = {
    protocol: protocol ?? 'HTTP',
    port: asNumber(config.port) ?? (protocol === 'HTTPS' ? 443 : 80),
    path: asText(config.path),
    intervalInSeconds: interval,
    timeoutInSeconds: asNumber(config.timeoutInSeconds) ?? longestTimeout,
    toleratedNumberOfFailures: asNumber(config.toleratedNumberOfFailures) ?? 3,
    others: othersOf(config, [
      'profileMonitorStatus',
      'protocol',
      'port',
      'path',
      'intervalInSeconds',
      'timeoutInSeconds',
      'toleratedNumberOfFailures',
    ]),
  };
  if (protocol === undefined) problems.push(`The monitoring protocol '${given}' is invalid.`);
  if (![FAST_PROBING, 30].includes(interval))
    problems.push(`The monitoring interval '${interval}' is invalid. Valid values are 10 and 30 seconds.`);
  outside(monitor.timeoutInSeconds, 5, longestTimeout, 'monitoring timeout', problems);
  outside(monitor.toleratedNumberOfFailures, 0, 9, 'tolerated number of failures', problems);
  outside(monitor.port, 1, 65_535, 'monitoring port', problems);
  if (monitor.protocol === 'TCP' && monitor.path !== null)
    problems.push('The monitoring path must not be specified with the TCP protocol.');
  if (monitor.protocol !== 'TCP' && !monitor.path?.startsWith('/'))
    problems.push(
      `The monitoring path '${monitor.path ?? '<null>'}' is invalid. It must begin with a forward slash ('/').`,
    );
  return monitor;
}

function outside(value: number, low: number, high: number, what: string, problems: string[]): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  problems.push(`The ${what} '${value}' is invalid. It must be between ${low} and ${high}.`);
}

/** `priority` is null where the request left it out. */
export type ReadEndpoint = Omit<StoredEndpoint, 'priority'> & { readonly priority: number | null };

/** Reads one endpoint; what is wrong with it goes to `problems`. */
export function readEndpoint(
  value: JsonObject,
  given: { readonly name: string | null; readonly type: string | null },
  problems: string[],
): ReadEndpoint {
  const properties = asObject(value.properties);
  const name = given.name ?? '';
  const bareType = given.type?.toLowerCase().replace(TYPE_PREFIX.toLowerCase(), '') ?? null;
  const type = ENDPOINT_TYPES.find((each) => each.toLowerCase() === bareType);
  if (!/^[^\s].{0,259}$/.test(name))
    problems.push(
      `Endpoint name '${name}' is invalid. Endpoint names cannot be empty or all whitespace, and must be up to 260 alphanumeric characters long.`,
    );
  if (type === undefined)
    problems.push(
      `The type '${given.type ?? '<null>'}' specified for endpoint '${given.name ?? '<null>'}' is invalid. Valid endpoint types are: ${VALID_TYPES}.`,
    );
  const endpoint: ReadEndpoint = {
    name,
    type: type ?? 'externalEndpoints',
    status: readStatus(properties.endpointStatus, 'endpoint', problems),
    target: asText(properties.target),
    targetResourceId: asText(properties.targetResourceId),
    weight: asNumber(properties.weight) ?? 1,
    priority: asNumber(properties.priority),
    location: asText(properties.endpointLocation),
    alwaysServe: asText(properties.alwaysServe)?.toLowerCase() === 'enabled',
    others: othersOf(properties, [
      'endpointStatus',
      'endpointMonitorStatus',
      'target',
      'targetResourceId',
      'weight',
      'priority',
      'endpointLocation',
      'alwaysServe',
      'NestedProfile',
      'recordType',
    ]),
  };
  checkEndpoint(endpoint, type, problems);
  return endpoint;
}

function checkEndpoint(endpoint: ReadEndpoint, type: EndpointType | undefined, problems: string[]): void {
  outside(endpoint.weight, 1, 1000, `weight of endpoint '${endpoint.name}'`, problems);
  if (endpoint.priority !== null)
    outside(endpoint.priority, 1, 1000, `priority of endpoint '${endpoint.name}'`, problems);
  if (type === 'externalEndpoints' && endpoint.target === null)
    problems.push(`The target of the external endpoint '${endpoint.name}' must be specified.`);
  if ((type === 'azureEndpoints' || type === 'nestedEndpoints') && endpoint.targetResourceId === null)
    problems.push(`The target resource id of the endpoint '${endpoint.name}' must be specified.`);
}
