import { findEndpoint, sameName } from '../application/production-slot.ts';
import { createEndpoint, updateEndpoint, updateProfile } from '../application/traffic-manager-commands.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import type { Endpoint, Profile } from '../azure/ports.ts';
import { shell } from '../engine/command-line.ts';
import type { Guard, GuardedPhase, Verdict } from './guard.ts';
import { fail, notKnowable, pass } from './verdict.ts';

/** Azure's default; longer ones keep users on V1, whose database is read-only, for that much longer. */
const LONGEST_TTL_SECONDS = 300;

export const priorityRouting: Guard = {
  id: 'priority-routing',
  title: 'The Traffic Manager profile routes by priority',
  phases: ['prepare', 'upgrade', 'switch'],
  check: async (context, { profile }, phase) => {
    if (!profile && phase !== 'prepare') return notThere(context);
    if (!profile) {
      return notKnowable(
        `profile ${context.config.trafficManager?.profile ?? ''} is not there yet; prepare creates it with Priority routing`,
      );
    }
    return (
      wrongMethod(context, profile) ??
      endpointsMissing(context, profile, phase) ??
      alwaysServed(context, profile) ??
      sharedPriority(context, profile) ??
      beforeProduction(context, profile) ??
      stageOnline(context, profile, phase) ??
      standbyFirst(context, profile) ??
      pass(
        `${profile.name}: Priority, Enabled, TTL ${profile.ttlSeconds} s${standbyHint(context, profile)}${ttlHint(profile)}`,
      )
    );
  },
};

/** Found out by the switch, it would be found out while users cannot write. */
function notThere({ config }: UpgradeContext): Verdict {
  const { profile = '', resourceGroup = '' } = config.trafficManager ?? {};
  return fail(
    'resource-not-found',
    `profile ${profile} does not exist in ${resourceGroup}: nobody could be switched`,
    'If the name is right run phase prepare: it creates it. This lists those that there are:',
    shell`az network traffic-manager profile list -g ${resourceGroup} -o table`,
  );
}

function endpointsMissing(context: UpgradeContext, profile: Profile, phase: GuardedPhase): Verdict | null {
  if (phase === 'prepare') return null;
  const { production, stage } = context;
  const missing = [production.config, stage.config, ...(stage.standby ? [stage.standby.config] : [])]
    .filter((deployment) => !findEndpoint(profile, deployment))
    .map((deployment) => deployment.endpoint.name);
  if (missing.length === 0) return null;
  return fail(
    'resource-not-found',
    `${profile.name} has no endpoint ${missing.join(', ')}: nobody could be switched`,
    'Run phase prepare: it adds the endpoints of the stage slot.',
  );
}

function wrongMethod(context: UpgradeContext, profile: Profile): Verdict | null {
  if (profile.routingMethod !== 'Priority') {
    return fail(
      'routing-not-priority',
      `${profile.name} routes by ${profile.routingMethod}: users would be sent to both slots`,
      'Set the routing method to Priority:',
      updateProfile(context, '--routing-method', 'Priority'),
    );
  }
  if (profile.status === 'Enabled') return null;
  return fail(
    'routing-not-priority',
    `${profile.name} is disabled: its name resolves for nobody`,
    'Enable the profile:',
    updateProfile(context, '--status', 'Enabled'),
  );
}

/** An endpoint that is always served gets users whether it is healthy or not, V2's before it is upgraded too. */
function alwaysServed(context: UpgradeContext, profile: Profile): Verdict | null {
  const endpoints = profile.endpoints.filter((endpoint) => endpoint.alwaysServe === 'Enabled');
  if (endpoints.length === 0) return null;
  return fail(
    'routing-not-priority',
    `${names(endpoints)} of ${profile.name} is always served, healthy or not`,
    'Let Traffic Manager probe the endpoint:',
    ...endpoints.map((endpoint) => updateEndpoint(context, endpoint, '--always-serve', 'Disabled')),
  );
}

function sharedPriority(context: UpgradeContext, profile: Profile): Verdict | null {
  const shared = profile.endpoints.filter((endpoint) =>
    profile.endpoints.some(
      (other) => other !== endpoint && endpoint.priority !== null && other.priority === endpoint.priority,
    ),
  );
  if (shared.length === 0) return null;
  return fail(
    'routing-not-priority',
    `${names(shared)} of ${profile.name} have the same priority`,
    'Give each endpoint a priority of its own:',
    ...shared.map((endpoint) => updateEndpoint(context, endpoint, '--priority', 'NUMBER')),
  );
}

