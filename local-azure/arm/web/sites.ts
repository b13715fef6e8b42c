// Microsoft.Web/sites and sites/slots: the apps themselves.
import type { ArmAnswer, ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import { refusedByGateway, refusedByWeb } from '../core/errors.ts';
import { locationName, sameName } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { asBoolean, asList, asObject, asText, asTexts } from '../core/json.ts';
import { requireLocation } from '../core/location.ts';
import { appBody } from './app-body.ts';
import { DEFAULT_CONFIG } from './app-defaults.ts';
import { forBoth, refuseWhileSwapping, requireApp, swapUnderWay } from './lookup.ts';
import type { App, ConnectionString } from './model.ts';
import { SITE, WEB } from './model.ts';
import type { WebRegistry } from './registry.ts';
import { isProductionTier } from './tiers.ts';

export interface NewSite {
  readonly name: string;
  readonly slot?: string;
  readonly group: string;
  readonly location: string;
  /** Name of a plan in the same group, or a plan's resource id. */
  readonly plan: string;
  readonly kind?: string;
  readonly appSettings?: Readonly<Record<string, string>>;
  readonly connectionStrings?: Readonly<Record<string, ConnectionString>>;
  /** Members of config/web that differ from the defaults. */
  readonly config?: JsonObject;
  readonly hostNames?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
}

export function addSite(registry: WebRegistry, site: NewSite): App {
  const { clock, web } = registry.context;
  const planId = site.plan.startsWith('/')
    ? site.plan
    : registry.planId({ group: site.group, name: site.plan });
  const slot = site.slot ?? null;
  const app: App = {
    site: site.name,
    slot,
    group: site.group,
    location: site.location,
    kind: site.kind ?? 'app',
    planId,
    stamp: web.assignStamp(site.name, planId),
    defaultHostName: `${slot === null ? site.name : `${site.name}-${slot}`}.azurewebsites.net`.toLowerCase(),
    hostNames: site.hostNames ?? [],
    trafficManagerHostNames: [],
    state: 'Running',
    httpsOnly: false,
    clientAffinityEnabled: true,
    tags: site.tags ?? {},
    slotSwapStatus: null,
    modifiedAt: clock.now(),
    etag: '',
    appSettings: site.appSettings ?? {},
    connectionStrings: site.connectionStrings ?? {},
    config: { ...DEFAULT_CONFIG, publishingUsername: `$${site.name}`, ...site.config },
  };
  registry.add(app);
  return app;
}

/** Removes an app with its slots, and its plan when that is left empty and may go. */
export function removeSite(registry: WebRegistry, app: App, withEmptyPlan: boolean): void {
  if (app.slot === null) for (const slot of registry.slots(app)) registry.remove(slot);
  registry.remove(app);
  const inUse = registry.apps().some((each) => sameName(each.planId, app.planId));
  if (withEmptyPlan && !inUse) registry.plans.delete(app.planId);
}

export function showApp(registry: WebRegistry, app: App, call: ArmCall): JsonObject {
  const plan = registry.plans.get(app.planId) ?? null;
  return appBody(
    app,
    {
      id: registry.appId(app),
      plan,
      verificationId: registry.verificationId,
      operationInProgress: swapUnderWay(registry, app)?.id ?? null,
    },
    call.apiVersion,
  );
}

export function siteRoutes(registry: WebRegistry): Route[] {
  const { context } = registry;
  const list = (apps: readonly App[], call: ArmCall) =>
    ok({ value: apps.map((app) => showApp(registry, app, call)) });
  const shown = (app: App, call: ArmCall): ArmAnswer => ok(showApp(registry, app, call), { etag: app.etag });

  const put = async (call: ArmCall, slot: string | null) => {
    const [group, site] = [call.param('group'), call.param('site')];
    refuseWhileSwapping(registry, site, group);
    const existing = registry.app(group, site, slot);
    const parent = slot === null ? null : requireApp(registry, call, null);
    const location = requireLocation(call.body, {
      name: site,
      group,
      location: existing?.location ?? parent?.location ?? null,
    });
    if (existing !== null) return shown(update(registry, existing, call), call);
    const properties = asObject(call.body.properties);
    const plan = requirePlan(
      registry,
      call,
      asText(properties.serverFarmId) ?? parent?.planId ?? null,
      location,
    );
    if (slot !== null && !isProductionTier(registry.plans.get(plan)?.skuName ?? ''))
      throw refusedByWeb(
        409,
        'Conflict',
        `Cannot complete the operation because the site will exceed the number of slots allowed for the 'Basic' SKU.`,
      );
    if (registry.apps().some((app) => app.slot === null && slot === null && sameName(app.site, site)))
      throw refusedByWeb(409, 'Conflict', `Website with given name ${site} already exists.`);
    await context.clock.sleep(context.latency.of('create-site'));
    const kind =
      asText(call.body.kind) ?? parent?.kind ?? (registry.plans.get(plan)?.reserved ? 'app,linux' : 'app');
    const app = addSite(registry, {
      name: site,
      ...(slot === null ? {} : { slot }),
      group,
      location,
      plan,
      kind,
    });
    return shown(update(registry, app, call), call);
  };

  const patch = (call: ArmCall, slot: string | null) => {
    refuseWhileSwapping(registry, call.param('site'), call.param('group'));
    return shown(update(registry, requireApp(registry, call, slot), call), call);
  };

  const remove = (call: ArmCall, slot: string | null) => {
    refuseWhileSwapping(registry, call.param('site'), call.param('group'));
    const app = requireApp(registry, call, slot);
    removeSite(
      registry,
      app,
      slot === null && call.query.get('deleteEmptyServerFarm')?.toLowerCase() !== 'false',
    );
    return { status: 200 };
  };

  const turn = (state: App['state']) => (call: ArmCall, slot: string | null) => {
    const app = requireApp(registry, call, slot);
    app.state = state;
    registry.changed(app);
    return { status: 200 };
  };
  const restart = (call: ArmCall, slot: string | null) => {
    registry.changed(requireApp(registry, call, slot));
    return { status: 200 };
  };

  const productions = () => registry.apps().filter((app) => app.slot === null);
  return [
    {
      method: 'GET',
      template: '/subscriptions/{subscription}/providers/Microsoft.Web/sites',
      action: 'Microsoft.Web/sites/read',
      handle: (call) => list(productions(), call),
    },
    {
      method: 'GET',
      template: `${WEB}/sites`,
      action: 'Microsoft.Web/sites/read',
      handle: (call) =>
        list(
          productions().filter((app) => sameName(app.group, call.param('group'))),
          call,
        ),
    },
    {
      method: 'GET',
      template: `${SITE}/slots`,
      action: 'Microsoft.Web/sites/slots/read',
      handle: (call) => list(registry.slots(requireApp(registry, call, null)), call),
    },
    ...forBoth('GET', '', 'read', (call, slot) => shown(requireApp(registry, call, slot), call)),
    ...forBoth('PUT', '', 'write', put),
    ...forBoth('PATCH', '', 'write', patch),
    ...forBoth('DELETE', '', 'delete', remove),
    ...forBoth('POST', '/start', 'start/action', turn('Running')),
    ...forBoth('POST', '/stop', 'stop/action', turn('Stopped')),
    ...forBoth('POST', '/restart', 'restart/action', restart),
  ];
}

/** The plan exists, is in the app's region, and the caller may put an app on it. */
function requirePlan(registry: WebRegistry, call: ArmCall, planId: string | null, location: string): string {
  const plan = planId === null ? undefined : registry.plans.get(planId);
  if (plan === undefined || planId === null)
    throw refusedByWeb(400, 'BadRequest', `Cannot find serverFarm with id '${planId ?? ''}'.`);
  if (locationName(plan.location) !== location)
    throw refusedByWeb(
      400,
      'BadRequest',
      `The app service plan '${plan.name}' is not in the region of the web app.`,
    );
  const join = 'Microsoft.Web/serverfarms/join/action';
  if (!registry.context.authorization.isAllowed(call.caller, join, planId))
    throw refusedByGateway(
      403,
      'LinkedAuthorizationFailed',
      `The client '${call.caller.appId}' with object id '${call.caller.objectId}' has permission to perform action 'Microsoft.Web/sites/write' on scope '${call.path}'; however, it does not have permission to perform action '${join}' on the linked scope(s) '${planId}' or the linked scope(s) are invalid.`,
    );
  return registry.planId(plan);
}

/** What PUT and PATCH of an existing app change: only what the request names. */
function update(registry: WebRegistry, app: App, call: ArmCall): App {
  const properties = asObject(call.body.properties);
  const { appSettings, connectionStrings, ...config } = asObject(properties.siteConfig);
  app.httpsOnly = asBoolean(properties.httpsOnly) ?? app.httpsOnly;
  app.clientAffinityEnabled = asBoolean(properties.clientAffinityEnabled) ?? app.clientAffinityEnabled;
  if (call.body.tags !== undefined) app.tags = asTexts(call.body.tags);
  if (Array.isArray(appSettings)) app.appSettings = Object.fromEntries(asList(appSettings).map(nameAndValue));
  if (Array.isArray(connectionStrings))
    app.connectionStrings = Object.fromEntries(asList(connectionStrings).map(connection));
  app.config = {
    ...app.config,
    ...Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null)),
  };
  registry.changed(app);
  return app;
}

function nameAndValue(value: JsonObject[string]): [string, string] {
  const setting = asObject(value);
  return [asText(setting.name) ?? '', asText(setting.value) ?? ''];
}

function connection(value: JsonObject[string]): [string, ConnectionString] {
  const entry = asObject(value);
  return [
    asText(entry.name) ?? '',
    { value: asText(entry.connectionString) ?? '', type: asText(entry.type) ?? 'Custom' },
  ];
}
