// (6) The pivot: the stage endpoint online with the lower of the two priorities, production's offline with the
// higher, in one write of the whole profile, so that at no moment both or none are online.
import { observe } from '../application/observe.ts';
import { findEndpoint, sameName, servedSlot } from '../application/production-slot.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import type { Endpoint, EndpointChange, Profile } from '../azure/ports.ts';
import { blocked, done, type Step, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { SWITCH_MARKS } from './mark-stage.ts';
import { moveUsers } from './pivot.ts';

export function switchTrafficManager(context: UpgradeContext, marks = SWITCH_MARKS): Step {
  const { production, stage, config } = context;
  const becomes = `${stage.config.endpoint.name} Enabled, ${production.config.endpoint.name} Disabled`;
  return {
    id: 'switch',
    title: `Switch users to ${stage.config.name}: its endpoint online, ${production.config.name}'s offline`,
    article: null,
    phase: 'switch',
    changes: `one write of the profile ${config.trafficManager?.profile ?? ''}: ${becomes}`,
    pivot: true,
    assess: async () => {
      const { profile } = await observe(context);
      const pair = profile ? endpointsOf(context, profile) : null;
      if (!profile || !pair)
        return blocked(
          'resource-not-found',
          'The profile does not have both endpoints',
          'Run phase prepare.',
        );
      const served = servedSlot(config, profile)?.slot.name ?? '';
      if (sameName(served, stage.config.name)) return done('the stage endpoint is online');
      return toDo(`${describe(pair.stage)}; ${describe(pair.production)}`);
    },
    apply: async () => {
      // Read before anything is announced: where that fails, nothing was tried.
      const write = await profileWrite(context);
      await moveUsers(context, marks, write);
      context.window.spend('DNS and V2 at the public name');
      return [`profile ${config.trafficManager?.profile ?? ''}: ${becomes}, read back`];
    },
    undo: null,
  };
}

interface EndpointPair {
  readonly production: Endpoint;
  readonly stage: Endpoint;
}

function endpointsOf(context: UpgradeContext, profile: Profile): EndpointPair | null {
  const production = findEndpoint(profile, context.production.config);
  const stage = findEndpoint(profile, context.stage.config);
  return production && stage ? { production, stage } : null;
}

/** The write of the profile as it is now; nothing is sent before it is called. */
async function profileWrite(context: UpgradeContext): Promise<() => Promise<void>> {
  const { trafficManager } = context.config;
  const before = trafficManager ? await context.azure.trafficManager.getProfile(trafficManager) : null;
  const pair = before ? endpointsOf(context, before) : null;
  if (!trafficManager || !before || !pair)
    throw new UpgradeError('resource-not-found', 'The profile does not have both endpoints');
  return async () => {
    await context.azure.trafficManager.changeEndpoints(trafficManager, before.endpoints, afterSwitch(pair));
  };
}

/** Whatever the endpoints were: V2's is online and comes first, V1's is offline and comes after it. */
function afterSwitch({ production, stage }: EndpointPair): Readonly<Record<string, EndpointChange>> {
  const known = [production.priority, stage.priority].filter((priority) => priority !== null);
  const first = known.length > 0 ? Math.min(...known) : 1;
  return {
    [stage.name]: { status: 'Enabled', priority: first },
    [production.name]: { status: 'Disabled', priority: Math.max(first + 1, ...known) },
  };
}

function describe({ name, status, priority }: Endpoint): string {
  return `${name} ${status}, priority ${priority ?? '-'}`;
}
