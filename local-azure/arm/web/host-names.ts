// Host name bindings. A host name belongs to one app on each deployment unit.
import type { ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import { refusedByWeb } from '../core/errors.ts';
import { locationDisplayName, sameName } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { asText } from '../core/json.ts';
import { forBoth, requireApp } from './lookup.ts';
import type { App } from './model.ts';
import type { WebRegistry } from './registry.ts';
import { allHostNames } from './registry.ts';

export function hostNameRoutes(registry: WebRegistry): Route[] {
  const bindings = (app: App) => allHostNames(app).map((name) => bindingBody(registry, app, name));

  const put = (call: ArmCall, slot: string | null) => {
    const app = requireApp(registry, call, slot);
    const name = call.param('host').toLowerCase();
    bindHostName(registry, app, name);
    return ok(bindingBody(registry, app, name));
  };

  const remove = (call: ArmCall, slot: string | null) => {
    const app = requireApp(registry, call, slot);
    const left = app.hostNames.filter((name) => !sameName(name, call.param('host')));
    if (left.length === app.hostNames.length) return { status: 204 };
    app.hostNames = left;
    registry.changed(app);
    return { status: 200 };
  };

  const get = (call: ArmCall, slot: string | null) => {
    const app = requireApp(registry, call, slot);
    const name = allHostNames(app).find((each) => sameName(each, call.param('host')));
    if (name !== undefined) return ok(bindingBody(registry, app, name));
    throw refusedByWeb(404, 'NotFound', `Cannot find HostNameBinding with name ${call.param('host')}.`);
  };

  const checkName = (call: ArmCall) => {
    const name = asText(call.body.name) ?? '';
    const taken = registry.apps().some((app) => sameName(app.site, name));
    return ok({
      nameAvailable: !taken,
      reason: taken ? 'AlreadyExists' : '',
      message: taken ? `Hostname '${name}' already exists. Please select a different name.` : '',
    });
  };

  return [
    {
      method: 'POST',
      template: '/subscriptions/{subscription}/providers/Microsoft.Web/checknameavailability',
      action: 'Microsoft.Web/checknameavailability/read',
      handle: checkName,
    },
    ...forBoth('GET', '/hostNameBindings', 'hostNameBindings/read', (call, slot) =>
      ok({ value: bindings(requireApp(registry, call, slot)) }),
    ),
    ...forBoth('GET', '/hostNameBindings/{host}', 'hostNameBindings/read', get),
    ...forBoth('PUT', '/hostNameBindings/{host}', 'hostNameBindings/write', put),
    ...forBoth('DELETE', '/hostNameBindings/{host}', 'hostNameBindings/delete', remove),
  ];
}

/** Throws 409 where another app of the same deployment unit has the name. */
export function bindHostName(registry: WebRegistry, app: App, name: string): void {
  const owner = registry.apps().find((each) => each.stamp === app.stamp && allHostNames(each).includes(name));
  if (owner !== undefined && owner !== app)
    throw refusedByWeb(409, 'Conflict', `Hostname '${name}' already exists. Please select a different name.`);
  if (allHostNames(app).includes(name)) return;
  app.hostNames = [...app.hostNames, name];
  registry.changed(app);
}

function bindingBody(registry: WebRegistry, app: App, name: string): JsonObject {
  const ofTrafficManager = app.trafficManagerHostNames.includes(name);
  return {
    id: `${registry.appId(app)}/hostNameBindings/${name}`,
    name: `${app.site}${app.slot === null ? '' : `/${app.slot}`}/${name}`,
    type: `Microsoft.Web/sites${app.slot === null ? '' : '/slots'}/hostNameBindings`,
    location: locationDisplayName(app.location),
    properties: {
      siteName: app.slot === null ? app.site : `${app.site}(${app.slot})`,
      domainId: null,
      azureResourceName: ofTrafficManager ? name : app.site,
      azureResourceType: ofTrafficManager ? 'TrafficManager' : 'Website',
      customHostNameDnsRecordType: 'CName',
      hostNameType: name === app.defaultHostName || ofTrafficManager ? 'Managed' : 'Verified',
      sslState: 'Disabled',
      thumbprint: null,
    },
  };
}
