// The embedded Azure's resource manager: Microsoft.Sql, Microsoft.Network/trafficManagerProfiles, Microsoft.Web
// and what they stand on, as a request handler to be mounted on an HTTPS server.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { createComputeFabric } from '../compute/create-fabric.ts';
import type { ComputeFabric } from '../compute/fabric.ts';
import type { Faults } from '../faults.ts';
import type { Latency } from '../latency.ts';
import type { Random } from '../random.ts';
import { createRegions, type Regions } from '../regions.ts';
import type { SqlFabric } from '../sql/fabric.ts';
import type { TrafficFabric, TrafficProfile } from '../traffic-manager/traffic-fabric.ts';
import type { WebFabric } from '../web/web-fabric.ts';
import type { CloudServicesProvider } from './compute/cloud-services/provider.ts';
import { createCloudServicesProvider } from './compute/cloud-services/provider.ts';
import type { ComputeProvider } from './compute/provider.ts';
import { createComputeProvider } from './compute/provider.ts';
import type { Grant } from './core/authorization.ts';
import { createAuthorization } from './core/authorization.ts';
import type { ArmBehaviour, ArmContext } from './core/context.ts';
import { dispatch } from './core/dispatch.ts';
import type { JsonValue } from './core/json.ts';
import { createOperations } from './core/operations.ts';
import { createOutages, regionUnavailable } from './core/outage.ts';
import { createRequestLimits, type RequestCounts } from './core/request-limits.ts';
import { createRouter } from './core/router.ts';
import type { VerifyToken } from './core/token.ts';
import { authenticate } from './core/token.ts';
import { createAnswerWriter } from './core/wire.ts';
import type { InsightsProvider } from './insights/provider.ts';
import { createInsightsProvider } from './insights/provider.ts';
import type { ResourceGroup } from './resources/groups.ts';
import { createResourceGroups, groupNotFound } from './resources/groups.ts';
import { subscriptionRoutes } from './resources/subscriptions.ts';
import { tagRoutes } from './resources/tags.ts';
import type { SqlProvider } from './sql/provider.ts';
import { createSqlProvider } from './sql/provider.ts';
import type { TrafficManagerProvider } from './traffic-manager/provider.ts';
import { createTrafficManagerProvider } from './traffic-manager/provider.ts';
import type { WebProvider } from './web/provider.ts';
import { createWebProvider } from './web/provider.ts';

export interface ArmOptions {
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** Audiences a token may have been issued for, e.g. https://management.core.windows.net/. */
  readonly audiences: readonly string[];
  /** Where tokens come from; told in WWW-Authenticate. */
  readonly authority: string;
  readonly verifyToken: VerifyToken;
  readonly fabric: SqlFabric;
  readonly web: WebFabric;
  readonly traffic: TrafficFabric;
  /** Where none is given there is one without instances. */
  readonly compute?: ComputeFabric;
  readonly faults: Faults;
  readonly latency: Latency;
  readonly clock: Clock;
  readonly random: Random;
  /** Where none are given none can go down. */
  readonly regions?: Regions;
  readonly behaviour?: Partial<ArmBehaviour>;
  /** How many times faster than Azure's own the buckets of requests refill; null: they are never empty. Default 1. */
  readonly requestPace?: number | null;
}

export interface Arm {
  /** Answers resource manager requests; false for a path that is not resource manager's. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** What stands in this Azure, without secrets; for people and for tests. */
  state(): JsonValue;
  profiles(): TrafficProfile[];
  /** Requests that were answered, and those refused for their number. */
  requests(): RequestCounts;
  createGroup(group: ResourceGroup): void;
  /** Replaces what a principal may do; nobody may do anything before. */
  setGrants(objectId: string, grants: readonly Grant[]): void;
  readonly sql: Omit<SqlProvider, 'routes' | 'locate' | 'removeGroup' | 'state'>;
  readonly web: Omit<
    WebProvider,
    'routes' | 'locate' | 'targets' | 'onAvailability' | 'removeGroup' | 'state'
  >;
  readonly compute: Omit<ComputeProvider, 'routes' | 'locate' | 'removeGroup' | 'state'>;
  readonly cloudServices: Pick<CloudServicesProvider, 'createService' | 'roleBehind' | 'setTags'>;
  readonly insights: Pick<InsightsProvider, 'createSetting' | 'autoscale'>;
  readonly trafficManager: Pick<TrafficManagerProvider, 'createProfile'>;
}

