// Microsoft.Web/serverfarms.
import type { ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import { ArmError, refusedByWeb } from '../core/errors.ts';
import { locationDisplayName, sameName } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { asBoolean, asNumber, asObject, asText, asTexts } from '../core/json.ts';
import { requireLocation } from '../core/location.ts';
import type { Plan } from './model.ts';
import { WEB } from './model.ts';
import type { WebRegistry } from './registry.ts';
import { tierOf } from './tiers.ts';

const PLAN = `${WEB}/serverfarms/{plan}`;

export interface NewPlan {
  readonly name: string;
  readonly group: string;
  readonly location: string;
  /** e.g. S1 or P1v3. */
  readonly sku: string;
  readonly linux?: boolean;
}

export function addPlan(registry: WebRegistry, plan: NewPlan): Plan {
  const added: Plan = {
    name: plan.name,
    group: plan.group,
    location: plan.location,
    skuName: plan.sku,
    capacity: 1,
    kind: plan.linux ? 'linux' : 'app',
    reserved: plan.linux ?? false,
    number: registry.context.random.integer(10_000, 99_999),
    tags: {},
  };
  registry.plans.set(registry.planId(added), added);
  return added;
}

export function planRoutes(registry: WebRegistry): Route[] {
  const action = (verb: string) => `Microsoft.Web/serverfarms/${verb}`;
  const key = (call: ArmCall) => registry.planId({ group: call.param('group'), name: call.param('plan') });
  const find = (call: ArmCall): Plan => {
    const plan = registry.plans.get(key(call));
    if (plan !== undefined) return plan;
    throw refusedByWeb(404, 'NotFound', `Cannot find ServerFarm with name ${call.param('plan')}.`);
  };
  const bodies = (plans: readonly Plan[]) => ok({ value: plans.map((plan) => planBody(registry, plan)) });

  const put = (call: ArmCall) => {
    const existing = registry.plans.get(key(call)) ?? null;
    const [name, group] = [call.param('plan'), call.param('group')];
    const location = requireLocation(call.body, { name, group, location: existing?.location ?? null });
    const sku = asObject(call.body.sku);
    const skuName = asText(sku.name) ?? existing?.skuName ?? 'F1';
    if (tierOf(skuName) === null)
      throw refusedByWeb(400, 'BadRequest', `The parameter SKU.Name has an invalid value: ${skuName}.`);
    const linux =
      asBoolean(asObject(call.body.properties).reserved) ??
      asText(call.body.kind)?.includes('linux') ??
      false;
    const plan = existing ?? addPlan(registry, { name, group, location, sku: skuName, linux });
    plan.skuName = skuName;
    plan.capacity = asNumber(sku.capacity) ?? plan.capacity;
    if (call.body.tags !== undefined) plan.tags = asTexts(call.body.tags);
    return ok(planBody(registry, plan));
  };

  const remove = (call: ArmCall) => {
    const plan = registry.plans.get(key(call));
    if (plan === undefined) return { status: 204 };
    const apps = registry.apps().filter((app) => sameName(app.planId, key(call)));
    if (apps.length > 0)
      throw new ArmError(
        409,
        'Conflict',
        `Server farm '${plan.name}' cannot be deleted because it has web app(s) ${apps.map((app) => app.site).join(', ')} assigned to it.`,
        { envelope: 'capitals' },
      );
    registry.plans.delete(key(call));
    return { status: 200 };
  };

  return [
    {
      method: 'GET',
      template: '/subscriptions/{subscription}/providers/Microsoft.Web/serverfarms',
      action: action('read'),
      handle: () => bodies(registry.plans.values()),
    },
    {
      method: 'GET',
      template: `${WEB}/serverfarms`,
      action: action('read'),
      handle: (call) =>
        bodies(registry.plans.values().filter((plan) => sameName(plan.group, call.param('group')))),
    },
    {
      method: 'GET',
      template: PLAN,
      action: action('read'),
      handle: (call) => ok(planBody(registry, find(call))),
    },
    { method: 'PUT', template: PLAN, action: action('write'), handle: put },
    { method: 'DELETE', template: PLAN, action: action('delete'), handle: remove },
  ];
}

function planBody(registry: WebRegistry, plan: Plan): JsonObject {
  const id = registry.planId(plan);
  const region = locationDisplayName(plan.location);
  const apps = registry.apps().filter((app) => sameName(app.planId, id));
  return {
    id,
    name: plan.name,
    type: 'Microsoft.Web/serverfarms',
    kind: plan.kind,
    location: region,
    ...(Object.keys(plan.tags).length === 0 ? {} : { tags: plan.tags }),
    properties: {
      serverFarmId: plan.number,
      name: plan.name,
      workerSize: 'Default',
      workerSizeId: 0,
      workerTierName: null,
      numberOfWorkers: plan.capacity,
      currentWorkerSize: 'Default',
      currentWorkerSizeId: 0,
      currentNumberOfWorkers: plan.capacity,
      status: 'Ready',
      webSpace: `${plan.group}-${region.replaceAll(' ', '')}webspace`,
      subscription: registry.context.subscriptionId,
      adminSiteName: null,
      hostingEnvironment: null,
      hostingEnvironmentProfile: null,
      maximumNumberOfWorkers: 10,
      planName: 'VirtualDedicatedPlan',
      adminRuntimeSiteName: null,
      computeMode: 'Dedicated',
      siteMode: null,
      geoRegion: region,
      perSiteScaling: false,
      maximumElasticWorkerCount: 1,
      numberOfSites: apps.length,
      hostingEnvironmentId: null,
      isSpot: false,
      spotExpirationTime: null,
      freeOfferExpirationTime: null,
      tags: null,
      kind: plan.kind,
      resourceGroup: plan.group,
      reserved: plan.reserved,
      isXenon: false,
      hyperV: false,
      mdmId: `${apps[0]?.stamp ?? 'waws-prod-db3-000'}_${plan.number}`,
      targetWorkerCount: 0,
      targetWorkerSizeId: 0,
      provisioningState: 'Succeeded',
      webSiteId: null,
      existingServerFarmIds: null,
      azBalancing: false,
    },
    sku: {
      name: plan.skuName,
      tier: tierOf(plan.skuName),
      size: plan.skuName,
      family: plan.skuName.charAt(0),
      capacity: plan.capacity,
    },
  };
}
