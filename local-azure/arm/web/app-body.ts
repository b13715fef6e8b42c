// A web app as the service shows it.
import { locationDisplayName } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { SHOWN_IN_SITE, SITE_CONFIG_IN_SITE, SITE_CONSTANTS } from './app-defaults.ts';
import type { App, Plan } from './model.ts';
import { tierOf } from './tiers.ts';

/** Since when siteConfig inside a site carries a few values of config/web. */
const CONFIG_SHOWN_SINCE = '2020-12-01';

export interface AppView {
  readonly id: string;
  readonly plan: Plan | null;
  readonly verificationId: string;
  /** Of a swap that is under way on the site; null where none is. */
  readonly operationInProgress: string | null;
}

export function appBody(app: App, view: AppView, apiVersion: string): JsonObject {
  return {
    id: view.id,
    name: app.slot === null ? app.site : `${app.site}/${app.slot}`,
    type: app.slot === null ? 'Microsoft.Web/sites' : 'Microsoft.Web/sites/slots',
    kind: app.kind,
    location: locationDisplayName(app.location),
    ...(Object.keys(app.tags).length === 0 ? {} : { tags: app.tags }),
    properties: properties(app, view, apiVersion),
  };
}

function properties(app: App, view: AppView, apiVersion: string): JsonObject {
  const all = [app.defaultHostName, ...app.hostNames, ...app.trafficManagerHostNames];
  const scm = app.defaultHostName.replace('.azurewebsites.net', '.scm.azurewebsites.net');
  const space = `${app.group}-${locationDisplayName(app.location).replaceAll(' ', '')}webspace`;
  const linux = app.kind.includes('linux');
  const own = app.slot === null ? app.site : `${app.site}__${app.slot}`;
  return {
    ...SITE_CONSTANTS,
    name: app.slot === null ? app.site : `${app.site}(${app.slot})`,
    state: app.state,
    hostNames: all,
    webSpace: space,
    selfLink: `https://${app.stamp}.api.azurewebsites.windows.net:454/webspaces/${space}/sites/${app.site}`,
    repositorySiteName: app.site,
    enabled: app.state === 'Running',
    enabledHostNames: app.state === 'Running' ? [...all, scm] : [],
    siteProperties: {
      metadata: null,
      properties: [
        { name: 'LinuxFxVersion', value: app.config.linuxFxVersion ?? '' },
        { name: 'WindowsFxVersion', value: null },
      ],
      appSettings: null,
    },
    hostNameSslStates: [...all.map((name) => sslState(name, 'Standard')), sslState(scm, 'Repository')],
    serverFarmId: app.planId,
    reserved: linux,
    lastModifiedTimeUtc: app.modifiedAt.toISOString().replace('Z', ''),
    siteConfig: siteConfig(app, apiVersion),
    deploymentId: own,
    trafficManagerHostNames: app.trafficManagerHostNames.length === 0 ? null : app.trafficManagerHostNames,
    sku: tierOf(view.plan?.skuName ?? '') ?? 'Free',
    clientAffinityEnabled: app.clientAffinityEnabled,
    customDomainVerificationId: view.verificationId,
    kind: app.kind,
    ftpUsername: `${own}\\$${own}`,
    ftpsHostName: `ftps://${app.stamp}.ftp.azurewebsites.windows.net/site/wwwroot`,
    homeStamp: app.stamp,
    resourceGroup: app.group,
    defaultHostName: app.defaultHostName,
    slotSwapStatus: app.slotSwapStatus,
    inProgressOperationId: view.operationInProgress,
    httpsOnly: app.httpsOnly,
  };
}

function siteConfig(app: App, apiVersion: string): JsonObject {
  if (apiVersion < CONFIG_SHOWN_SINCE) return SITE_CONFIG_IN_SITE;
  const shown = Object.fromEntries(SHOWN_IN_SITE.map((member) => [member, app.config[member]]));
  return { ...SITE_CONFIG_IN_SITE, ...shown };
}

function sslState(name: string, hostType: 'Standard' | 'Repository'): JsonObject {
  return {
    name,
    sslState: 'Disabled',
    ipBasedSslResult: null,
    virtualIP: null,
    thumbprint: null,
    toUpdate: null,
    toUpdateIpBasedSsl: null,
    ipBasedSslState: 'NotConfigured',
    hostType,
  };
}
