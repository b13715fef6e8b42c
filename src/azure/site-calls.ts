// App Service has every call twice: for a site, and, ending in "Slot", for one of its deployment slots.
import type {
  ConnectionStringDictionary,
  Site as SdkSite,
  SiteConfigResource,
  StringDictionary,
  WebSiteManagementClient,
} from '@azure/arm-appservice';
import type { BeginOptions, Poller } from './arm-client.ts';
import type { SiteRef } from './ports.ts';

type WebApps = WebSiteManagementClient['webApps'];

export interface SiteCalls {
  get(options?: Parameters<WebApps['get']>[2]): Promise<SdkSite>;
  getConfiguration(): Promise<SiteConfigResource>;
  listApplicationSettings(): Promise<StringDictionary>;
  listConnectionStrings(): Promise<ConnectionStringDictionary>;
  createOrUpdate(site: SdkSite, options: BeginOptions): Poller<SdkSite>;
  createOrUpdateConfiguration(config: SiteConfigResource): Promise<SiteConfigResource>;
  updateApplicationSettings(settings: StringDictionary): Promise<StringDictionary>;
  updateConnectionStrings(strings: ConnectionStringDictionary): Promise<ConnectionStringDictionary>;
  delete(options: { readonly deleteEmptyServerFarm: boolean }): Promise<void>;
}

export function siteCalls(webApps: WebApps, ref: SiteRef): SiteCalls {
  const { resourceGroup: group, site, deploymentSlot: slot } = ref;
  if (slot === null) {
    return {
      get: (options) => webApps.get(group, site, options),
      getConfiguration: () => webApps.getConfiguration(group, site),
      listApplicationSettings: () => webApps.listApplicationSettings(group, site),
      listConnectionStrings: () => webApps.listConnectionStrings(group, site),
      createOrUpdate: (envelope, options) => webApps.createOrUpdate(group, site, envelope, options),
      createOrUpdateConfiguration: (config) => webApps.createOrUpdateConfiguration(group, site, config),
      updateApplicationSettings: (settings) => webApps.updateApplicationSettings(group, site, settings),
      updateConnectionStrings: (strings) => webApps.updateConnectionStrings(group, site, strings),
      delete: (options) => webApps.delete(group, site, options),
    };
  }
  return {
    get: (options) => webApps.getSlot(group, site, slot, options),
    getConfiguration: () => webApps.getConfigurationSlot(group, site, slot),
    listApplicationSettings: () => webApps.listApplicationSettingsSlot(group, site, slot),
    listConnectionStrings: () => webApps.listConnectionStringsSlot(group, site, slot),
    createOrUpdate: (envelope, options) => webApps.createOrUpdateSlot(group, site, slot, envelope, options),
    createOrUpdateConfiguration: (config) =>
      webApps.createOrUpdateConfigurationSlot(group, site, slot, config),
    updateApplicationSettings: (settings) =>
      webApps.updateApplicationSettingsSlot(group, site, slot, settings),
    updateConnectionStrings: (strings) => webApps.updateConnectionStringsSlot(group, site, slot, strings),
    delete: (options) => webApps.deleteSlot(group, site, slot, options),
  };
}
