// A site like another one, made by parts. App Service's own cloning refuses Linux apps and lower tiers, and says
// nothing about what it left out. Each part is a PUT, so a creation that broke off is simply run again.
import type {
  AppServicePlan,
  ConnStringValueTypePair,
  Site as SdkSite,
  WebSiteManagementClient,
} from '@azure/arm-appservice';
import { UpgradeError } from '../reasons.ts';
import { copiedConfiguration } from './app-service-configuration.ts';
import { planLike } from './app-service-plan.ts';
import { longRunning, request, requestOrNull } from './arm-client.ts';
import type { NewSite, OnProgress } from './ports.ts';
import { partOf } from './resource-id.ts';
import { siteCalls } from './site-calls.ts';

export interface NewSiteContext {
  readonly client: WebSiteManagementClient;
  readonly onProgress: OnProgress;
}

/**
 * Plan (where missing), site, settings, connection strings, configuration. Settings come before the configuration,
 * whose image or package then starts with them. Throws AzureError.
 */
export async function createSiteByParts(
  { client, onProgress }: NewSiteContext,
  site: NewSite,
): Promise<void> {
  const template = siteCalls(client.webApps, site.template);
  const [model, config] = await Promise.all([
    request(() => template.get()),
    request(() => template.getConfiguration()),
  ]);
  onProgress(`plan ${site.planName}`);
  const plan = await ensurePlan(client, site, model, onProgress);
  const target = siteCalls(client.webApps, site.ref);
  onProgress(`site ${site.ref.site}`);
  await longRunning({
    what: `The creation of site ${site.ref.site}`,
    begin: async (options) => ({ poller: target.createOrUpdate(siteLike(model, plan, site), options) }),
    onProgress,
  });
  onProgress('application settings');
  await request(() => target.updateApplicationSettings({ properties: { ...site.appSettings } }));
  onProgress('connection strings');
  await request(() => target.updateConnectionStrings({ properties: sdkConnectionStrings(site) }));
  onProgress('configuration');
  await request(() => target.createOrUpdateConfiguration(copiedConfiguration(config)));
}

async function ensurePlan(
  { appServicePlans }: WebSiteManagementClient,
  { ref, planName, template }: NewSite,
  model: SdkSite,
  onProgress: OnProgress,
): Promise<AppServicePlan> {
  // A deployment slot lives on its site's plan; it has none of its own.
  if (ref.deploymentSlot !== null) return planOf({ appServicePlans }, model, template.site);
  const existing = await requestOrNull(() => appServicePlans.get(ref.resourceGroup, planName));
  if (existing !== null) return existing;
  const like = planLike(await planOf({ appServicePlans }, model, template.site));
  return longRunning({
    what: `The creation of App Service plan ${planName}`,
    begin: async (options) => ({
      poller: appServicePlans.createOrUpdate(ref.resourceGroup, planName, like, options),
    }),
    onProgress,
  });
}

async function planOf(
  { appServicePlans }: Pick<WebSiteManagementClient, 'appServicePlans'>,
  { serverFarmId = '' }: SdkSite,
  siteName: string,
): Promise<AppServicePlan> {
  const [group, name] = [partOf(serverFarmId, 'resourceGroups'), partOf(serverFarmId, 'serverfarms')];
  if (group !== null && name !== null) return request(() => appServicePlans.get(group, name));
  throw new UpgradeError('resource-not-found', `Site ${siteName} names no App Service plan to be like.`);
}

function siteLike(model: SdkSite, plan: AppServicePlan, { tags }: NewSite): SdkSite {
  return {
    location: plan.location,
    tags: { ...tags },
    ...(plan.id === undefined ? {} : { serverFarmId: plan.id }),
    ...(model.kind === undefined ? {} : { kind: model.kind }),
    ...(model.reserved === undefined ? {} : { reserved: model.reserved }),
    ...(model.hyperV === undefined ? {} : { hyperV: model.hyperV }),
    ...(model.httpsOnly === undefined ? {} : { httpsOnly: model.httpsOnly }),
    ...(model.clientAffinityEnabled === undefined
      ? {}
      : { clientAffinityEnabled: model.clientAffinityEnabled }),
    ...userAssignedIdentities(model),
  };
}

function sdkConnectionStrings({ connectionStrings }: NewSite): Record<string, ConnStringValueTypePair> {
  return Object.fromEntries(
    Object.entries(connectionStrings).map(([name, { value, type }]) => [
      name,
      // The types are read from Azure, which knows more of them than the SDK's model does.
      { value, type: type as ConnStringValueTypePair['type'] },
    ]),
  );
}

/** A system-assigned identity would be a new principal without any rights; only user-assigned ones can be shared. */
function userAssignedIdentities({ identity }: SdkSite): Pick<SdkSite, 'identity'> {
  const ids = Object.keys(identity?.userAssignedIdentities ?? {});
  if (ids.length === 0) return {};
  return {
    identity: { type: 'UserAssigned', userAssignedIdentities: Object.fromEntries(ids.map((id) => [id, {}])) },
  };
}
