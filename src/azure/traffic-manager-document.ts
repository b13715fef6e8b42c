// A Traffic Manager profile as Azure sends it: members this product does not know are in it and stay in it.
import type { EnabledState, Endpoint, EndpointChange, EndpointType, Profile } from './ports.ts';
import { told } from './told.ts';

type Members = Readonly<Record<string, unknown>>;

export interface EndpointDocument extends Members {
  readonly name: string;
  readonly type: string;
  readonly properties: Members & {
    readonly endpointStatus?: EnabledState;
    readonly endpointMonitorStatus?: string | null;
    readonly priority?: number | null;
    readonly target?: string | null;
    readonly targetResourceId?: string | null;
    readonly endpointLocation?: string | null;
    readonly alwaysServe?: EnabledState | null;
  };
}

export interface ProfileDocument extends Members {
  readonly id: string;
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>> | null;
  readonly properties: Members & {
    readonly profileStatus?: EnabledState;
    readonly trafficRoutingMethod?: string;
    readonly dnsConfig?: Members & { readonly fqdn?: string; readonly ttl?: number };
    readonly monitorConfig?: Members & {
      readonly profileMonitorStatus?: string | null;
      readonly protocol?: string | null;
      readonly port?: number | null;
      readonly path?: string | null;
    };
    readonly endpoints?: readonly EndpointDocument[] | null;
  };
}

/** The last segment of an endpoint's `type` is what tells them apart. */
export const ENDPOINT_TYPES: Readonly<Record<EndpointType, string>> = {
  azure: 'Microsoft.Network/trafficManagerProfiles/azureEndpoints',
  external: 'Microsoft.Network/trafficManagerProfiles/externalEndpoints',
  nested: 'Microsoft.Network/trafficManagerProfiles/nestedEndpoints',
};

/** Throws AzureError where the answer lacks what users are led by: no endpoints told is not "there are none". */
export function profileOf({ id, name, tags, ...document }: ProfileDocument): Profile {
  const of = `of profile ${name}`;
  const properties = told(document.properties, `the properties ${of}`);
  const { dnsConfig, monitorConfig } = properties;
  return {
    id,
    name,
    status: told(properties.profileStatus, `the status ${of}`),
    routingMethod: told(properties.trafficRoutingMethod, `the routing method ${of}`),
    fqdn: told(dnsConfig?.fqdn, `the name in DNS ${of}`),
    ttlSeconds: told(dnsConfig?.ttl, `the time to live ${of}`),
    monitorStatus: monitorConfig?.profileMonitorStatus ?? null,
    monitorProtocol: monitorConfig?.protocol ?? null,
    monitorPort: monitorConfig?.port ?? null,
    monitorPath: monitorConfig?.path ?? null,
    endpoints: told(properties.endpoints, `the endpoints ${of}`).map(endpointOf),
    tags: tags ?? {},
  };
}

/** The document with endpoints changed, everything else as it was read; read-only monitor states left out. */
export function withChangedEndpoints(
  document: ProfileDocument,
  changes: Readonly<Record<string, EndpointChange>>,
): ProfileDocument {
  const { monitorConfig, endpoints, ...properties } = document.properties;
  const { profileMonitorStatus: _, ...monitor } = monitorConfig ?? {};
  return {
    ...document,
    properties: {
      ...properties,
      ...(monitorConfig === undefined ? {} : { monitorConfig: monitor }),
      // A PUT without endpoints deletes them all.
      endpoints: told(endpoints, `the endpoints of profile ${document.name}`).map((endpoint) =>
        changedEndpoint(endpoint, changes[endpoint.name]),
      ),
    },
  };
}

function changedEndpoint(endpoint: EndpointDocument, change: EndpointChange | undefined): EndpointDocument {
  const { endpointMonitorStatus: _, ...properties } = endpoint.properties;
  if (change === undefined) return { ...endpoint, properties };
  return {
    ...endpoint,
    properties: { ...properties, endpointStatus: change.status, priority: change.priority },
  };
}

function endpointOf({ name, type, ...document }: EndpointDocument): Endpoint {
  const properties = told(document.properties, `the properties of endpoint ${name}`);
  return {
    name: told(name, 'the name of an endpoint'),
    type: endpointType(told(type, `the type of endpoint ${name}`)),
    status: told(properties.endpointStatus, `the status of endpoint ${name}`),
    monitorStatus: properties.endpointMonitorStatus ?? null,
    priority: properties.priority ?? null,
    target: properties.target ?? null,
    targetResourceId: properties.targetResourceId ?? null,
    location: properties.endpointLocation ?? null,
    alwaysServe: properties.alwaysServe ?? null,
  };
}

/** Azure answers with the casing it was given, so `AzureEndpoints` occurs as well. */
function endpointType(type: string): EndpointType {
  const segment = type.toLowerCase();
  if (segment.endsWith('azureendpoints')) return 'azure';
  return segment.endsWith('nestedendpoints') ? 'nested' : 'external';
}