const ARM_PATH = /^\/(subscriptions|tenants|providers)(\/|\?|$)/i;

export function createArm(options: ArmOptions): Arm {
  const { fabric, web: sites, traffic, clock, random, latency, regions = createRegions() } = options;
  const authorization = createAuthorization();
  const context: ArmContext = {
    subscriptionId: options.subscriptionId,
    tenantId: options.tenantId,
    fabric,
    web: sites,
    traffic,
    compute: options.compute ?? createComputeFabric({ clock, latency }),
    clock,
    random,
    latency,
    behaviour: {
      putSecondaryReturnsBeforeSeeding: false,
      foreignLinksOfGroupsTerminable: true,
      latestModelApplied: 'generation',
      tagsAreModel: true,
      modelWritesWhileInstancesUpdate: false,
      ...options.behaviour,
    },
    authorization,
    operations: createOperations(clock, random),
  };
  const groups = createResourceGroups(context);
  const sql = createSqlProvider(context);
  const web = createWebProvider(context);
  const compute = createComputeProvider(context);
  const cloudServices = createCloudServicesProvider(context, compute.quota);
  const insights = createInsightsProvider(context, async (id, capacity) => {
    const scaled = compute.locate(id) === null ? cloudServices : compute;
    await scaled.setCapacity(id, capacity);
  });
  const trafficManager = createTrafficManagerProvider(context, web.targets);
  web.onAvailability(trafficManager.targetChanged);
  const providers = [trafficManager, web, sql, insights, cloudServices, compute];
  for (const provider of providers) groups.onDelete(provider.removeGroup);

  const regional = [sql, web, compute, cloudServices];
  const outages = createOutages(
    regions,
    (id) => regional.map((provider) => provider.locate(id)).find((location) => location !== null) ?? null,
  );
  regions.onChange((location, down) => {
    if (down) context.operations.fail((call) => outages.needs(call, location), regionUnavailable(location));
  });

  const { requestPace = 1 } = options;
  const limits = createRequestLimits(options.subscriptionId, clock, requestPace);
  const dispatcher = {
    context,
    outages,
    limits,
    faults: options.faults,
    router: createRouter([
      ...authorization.routes,
      ...subscriptionRoutes(context),
      ...tagRoutes([...compute.routes, ...cloudServices.routes]),
      ...groups.routes,
      ...sql.routes,
      ...trafficManager.routes,
      ...web.routes,
      ...compute.routes,
      ...cloudServices.routes,
      ...insights.routes,
    ]),
    writer: createAnswerWriter(clock, random),
    authenticate: (request: IncomingMessage) =>
      authenticate(request, options.verifyToken, options.audiences, options.authority),
    requireGroup: (name: string) => {
      if (!groups.has(name)) throw groupNotFound(name);
    },
  };

  return {
    handle: async (request, response) => {
      if (!ARM_PATH.test(request.url ?? '')) return false;
      await dispatch(dispatcher, request, response);
      return true;
    },
    state: () => ({
      subscription: options.subscriptionId,
      requestsRefusedForTheirNumber: limits.counts().refused,
      resourceGroups: groups.list().map((group) => group.name),
      sqlServers: sql.state(),
      trafficManagerProfiles: trafficManager.state(),
      webApps: web.state(),
      scaleSets: compute.state(),
      cloudServices: cloudServices.state(),
      autoscaleSettings: insights.state(),
    }),
    profiles: trafficManager.profiles,
    requests: limits.counts,
    createGroup: groups.create,
    setGrants: authorization.setGrants,
    sql,
    web,
    compute,
    cloudServices,
    insights,
    trafficManager,
  };
}