/** An endpoint of neither slot that comes first has the users, whatever the slots do. */
function beforeProduction(context: UpgradeContext, profile: Profile): Verdict | null {
  const production = findEndpoint(profile, context.production.config);
  const slots = context.config.slots.flatMap((slot) =>
    slot.backup ? [slot.endpoint.name, slot.backup.endpoint.name] : [slot.endpoint.name],
  );
  const first = profile.endpoints.filter(
    (endpoint) =>
      endpoint.status === 'Enabled' &&
      !slots.some((name) => sameName(name, endpoint.name)) &&
      (endpoint.priority ?? Number.POSITIVE_INFINITY) < (production?.priority ?? 0),
  );
  if (first.length === 0) return null;
  return fail(
    'routing-not-priority',
    `${names(first)} of ${profile.name} belongs to no slot and comes before production's endpoint: users are sent there`,
    "Disable it, or give it a larger priority number than production's:",
    ...first.map((endpoint) => updateEndpoint(context, endpoint, '--priority', 'NUMBER')),
  );
}

/** Prepare says so itself, in the step that makes the profile. */
function stageOnline(context: UpgradeContext, profile: Profile, phase: GuardedPhase): Verdict | null {
  if (phase === 'prepare') return null;
  const { config, standby } = context.stage;
  const online = [config, ...(standby ? [standby.config] : [])]
    .map((deployment) => findEndpoint(profile, deployment))
    .filter((endpoint) => endpoint !== null)
    .filter(({ status }) => status === 'Enabled');
  if (online.length === 0) return null;
  return fail(
    'production-slot-unclear',
    `The stage ${online.length === 1 ? 'endpoint' : 'endpoints'} ${names(online)} of ${profile.name} ${online.length === 1 ? 'is' : 'are'} enabled: users are sent to a stage that is not upgraded as soon as production's does not answer`,
    'No stage endpoint may be online before the switch:',
    ...online.map((endpoint) => updateEndpoint(context, endpoint, '--endpoint-status', 'Disabled')),
  );
}

/** Two regions: users come to production's standby only after production. The switch hands both places on. */
function standbyFirst(context: UpgradeContext, profile: Profile): Verdict | null {
  const { config, standby } = context.production;
  if (!standby) return null;
  const production = findEndpoint(profile, config);
  const endpoint = findEndpoint(profile, standby.config);
  if (!endpoint) {
    const { name, type } = standby.config.endpoint;
    return fail(
      'standby-missing',
      `${profile.name} has no endpoint ${name}: where production's region is lost, users are sent nowhere`,
      "Add production's endpoint in the backup region, behind production's own; then run again:",
      createEndpoint(
        context,
        { name, type },
        ...(type === 'azure' ? ['--target-resource-id', 'RESOURCE_ID'] : ['--target', 'HOST_NAME']),
        ...['--endpoint-status', 'Enabled', '--priority', 'NUMBER'],
      ),
    );
  }
  if (!production || (production.priority ?? 0) < (endpoint.priority ?? Number.POSITIVE_INFINITY))
    return null;
  return fail(
    'routing-not-priority',
    `${endpoint.name} of ${profile.name} is the standby and comes before production's endpoint ${production.name}`,
    'Give the standby the larger priority number:',
    updateEndpoint(context, endpoint, '--priority', 'NUMBER'),
  );
}

function ttlHint(profile: Profile): string {
  if (profile.ttlSeconds <= LONGEST_TTL_SECONDS) return '';
  return `, which is long: so much longer some users stay on V1 after the switch, read-only (az network traffic-manager profile update … --ttl 30)`;
}

function standbyHint({ production }: UpgradeContext, profile: Profile): string {
  const endpoint = production.standby && findEndpoint(profile, production.standby.config);
  if (!endpoint) return '';
  if (endpoint.status === 'Enabled') return `; ${endpoint.name} stands by`;
  return `; ${endpoint.name} is disabled, so after a disaster somebody has to enable it, also after the switch`;
}

function names(endpoints: readonly Endpoint[]): string {
  return endpoints.map((endpoint) => endpoint.name).join(', ');
}
