// (2) The failover profile: Priority routing, production's endpoint online, the stage endpoint offline.
import { observe } from '../application/observe.ts';
import { findEndpoint } from '../application/production-slot.ts';
import { creationTags, type Role, type UpgradeContext } from '../application/upgrade-context.ts';
import type { NewEndpoint, Profile, ProfileRef } from '../azure/ports.ts';
import { blocked, done, type Step, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';

export function failoverProfile(context: UpgradeContext): Step {
  const { production, stage } = context;
  const name = context.config.trafficManager?.profile ?? '';
  return {
    id: 'failover-profile',
    title: `Failover profile: ${production.config.name} online, ${stage.config.name} offline`,
    article: null,
    phase: 'prepare',
    changes: `profile ${name} has both endpoints, ${stage.config.endpoint.name} Disabled; users stay on ${production.config.name}`,
    pivot: false,
    wayBack: 'the stage endpoint stays, disabled',
    assess: async () => {
      const { profile } = await observe(context);
      if (!profile) return toDo(`profile ${name} does not exist`);
      if (!findEndpoint(profile, production.config)) {
        return blocked(
          'production-slot-unclear',
          `Profile ${name} has no endpoint "${production.config.endpoint.name}" for the production slot`,
          "Add production's endpoint, enabled, so that users are sent there; the stage endpoint is added by prepare.",
        );
      }
      const staged = findEndpoint(profile, stage.config);
      if (!staged) return toDo(`endpoint ${stage.config.endpoint.name} is missing`);
      if (staged.status === 'Enabled') {
        return blocked(
          'production-slot-unclear',
          `The stage endpoint ${staged.name} is enabled: users may be sent to a stage that is not upgraded`,
          `az network traffic-manager endpoint update --profile-name ${name} -n ${staged.name} --type ${staged.type}Endpoints --endpoint-status Disabled -g ${context.config.trafficManager?.resourceGroup ?? ''}`,
        );
      }
      return done(`${production.config.endpoint.name} Enabled, ${staged.name} Disabled`);
    },
    apply: async () => [await complete(context)],
    undo: null,
  };
}

async function complete(context: UpgradeContext): Promise<string> {
  const ref = context.config.trafficManager;
  if (!ref) throw new UpgradeError('internal-error', 'no Traffic Manager profile is configured');
  const { profile } = await observe(context);
  const after = profile ? await addStage(context, ref, profile) : await create(context, ref);
  const staged = findEndpoint(after, context.stage.config);
  if (!findEndpoint(after, context.production.config) || staged?.status !== 'Disabled') {
    throw new UpgradeError('profile-changed', `Profile ${ref.profile} does not have what was written`);
  }
  return `${ref.profile} (${after.fqdn}): ${after.endpoints.map((one) => `${one.name} ${one.status} ${one.priority ?? ''}`).join(', ')}`;
}

async function addStage(context: UpgradeContext, ref: ProfileRef, profile: Profile): Promise<Profile> {
  const highest = Math.max(0, ...profile.endpoints.map((endpoint) => endpoint.priority ?? 0));
  return context.azure.trafficManager.addEndpoint(ref, await endpointOf(context, 'stage', highest + 1));
}

async function create(context: UpgradeContext, ref: ProfileRef): Promise<Profile> {
  const { trafficManager, health } = context.config;
  return context.azure.trafficManager.createProfile(ref, {
    relativeName: trafficManager?.dnsName ?? ref.profile,
    ttlSeconds: trafficManager?.ttlSeconds ?? 30,
    monitor: {
      protocol: health.protocol === 'https' ? 'HTTPS' : 'HTTP',
      port: health.protocol === 'https' ? 443 : 80,
      path: health.path,
    },
    endpoints: [await endpointOf(context, 'production', 1), await endpointOf(context, 'stage', 2)],
    tags: creationTags(context),
  });
}

async function endpointOf(context: UpgradeContext, role: Role, priority: number): Promise<NewEndpoint> {
  const { endpoint } = context[role].config;
  const site = await context.azure.appService.getSite(context[role].site);
  if (!site)
    throw new UpgradeError('resource-not-found', `The site ${context[role].site.site} does not exist`);
  const azure = endpoint.type === 'azure';
  return {
    name: endpoint.name,
    type: endpoint.type,
    status: role === 'production' ? 'Enabled' : 'Disabled',
    priority,
    target: azure ? null : site.defaultHostName,
    targetResourceId: azure ? site.id : null,
    location: azure ? null : site.location,
  };
}
