// App Service. Which calls exist twice, for sites and for their deployment slots, is hidden in site-calls.ts.
import type { Site as SdkSite } from '@azure/arm-appservice';
import { UpgradeError } from '../reasons.ts';
import { comparedConfiguration } from './app-service-configuration.ts';
import { createSiteByParts, type NewSiteContext } from './app-service-creation.ts';
import { planInfo } from './app-service-plan.ts';
import {
  type ArmContext,
  askingFirst,
  clientOptions,
  equip,
  longRunning,
  request,
  requestOrNull,
} from './arm-client.ts';
import { lazy } from './lazy.ts';
import type { AppService, BeforeSending, ConnectionString, Site, SiteRef } from './ports.ts';
import { partOf } from './resource-id.ts';
import { type SiteCalls, siteCalls } from './site-calls.ts';
import { told } from './told.ts';

const SHORTEST_SECRET = 8;

/** The port AppService over @azure/arm-appservice. Every method throws AzureError. */
export function createAppService(context: ArmContext, mask: (secret: string) => void): AppService {
  const newClient = async () => {
    const { WebSiteManagementClient } = await import('@azure/arm-appservice');
    return equip(
      new WebSiteManagementClient(context.credential, context.subscriptionId, clientOptions(context)),
      context,
    );
  };
  const client = lazy(newClient);
  const asking = async (beforeSending: BeforeSending) => askingFirst(await newClient(), beforeSending);
  const callsOf = async (ref: SiteRef): Promise<SiteCalls> => siteCalls((await client()).webApps, ref);

  async function getSite(ref: SiteRef): Promise<Site | null> {
    const calls = await callsOf(ref);
    let homeStamp: string | null = null;
    const found = await requestOrNull(() =>
      // The SDK's model has no homeStamp; only the answer as it came over the wire has it.
      calls.get({ onResponse: ({ bodyAsText }) => (homeStamp = homeStampIn(bodyAsText)) }),
    );
    return found === null ? null : siteOf(found, homeStamp);
  }

  async function listAppSettings(ref: SiteRef): Promise<Readonly<Record<string, string>>> {
    const calls = await callsOf(ref);
    const { properties } = await request(() => calls.listApplicationSettings());
    const settings = Object.entries(told(properties, `the settings of ${ref.site}`));
    for (const [, value] of settings) maskValue(value ?? '');
    return Object.fromEntries(settings.map(([name, value]) => [name, value ?? '']));
  }

  async function listConnectionStrings(ref: SiteRef): Promise<Readonly<Record<string, ConnectionString>>> {
    const calls = await callsOf(ref);
    const { properties } = await request(() => calls.listConnectionStrings());
    const strings = told(properties, `the connection strings of ${ref.site}`);
    for (const each of Object.values(strings)) maskValue(each?.value ?? '');
    return strings;
  }

  /** Values like "1", "true" or "production" are no secrets, and masking them would blacken the whole log. */
  function maskValue(value: string): void {
    if (value.length >= SHORTEST_SECRET) mask(value);
  }

  return {
    getSite,
    listAppSettings,
    listConnectionStrings,

    getConfiguration: async (ref) => {
      const calls = await callsOf(ref);
      const [site, config] = await Promise.all([
        request(() => calls.get()),
        request(() => calls.getConfiguration()),
      ]);
      return comparedConfiguration(site, config);
    },

    listSlotSettingNames: async ({ resourceGroup, site }) => {
      const { webApps } = await client();
      const names = await request(() => webApps.listSlotConfigurationNames(resourceGroup, site));
      return {
        appSettings: names.appSettingNames ?? [],
        connectionStrings: names.connectionStringNames ?? [],
      };
    },

    getPlan: async (planId) => {
      const { appServicePlans } = await client();
      const [resourceGroup, name] = [partOf(planId, 'resourceGroups'), partOf(planId, 'serverfarms')];
      if (resourceGroup === null || name === null) return null;
      const plan = await requestOrNull(() => appServicePlans.get(resourceGroup, name));
      return plan === null ? null : planInfo(plan);
    },

    createSite: async (site, onProgress) => {
      const creation: NewSiteContext = { client: await client(), onProgress };
      await createSiteByParts(creation, site);
      const created = await getSite(site.ref);
      if (created !== null) return created;
      throw new UpgradeError('azure-error', `Azure created site ${site.ref.site}, then did not find it.`);
    },

    deleteSite: async (ref, beforeSending) => {
      const calls = siteCalls((await asking(beforeSending)).webApps, ref);
      await requestOrNull(() => calls.delete({ deleteEmptyServerFarm: false }));
    },

    swapWithProduction: async (
      { resourceGroup, site },
      deploymentSlot,
      onProgress,
      signal,
      beforeSending,
    ) => {
      const { webApps } = await asking(beforeSending);
      const swap = { targetSlot: deploymentSlot, preserveVnet: true };
      await longRunning({
        what: `The swap of ${site}'s slot ${deploymentSlot} with production`,
        begin: async (options) => ({
          poller: webApps.swapSlotWithProduction(resourceGroup, site, swap, options),
        }),
        onProgress,
        signal,
      });
    },
  };
}

function siteOf(site: SdkSite, homeStamp: string | null): Site {
  return {
    id: site.id ?? '',
    name: site.name ?? '',
    location: site.location,
    kind: site.kind ?? null,
    state: site.state ?? null,
    defaultHostName: site.defaultHostName ?? '',
    hostNames: site.hostNames ?? [],
    planId: site.serverFarmId ?? null,
    httpsOnly: site.httpsOnly ?? null,
    homeStamp,
    operationInProgress: Boolean(site.inProgressOperationId),
    tags: site.tags ?? {},
  };
}

function homeStampIn(body: string | null | undefined): string | null {
  try {
    const { properties } = JSON.parse(body ?? '{}') as { properties?: { homeStamp?: unknown } };
    return typeof properties?.homeStamp === 'string' ? properties.homeStamp : null;
  } catch {
    return null;
  }
}
