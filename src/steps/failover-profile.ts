// The failover profile: Priority routing, production's endpoints as they are, the stage slot's offline.
import { findEndpoint } from '../application/production-slot.ts';
import { ensureStillAlone } from '../application/still-alone.ts';
import {
  creationTags,
  type Deployment,
  type Slot,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { AzureError } from '../azure/errors.ts';
import type { EnabledState, NewEndpoint, Profile, ProfileRef } from '../azure/ports.ts';
import { type Assessment, blocked, done, type Step, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { stageEnabled, standbyMissing } from './profile-refusals.ts';
import { passes, tryAgain } from './try-again.ts';

/**
 * Adds the stage slot's endpoints, Disabled, behind all others, where they are missing; a profile that does not exist is
 * created with production's Enabled. Endpoints that are there are never changed.
 */
export function failoverProfile(context: UpgradeContext): Step {
  const { production, stage } = context;
  const name = context.config.trafficManager?.profile ?? '';
  const added = namesOf(stage);
  return {
    id: 'failover-profile',
    title: `Failover profile: ${production.config.name} online, ${stage.config.name} offline`,
    article: null,
    phase: 'prepare',
    changes: `profile ${name} has ${stage.standby ? 'all four' : 'both'} endpoints, ${added} Disabled; users stay on ${production.config.name}`,
    pivot: false,
    wayBack: stage.standby ? 'the stage endpoints stay, disabled' : 'the stage endpoint stays, disabled',
    assess: () => assess(context, profileOf(context)),
    apply: async (run) => [
      await tryAgain(context, run, () => complete(context, profileOf(context)), mayPass),
    ],
    undo: null,
  };
}

/** Whatever a profile is busy with: each try looks first, and adds only what is missing. */
function mayPass(error: unknown): boolean {
  return passes(error) || (error instanceof AzureError && error.status === 409);
}

/** Its endpoint in the primary region comes first. */
function deploymentsOf(slot: Slot): readonly Deployment[] {
  return slot.standby ? [slot, slot.standby] : [slot];
}

function namesOf(slot: Slot): string {
  return deploymentsOf(slot)
    .map(({ config }) => config.endpoint.name)
    .join(' and ');
}

function profileOf({ config }: UpgradeContext): ProfileRef {
  if (config.trafficManager) return config.trafficManager;
  throw new UpgradeError('internal-error', 'no Traffic Manager profile is configured');
}

async function assess(context: UpgradeContext, ref: ProfileRef): Promise<Assessment> {
  const { production, stage } = context;
  const profile = await context.azure.trafficManager.getProfile(ref);
  if (!profile) return toDo(`profile ${ref.profile} does not exist`);
  if (!findEndpoint(profile, production.config)) {
    return blocked(
      'production-slot-unclear',
      `Profile ${ref.profile} has no endpoint "${production.config.endpoint.name}" for the production slot`,
      `It has ${profile.endpoints.map(({ name }) => name).join(', ') || 'none'}. Correct slots.${production.config.name}.endpoint in the configuration; only where production really has none add it, enabled. The stage endpoint is added by prepare.`,
    );
  }
  const standby = production.standby;
  if (standby && !findEndpoint(profile, standby.config)) {
    return standbyMissing(context, profile, standby, await context.azure.appService.getSite(standby.site));
  }
  const staged = deploymentsOf(stage).map(({ config }) => findEndpoint(profile, config));
  const enabled = staged.find((endpoint) => endpoint?.status === 'Enabled');
  if (enabled) return stageEnabled(context, enabled);
  const missing = missingOf(stage, profile).map(({ config }) => config.endpoint.name);
  if (missing.length > 0) return toDo(...missing.map((endpoint) => `endpoint ${endpoint} is missing`));
  return done(described(context, profile));
}

function missingOf(slot: Slot, profile: Profile): readonly Deployment[] {
  return deploymentsOf(slot).filter(({ config }) => !findEndpoint(profile, config));
}

/** The application's endpoints alone: the profile may have others. */
function described({ production, stage }: UpgradeContext, profile: Profile): string {
  return [...deploymentsOf(production), ...deploymentsOf(stage)]
    .map(({ config }) => findEndpoint(profile, config))
    .filter((endpoint) => endpoint !== null)
    .map(({ name, status, priority }) => `${name} ${status} ${priority ?? ''}`.trimEnd())
    .join(', ');
}

async function complete(context: UpgradeContext, ref: ProfileRef): Promise<string> {
  const { production, stage } = context;
  await ensureStillAlone(context);
  const profile = await context.azure.trafficManager.getProfile(ref);
  const after = profile ? await addStage(context, ref, profile) : await create(context, ref);
  const staged = deploymentsOf(stage).map(({ config }) => findEndpoint(after, config));
  const offline = staged.every((endpoint) => endpoint?.status === 'Disabled');
  if (!offline || missingOf(production, after).length > 0) {
    throw new UpgradeError('profile-changed', `Profile ${ref.profile} does not have what was written`);
  }
  return `${ref.profile} (${after.fqdn}): ${described(context, after)}`;
}

/** One write each: they are offline, so nobody is sent anywhere between the two. */
async function addStage(context: UpgradeContext, ref: ProfileRef, profile: Profile): Promise<Profile> {
  let after = profile;
  for (const deployment of missingOf(context.stage, profile)) {
    const highest = Math.max(0, ...after.endpoints.map((endpoint) => endpoint.priority ?? 0));
    const endpoint = await endpointOf(context, deployment, 'Disabled', highest + 1);
    after = await context.azure.trafficManager.addEndpoint(ref, endpoint);
  }
  return after;
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
    endpoints: await allEndpoints(context),
    tags: creationTags(context),
  });
}

/** Production's first, its standby second and online as well: it stands by. */
function allEndpoints(context: UpgradeContext): Promise<NewEndpoint[]> {
  const online = deploymentsOf(context.production);
  return Promise.all(
    [...online, ...deploymentsOf(context.stage)].map((deployment, index) =>
      endpointOf(context, deployment, online.includes(deployment) ? 'Enabled' : 'Disabled', index + 1),
    ),
  );
}

async function endpointOf(
  context: UpgradeContext,
  deployment: Deployment,
  status: EnabledState,
  priority: number,
): Promise<NewEndpoint> {
  const { endpoint } = deployment.config;
  const site = await context.azure.appService.getSite(deployment.site);
  if (!site) throw new UpgradeError('resource-not-found', `The site ${deployment.site.site} does not exist`);
  const azure = endpoint.type === 'azure';
  return {
    name: endpoint.name,
    type: endpoint.type,
    status,
    priority,
    target: azure ? null : site.defaultHostName,
    targetResourceId: azure ? site.id : null,
    location: azure ? null : site.location,
  };
}
