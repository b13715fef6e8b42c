// Microsoft.Web as a whole: its routes, and the seeds with which a topology is set up.
import type { Route } from '../core/call.ts';
import type { ArmContext } from '../core/context.ts';
import { parseId, sameName } from '../core/ids.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import type { Locate } from '../core/outage.ts';
import type { WebTargets } from '../traffic-manager/model.ts';
import { bindHostName, hostNameRoutes } from './host-names.ts';
import type { App, ConnectionString, SlotConfigNames } from './model.ts';
import { NO_SLOT_CONFIG_NAMES } from './model.ts';
import type { NewPlan } from './plans.ts';
import { addPlan, planRoutes } from './plans.ts';
import { publishingRoutes } from './publishing.ts';
import { allHostNames, createWebRegistry } from './registry.ts';
import { siteConfigRoutes } from './site-config.ts';
import type { NewSite } from './sites.ts';
import { addSite, removeSite, siteRoutes } from './sites.ts';
import { swapRoutes } from './swap.ts';

/** A change to a site made by somebody else than the product: a deployment, an operator. */
export interface SiteChange {
  readonly appSettings?: Readonly<Record<string, string>>;
  readonly connectionStrings?: Readonly<Record<string, ConnectionString>>;
  readonly config?: JsonObject;
  readonly hostNames?: readonly string[];
  readonly state?: 'Running' | 'Stopped';
}

export interface WebProvider {
  readonly routes: readonly Route[];
  readonly locate: Locate;
  readonly targets: WebTargets;
  onAvailability(listener: (id: string) => void): void;
  createPlan(plan: NewPlan): void;
  createSite(site: NewSite): void;
  bindHostName(site: string, slot: string | null, hostName: string): void;
  /** Settings are merged by name; the site restarts. */
  changeSite(site: string, slot: string | null, change: SiteChange): void;
  setSlotConfigNames(site: string, names: Partial<SlotConfigNames>): void;
  removeGroup(group: string): void;
  state(): JsonValue;
}

export function createWebProvider(context: ArmContext): WebProvider {
  const registry = createWebRegistry(context);
  const find = (site: string, slot: string | null): App => {
    const app = registry
      .apps()
      .find((each) => sameName(each.site, site) && sameName(each.slot ?? '', slot ?? ''));
    if (app === undefined)
      throw new Error(`There is no site ${site}${slot === null ? '' : `, slot ${slot}`}.`);
    return app;
  };
  return {
    routes: [
      ...planRoutes(registry),
      ...siteConfigRoutes(registry),
      ...swapRoutes(registry),
      ...hostNameRoutes(registry),
      ...publishingRoutes(registry),
      ...siteRoutes(registry),
    ],
    locate: (id) => {
      const { group = '', types: [type = ''] = [], names: [name = ''] = [] } = parseId(id) ?? {};
      if (sameName(type, 'sites')) return registry.app(group, name, null)?.location ?? null;
      if (sameName(type, 'serverfarms'))
        return registry.plans.get(registry.planId({ group, name }))?.location ?? null;
      return null;
    },
    targets: registry.targets,
    onAvailability: registry.onAvailability,
    createPlan: (plan) => {
      addPlan(registry, plan);
    },
    createSite: (site) => {
      addSite(registry, site);
    },
    bindHostName: (site, slot, hostName) => bindHostName(registry, find(site, slot), hostName.toLowerCase()),
    changeSite: (site, slot, change) => {
      const app = find(site, slot);
      app.appSettings = { ...app.appSettings, ...change.appSettings };
      app.connectionStrings = { ...app.connectionStrings, ...change.connectionStrings };
      app.config = { ...app.config, ...change.config };
      app.hostNames = change.hostNames ?? app.hostNames;
      app.state = change.state ?? app.state;
      registry.changed(app);
    },
    setSlotConfigNames: (site, names) => {
      const id = registry.appId(find(site, null));
      registry.slotConfigNames.set(id, {
        ...NO_SLOT_CONFIG_NAMES,
        ...registry.slotConfigNames.get(id),
        ...names,
      });
    },
    removeGroup: (group) => {
      const inGroup = registry.apps().filter((app) => app.slot === null && sameName(app.group, group));
      for (const app of inGroup) removeSite(registry, app, false);
      for (const plan of registry.plans.values())
        if (sameName(plan.group, group)) registry.plans.delete(registry.planId(plan));
    },
    state: () =>
      registry.apps().map((app) => ({
        name: app.site,
        slot: app.slot,
        resourceGroup: app.group,
        plan: app.planId,
        stamp: app.stamp,
        state: app.state,
        hostNames: allHostNames(app),
        // names only: values hold passwords
        appSettings: Object.keys(app.appSettings),
        connectionStrings: Object.keys(app.connectionStrings),
        package: app.appSettings.WEBSITE_RUN_FROM_PACKAGE ?? null,
      })),
  };
}
