// All plans and web apps of the subscription; every change goes on to the running sites.
import type { ArmContext } from '../core/context.ts';
import { locationDisplayName, NameMap, parseId, sameName } from '../core/ids.ts';
import type { WebTargets } from '../traffic-manager/model.ts';
import type { App, Plan, SlotConfigNames } from './model.ts';
import { isProductionTier } from './tiers.ts';

export interface WebRegistry {
  readonly context: ArmContext;
  readonly verificationId: string;
  readonly plans: NameMap<Plan>;
  readonly slotConfigNames: NameMap<SlotConfigNames>;
  planId(plan: { readonly group: string; readonly name: string }): string;
  appId(app: { readonly group: string; readonly site: string; readonly slot: string | null }): string;
  app(group: string, site: string, slot: string | null): App | null;
  /** The app of a resource id; null where the id names none. */
  byId(id: string): App | null;
  apps(): App[];
  slots(site: App): App[];
  add(app: App): void;
  /** A new etag, and the running site told. */
  changed(app: App): void;
  remove(app: App): void;
  /** Called with the app's id when it was started, stopped or removed. */
  onAvailability(listener: (id: string) => void): void;
  readonly targets: WebTargets;
}

export function createWebRegistry(context: ArmContext): WebRegistry {
  const apps = new NameMap<App>();
  const plans = new NameMap<Plan>();
  const slotConfigNames = new NameMap<SlotConfigNames>();
  const listeners: ((id: string) => void)[] = [];
  const states = new Map<App, App['state']>();
  const below = `/subscriptions/${context.subscriptionId}/resourceGroups`;
  const planId = (plan: { group: string; name: string }) =>
    `${below}/${plan.group}/providers/Microsoft.Web/serverfarms/${plan.name}`;
  const appId = (app: { group: string; site: string; slot: string | null }) =>
    `${below}/${app.group}/providers/Microsoft.Web/sites/${app.site}${app.slot === null ? '' : `/slots/${app.slot}`}`;

  const byId = (id: string): App | null => {
    const parsed = parseId(id);
    const [site, slot] = parsed?.names ?? [];
    if (parsed === null || site === undefined || !sameName(parsed.types[0] ?? '', 'sites')) return null;
    return apps.get(appId({ group: parsed.group, site, slot: slot ?? null })) ?? null;
  };

  const changed = (app: App) => {
    app.modifiedAt = context.clock.now();
    app.etag = `"${context.random.hex(15).toUpperCase()}"`;
    context.web.siteChanged({
      name: app.site,
      slot: app.slot,
      hostNames: allHostNames(app),
      appSettings: app.appSettings,
      connectionStrings: app.connectionStrings,
      state: app.state,
      stamp: app.stamp,
    });
    const before = states.get(app);
    states.set(app, app.state);
    if (before !== undefined && before !== app.state) for (const listener of listeners) listener(appId(app));
  };

  const rename = (resourceId: string, names: (app: App) => readonly string[]) => {
    const app = byId(resourceId);
    if (app === null) return;
    app.trafficManagerHostNames = names(app);
    changed(app);
  };

  return {
    context,
    verificationId: context.random.hex(64).toUpperCase(),
    plans,
    slotConfigNames,
    planId,
    appId,
    app: (group, site, slot) => apps.get(appId({ group, site, slot })) ?? null,
    byId,
    apps: () => apps.values(),
    slots: (site) => apps.values().filter((app) => app.slot !== null && sameName(app.site, site.site)),
    add: (app) => {
      apps.set(appId(app), app);
      changed(app);
    },
    changed,
    remove: (app) => {
      apps.delete(appId(app));
      states.delete(app);
      context.web.siteRemoved(app.site, app.slot);
      for (const listener of listeners) listener(appId(app));
    },
    onAvailability: (listener) => listeners.push(listener),
    targets: {
      find: (resourceId) => {
        const app = byId(resourceId);
        if (app === null) return null;
        return {
          hostName: app.defaultHostName,
          location: locationDisplayName(app.location),
          productionTier: isProductionTier(plans.get(app.planId)?.skuName ?? ''),
          stopped: app.state === 'Stopped',
        };
      },
      register: (resourceId, hostName) =>
        rename(resourceId, (app) => [
          ...app.trafficManagerHostNames.filter((name) => name !== hostName),
          hostName,
        ]),
      unregister: (resourceId, hostName) =>
        rename(resourceId, (app) => app.trafficManagerHostNames.filter((name) => name !== hostName)),
    },
  };
}

/** Every name that reaches the app, lower case, the default one first. */
export function allHostNames(app: App): string[] {
  const names = [app.defaultHostName, ...app.hostNames, ...app.trafficManagerHostNames];
  return [...new Set(names.map((name) => name.toLowerCase()))];
}
