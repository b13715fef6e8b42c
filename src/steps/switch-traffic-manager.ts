// (6) The pivot: the stage endpoint takes over the status and the priority of production's, in one write of the
// whole profile, so that at no moment both or none are online.
import { observe } from '../application/observe.ts';
import { findEndpoint } from '../application/production-slot.ts';
import { forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import type { Endpoint, Profile } from '../azure/ports.ts';
import { blocked, done, type Step, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { markStage, SWITCH_MARKS } from './mark-stage.ts';

export function switchTrafficManager(context: UpgradeContext, marks = SWITCH_MARKS): Step {
  const { production, stage } = context;
  return {
    id: 'switch',
    title: `Switch users to ${stage.config.name}: its endpoint online, ${production.config.name}'s offline`,
    article: '(6)',
    phase: 'switch',
    changes: `one write of the profile ${context.config.trafficManager?.profile ?? ''}: ${stage.config.endpoint.name} Enabled, ${production.config.endpoint.name} Disabled`,
    pivot: true,
    assess: async () => {
      const { profile } = await observe(context);
      const pair = profile ? endpointsOf(context, profile) : null;
      if (!pair)
        return blocked(
          'resource-not-found',
          'The profile does not have both endpoints',
          'Run phase prepare.',
        );
      return switched(pair) ? done('the stage endpoint is online') : toDo(describe(pair));
    },
    apply: async () => {
      await forEachDatabase(context, (pair) => markStage(context, pair, marks.before));
      context.window.disarm();
      const written = await writeProfile(context);
      context.window.spend('DNS and V2 at the public name');
      return [describe(written)];
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

async function writeProfile(context: UpgradeContext): Promise<EndpointPair> {
  const ref = context.config.trafficManager;
  const before = ref ? await context.azure.trafficManager.getProfile(ref) : null;
  const pair = before ? endpointsOf(context, before) : null;
  if (!ref || !before || !pair)
    throw new UpgradeError('resource-not-found', 'The profile does not have both endpoints');
  const changes = {
    [pair.stage.name]: { status: pair.production.status, priority: pair.production.priority ?? 1 },
    [pair.production.name]: { status: pair.stage.status, priority: pair.stage.priority ?? 2 },
  };
  try {
    const after = await context.azure.trafficManager.changeEndpoints(ref, before.endpoints, changes);
    const written = endpointsOf(context, after);
    if (written && switched(written)) return written;
    throw new Error('the profile was read back without the change');
  } catch (error) {
    return readBack(context, error);
  }
}

/** Whatever the write answered, the profile is asked where users are. */
async function readBack(context: UpgradeContext, cause: unknown): Promise<EndpointPair> {
  const ref = context.config.trafficManager;
  const profile = await (ref ? context.azure.trafficManager.getProfile(ref) : null);
  const pair = profile ? endpointsOf(context, profile) : null;
  if (pair && switched(pair)) return pair;
  if (cause instanceof UpgradeError) throw cause;
  throw new UpgradeError(
    'switch-failed',
    `The profile ${ref?.profile ?? ''} was not changed; users are still on ${context.production.config.name}`,
    {
      cause,
    },
  );
}

function switched(pair: EndpointPair): boolean {
  return pair.stage.status === 'Enabled' && pair.production.status === 'Disabled';
}

function describe(pair: EndpointPair): string {
  const one = (endpoint: Endpoint) =>
    `${endpoint.name} ${endpoint.status}, priority ${endpoint.priority ?? '-'}`;
  return `${one(pair.stage)}; ${one(pair.production)}`;
}
