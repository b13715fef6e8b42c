// Configuration below a site or a slot: config/web, settings, connection strings, and which names are sticky.
import type { ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import { refusedByWeb } from '../core/errors.ts';
import { locationDisplayName } from '../core/ids.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { asList, asObject, asText, asTexts, isObject } from '../core/json.ts';
import { forBoth, refuseWhileSwapping, requireApp } from './lookup.ts';
import type { App, ConnectionString } from './model.ts';
import { NO_SLOT_CONFIG_NAMES, SITE } from './model.ts';
import type { WebRegistry } from './registry.ts';

export function siteConfigRoutes(registry: WebRegistry): Route[] {
  const body = (app: App, name: string, properties: JsonObject): JsonObject => ({
    id: `${registry.appId(app)}/config/${name}`,
    // config/web goes by the app's name, the others by their own
    name: name === 'web' ? app.site : name,
    type: app.slot === null ? 'Microsoft.Web/sites/config' : 'Microsoft.Web/sites/slots/config',
    location: locationDisplayName(app.location),
    properties,
  });
  const settings = (app: App) => body(app, 'appsettings', app.appSettings);
  const connections = (app: App) =>
    body(app, 'connectionstrings', Object.fromEntries(Object.entries(app.connectionStrings).map(plain)));
  const web = (app: App) => ok(body(app, 'web', app.config));

  const changing =
    (change: (app: App, properties: JsonObject) => void) => (call: ArmCall, slot: string | null) => {
      refuseWhileSwapping(registry, call.param('site'), call.param('group'));
      const app = requireApp(registry, call, slot);
      const properties = call.body.properties;
      if (!isObject(properties))
        throw refusedByWeb(400, 'BadRequest', 'The parameter properties has an invalid value.');
      change(app, properties);
      registry.changed(app);
      return app;
    };
  const putSettings = changing((app, properties) => {
    app.appSettings = asTexts(properties);
  });
  const putConnections = changing((app, properties) => {
    app.connectionStrings = Object.fromEntries(Object.entries(properties).map(connectionString));
  });
  const changeWeb = changing((app, properties) => {
    const { appSettings, connectionStrings, ...config } = properties;
    if (Array.isArray(appSettings))
      app.appSettings = Object.fromEntries(
        asList(appSettings).map((each) => [
          asText(asObject(each).name) ?? '',
          asText(asObject(each).value) ?? '',
        ]),
      );
    app.config = { ...app.config, ...config };
  });

  const written = (show: (app: App) => JsonObject, app: App) => ok(show(app), { etag: app.etag });
  return [
    ...forBoth('POST', '/config/appsettings/list', 'config/list/action', (call, slot) =>
      ok(settings(requireApp(registry, call, slot))),
    ),
    ...forBoth('PUT', '/config/appsettings', 'config/write', (call, slot) =>
      written(settings, putSettings(call, slot)),
    ),
    ...forBoth('POST', '/config/connectionstrings/list', 'config/list/action', (call, slot) =>
      ok(connections(requireApp(registry, call, slot))),
    ),
    ...forBoth('PUT', '/config/connectionstrings', 'config/write', (call, slot) =>
      written(connections, putConnections(call, slot)),
    ),
    ...forBoth('GET', '/config/web', 'config/read', (call, slot) => web(requireApp(registry, call, slot))),
    ...forBoth('PUT', '/config/web', 'config/write', (call, slot) => web(changeWeb(call, slot))),
    ...forBoth('PATCH', '/config/web', 'config/write', (call, slot) => web(changeWeb(call, slot))),
    ...slotConfigNameRoutes(registry),
  ];
}

function slotConfigNameRoutes(registry: WebRegistry): Route[] {
  const template = `${SITE}/config/slotConfigNames`;
  const answer = (app: App) => ({
    id: null,
    name: app.site,
    type: 'Microsoft.Web/sites',
    location: locationDisplayName(app.location),
    properties: { ...(registry.slotConfigNames.get(registry.appId(app)) ?? NO_SLOT_CONFIG_NAMES) },
  });
  const put = (call: ArmCall) => {
    const app = requireApp(registry, call, null);
    const before = registry.slotConfigNames.get(registry.appId(app)) ?? NO_SLOT_CONFIG_NAMES;
    const properties = asObject(call.body.properties);
    const names = (member: keyof typeof before) => texts(properties[member]) ?? before[member] ?? [];
    registry.slotConfigNames.set(registry.appId(app), {
      appSettingNames: names('appSettingNames'),
      connectionStringNames: names('connectionStringNames'),
      azureStorageConfigNames: names('azureStorageConfigNames'),
    });
    return ok(answer(app));
  };
  return [
    {
      method: 'GET',
      template,
      action: 'Microsoft.Web/sites/config/read',
      handle: (call) => ok(answer(requireApp(registry, call, null))),
    },
    { method: 'PUT', template, action: 'Microsoft.Web/sites/config/write', handle: put },
  ];
}

function texts(value: JsonValue): string[] | null {
  return Array.isArray(value) ? asList(value).flatMap((each) => asText(each) ?? []) : null;
}

function plain([name, { value, type }]: [string, ConnectionString]): [string, JsonObject] {
  return [name, { value, type }];
}

function connectionString([name, value]: [string, JsonValue]): [string, ConnectionString] {
  const entry = asObject(value);
  return [name, { value: asText(entry.value) ?? '', type: asText(entry.type) ?? 'Custom' }];
}
